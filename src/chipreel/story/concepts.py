"""Words of the glossary found in a folded title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from chipreel.model.story import Concept
from chipreel.story.words import PART, stem
from chipreel.text.fold import fold
from chipreel.text.late import late
from chipreel.text.script import CJK

#: Concept kind → first character of its terms.
KIND_MARK = {"event": "e", "thing": "t", "place": "l", "body": "b", "measure": "m"}

#: Whose occurrence → first character of their terms.
WHOSE_MARK = {"company": "c", "product": "x", "person": "p"}

_RUN = late(f"[{CJK}]+")


class ConceptFinder:
    """Finds glossary words: stems in Latin text, substrings in Han text; of overlapping words the longest."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        #: First two characters of a word → (word, how much of it is one run of Han, term).
        self._han: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        self._family: dict[str, str] = {}
        self._once: dict[str, tuple[str, str, bool]] = {}
        self._latin: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for concept in concepts:
            term = f"{KIND_MARK[concept.kind]}:{concept.id}"
            if concept.family:
                self._family[term] = f"f:{concept.family}"
            if concept.once:
                self._once[term] = (WHOSE_MARK[concept.once], concept.family or concept.id, concept.decisive)
            for word in (*concept.zh, *concept.en):
                self._learn(fold(word), term)
        for table in (self._han, self._latin):
            for entries in table.values():
                entries.sort(key=lambda entry: (-len(entry[0]), entry[0]))

    def _learn(self, word: str, term: str) -> None:
        if word.isascii():
            stems = tuple(stem(part) for part in PART.findall(word))
            self._latin[stems[0]].append((stems, term))
        else:
            run = _RUN.match(word)
            self._han[word[:2]].append((word, run.end() if run else 0, term))

    def families_of(self, terms: Iterable[str]) -> set[str]:
        """The families of those terms that are concepts."""
        return {self._family[term] for term in terms if term in self._family}

    def occurrences_of(self, terms: Iterable[str]) -> set[tuple[str, str, bool]]:
        """(mark of whose it is, name, decisive) of what happens once in a long while."""
        return {self._once[term] for term in terms if term in self._once}

    def find_in_han(self, text: str, pairs: Sequence[str], places: Iterable[int]) -> list[tuple[int, int, str]]:
        """(start, end, term) of the words that begin at `places`, left to right, not overlapping.

        `places` lie in runs of Han, and so do the words: of 首席ai科学家 the first two characters count as found.
        `pairs[at]` is `text[at : at + 2]`: whoever compares pairs has made them already.
        """
        found, done = [], 0
        for at in [at for at in places if pairs[at] in self._han]:
            if at < done:
                continue
            for word, length, term in self._han[pairs[at]]:
                if text.startswith(word, at):
                    done = at + length
                    found.append((at, done, term))
                    break
        return found

    def find_in_stems(self, stems: list[str], at: int) -> tuple[int, str] | None:
        """(how many stems, term) of the longest word that begins at `at`."""
        if stems[at] not in self._latin:
            return None
        for wanted, term in self._latin[stems[at]]:
            if tuple(stems[at : at + len(wanted)]) == wanted:
                return len(wanted), term
        return None
