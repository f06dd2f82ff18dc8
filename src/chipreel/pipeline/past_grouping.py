"""Articles of the past → the stories of their own weeks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from chipreel.model.story import WINDOW_DAYS
from chipreel.pipeline.grouping import place, refresh_stories
from chipreel.pipeline.rooms import Rooms
from chipreel.store import stories
from chipreel.store.database import transaction

#: Days that are grouped in one go.
SPAN_DAYS = 7
#: Most articles placed in one go; a week of more is placed in several.
MOST = 500


def group_past(db: sqlite3.Connection, rooms: Rooms, now: datetime) -> int:
    """Give background articles that were published before the present window a story of their own time; how many.

    An article is compared with what was published around the same days, whenever it was first met. Twice is once.
    """
    margin = timedelta(days=WINDOW_DAYS + 1)
    placed = 0
    for start, end, waiting in _weeks(db, now - margin):
        for low in range(0, len(waiting), MOST):
            batch = waiting[low : low + MOST]
            with transaction(db):
                _place(db, rooms, batch, (start - margin, end + margin), now)
            placed += len(batch)
    return placed


def _weeks(db: sqlite3.Connection, before: datetime) -> Iterator[tuple[datetime, datetime, list[int]]]:
    """Spans with their ungrouped articles, the oldest first."""
    waiting = stories.list_ungrouped_before(db, before)
    while waiting:
        start = waiting[0][1]
        end = start + timedelta(days=SPAN_DAYS)
        yield start, end, [article for article, at in waiting if at < end]
        waiting = [pair for pair in waiting if pair[1] >= end]


def _place(
    db: sqlite3.Connection, rooms: Rooms, batch: list[int], around: tuple[datetime, datetime], now: datetime
) -> None:
    """Put a batch beside the stories of those days, in the caller's transaction."""
    from chipreel.story import StoryIndex

    index = StoryIndex(rooms.knowledge)
    for item, story in stories.load_grouped_between(db, *around):
        index.add(item, story)
    born, grown = place(db, index, stories.load_story_items(db, batch), now)
    refresh_stories(db, born | grown)
