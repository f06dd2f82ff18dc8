"""Articles without a story → stories."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chipreel.pipeline.rooms import Rooms
from chipreel.store import stories
from chipreel.store.database import transaction

#: Articles grouped in one transaction.
BATCH = 500
#: Most articles of the past that new ones are compared with.
WINDOW_ARTICLES = 20_000


def group_new(
    db: sqlite3.Connection, rooms: Rooms, now: datetime, *, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Give every relevant article without a story one; returns how many there were. Twice is once.

    What a killed run left ungrouped is grouped by the next.
    """
    waiting = list(stories.iter_ungrouped(db))
    if not waiting:
        return 0
    from chipreel.story import StoryIndex
    from chipreel.story.online import WINDOW

    index = StoryIndex(rooms.knowledge)
    for item, story in stories.load_window(db, now - WINDOW - timedelta(days=1), WINDOW_ARTICLES):
        index.add(item, story)
    for low in range(0, len(waiting), BATCH):
        with transaction(db):
            _group(db, index, waiting[low : low + BATCH], now)
        progress(min(low + BATCH, len(waiting)))
    return len(waiting)


def refresh_stories(db: sqlite3.Connection, numbers: set[int]) -> None:
    """Tell anew what each of these stories is as a whole, in the caller's transaction."""
    from chipreel.story import describe

    for number in sorted(numbers):
        items = stories.load_story_items(db, stories.members(db, number))
        if items:
            stories.save_story(db, number, describe(f"s{number}", items))


def _group(db: sqlite3.Connection, index: object, batch: list[int], now: datetime) -> None:
    from chipreel.story import StoryIndex

    assert isinstance(index, StoryIndex)
    items = stories.load_story_items(db, batch)
    named: dict[str, str] = {}
    for assignment in index.assign(items):
        if assignment.story not in named and not assignment.story.startswith("s"):
            named[assignment.story] = f"s{stories.create_story(db, now)}"
        story = named.get(assignment.story, assignment.story)
        stories.save_membership(db, int(assignment.item), stories.story_number(story))
    touched = {stories.story_number(name) for name in named.values()}
    refresh_stories(db, touched)


__all__ = ["group_new", "refresh_stories", "replace"]
