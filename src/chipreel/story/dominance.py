"""When nearly everybody who names a thing these days tells of one event, who else names it does so too, most likely.

A product that is shut down is named in twenty headlines of which two say nothing else of the event. What such a name
adds is an offset to the log-odds of a pair; it is found from a first grouping and leads to a second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from chipreel.story.fingerprint import Fingerprint
from chipreel.story.grouping import Pair

#: Fewer articles of the window than these prove nothing (stories.jsonl, windows held out).
LEAST_ARTICLES = 5
#: Share of them in one story.
SHARE = 0.75
#: Products, people and Latin words: a company makes too much news at once, and a pair of characters is seldom a name.
_MARKS = frozenset("xpw")


def find_dominant(prints: Iterable[Fingerprint], groups: Mapping[str, str]) -> dict[str, str]:
    """Term → the group that nearly all of its articles are in."""
    holders: dict[str, list[str]] = defaultdict(list)
    for fingerprint in prints:
        for term in fingerprint.terms:
            if term[0] in _MARKS:
                holders[term].append(groups[fingerprint.id])
    dominant = {}
    for term, found in holders.items():
        group, count = Counter(found).most_common(1)[0]
        if len(found) >= LEAST_ARTICLES and count >= SHARE * len(found):
            dominant[term] = group
    return dominant


def lift_links(
    links: Mapping[Pair, float],
    prints: Mapping[str, Fingerprint],
    groups: Mapping[str, str],
    dominant: Mapping[str, str],
    offset: float,
    bound: float,
) -> dict[Pair, float]:
    """`links` with `offset` added, up to `bound`, where two articles share a name that the story of one dominates."""
    lifted = dict(links)
    for pair, value in links.items():
        first, second = pair
        here = {groups[first], groups[second]}
        if any(dominant.get(term) in here for term in set(prints[first].terms).intersection(prints[second].terms)):
            lifted[pair] = min(bound, value + offset)
    return lifted
