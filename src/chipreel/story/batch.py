"""A batch of articles → stories, whatever the order in which they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from chipreel.model.story import StoryItem, StoryKnowledge
from chipreel.text.titles import title_key


def cluster(items: Iterable[StoryItem], knowledge: StoryKnowledge) -> dict[str, str]:
    """Id of every item → key of its story, which is the id of the story's earliest item."""
    groups: dict[tuple[str, str], list[StoryItem]] = defaultdict(list)
    for item in items:
        groups[same_key(item)].append(item)
    keys = {}
    for members in groups.values():
        first = min(members, key=_age)
        keys.update({member.id: first.id for member in members})
    return keys


def same_key(item: StoryItem) -> tuple[str, str]:
    """What two items have in common when they are plainly the same."""
    key = title_key(item.title or "")
    if len(key) >= 8:
        return ("title", key)
    return ("url", item.url) if item.url else ("id", item.id)


def _age(item: StoryItem) -> tuple[str, str]:
    when = item.published or item.first_seen
    return (when.isoformat() if when else "9999", item.id)
