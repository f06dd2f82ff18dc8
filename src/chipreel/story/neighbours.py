"""Which articles are worth comparing, so that the cost does not grow with the archive."""

from __future__ import annotations

from collections.abc import Sequence

from chipreel.story.fingerprint import Fingerprint
from chipreel.story.rarity import Rarity
from chipreel.story.window import Key, Window, holds, keys_of

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


def find_neighbours(fingerprint: Fingerprint, limit: int, window: Window, rarity: Rarity) -> list[str]:
    """Ids of the articles of the window that share the rarest terms with this one, best first, at most `limit`."""
    shared: dict[int, float] = {}
    budget = BUDGET
    common: list[tuple[float, Sequence[int]]] = []
    for length, weight, holders in _by_length(fingerprint, window, rarity):
        if length <= budget:
            budget -= length
            for slot in holders:
                shared[slot] = shared.get(slot, 0.0) + weight
        else:
            common.append((weight, holders))
    ids = window.ids
    most = _LOOK_AT * limit + 1
    floor = LEAST_MASS - sum(weight for weight, _ in common)
    if len(shared) > most:
        floor = max(floor, sorted(shared.values(), reverse=True)[most])
    best = sorted([(-mass, ids[slot], slot) for slot, mass in shared.items() if mass >= floor])[:most]
    found = [
        (mass - sum(weight for weight, holders in common if holds(holders, slot)), id)
        for mass, id, slot in best
        if id != fingerprint.id
    ]
    if len(common) > 1:
        (_, rarest), (_, second) = common[:2]
        newest = rarest[: -_NEWEST - 1 : -1]
        found += [(-LEAST_MASS, ids[slot]) for slot in newest if slot not in shared and holds(second, slot)]
    nearest = sorted(found)[:limit]
    least = max(LEAST_MASS, -_NEAR * nearest[0][0]) if nearest else LEAST_MASS
    return [id for mass, id in nearest if -mass >= least and id != fingerprint.id]


def _by_length(fingerprint: Fingerprint, window: Window, rarity: Rarity) -> list[tuple[int, float, Sequence[int]]]:
    """(how many, weight, slots) of the holders of what an article can be found by, the fewest first.

    Families and measures are too common to find anybody by.
    """
    keys: list[tuple[Key, float]] = [(key, _KEY_WEIGHT) for key in keys_of(fingerprint)]
    weights = rarity.weights
    keys += [(term, weights[term]) for term in fingerprint.terms if term[0] not in "fm"]
    found = [(len(holders), weight * weight, holders) for key, weight in keys if (holders := window.holders(key))]
    found.sort(key=_length_and_weight)
    return found


def _length_and_weight(entry: tuple[int, float, Sequence[int]]) -> tuple[int, float]:
    return entry[0], -entry[1]
