"""Every format in both languages, word for word; and what a hostile title cannot do in any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from lxml import etree
from markdown_it import MarkdownIt
from rich.cells import cell_len

from chipreel.digest.atom import render_atom, render_story_atom
from chipreel.digest.compose import compose
from chipreel.digest.explain import render_left_out, render_scores
from chipreel.digest.figures import day_and_time, dollars, is_in_dollars, sparkline, written
from chipreel.digest.frozen import freeze, thaw
from chipreel.digest.html import chart_points, render_html
from chipreel.digest.labels import LABELS
from chipreel.digest.markdown import plain, render_markdown
from chipreel.digest.plain import render_plain
from chipreel.digest.render import ENDINGS, RENDERERS, render
from chipreel.digest.terminal import render_terminal
from chipreel.digest.view import reason, view
from chipreel.model.digest import Candidate, Digest, Said, Sum
from chipreel.model.profile import FORMATS

Snapshot = Callable[[str, str], None]
ATOM = "http://www.w3.org/2005/Atom"
HOSTILE = (
    "]]></title></entry>![x](http://e.example/x.png) <img src=x onerror=y> [b]: javascript:z "
    "a](javascript:x) <script>alert(1)</script> | `# \x1b]0;owned\x07 \u202e & \"' \x00 芯片\n\n# heading"
)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "json"])
def test_a_format_says_what_it_said(digest: Digest, form: str, snapshot: Snapshot) -> None:
    """Snapshots, to be read by a person when they change."""
    snapshot(f"{form}-{digest.lang}.{ENDINGS[form]}", render(digest, form))


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_fits_its_width(digest: Digest, width: int, snapshot: Snapshot) -> None:
    """Lines are counted in columns, of which a Chinese character takes two."""
    text = render_terminal(digest, width=width, is_colourful=False)

    assert max(map(cell_len, text.splitlines())) <= width
    snapshot(f"terminal-{width}-{digest.lang}.txt", text)


def test_the_terminal_has_links_and_colours_only_where_they_are_wanted(digest: Digest) -> None:
    """Outlets can be clicked; addresses that are not of the web cannot."""
    text = render_terminal(digest, width=100)

    assert "\x1b]8;" in text
    assert "https://openai-blog.example/1" in text
    assert "javascript" not in text
    assert "\x1b" not in render_terminal(digest, width=100, is_colourful=False)


def test_why_is_told(digest: Digest, snapshot: Snapshot) -> None:
    """The parts of each score, and what was left out."""
    snapshot(f"explain-{digest.lang}.txt", render_scores(digest))
    assert "s6" in render_left_out(digest)


def test_the_parts_of_a_score_add_up_to_it(digest: Digest) -> None:
    """What is shown is what was ranked by, and the order is that of the scores."""
    for entry in digest.entries:
        assert sum(value for _, value in entry.score_parts) == pytest.approx(entry.score)
    assert [e.score for e in digest.entries] == sorted((e.score for e in digest.entries), reverse=True)


def test_a_digest_frozen_and_thawed_is_the_same(digest: Digest) -> None:
    """What is kept renders the same later; JSON is what is kept."""
    assert thaw(freeze(digest)) == digest
    assert json.loads(render(digest, "json")) == json.loads(freeze(digest))


def test_a_digest_of_an_earlier_version_can_be_read(digest: Digest) -> None:
    """Fields that did not exist have their defaults; those that exist no more are passed over."""
    raw = json.loads(freeze(digest))
    del raw["minutes"]
    raw["entries"][0].pop("is_brief")
    raw["old"] = 1

    assert thaw(json.dumps(raw)) == replace(digest, minutes=0.0)


class _Tags(HTMLParser):
    """Collects what an HTML document asks a program to do, and the words of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "h1":
            self.headings.append(data)


def _hostile(day: list[Candidate], edition: Callable[..., Any], lang: str) -> Digest:
    first = day[0]
    articles = tuple(replace(a, title=HOSTILE, source_title=HOSTILE, text=HOSTILE * 3) for a in first.articles)
    said = tuple(replace(one, text=HOSTILE, speaker=HOSTILE, speaker_id=None) for one in first.said)
    worse = replace(first, articles=articles, said=said)
    names = tuple((i, HOSTILE, HOSTILE) for i, _, _ in edition().names)
    return compose([worse, *day[1:]], edition(lang, names=names))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_holds_no_script_no_image_and_no_address_but_of_the_web(
    day: list[Candidate], edition: Callable[..., Any], lang: str
) -> None:
    """Nothing is fetched and nothing is run, whatever a title says."""
    for found in (compose(day, edition(lang)), _hostile(day, edition, lang)):
        page = _Tags()
        page.feed(render_html(found))

        assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "link", "form", "base", "b>"}
        links = [values.get("href") or "" for tag, values in page.tags if tag == "a"]
        assert links
        assert all(link.startswith(("https://", "http://")) for link in links)
        assert not [name for _, values in page.tags for name in values if name.startswith("on")]
        assert all(values.get("style") for tag, values in page.tags if tag in ("a", "h1", "h2", "h3", "p", "td"))


def test_a_hostile_title_is_text_everywhere(day: list[Candidate], edition: Callable[..., Any]) -> None:
    """No escape sequence for the terminal, no Markdown, no markup in feeds."""
    found = _hostile(day, edition, "en")

    terminal = render_terminal(found, width=100, is_colourful=False)
    assert "\x1b" not in terminal
    assert "\x07" not in terminal
    assert "\x1b" not in render_plain(found)
    # As a program shows it that lets through all the HTML that it finds.
    markdown = _Tags()
    markdown.feed(MarkdownIt("commonmark", {"html": True}).render(render_markdown(found)))
    _is_harmless(markdown)
    assert "heading" not in "".join(markdown.headings)
    for feed in (render_atom([(1, found)]), render_story_atom([(1, found)])):
        root = etree.fromstring(feed.encode(), etree.XMLParser(resolve_entities=False))
        assert {etree.QName(node).namespace for node in root.iter(etree.Element)} == {ATOM}
        assert all(link.get("href", "").startswith(("http", "urn:")) for link in root.iter(f"{{{ATOM}}}link"))
        # What stands in an element as text is a page to whoever reads the feed.
        for node in root.iter(f"{{{ATOM}}}content", f"{{{ATOM}}}summary", f"{{{ATOM}}}title"):
            page = _Tags()
            page.feed((node.text or "") if node.get("type") == "html" else "")
            _is_harmless(page)


def _is_harmless(page: _Tags) -> None:
    """Nothing is run, fetched or led to but the web."""
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "link", "form", "base"}
    assert not [name for _, values in page.tags for name in values if name.startswith("on")]
    links = [values.get("href") or "" for tag, values in page.tags if tag == "a"]
    assert all(link.startswith(("https://", "http://")) for link in links)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. first", "1\\. first"),
        ("- 芯片", "\\- 芯片"),
        ("# a *b* [c](d)", "\\# a \\*b\\* \\[c\\](d)"),
        ("两\n行 <b>", "两 行 \\<b\\>"),
        ("AT&T", "AT\\&T"),
    ],
)
def test_markdown_escapes(text: str, escaped: str) -> None:
    """What a headline writes is what is read."""
    assert plain(text) == escaped


def test_feeds_are_valid_and_tell_every_story(digest: Digest) -> None:
    """One entry for each edition, or for each story, every one with an id of its own."""
    names = {"a": "http://www.w3.org/2005/Atom"}
    digests = etree.fromstring(render_atom([(2, digest), (1, digest)]).encode())
    stories = etree.fromstring(render_story_atom([(2, digest), (1, digest)]).encode())

    assert len(digests.findall("a:entry", names)) == 2
    ids = [entry.text for entry in stories.findall("a:entry/a:id", names)]
    assert len(ids) == 2 * len(digest.entries) == len(set(ids))
    assert all(one.findtext("a:updated", namespaces=names) for one in stories.findall("a:entry", names))


def test_an_empty_edition_has_its_sentence_in_every_format(edition: Callable[..., Any]) -> None:
    """And nothing else of a story."""
    for lang in ("en", "zh"):
        empty = compose([], edition(lang))
        for form in ("markdown", "text", "html"):
            assert LABELS[lang]["nothing"] in render(empty, form)
        assert LABELS[lang]["nothing"] in render_terminal(empty, width=80, is_colourful=False)


def test_both_languages_have_the_same_words() -> None:
    """The tables have the same keys, and each word takes the same values."""
    assert LABELS["en"].keys() == LABELS["zh"].keys()
    for key, text in LABELS["en"].items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", LABELS["zh"][key])), key


def test_every_format_has_a_renderer() -> None:
    """Those that feeds.yaml may name."""
    assert set(FORMATS) == set(RENDERERS) == set(ENDINGS)


@pytest.mark.parametrize(
    ("usd", "english", "chinese"),
    [
        (7e12, "US$7tn", "7万亿美元"),
        (1.78e12, "US$1.78tn", "1.78万亿美元"),
        (1e11, "US$100bn", "1000亿美元"),
        (1.38e8, "US$138m", "1.38亿美元"),
        (999_999_999, "US$1bn", "10亿美元"),
        (950, "US$950", "950美元"),
    ],
)
def test_dollars(usd: float, english: str, chinese: str) -> None:
    """Three figures, in the units of the language."""
    assert dollars("en", usd) == english
    assert dollars("zh", usd).replace(",", "") == chinese


def test_small_charts() -> None:
    """A chart needs two values, and a row of zeros is flat."""
    assert sparkline([0, 1, 2, 4]) == "▁▃▅█"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([3]) == chart_points([3]) == ""
    assert chart_points([0, 2]) == "2.0,16.0 82.0,2.0"


@pytest.mark.parametrize(
    ("surfaces", "usd", "english", "chinese"),
    [
        (("609亿美元",), 6.09e10, "US$60.9bn", "609亿美元"),
        (("$20.4bn",), 2.04e10, "$20.4bn", "204亿美元"),
        (("240億美元", "$24.0 billion"), 2.4e10, "$24.0 billion", "240億美元"),
        (("12万元",), 17_400.0, "12万元", "12万元"),
        (("1.2万至1.5万美元",), 12_000.0, "1.2万至1.5万美元", "1.2万至1.5万美元"),
        (("$12,000 to $15,000",), 12_000.0, "$12,000 to $15,000", "$12,000 to $15,000"),
    ],
)
def test_a_sum_is_written_as_its_reader_reads(
    surfaces: tuple[str, ...], usd: float, english: str, chinese: str
) -> None:
    """As an article in the language writes it; else dollars in its units; another currency and a range as they are."""
    one = Sum(surfaces[0], usd, None, None, 1, 1, surfaces=surfaces)

    assert (written(one, "en"), written(one, "zh")) == (english, chinese)


def test_a_reason_holds_the_sum_as_an_article_writes_it(day: list[Candidate], edition: Callable[..., Any]) -> None:
    """So that an edition told again in another language finds it; nothing of the first language stays."""
    told = replace(day[0], sums=(Sum("609亿美元", 6.09e10, "nvidia", "revenue", 1, 1),))
    composed = compose([told], edition("en"))
    (value,) = [value for key, value in composed.entries[0].reasons if key == "reason.sum"]

    assert reason(composed, "reason.sum", value) == "a sum of US$60.9bn"
    assert reason(replace(composed, lang="zh"), "reason.sum", value) == "涉及金额 609亿美元"


@pytest.mark.parametrize(
    ("surface", "holds"),
    [
        ("US$2bn", True),
        ("$2bn", True),
        ("20亿美元", True),
        ("20億美金", True),
        ("S$2bn", False),
        ("HK$2bn", False),
        ("20亿港元", False),
        ("20億新台幣", False),
        ("€2bn", False),
    ],
)
def test_dollars_are_told_from_other_dollars(surface: str, holds: bool) -> None:
    """Those of the United States only; a sum in them is not converted into itself."""
    assert is_in_dollars(surface) is holds


def test_an_edition_in_another_language_gives_its_reasons_in_that_one(digest: Digest) -> None:
    """A sum that is the reason is the sum that stands below it."""
    (first, *rest) = digest.entries
    one = Sum("609亿美元", 6.09e10, "nvidia", "revenue", 1, 1)
    told = replace(digest, entries=(replace(first, sums=(one,)), *rest))

    assert reason(replace(told, lang="en"), "reason.sum", "609亿美元") == "a sum of US$60.9bn"
    assert reason(replace(told, lang="zh"), "reason.sum", "609亿美元") == "涉及金额 609亿美元"


def test_a_speaker_is_quoted_in_the_readers_language(digest: Digest) -> None:
    """Where both are told; who is quoted does not change, and nothing is translated."""
    (first, *rest) = digest.entries
    said = (
        Said("光是唯一的出路。", "黄仁勋", "jensen-huang", 2, 1),
        Said("Light is the only way forward,", "Jensen Huang", "jensen-huang", 1, 2),
        Said("No.", "Somebody else", None, 1, 3),
    )
    told = replace(digest, entries=(replace(first, said=said), *rest))
    quoted = {lang: view(replace(told, lang=lang)).sections[0].groups[0].entries[0].said for lang in ("en", "zh")}

    assert [one.text for one in quoted["en"]] == ["Light is the only way forward"]
    assert [one.text for one in quoted["zh"]] == ["光是唯一的出路。"]


def test_a_story_stands_under_whom_it_is_about(article: Callable[..., Any], digest: Digest) -> None:
    """A company that is only named heads nothing."""
    entry = replace(digest.entries[0], is_top=False, is_brief=False, beats=("chips",))
    named = article(1, "A foundry nobody follows is granted $1.5 billion", companies=("nvidia",), primary=())
    about = article(2, "英伟达发布新芯片", companies=("softbank", "nvidia"), primary=("nvidia",))
    told = (
        replace(entry, story="s1", companies=("nvidia",), articles=(named,)),
        replace(entry, story="s2", companies=("softbank", "nvidia"), articles=(about,)),
    )
    (section,) = view(replace(digest, entries=told)).sections

    words = {"en": ["Nvidia", "Others"], "zh": ["英伟达", "其他"]}[digest.lang]
    assert [(group.name, group.entries[0].id) for group in section.groups] == list(
        zip(words, ("s2", "s1"), strict=True)
    )


def test_times_are_those_of_the_zone(edition: Callable[..., Any]) -> None:
    """The day where it is another one, the year where it is another one."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    now, zone = edition().made_at, ZoneInfo("Asia/Shanghai")

    assert day_and_time("en", now, zone, today=now) == "07:30"
    assert day_and_time("zh", now - timedelta(days=1), zone, today=now) == "2月16日 07:30"
    assert day_and_time("en", now - timedelta(days=100), zone, today=now) == "9 Nov 2023 07:30"
