"""About, over, under: what the words around a sum say of its exactness."""

from __future__ import annotations

import re
from typing import Literal

Bound = Literal["about", "over", "under"]

_ROOM = 28
_GAP = r"(?: (?:a|an|the|its|some|rmb))? ?[(\"'“]?\Z"
_ENGLISH_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("under", re.compile(
        r"\b(?:up to|as much as|as high as|at most|no more than|not more than|less than|under|below|just short of|"
        r"just under|fewer than|maximum of|capped at|a cap of)" + _GAP)),
    ("over", re.compile(
        r"\b(?:over|more than|at least|above|exceed(?:s|ed|ing)?|north of|upwards? of|in excess of|no less than|"
        r"not less than|greater than|top(?:s|ped|ping)?|surpass(?:es|ed|ing)?|well over|minimum of|past|"
        r"beyond)" + _GAP)),
    ("about", re.compile(
        r"\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|close to|an? estimated|estimated|"
        r"circa|in the region of|near)" + _GAP)),
)  # fmt: skip
_CHINESE_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("under", re.compile(r"(?:不超过|不高于|不足|不到|低于|少于|最多|至多|最高|上限为?|封顶|以内|跌破|跌穿)\Z")),
    ("over", re.compile(r"(?:超过?|逾|突破|至少|不少于|不低于|高于|多于|最少|起码|(?<![通经])过|(?<!跌)破)\Z")),
    ("about", re.compile(r"(?:约为?|大约|约合|近|将近|接近|大概|估计|预计约|左右|几近|~)\Z")),
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("over", re.compile(r"(?:\+|[ -]plus\b| or more\b|以上|有余|多(?![个家种年]))")),
    ("under", re.compile(r"(?: or less\b| or under\b|以下|以内|之内)")),
    ("about", re.compile(r"(?: or so\b|左右|上下|许)")),
)


def find_bound(folded: str, start: int, end: int) -> Bound | None:
    """The bound of the sum at `folded[start:end]`; None = exact as said."""
    for bound, pattern in _AFTER:
        if pattern.match(folded, end):
            return bound
    before = folded[max(0, start - _ROOM) : start]
    if before.endswith("上") and folded[start] in "十百千万亿":  # 上亿元, but not 加上3亿元
        return "over"
    for bound, pattern in (*_CHINESE_BEFORE, *_ENGLISH_BEFORE):
        if pattern.search(before):
            return bound
    return None
