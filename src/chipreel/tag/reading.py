"""One field as the tagger sees it: folded, scanned once, its hits sorted by what they are for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chipreel.model import Lexicon
from chipreel.model.tag_model import TagModel
from chipreel.tag.candidates import Candidate, find_candidates
from chipreel.tag.layout import Span, find_furniture, why_furniture
from chipreel.tag.names import Name, collect_names
from chipreel.tag.scan import WORD, Hit, Scanner
from chipreel.text.fold import fold

#: The groups of a term, each with the term's name in it: (("chips", "chips: gpu"),).
Term = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class FieldReading:
    """Everything found in one field of one item."""

    name: str
    text: str
    folded: str
    candidates: list[Candidate]
    furniture: list[Span]
    #: Folded context word → where it begins.
    contexts: dict[str, list[int]] = field(default_factory=dict)
    #: (where it begins, the term), in the order of their ends.
    terms: list[tuple[int, Term]] = field(default_factory=list)


class Reader:
    """The words of a lexicon and of the term groups in one automaton."""

    def __init__(self, lexicon: Lexicon, model: TagModel) -> None:
        names = collect_names(lexicon)
        self._readings = tuple(names.values())
        self._names = len(names)
        words = _context_words(names.values())
        groups: dict[str, list[str]] = {}
        for word, group in sorted({(fold(term), group) for group, terms in model.terms.items() for term in terms}):
            groups.setdefault(word, []).append(group)
        keys = [*names, *sorted({*words, *groups} - names.keys())]
        stems = [key for key, readings in names.items() if any(name.family for name in readings)]
        places = {key: place for place, key in enumerate(keys)}
        self._stems = frozenset(places[stem] for stem in stems)
        self._scanner = Scanner(
            keys,
            open_ended=stems,
            plural=[*groups, *(key for key, readings in names.items() if _takes_plural(readings))],
        )
        self._contexts = [key if key in words else None for key in keys]
        self._terms: list[Term] = [tuple((group, f"{group}: {key}") for group in groups.get(key, ())) for key in keys]

    def read(self, name: str, text: str) -> FieldReading:
        """Scan one field."""
        folded = fold(text)
        reading = FieldReading(name, text, folded, [], find_furniture(folded))
        named: list[Hit] = []
        names, all_contexts, all_terms, terms = self._names, self._contexts, self._terms, reading.terms
        stems = self._stems
        for hit in self._scanner.find(folded):
            key, start, end = hit
            if key < names:
                named.append(hit)
                if key in stems and folded[end : end + 1].isalpha() and folded[end] in WORD:
                    continue  # A stem may run on (Quest3); as a word of its own (quest) it may not (question).
            term = all_terms[key]
            if term:
                terms.append((start, term))
            context = all_contexts[key]
            if context is not None:
                reading.contexts.setdefault(context, []).append(start)
        reading.candidates = find_candidates(name, text, folded, named, self._readings)
        if reading.furniture:
            _drop_furniture(reading)
        _drop_parts_of_names(reading)
        return reading


def _drop_furniture(reading: FieldReading) -> None:
    """Context words and terms of a share button or an address say no more than names there."""
    spans = reading.furniture
    reading.terms = [(start, term) for start, term in reading.terms if why_furniture(spans, start) is None]
    for word, starts in reading.contexts.items():
        reading.contexts[word] = [start for start in starts if why_furniture(spans, start) is None]


def _drop_parts_of_names(reading: FieldReading) -> None:
    """A context word of one character that is part of a name (果 in 苹果) says nothing."""
    single = [word for word in reading.contexts if len(word) == 1]
    if not single:
        return
    inside = {place for candidate in reading.candidates for place in range(candidate.start, candidate.end)}
    for word in single:
        reading.contexts[word] = [start for start in reading.contexts[word] if start not in inside]


def _context_words(readings: Iterable[tuple[Name, ...]]) -> set[str]:
    return {word for names in readings for name in names for word in (*name.context_for, *name.context_against)}


def _takes_plural(readings: tuple[Name, ...]) -> bool:
    return all(name.kind in ("company", "product") and not name.ambiguous for name in readings)


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
