"""HTML → plain text: what a reader would read, in paragraphs, whatever the markup does."""

from __future__ import annotations

import time

import pytest

from chipreel.parse.plain import clean, html_to_text, line_of_html, text_to_text


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Sora is here.</p><p>So is <b>Veo</b>.</p>", "Sora is here.\n\nSo is Veo."),
        ("<p>可灵发布了。</p>\n<p>英伟达<b>H100</b>缺货。</p>", "可灵发布了。\n\n英伟达H100缺货。"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>甲</li>\n<li>乙</li></ul>", "甲\n乙"),
        ("<p>可灵\n发布</p>", "可灵发布"),
        ("<p>two\nwords</p>", "two words"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("first\n\nsecond <a href='x'>link</a>\nstill second", "first\n\nsecond link\nstill second"),
        ("　　首行缩进&nbsp;两格", "首行缩进 两格"),
        ("AT&amp;T &amp; 腾讯 &lt;3", "AT&T & 腾讯 <3"),
        ("&amp;lt;p&amp;gt;twice&amp;lt;/p&amp;gt;", "twice"),
        ("&lt;p&gt;芯片&amp;amp;视频&lt;/p&gt;", "芯片&视频"),
        ("don&#146;t and don\x92t", "don’t and don’t"),
        ('<img alt="a > b">after', "after"),
        ("<td>甲</td><td>乙</td>", "甲 乙"),
        ("before<!-- hidden -->after<!-- never ends", "beforeafter"),
        ("<script>var a = '<p>';</script>seen<style>p{}</style>", "seen"),
        ("<p>kept<iframe src='x'>after an iframe without end</p>", "keptafter an iframe without end"),
        ("<P>UPPER</P><DIV>CASE</DIV>", "UPPER\n\nCASE"),
        ("<![CDATA[<p>inner</p>]]>", "inner"),
        ("zero\u200bwidth \u202ebackwards\u202c soft\u00adhyphen", "zerowidth backwards softhyphen"),
        ("e\u0301", "é"),
        ("\ud83d\ude00 \ud800.", "😀 ."),
        ("a\x00b\x07c", "abc"),
    ],
)
def test_markup_becomes_what_a_reader_reads(markup: str, expected: str) -> None:
    """Paragraphs are a blank line apart, entities are decoded as often as they were encoded, nothing hidden remains."""
    assert html_to_text(markup) == expected


@pytest.mark.parametrize("markup", [None, "", "  ", "<p></p>", "<!-- x -->", "<img src='x'>", "&nbsp;"])
def test_nothing_to_read_is_none(markup: str | None) -> None:
    """An empty text and no text are the same."""
    assert html_to_text(markup) is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Nvidia <b>H100</b>\n sold out", "Nvidia H100 sold out"),
        ("英伟达&amp;amp;台积电", "英伟达&台积电"),
        ("Using <Suspense> where a < b", "Using <Suspense> where a < b"),
        ("&lt;em&gt;可灵&lt;/em&gt;上线", "可灵上线"),
    ],
)
def test_a_title_is_one_line(markup: str, expected: str) -> None:
    """Known elements go, what only looks like one stays."""
    assert line_of_html(markup) == expected


def test_declared_plain_text_keeps_its_signs() -> None:
    """Text that says it is plain is not searched for markup."""
    assert text_to_text("a <b> c\r\n\r\n&amp;") == "a <b> c\n\n&amp;"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [("niÃ±os", "niños"), ("itâ€™s “here”", "it’s “here”"), ("ä¸­æ–‡èŠ¯ç‰‡", "中文芯片"), ("Spaß“ é»“", "Spaß“ é»“")],
)
def test_double_encoding_is_undone(broken: str, whole: str) -> None:
    """UTF-8 read as Windows-1252 and written again is recognised; correct accents and quotes are left alone."""
    assert clean(broken) == whole


@pytest.mark.parametrize(
    "unit",
    [
        *("<!--", '<a "', "<a", "<a'\"<b\"'", "<script>", "<script ", "<iframe>", "<![CDATA[", "<pre>", "<p>", "</"),
        *("&", "&amp;", "\n", " \n", "中\n", "\u0301\u0316", "\ud800", "Ã©", "<svg><b>"),
    ],
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    """Four times the hostile text takes about four times as long; a quadratic step would take sixteen."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        html_to_text(text)
        line_of_html(text)
        return time.process_time() - start

    small = min(seconds(100_000) for _ in range(2))
    assert seconds(400_000) < max(10 * small, 0.25)
