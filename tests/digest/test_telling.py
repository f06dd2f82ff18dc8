"""What is told of a story: headline, sentences, lines that fit, messages that are split, summaries that are checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chipreel.digest.compose import compose
from chipreel.digest.extract import best_lines, in_order, lead_article
from chipreel.digest.markdown import markdown_blocks
from chipreel.digest.plain import plain_blocks
from chipreel.digest.reading_time import minutes
from chipreel.digest.sentences import iter_sentences
from chipreel.digest.split import split_blocks
from chipreel.digest.summary_check import is_supported
from chipreel.digest.sums import merged
from chipreel.digest.wrap import wrap
from chipreel.model.digest import Candidate, Digest, Sum

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It fell. Nobody knew why.", ["It fell.", "Nobody knew why."]),
        ("它跌了。没人知道为什么！是吗？是。", ["它跌了。", "没人知道为什么！", "是吗？", "是。"]),
        ("他说：“来吧。”然后走了。", ["他说：“来吧。”", "然后走了。"]),
        ("他说：“光是唯一的出路。”", ["他说：“光是唯一的出路。”"]),
        ("他問：「真的嗎？！」\n真的。", ["他問：「真的嗎？！」", "真的。"]),
        (
            "Mr. Son of SoftBank Corp. wants $7.5 billion. Arm fell.",
            ["Mr. Son of SoftBank Corp. wants $7.5 billion.", "Arm fell."],
        ),
        ("The U.S. Senate voted 51.3 to 2. It passed.", ["The U.S. Senate voted 51.3 to 2.", "It passed."]),
        ('"We agree." Nvidia said no more.', ['"We agree."', "Nvidia said no more."]),
        ("One line\nAnother one. And more", ["One line", "Another one.", "And more"]),
        ("一行\n\n另一行", ["一行", "另一行"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    """In both scripts; what abbreviates, counts or closes a quote ends nothing."""
    assert list(iter_sentences(text)) == sentences


@given(st.text(max_size=300))
def test_sentences_are_pieces_of_the_text(text: str) -> None:
    """Verbatim, whatever the text."""
    assert all(sentence in text for sentence in iter_sentences(text))


def test_headlines_are_in_the_readers_language_where_there_is_one(day: list[Candidate]) -> None:
    """Else in the one there is."""
    assert lead_article(day[0], "en").id == 1
    assert lead_article(day[0], "zh").id == 2
    assert lead_article(day[4], "zh").lang == "en"


@pytest.mark.parametrize(
    ("clear", "vague"),
    [
        ("Nvidia unveils B200, a chip with 208 billion transistors", "What is going on with chips?"),
        ("英伟达发布B200芯片，晶体管达2080亿个", "芯片行业怎么了？"),
        ("SoftBank seeks $100 billion for an AI chip venture", "The plan"),
    ],
)
def test_the_clearest_headline_leads(article: Make, clear: str, vague: str) -> None:
    """Names, figures, a readable length; a question says least."""
    one = Candidate("s", "new", (article(1, vague, primary=()), article(2, clear, source="daily")))

    assert lead_article(one, "en").title == clear


def test_of_an_update_the_new_report_leads(article: Make) -> None:
    """The reader has read the other."""
    given = article(1, "Nvidia unveils B200, a new chip", is_new=False, was_given=True)
    one = Candidate("s", "update", (given, article(2, "Nvidia's B200 chip is late", source="daily")))

    assert lead_article(one, "en").id == 2


def test_lines_say_what_the_headline_does_not(article: Make) -> None:
    """The sentence that repeats it, the boilerplate and the question stay out; amounts count."""
    text = (
        "Nvidia unveiled its new chip on Monday in San Jose. Subscribe to our newsletter for more like this one. "
        "Who will buy such an expensive machine, one may ask? The chip will cost between $30,000 and $40,000, the "
        "chief executive told reporters. It rained."
    )
    one = Candidate("s", "new", (article(1, "Nvidia unveiled its new chip on Monday", text=text),))
    lines = best_lines(in_order(one, one.articles[0], "en"))

    assert lines[-1].startswith("The chip will cost between $30,000")
    assert not any("Subscribe" in line or line.endswith("?") for line in lines)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lines_are_verbatim_and_of_one_article(day: list[Candidate], edition: Make, lang: str) -> None:
    """Every line stands in a text of the story."""
    for entry, candidate in ((e, c) for e in compose(day, edition(lang)).entries for c in day if c.story == e.story):
        for line in entry.lines:
            assert any(line in (article.text or "") for article in candidate.articles)


def test_the_same_sum_of_one_deal_is_one_figure_with_its_range() -> None:
    """In whatever currency it is told; another role, another owner or another size is another sum."""
    round_ = Sum("$6 billion", 6e9, "nvidia", "raised", 3, 1, None, (1,))
    told = (
        round_,
        replace(round_, surface="$6.4 billion", usd=6.4e9, outlets=1, articles=(2,)),
        replace(round_, surface="435亿元", usd=6.1e9, owner=None, outlets=1, articles=(3,)),
        replace(round_, surface="$6.2 billion", usd=6.2e9, role="valued", articles=(4,)),
        replace(round_, surface="$6.3 billion", usd=6.3e9, owner="openai", articles=(5,)),
        replace(round_, surface="$9 billion", usd=9e9, articles=(6,)),
        replace(round_, surface="$5.9 billion", usd=5.9e9, articles=(1,)),
        replace(round_, surface="¥1", usd=None, articles=(7,)),
    )
    found = {one.surface: one for one in merged(told, 0.1)}

    assert list(found) == ["$9 billion", "$6 billion", "$6.3 billion", "$6.2 billion", "$5.9 billion", "¥1"]
    assert found["$6 billion"].usd_range == (6e9, 6.4e9)
    assert set(found["$6 billion"].articles) == {1, 2, 3}
    assert found["$6.2 billion"].usd_range is None
    assert set(found["$6 billion"].surfaces) == {"$6 billion", "435亿元"}


# ── Reading and fitting ──────────────────────────────────────────────────────────────────────────────────────


def test_reading_time_counts_both_scripts() -> None:
    """Four hundred characters and two hundred and thirty words are two minutes."""
    assert minutes("芯" * 400 + " word" * 230) == pytest.approx(2)


@pytest.mark.parametrize("width", [20, 33])
def test_lines_break_where_they_may(width: int) -> None:
    """Chinese between characters but not before a comma or after a bracket, English between words."""
    text = "软银集团（SoftBank）创始人孙正义正在筹集1000亿美元，打造芯片企业。The plan is called Izanagi, they say."
    rows = wrap(text, width)

    assert all(cell_len(row) <= width for row in rows)
    assert re.sub(r"\s", "", "".join(rows)) == re.sub(r"\s", "", text)
    assert not any(row[0] in "，。）" or row[-1] == "（" for row in rows)
    assert any("Izanagi," in row for row in rows)


@given(st.text(max_size=200), st.integers(4, 60))
def test_nothing_is_lost_in_wrapping(text: str, width: int) -> None:
    """Whatever the text."""
    assert re.sub(r"\s", "", "".join(wrap(text, width))) == re.sub(r"\s", "", text)


# ── Splitting ────────────────────────────────────────────────────────────────────────────────────────────────


def _joined(parts: list[str]) -> str:
    return re.sub(r"\s", "", "".join(part.split("\n", 1)[1] for part in parts))


@pytest.mark.parametrize("limit", [500, 900, 4000])
def test_messages_fit_and_nothing_is_dropped(digest: Digest, limit: int) -> None:
    """Counted in bytes, numbered, whole links, whole characters."""
    big = replace(digest, entries=digest.entries * 6)
    for blocks in (markdown_blocks(big), plain_blocks(big)):
        parts = split_blocks(blocks, limit)

        assert all(len(part.encode()) <= limit for part in parts)
        assert _joined(parts) == re.sub(r"\s", "", "".join(blocks))
        assert [part.split("\n")[0] for part in parts] == [f"({n}/{len(parts)})" for n in range(1, len(parts) + 1)]
        links = re.findall(r"\]\((https?://[^)\s]+)\)", "".join(blocks))
        assert [link for part in parts for link in re.findall(r"\]\((https?://[^)\s]+)\)", part)] == links


def test_a_message_that_fits_is_not_numbered(digest: Digest) -> None:
    """Nor is one without a limit."""
    blocks = plain_blocks(digest)
    whole = "\n\n".join(blocks)

    assert split_blocks(blocks, None) == split_blocks(blocks, len(whole.encode())) == [whole]


def test_messages_are_split_between_stories() -> None:
    """A story that does not fit goes into the next message as a whole."""
    blocks = ["头条" * 30, "芯片" * 50, "b" * 300]

    assert [part.split("\n", 1)[1] for part in split_blocks(blocks, 520)] == [
        "头条" * 30 + "\n\n" + blocks[1],
        blocks[2],
    ]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=900), min_size=1, max_size=5))
def test_any_text_is_split_within_the_limit(blocks: list[str]) -> None:
    """Without links, no message is longer than it may be, and no character is lost."""
    blocks = [block.replace("http", "h").replace("[", "(") for block in blocks]
    parts = split_blocks(blocks, 500)

    assert all(len(part.encode()) <= 500 for part in parts)
    if len(parts) > 1:
        assert _joined(parts) == re.sub(r"\s", "", "".join(blocks))


# ── Summaries ────────────────────────────────────────────────────────────────────────────────────────────────

TEXTS = (
    "SoftBank's founder Masayoshi Son seeks $100 billion for a chip maker named Izanagi. “It will be large,” he said.",
    "软银孙正义拟筹1000亿美元，成立AI芯片企业。他说：“规模会很大。”",
)


@pytest.mark.parametrize(
    ("summary", "holds"),
    [
        ("The founder of SoftBank wants $100 billion for chips. The maker is called Izanagi.", True),
        ("孙正义要为芯片企业筹集1000亿美元。他说“规模会很大”。", True),
        ("The founder of SoftBank wants $120 billion for chips.", False),
        ("孙正义要筹集2000亿美元。", False),
        ("孙正义要筹集七千亿美元。", False),
        ("He plans it together with Microsoft and Kioxia.", False),
        ("Son called it “the largest of all time”.", False),
        ("孙正义称“这是史上最大”。", False),
        ("", False),
        ("One. Two things. Three things. Four things. Five.", False),
        ("A " * 400, False),
    ],
)
def test_a_summary_that_adds_anything_is_rejected(summary: str, holds: bool) -> None:
    """A number, a quote or a name that the articles do not have."""
    assert is_supported(summary, TEXTS, named=(), in_articles=()) is holds


def test_a_company_the_articles_do_not_name_is_rejected() -> None:
    """Found by the lexicon, under whatever name."""
    text = "孙正义与英伟达合作。"

    assert not is_supported(text, TEXTS, named=("nvidia",), in_articles=("softbank",))
