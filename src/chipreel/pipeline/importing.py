"""Items from a file → articles, as if a source had brought them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice

from chipreel.model import Item, Source
from chipreel.pipeline.grouping import group_new
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.past_grouping import group_past
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.store import lexicon, sources
from chipreel.store.database import transaction

#: Items taken in with one transaction.
BATCH = 500


def import_rows(
    db: sqlite3.Connection,
    rooms: Rooms,
    source: Source,
    items: Iterable[Item],
    now: datetime,
    *,
    progress: Callable[[int, str], None] = lambda *_: None,
    background: bool = False,
) -> Tally:
    """Take in every item, then group what is new. Memory does not grow with the file.

    `background` = it is the past, and no news.
    """
    with transaction(db):
        lexicon.sync_lexicon(db, rooms.lexicon)
        sources.save_source(db, source)
    total, done = Tally(), 0
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        tally = take_in(
            db, Harvest(source, batch, now, first=background, window=timedelta(0), all_new=not background), rooms
        )
        total += Tally(tally.new, tally.revised, tally.known)
        done += len(batch)
        progress(done, source.title)
    group_past(db, rooms, now)
    group_new(db, rooms, now)
    return total
