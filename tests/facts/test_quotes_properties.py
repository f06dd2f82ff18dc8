"""What holds for every text: offsets, order, no exception, no hang, no action at a distance."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chipreel.facts.quotes import find_quotes
from chipreel.model.annotation import Evidence, Mention

_PIECES = st.sampled_from(
    [
        *"“ ” ‘ ’ \" ' 「 」 『 』 « » „ ‟ '' 《 》".split(),
        *"said told says according to he she Ann Lee the company who and , . : ? — -".split(),
        *"说 表示 称 他 她 首席执行官 林知遥 山姆·奥特曼 该公司 据 报道 在 看来 ， 。 ： ！ …… ——".split(),
        *"一 的 芯片 İ ﬁ \ud800 \x00 ２".split(),
        *(" ", "\n", "\n\n", "\u3000", "word " * 12, "影片" * 12),
    ]
)
_TEXTS = st.one_of(
    st.text(),
    st.lists(_PIECES, max_size=30).map("".join),
    st.lists(_PIECES, max_size=30).map(" ".join),
)


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.sampled_from(["en", "zh", None]), st.booleans())
def test_every_quote_is_a_piece_of_its_text(text: str, lang: str | None, is_post: bool) -> None:
    """Offsets match the words, quotes ascend and do not overlap, a speaker is a name of the text or the author."""
    known = (Mention("ann-lee", 0.5, (Evidence("text", 0, 3, text[:3]),)),) if len(text) >= 3 else ()
    done = 0
    for quote in find_quotes(text, lang=lang, people=known, author="Mo Reyes", is_post=is_post):
        assert text[quote.start : quote.end] == quote.text != ""
        assert quote.start >= done
        done = quote.end
        assert quote.speaker is None or quote.speaker == "Mo Reyes" or quote.speaker in text or "·" in quote.speaker


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=24).map(" ".join), st.sampled_from(["en", "zh"]))
def test_what_follows_far_behind_changes_nothing(text: str, lang: str) -> None:
    """Two thousand characters of plain prose and another paragraph lie between."""
    near = "\n\n" + ("Plain words follow here. " * 90 if lang == "en" else "后面都是平常的句子。" * 220)
    far = near + ('\n\n"Far away," said Bo Hart.' if lang == "en" else "\n\n“远处的话。”")
    assert (
        find_quotes(text + near, lang=lang)
        == find_quotes(text + far, lang=lang)[: len(find_quotes(text + near, lang=lang))]
    )


@pytest.mark.parametrize(
    "text",
    [
        '"' * 1_000_000,
        "“" * 1_000_000,
        '"a" ' * 500_000,
        "“好。”他说" * 200_000,
        " said that he said" * 200_000,
        "张三说，" * 500_000,
        "' " * 1_000_000,
        "“" + "字" * 2_000_000,
        "“A." + " " * 2_000_000 + "”",
        '"x," ' + ", , " * 500_000,
    ],
    ids=["straight", "openers", "short", "zh", "verbs", "zh verbs", "singles", "open", "spaces", "commas"],
)
def test_a_hostile_text_costs_no_more_than_seconds(text: str) -> None:
    """Windows are bounded, and so are passages and verbs."""
    start = time.process_time()
    find_quotes(text)
    assert time.process_time() - start < 5
