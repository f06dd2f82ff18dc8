"""Stories keep their names when a grouping is made again: as they grow, merge and split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from chipreel.model.story import Continuity, Merge, Split


def keep_names(old: Mapping[str, str], new: Mapping[str, str]) -> Continuity:
    """How the stories of an earlier grouping live on in a new one. Both map id of an article → key of its story.

    A name goes where most of its articles went, and a story takes the name it got most articles from; of equals the
    name that sorts first (`s9` before `s12`) wins, then the key that does. Names are never given to two stories. A
    story whose name is not kept ended (none of its articles is left), or merged into the one that holds most of them;
    a story of which articles went elsewhere, to one that has no other past, was split.
    """
    flows = Counter((old[id], key) for id, key in new.items() if id in old)
    kept: dict[str, str] = {}
    taken: set[str] = set()
    for name, key in sorted(flows, key=lambda flow: (-flows[flow], _natural(flow[0]), flow[1])):
        if name not in taken and key not in kept:
            kept[key] = name
            taken.add(name)
    merged, split = [], []
    for name in sorted(set(old.values()), key=_natural):
        went = sorted((key for past, key in flows if past == name), key=lambda key: (-flows[name, key], key))
        if name not in taken and went:
            merged.append(Merge(name, kept[went[0]]))
        split += [Split(name, key) for key in went if key not in kept]
    return Continuity(kept, tuple(merged), tuple(split))


def _natural(name: str) -> tuple[str, int, str]:
    """Sorts s9 before s12."""
    head = name.rstrip("0123456789")
    tail = name[len(head) :]
    return (head, int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 19 else -1, name)
