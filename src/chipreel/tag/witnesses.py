"""The words that speak for or against a doubtful name, and where they stand.

Looked for only in items that hold such a name, which is one in three: apart from names and terms they are half of all
that would be found in the others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence

from chipreel.tag.candidates import Candidate
from chipreel.tag.layout import Span, why_furniture
from chipreel.tag.scan import Scanner, goes_on

#: Folded context word → where it begins, in code points.
Places = dict[str, list[int]]


class Witnesses:
    """The context words of all names of a lexicon in one automaton."""

    def __init__(self, words: Iterable[str], *, open_ended: Collection[str], plural: Iterable[str]) -> None:
        """`open_ended` and `plural` are as the scanner of the names has them, for words that are names as well."""
        self._words = sorted(words)
        self._open_ended = frozenset(self._words).intersection(open_ended)
        self._scanner = Scanner(self._words, open_ended=open_ended, plural=plural)

    def find(self, folded: str, candidates: Sequence[Candidate], furniture: list[Span]) -> Places:
        """Every context word of a field. What stands in furniture is left out; a word that stands only there is kept
        as a key without places."""
        places: Places = {}
        for key, start, end in self._scanner.find(folded):
            word = self._words[key]
            if word not in self._open_ended or not goes_on(folded, end):
                places.setdefault(word, []).append(start)
        if furniture:
            for word, starts in places.items():
                places[word] = [start for start in starts if why_furniture(furniture, start) is None]
        _drop_parts_of_names(places, candidates)
        return places


def _drop_parts_of_names(places: Places, candidates: Sequence[Candidate]) -> None:
    """A context word of one character that is part of a name (果 in 苹果) says nothing."""
    single = [word for word in places if len(word) == 1]
    if not single:
        return
    inside = {place for candidate in candidates for place in range(candidate.start, candidate.end)}
    for word in single:
        places[word] = [start for start in places[word] if start not in inside]


def count_near(
    places: Mapping[str, list[int]], words: frozenset[str], low: int, high: int, start: int, end: int
) -> tuple[int, int]:
    """How many distinct `words` begin between `low` and `high`, and how many anywhere.

    What begins between `start` and `end`, in the name itself, is no witness for it.
    """
    close = anywhere = 0
    for word in words & places.keys():
        starts = places[word]
        inside = bisect_left(starts, end) - bisect_left(starts, start)
        anywhere += len(starts) > inside
        close += bisect_right(starts, high) - bisect_left(starts, low) > inside
    return close, anywhere
