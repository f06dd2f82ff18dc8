"""Which articles are worth comparing: an inverted index over terms, so that the cost does not grow with the archive."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from chipreel.story.fingerprint import Fingerprint
from chipreel.story.rarity import Rarity

#: Most entries of the index that are read for one article; terms with more than is left only confirm.
BUDGET = 400
#: Of those found by rare terms, so many times the limit are weighed by their common terms too.
_LOOK_AT = 4
#: Least shared rarity (sum of squares) worth a comparison: no pair of one event on stories.jsonl that the weights
#: accept has less than .39.
LEAST_MASS = 0.35
#: Who shares less than this part of what the nearest shares is not compared.
_NEAR = 0.2
#: An address, a title, a stretch of text count like a term met nowhere else.
_KEY_WEIGHT = 1.0
#: Of an article's two rarest terms that are too frequent to be read, so many of the newest holders are read.
_NEWEST = 100


class Neighbours:
    """Articles by their terms."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        # Insertion order is order of arrival: the newest holders come last.
        self._holders: dict[str, dict[str, None]] = defaultdict(dict)

    def add(self, fingerprint: Fingerprint) -> None:
        """Let in an article."""
        for term in _keys(fingerprint):
            self._holders[term][fingerprint.id] = None

    def remove(self, fingerprint: Fingerprint) -> None:
        """Let go of an article."""
        for term in _keys(fingerprint):
            holders = self._holders[term]
            holders.pop(fingerprint.id, None)
            if not holders:
                del self._holders[term]

    def find(self, fingerprint: Fingerprint, limit: int) -> list[str]:
        """Ids of the articles that share the rarest terms with this one, best first, at most `limit`."""
        shared: dict[str, float] = {}
        budget = BUDGET
        common: list[tuple[float, dict[str, None]]] = []
        for length, weight, holders in self._by_length(fingerprint):
            if length <= budget:
                budget -= length
                for id in holders:
                    shared[id] = shared.get(id, 0.0) + weight
            else:
                common.append((weight, holders))
        shared.pop(fingerprint.id, None)
        floor = LEAST_MASS - sum(weight for weight, _ in common)
        best = sorted((-mass, id) for id, mass in shared.items() if mass >= floor)[: _LOOK_AT * limit]
        found = [(mass - sum(weight for weight, holders in common if id in holders), id) for mass, id in best]
        if len(common) > 1:
            (_, rarest), (_, second) = common[:2]
            newest = islice(reversed(rarest), _NEWEST)
            found += [(-LEAST_MASS, id) for id in newest if id in second and id not in shared]
        nearest = sorted(found)[:limit]
        least = max(LEAST_MASS, -_NEAR * nearest[0][0]) if nearest else LEAST_MASS
        return [id for mass, id in nearest if -mass >= least and id != fingerprint.id]

    def _by_length(self, fingerprint: Fingerprint) -> list[tuple[int, float, dict[str, None]]]:
        """(holders, weight, holders' ids) of what an article can be found by, the rarest first."""
        found = []
        get, weigh = self._holders.get, self._rarity.weight
        for term in _keys(fingerprint):
            holders = get(term)
            if holders:
                weight = weigh(term) if term[1] == ":" else _KEY_WEIGHT
                found.append((len(holders), weight * weight, holders))
        found.sort(key=_length_and_weight)
        return found


def _length_and_weight(entry: tuple[int, float, dict[str, None]]) -> tuple[int, float]:
    return entry[0], -entry[1]


def _keys(fingerprint: Fingerprint) -> list[str]:
    """What an article can be found by: its terms, its address, its title, its text."""
    keys = [term for term in fingerprint.terms if term[0] not in "fm"]
    if fingerprint.url:
        keys.append(f"url:{fingerprint.url}")
    if fingerprint.title_key:
        keys.append(f"title:{fingerprint.title_key}")
    keys += [f"text:{value}" for value in sorted(fingerprint.sketch)[:3]]
    return keys
