"""The sentence and the clause a sum stands in. Bounded on both sides: a text without a full stop costs nothing more."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROOM = 240
#: A full stop that is not of a letter ("u.s.") or of inc., corp., co., ltd., mr. The first character decides quickly.
_SENTENCE = re.compile(
    r"[。！？!?\n]|\.(?=[ \"']|\Z)(?<![ .][a-z]\.)(?<!\binc\.)(?<!\bcorp\.)(?<!\bco\.)(?<!\bltd\.)(?<!\bmr\.)"
)
_CLAUSE = re.compile(r",(?!\d)|[;:()（）]| (?:but|while|whereas|after|before) ")


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a sum's clause and sentence begin and end, in the folded text."""

    start: int
    end: int
    sentence_start: int
    sentence_end: int


def find_clause(folded: str, start: int, end: int) -> Clause:
    """The clause around `folded[start:end]`."""
    low, high = max(0, start - _ROOM), end + _ROOM
    sentence_start = _last_end(_SENTENCE, folded, low, start)
    sentence_end = _first_start(_SENTENCE, folded, end, high)
    return Clause(
        _last_end(_CLAUSE, folded, sentence_start, start),
        _first_start(_CLAUSE, folded, end, sentence_end),
        sentence_start,
        sentence_end,
    )


def _last_end(pattern: re.Pattern[str], folded: str, low: int, high: int) -> int:
    end = low
    for match in pattern.finditer(folded, low, high):
        end = match.end()
    return end


def _first_start(pattern: re.Pattern[str], folded: str, low: int, high: int) -> int:
    match = pattern.search(folded, low, high)
    return match.start() if match else min(high, len(folded))
