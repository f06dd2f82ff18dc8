"""Counting of quotations: what is found, what is extra, who speaks."""

from __future__ import annotations

import pytest

from chipreel.evaluate.quotes import is_same_speaker, score_quotes
from chipreel.evaluate.score import Score

_TEXT = 'He said: "We ship in May," and left.'
_GOLD = {
    "id": "a",
    "lang": "en",
    "text": _TEXT,
    "quotes": [{"type": "direct", "speaker": "Ann Lee", "quoted_segments": [[10, 25]]}],
}


def _pred(start: int, end: int, speaker: str | None = "Ann Lee", kind: str = "direct") -> list[dict[str, object]]:
    return [{"id": "a", "quotes": [{"start": start, "end": end, "speaker": speaker, "kind": kind}]}]


def test_marks_and_commas_at_the_edges_do_not_count() -> None:
    """The label ends behind the comma, the finding before it: the same passage."""
    score = score_quotes([_GOLD], _pred(9, 24))["en"]
    assert (score.passages, score.spoken) == (Score(1, 0, 0), Score(1, 0, 0))
    assert score.passages.f1 == score.spoken.f1 == 1.0


def test_a_wrong_speaker_counts_twice() -> None:
    """As a passage that nobody labelled so, and as the label not found."""
    score = score_quotes([_GOLD], _pred(10, 25, "Bo Hart"))["all"]
    assert (score.passages.f1, score.spoken.f1) == (1.0, 0.0)


def test_a_missing_prediction_is_a_miss_and_indirect_speech_is_set_aside() -> None:
    """Only direct speech is scored."""
    assert score_quotes([_GOLD], [])["en"].passages.missed == 1
    score = score_quotes([_GOLD], _pred(0, 7, kind="indirect"))["en"]
    assert score.passages == Score(0, 0, 1)


def test_what_touches_a_neutral_label_is_neither_right_nor_wrong() -> None:
    """A few quoted words inside reported speech may be kept or left."""
    neutral = {**_GOLD, "quotes": [{**_GOLD["quotes"][0], "type": "mixed"}]}  # type: ignore[dict-item, index]
    score = score_quotes([neutral], _pred(10, 25))["en"]
    assert score.passages == Score(0, 0, 0)


@pytest.mark.parametrize(
    ("label", "name", "same"),
    [
        ("Dr. Ann Lee, who runs the lab", "Ann Lee", True),
        ("Lee", "Ann Lee", True),
        ("Ann Lee", "Ann Hart", False),
        ("she", "Ann Lee", True),
        ("Ann Lee", "she", False),
        ("首席科学家林知遥", "林知遥", True),
        ("林知遥", "林知远", False),
        ("他", "林知遥", True),
        (None, None, True),
        (None, "林知遥", False),
        ("林知遥", None, False),
    ],
)
def test_a_speaker_is_the_same_with_and_without_title(label: str | None, name: str | None, same: bool) -> None:
    """One holds the other; where the label is a pronoun every name will do, but no pronoun for a name."""
    assert is_same_speaker(label, name) is same
