"""Agreement between pairs → groups.

The link of two groups is a mixture of their strongest pair and the average over all their pairs: the average alone
splits an event that is told by many aspects, the strongest pair alone chains events together (both measured on
stories.jsonl). The two groups with the strongest link join, again and again, while it is above the threshold.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from chipreel.model.story import Grouping

Pair = tuple[str, str]


def group(
    sizes: Mapping[str, int], sums: Mapping[Pair, float], strongest: Mapping[Pair, float], how: Grouping
) -> dict[str, str]:
    """Name of every node → name of its group, which is its smallest member.

    A node is an article or a group that stands already; `sizes` tells of how many articles. For a pair of nodes (keyed
    by their names in order) `sums` holds the log-odds summed over all pairs of their articles, `strongest` the largest
    of them; a pair that is not there counts `how.absent` for each pair of articles. Ties break by name: the order of
    the input does not matter.
    """
    merger = _Merger(sizes, sums, strongest, how)
    while merger.join_strongest():
        pass
    return {name: min(names) for names in merger.members.values() for name in names}


class _Merger:
    def __init__(
        self, sizes: Mapping[str, int], sums: Mapping[Pair, float], strongest: Mapping[Pair, float], how: Grouping
    ) -> None:
        self._how = how
        self._size = dict(sizes)
        self.members = {name: [name] for name in sizes}
        self._sums: dict[str, dict[str, float]] = {name: {} for name in sizes}
        self._strongest: dict[str, dict[str, float]] = {name: {} for name in sizes}
        for (a, b), value in sums.items():
            self._sums[a][b] = self._sums[b][a] = value
            self._strongest[a][b] = self._strongest[b][a] = strongest[a, b]
        self._queue = [entry for a, b in sums if (entry := self._entry(a, b))[0] < -how.threshold]
        heapq.heapify(self._queue)

    def join_strongest(self) -> bool:
        """Join the two groups with the strongest link; False when none is left above the threshold."""
        while self._queue:
            entry = heapq.heappop(self._queue)
            _, a, b = entry
            if a in self._sums and b in self._sums[a] and entry == self._entry(a, b):
                self._join(a, b)
                return True
        return False

    def _entry(self, a: str, b: str) -> tuple[float, str, str]:
        average = self._sums[a][b] / (self._size[a] * self._size[b])
        share = self._how.strongest
        link = (1 - share) * average + share * self._strongest[a][b]
        return (-link, a, b) if a < b else (-link, b, a)

    def _join(self, a: str, b: str) -> None:
        mine, theirs = self._sums[a], self._sums.pop(b)
        my_best, their_best = self._strongest[a], self._strongest.pop(b)
        del mine[b], theirs[a]
        absent = self._how.absent
        for other in mine.keys() | theirs.keys():
            size = self._size[other]
            total = mine.get(other, absent * self._size[a] * size) + theirs.get(other, absent * self._size[b] * size)
            best = max(my_best.get(other, absent), their_best.get(other, absent))
            mine[other] = self._sums[other][a] = total
            my_best[other] = self._strongest[other][a] = best
            self._sums[other].pop(b, None)
            self._strongest[other].pop(b, None)
        self.members[a] += self.members.pop(b)
        self._size[a] += self._size.pop(b)
        for other in mine:
            if (entry := self._entry(a, other))[0] < -self._how.threshold:
                heapq.heappush(self._queue, entry)
