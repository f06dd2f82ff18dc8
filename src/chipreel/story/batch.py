"""A batch of articles → stories, whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from chipreel.model.story import Edge, StoryItem, StoryKnowledge
from chipreel.story.comparison import Comparison
from chipreel.story.dominance import find_dominant, lift_links
from chipreel.story.fingerprint import Fingerprint, FingerprintMaker
from chipreel.story.grouping import Pair, group
from chipreel.story.neighbours import find_neighbours
from chipreel.story.profile import Profile
from chipreel.story.rarity import Rarity
from chipreel.story.window import Window

#: Most articles that one is compared with.
CANDIDATES = 64


def cluster(items: Iterable[StoryItem], knowledge: StoryKnowledge) -> dict[str, str]:
    """Id of every item → key of its story, which is the id of the story's earliest item.

    Ids must be unique. The result does not depend on the order of `items`.
    """
    maker = FingerprintMaker(knowledge.concepts)
    return cluster_fingerprints([maker.make(item) for item in items], knowledge)


def explain(items: Iterable[StoryItem], knowledge: StoryKnowledge) -> tuple[Edge, ...]:
    """What holds the articles of a story together: for each but the oldest its strongest tie to an older one."""
    maker = FingerprintMaker(knowledge.concepts)
    prints = [maker.make(item) for item in items]
    rarity = Rarity(knowledge.background, knowledge.background_size, Window())
    profiles = {fingerprint.id: Profile(fingerprint, rarity) for fingerprint in prints}
    return strongest_ties(prints, Comparison(knowledge, rarity), profiles.__getitem__)


def strongest_ties(
    prints: Sequence[Fingerprint], comparison: Comparison, profile: Callable[[str], Profile]
) -> tuple[Edge, ...]:
    """For each article but the oldest, the edge to the one it is most like among the older ones."""
    ordered = [fingerprint.id for fingerprint in sorted(prints, key=age)]
    edges = []
    for at, id in enumerate(ordered[1:], 1):
        nearest = max(
            ordered[max(0, at - CANDIDATES) : at], key=lambda other: comparison.compare(profile(other), profile(id))
        )
        edges.append(comparison.explain(profile(nearest), profile(id)))
    return tuple(edges)


def cluster_fingerprints(fingerprints: Iterable[Fingerprint], knowledge: StoryKnowledge) -> dict[str, str]:
    """The same for articles whose fingerprints are known."""
    ordered = sorted(fingerprints, key=age)
    window = Window()
    for fingerprint in ordered:
        window.add(fingerprint)
    rarity = Rarity(knowledge.background, knowledge.background_size, window)
    links = find_links(ordered, window, rarity, Comparison(knowledge, rarity))
    groups = _group_twice(ordered, links, knowledge)
    first: dict[str, str] = {}
    for fingerprint in ordered:
        first.setdefault(groups[fingerprint.id], fingerprint.id)
    return {fingerprint.id: first[groups[fingerprint.id]] for fingerprint in ordered}


def _group_twice(
    fingerprints: Sequence[Fingerprint], links: dict[Pair, float], knowledge: StoryKnowledge
) -> dict[str, str]:
    """Groups, and groups again once it is known which names belong to one event alone."""
    how, offset = knowledge.grouping, knowledge.weights.get("dominant-name", 0.0)
    alone = {fingerprint.id: 1 for fingerprint in fingerprints}
    groups = group(alone, links, links, how)
    dominant = find_dominant(fingerprints, groups) if offset else {}
    if not dominant:
        return groups
    by_id = {fingerprint.id: fingerprint for fingerprint in fingerprints}
    lifted = lift_links(links, by_id, groups, dominant, offset, how.bound)
    return group(alone, lifted, lifted, how)


def find_links(
    fingerprints: Sequence[Fingerprint], window: Window, rarity: Rarity, comparison: Comparison
) -> dict[Pair, float]:
    """Log-odds of all pairs worth comparing in a window of these articles, keyed by their ids in order."""
    profiles = {fingerprint.id: Profile(fingerprint, rarity) for fingerprint in fingerprints}
    links: dict[Pair, float] = {}
    for fingerprint in fingerprints:
        for other in find_neighbours(fingerprint, CANDIDATES, window, rarity):
            pair = (fingerprint.id, other) if fingerprint.id < other else (other, fingerprint.id)
            if pair not in links:
                links[pair] = comparison.compare(profiles[pair[0]], profiles[pair[1]])
    return links


def age(fingerprint: Fingerprint) -> tuple[float, str]:
    """Oldest first, undated last, then by id."""
    return (float("inf") if fingerprint.day is None else fingerprint.day, fingerprint.id)
