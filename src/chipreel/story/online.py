"""New articles → stories, one batch after another, against the articles of the last days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from chipreel.model.story import Assignment, StoryItem, StoryKnowledge
from chipreel.story.batch import same_key

#: A story that nobody reported on for this long is over: a like report is a new story.
WINDOW = timedelta(days=7)


class StoryIndex:
    """The articles of a window with their stories, and the place of new ones among them.

    Not thread-safe; it lives in memory for one run and is filled with `add` from what the store remembers.
    """

    def __init__(self, knowledge: StoryKnowledge, window: timedelta = WINDOW) -> None:
        self._knowledge = knowledge
        self._window = window
        self._stories: dict[tuple[str, str], str] = {}

    def add(self, item: StoryItem, story: str) -> None:
        """Let in an article whose story is known."""
        self._stories.setdefault(same_key(item), story)

    def assign(self, items: Iterable[StoryItem]) -> tuple[Assignment, ...]:
        """The story of each item, in the order of `items`; a new story is named after its first item."""
        found = []
        for item in items:
            known = self._stories.get(same_key(item))
            story = known or item.id
            self.add(item, story)
            found.append(Assignment(item.id, story, is_new=known is None))
        return tuple(found)
