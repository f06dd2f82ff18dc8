"""Items from a file → articles, as if a source had brought them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice

from chipreel.model import Item, Source
from chipreel.pipeline.grouping import group_new
from chipreel.pipeline.intake import Harvest, Intake
from chipreel.pipeline.line import Line
from chipreel.pipeline.past_grouping import group_past
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.pipeline.workbench import Workbench
from chipreel.store import lexicon, sources
from chipreel.store.database import transaction

#: Items annotated together.
BATCH = 50


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
    total = Tally()

    def count(tally: Tally) -> None:
        nonlocal total
        total += Tally(tally.new, tally.revised, tally.known)

    done = 0
    rest = iter(items)
    intake = Intake(db, rooms)
    with Workbench(rooms) as workbench:
        line = Line(workbench)
        while batch := list(islice(rest, BATCH)):
            harvest = Harvest(source, batch, now, first=background, window=timedelta(0), all_new=not background)
            line.start(intake.steps(harvest, count))
            done += len(batch)
            progress(done, source.title)
        line.finish()
    intake.batch.commit()
    group_past(db, rooms, now)
    group_new(db, rooms, now)
    return total
