"""Which articles are worth comparing: an inverted index over terms, so that the cost does not grow with the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chipreel.story.fingerprint import Fingerprint
from chipreel.story.rarity import Rarity

#: Most entries of the index that are read for one article; terms with more than is left only confirm.
BUDGET = 1500
#: Least shared rarity (sum of squares) at which a comparison can end in agreement.
LEAST_MASS = 0.2
#: Sketch entries count like a rare term.
_KEYS_WEIGHT = 1.0


class Neighbours:
    """Articles by their terms."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._holders: dict[str, set[str]] = defaultdict(set)

    def add(self, fingerprint: Fingerprint) -> None:
        """Let in an article."""
        for term in _keys(fingerprint):
            self._holders[term].add(fingerprint.id)

    def remove(self, fingerprint: Fingerprint) -> None:
        """Let go of an article."""
        for term in _keys(fingerprint):
            holders = self._holders[term]
            holders.discard(fingerprint.id)
            if not holders:
                del self._holders[term]

    def find(self, fingerprint: Fingerprint, limit: int) -> list[str]:
        """Ids of the articles that share the rarest terms with this one, best first, at most `limit`."""
        shared: dict[str, float] = {}
        budget = BUDGET
        common: list[set[str]] = []
        for weight, holders in self._by_length(fingerprint):
            if len(holders) <= budget:
                budget -= len(holders)
                for id in holders:
                    shared[id] = shared.get(id, 0.0) + weight
            else:
                common.append(holders)
                for id in shared.keys() & holders:
                    shared[id] += weight
        if len(common) > 1:
            for id in sorted(common[0] & common[1])[-limit:]:
                shared.setdefault(id, LEAST_MASS)
        shared.pop(fingerprint.id, None)
        enough = [(-mass, id) for id, mass in shared.items() if mass >= LEAST_MASS]
        return [id for _, id in sorted(enough)[:limit]]

    def _by_length(self, fingerprint: Fingerprint) -> list[tuple[float, set[str]]]:
        found = []
        for term in _keys(fingerprint):
            holders = self._holders.get(term)
            if holders:
                weight = _KEYS_WEIGHT if term[1] != ":" else self._rarity.weight(term) ** 2
                found.append((weight, holders))
        found.sort(key=lambda pair: (len(pair[1]), pair[0]))
        return found


def _keys(fingerprint: Fingerprint) -> Iterator[str]:
    """What an article can be found by: its terms, its address, its title, its text."""
    for term in fingerprint.terms:
        if term[0] not in "fm":
            yield term
    if fingerprint.url:
        yield f"url:{fingerprint.url}"
    if fingerprint.title_key:
        yield f"title:{fingerprint.title_key}"
    for value in sorted(fingerprint.sketch)[:4]:
        yield f"text:{value}"
