"""Folding keeps every offset, and makes equal what a reader takes for equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chipreel.text.fold import fold, fold_all, normalise


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("NVIDIA", "nvidia"),
        ("ＮＶＩＤＩＡ　Ｈ１００", "nvidia h100"),
        ("輝達", "辉达"),
        ("台積電與三星", "台积电与三星"),
        ("“Sora’s”", '"sora\'s"'),
        ("d‑Matrix", "d-matrix"),
        ("İstanbul", "istanbul"),
    ],
)
def test_equal_for_a_reader_is_equal_when_folded(text: str, folded: str) -> None:
    """Case, width, script and typographic marks do not tell two names apart."""
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_length(text: str) -> None:
    """One code point stays one code point, so an offset in the folded text is an offset in the text."""
    assert len(fold(text)) == len(text)


@given(st.text(alphabet=st.characters(codec=None)))
def test_normalised_text_can_be_stored(text: str) -> None:
    """Whatever comes in, what is stored is valid UTF-8 without controls that could drive a terminal."""
    stored = normalise(text)

    stored.encode("utf-8")
    assert not [char for char in stored if ord(char) < 32 and char not in "\t\n"]
    assert normalise(stored) == stored


@pytest.mark.parametrize(
    "texts",
    [[], [""], ["輝達", "ＧＰＵ", "Nvidia"], ["İstanbul", "ΟΔΟΣ", "可靈"], ["a\nb", "華為"], ["ΣΑΣ", "", "軟銀"]],
)
def test_many_texts_are_folded_as_each_of_them(texts: list[str]) -> None:
    """Capitals with two small ones, the Greek one that depends on its place, lines within a text."""
    assert fold_all(texts) == [fold(text) for text in texts]
