"""Items of a source → articles: prepare, decide, annotate, save. The pure steps may be done elsewhere."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chipreel import decide
from chipreel.pipeline.line import Line, Steps
from chipreel.pipeline.preparing import Prepared, prepare_items
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.pipeline.saving import Seen, save_seen
from chipreel.pipeline.workbench import Task, Workbench
from chipreel.store import articles
from chipreel.store.database import Batch

if TYPE_CHECKING:
    from chipreel.model import Annotated, Item, Source

#: Articles and visits written in one transaction; a run that is killed asks for so many again.
TOGETHER = 1_000
#: Weight of preparing an item; annotating it is 1.
_PREPARING = 0.1


@dataclass(frozen=True, slots=True)
class Harvest:
    """Items that one visit to a source brought."""

    source: Source
    items: Sequence[Item]
    now: datetime
    #: True = the source never brought anything before: what is old in it is background.
    first: bool = False
    #: What counts as news in a first harvest.
    window: timedelta = timedelta(hours=48)
    #: True = nothing is background (imports are asked for).
    all_new: bool = False
    #: Hashes of items as they were listed, by guid, where their pages have told more since.
    listed: Mapping[str, str] = field(default_factory=dict)
    #: The items as they may be kept, where that was made already.
    prepared: Sequence[Prepared] | None = None


class Intake:
    """Takes in harvests. One for a run: what it writes is committed in batches."""

    def __init__(self, db: sqlite3.Connection, rooms: Rooms) -> None:
        self._db, self._rooms = db, rooms
        self.batch = Batch(db, TOGETHER)
        #: How often something of a source was saved.
        self._saved: Counter[str] = Counter()

    def steps(self, harvest: Harvest, then: Callable[[Tally], None] = lambda _: None) -> Steps:
        """Take in one harvest. `then` is told what its items were, within the transaction that saves them."""
        from chipreel.pipeline.annotating import annotate_items

        source, now = harvest.source, harvest.now
        prepared = harvest.prepared
        if prepared is None:
            arguments = (source, harvest.items, harvest.listed)
            prepared = yield Task(prepare_items, arguments, _PREPARING * len(harvest.items))
        before = self._saved[source.id]
        seen = decided(self._db, harvest, prepared)
        annotated: dict[str, Annotated] = {}
        wanted = [one.item for one in seen if one.is_news]
        while wanted:
            found = yield Task(annotate_items, (source, wanted, now), len(wanted), needs_lexicon=True)
            annotated |= zip((item.id for item in wanted), found, strict=True)
            # Another harvest of the source may have been saved meanwhile: then these are decided upon anew.
            seen = seen if before == self._saved[source.id] else decided(self._db, harvest, prepared)
            before = self._saved[source.id]
            wanted = [one.item for one in seen if one.is_news and one.item.id not in annotated]
        with self.batch.writing(1 + len(annotated)):
            then(save_seen(self._db, seen, annotated, source, now, self._rooms.to_usd))
            self._saved[source.id] += 1


def take_in(db: sqlite3.Connection, harvest: Harvest, rooms: Rooms) -> Tally:
    """Store what is new and what changed, in one transaction. Twice is once."""
    tallies: list[Tally] = []
    intake = Intake(db, rooms)
    with Workbench(rooms) as workbench:
        line = Line(workbench)
        line.start(intake.steps(harvest, tallies.append))
        line.finish()
    intake.batch.commit()
    return tallies[0]


def decided(db: sqlite3.Connection, harvest: Harvest, prepared: Sequence[Prepared]) -> list[Seen]:
    """What to do with each item, but those that were deleted on purpose."""
    source = harvest.source
    guids = [one.item.id for one in prepared]
    known = articles.find_known(db, source.id, guids)
    deleted = articles.find_deleted(db, source.id, guids)
    unknown = [one.address for one in prepared if one.address and one.item.id not in known]
    barred = {
        address
        for address in articles.find_deleted_addresses(db, source.id, unknown)
        if decide.is_same_page(address, same_source=False, same_title=False)
    }
    return [
        Seen(
            one,
            decide.decide(
                one.item,
                known.get(one.item.id),
                now=harvest.now,
                first_harvest=harvest.first and not harvest.all_new,
                window=harvest.window,
                listed_hash=one.listed_hash,
            ),
            known.get(one.item.id),
        )
        for one in prepared
        if one.item.id not in deleted and (one.item.id in known or one.address not in barred)
    ]
