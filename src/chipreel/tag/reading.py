"""One field as the tagger sees it: folded, scanned once, its hits sorted by what they are for."""

from __future__ import annotations

from dataclasses import dataclass, field

from chipreel.model import Lexicon
from chipreel.model.tag_model import TagModel
from chipreel.tag.candidates import Candidate, find_candidates
from chipreel.tag.layout import Span, find_furniture, why_furniture
from chipreel.tag.names import Name, collect_names
from chipreel.tag.scan import Hit, Scanner, goes_on
from chipreel.tag.witnesses import Places, Witnesses
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
        names = collect_names(lexicon)
        self._readings = tuple(names.values())
        self._names = len(names)
        groups: dict[str, list[str]] = {}
        for word, group in sorted({(fold(term), group) for group, terms in model.terms.items() for term in terms}):
            groups.setdefault(word, []).append(group)
        keys = [*names, *sorted(groups.keys() - names.keys())]
        stems = [key for key, readings in names.items() if any(name.family for name in readings)]
        plural = [*groups, *(key for key, readings in names.items() if _takes_plural(readings))]
        places = {key: place for place, key in enumerate(keys)}
        self._stems = frozenset(places[stem] for stem in stems)
        self._scanner = Scanner(keys, open_ended=stems, plural=plural)
        self._witnesses = Witnesses(self._readings, open_ended=stems, plural=plural)
        self._terms: list[Term] = [tuple((group, f"{group}: {key}") for group in groups.get(key, ())) for key in keys]

    def read(self, name: str, text: str) -> FieldReading:
        """Scan one field."""
        folded = fold(text)
        named: list[Hit] = []
        terms: list[tuple[int, Term]] = []
        names, all_terms, stems = self._names, self._terms, self._stems
        for hit in self._scanner.find(folded):
            key, start, end = hit
            if key < names:
                named.append(hit)
                if not all_terms[key] or (key in stems and goes_on(folded, end)):
                    continue  # A stem may run on (Quest3); as a word of its own (quest) it may not (question).
            terms.append((start, all_terms[key]))
        candidates = find_candidates(name, text, folded, named, self._readings) if named else []
        furniture = find_furniture(folded)
        if furniture:
            # A term in a share button or an address says no more than a name there.
            terms = [(start, term) for start, term in terms if why_furniture(furniture, start) is None]
        return FieldReading(name, text, folded, candidates, furniture, self._witnesses, terms)


def _takes_plural(readings: tuple[Name, ...]) -> bool:
    return all(name.kind in ("company", "product") and not name.ambiguous for name in readings)
