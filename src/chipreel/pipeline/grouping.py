"""Articles without a story → stories."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chipreel.pipeline.rooms import Rooms
from chipreel.store import stories
from chipreel.store.database import transaction
from chipreel.store.meta import get_meta

if TYPE_CHECKING:
    from chipreel.story import StoryIndex

#: Where the store keeps the language of the reader, for the headlines of stories.
READERS_LANGUAGE = "language"
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

    index = StoryIndex(rooms.knowledge)
    _remember(db, index, rooms.knowledge.version, now)
    for low in range(0, len(waiting), BATCH):
        with transaction(db):
            touched = _group(db, index, waiting[low : low + BATCH], rooms.knowledge.version, now)
            refresh_stories(db, touched)
        progress(min(low + BATCH, len(waiting)))
    return len(waiting)


def refresh_stories(db: sqlite3.Connection, numbers: set[int]) -> None:
    """Tell anew what each of these stories is as a whole, in the caller's transaction.

    Headlines are chosen in the reader's language where there is one in it.
    """
    from chipreel.story import describe

    lang = get_meta(db, READERS_LANGUAGE)
    for number in sorted(numbers):
        items = stories.load_story_items(db, stories.members(db, number))
        if items:
            stories.save_story(db, number, describe(f"s{number}", items, lang))
        else:
            stories.save_empty(db, number)


def _remember(db: sqlite3.Connection, index: StoryIndex, version: str, now: datetime) -> None:
    """Let the articles of the window in: by their stored fingerprints, those of other tables made anew.

    20,000 of them cost .4 s stored and 3 s made anew.
    """
    import gc

    from chipreel.story import unpack_fingerprint
    from chipreel.story.comparison import WINDOW_DAYS

    rows = stories.load_window(db, now - timedelta(days=WINDOW_DAYS + 1), WINDOW_ARTICLES)
    kept = {id: unpack_fingerprint(packed, version) if packed else None for id, _, packed in rows}
    missing = stories.load_story_items(db, [id for id, found in kept.items() if found is None])
    made = {int(item.id): index.maker.make(item) for item in missing}
    for id, story, _ in rows:
        fingerprint = kept[id] or made.get(id)
        if fingerprint is not None:
            index.add(fingerprint, story)
    # What was just loaded stays to the end: collecting garbage among it doubles the time of a batch.
    gc.freeze()


def _group(db: sqlite3.Connection, index: StoryIndex, batch: list[int], version: str, now: datetime) -> set[int]:
    """Put a batch into stories, in the caller's transaction; returns the stories that changed.

    Articles of earlier batches come back when their story became part of another.
    """
    from chipreel.story import pack_fingerprint

    prints = [index.maker.make(item) for item in stories.load_story_items(db, batch)]
    for fingerprint in prints:
        stories.save_fingerprint(db, int(fingerprint.id), pack_fingerprint(fingerprint, version))
    assignments = index.assign(prints, name=lambda _: f"s{stories.create_story(db, now)}")
    touched = set()
    for assignment in assignments:
        article, number = int(assignment.item), stories.story_number(assignment.story)
        left = stories.save_membership(db, article, number)
        if left is not None and left != number and not stories.members(db, left):
            stories.save_merge(db, left, number)
        touched.add(number)
    return touched
