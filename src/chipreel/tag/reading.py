"""One field as the tagger sees it: folded, scanned once, its hits sorted by what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chipreel.model import Lexicon
from chipreel.model.tag_model import TagModel
from chipreel.tag.candidates import Candidate, find_candidates
from chipreel.tag.layout import Span, find_furniture, why_furniture
from chipreel.tag.names import Names
from chipreel.tag.scan import Hit, Scanner, goes_on
from chipreel.tag.witnesses import Places, Witnesses
from chipreel.text.fold import fold


@dataclass(frozen=True, slots=True, eq=False)
class TermGroup:
    """A group of terms, one object each, with the names of the features that speak of it written out once."""

    name: str
    #: How many places its words have, that it has any, and that it has beside a company or beside nobody.
    counted: str
    present: str
    beside_company: str
    beside_nobody: str


#: The groups of a term, each with the feature of the term in it: ((chips, "word chips: gpu"),).
Term = tuple[tuple[TermGroup, str], ...]


@dataclass(slots=True)
class FieldReading:
    """Everything found in one field of one item."""

    name: str
    text: str
    folded: str
    candidates: list[Candidate]
    furniture: list[Span]
    witnesses: Witnesses
    #: (where it begins, the term), in the order of their ends.
    terms: list[tuple[int, Term]] = field(default_factory=list)
    _contexts: Places | None = None

    @property
    def contexts(self) -> Places:
        """Folded context word → where it begins; found when it is first asked for."""
        if self._contexts is None:
            self._contexts = self.witnesses.find(self.folded, self.candidates, self.furniture)
        return self._contexts


class Reader:
    """The names of a lexicon and the words of the term groups in one automaton."""

    def __init__(self, lexicon: Lexicon, model: TagModel) -> None:
        names = self._names = Names(lexicon)
        groups: dict[str, list[str]] = {}
        for word, group in sorted({(fold(term), group) for group, terms in model.terms.items() for term in terms}):
            groups.setdefault(word, []).append(group)
        keys = [*names.keys, *sorted(groups.keys() - frozenset(names.keys))]
        places = {key: place for place, key in enumerate(keys)}
        self._stems = frozenset(places[stem] for stem in names.stems)
        self._plural = frozenset((*groups, *names.with_plural))
        self._scanner = Scanner(keys, open_ended=names.stems, plural=self._plural)
        # The model's own strings: a table is looked up in less time by the very key it holds.
        weighed = {name: name for linear in (model.relevance, model.video, model.chips) for name in linear.weights}
        known = {group: _term_group(group, weighed) for group in model.terms}
        #: Place of a key → the term it is; most names are none.
        self._terms: dict[int, Term] = {
            places[key]: tuple((known[group], _own(f"word {group}: {key}", weighed)) for group in of)
            for key, of in groups.items()
        }

    @cached_property
    def _witnesses(self) -> Witnesses:
        return Witnesses(self._names.context_words(), open_ended=self._names.stems, plural=self._plural)

    def read(self, name: str, text: str) -> FieldReading:
        """Scan one field."""
        folded = fold(text)
        named: list[Hit] = []
        terms: list[tuple[int, Term]] = []
        names, term_of, stems = len(self._names), self._terms.get, self._stems
        for hit in self._scanner.find(folded):
            key, start, end = hit
            if key < names:
                named.append(hit)
            term = term_of(key)
            # A stem may run on (Quest3); as a word of its own (quest) it may not (question).
            if term is not None and not (key in stems and goes_on(folded, end)):
                terms.append((start, term))
        candidates = find_candidates(name, text, folded, named, self._names) if named else []
        furniture = find_furniture(folded)
        if furniture:
            # A term in a share button or an address says no more than a name there.
            terms = [(start, term) for start, term in terms if why_furniture(furniture, start) is None]
        return FieldReading(name, text, folded, candidates, furniture, self._witnesses, terms)


def _term_group(name: str, weighed: Mapping[str, str]) -> TermGroup:
    features = (f"words: {name}", f"any: {name}", f"company, {name}", f"nobody, {name}")
    return TermGroup(name, *(_own(feature, weighed) for feature in features))


def _own(feature: str, weighed: Mapping[str, str]) -> str:
    return weighed.get(feature, feature)
