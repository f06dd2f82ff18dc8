"""How every source is, told anew from its visits after a run."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from chipreel.fetch.health import SILENT_LEAST, Standing, VisitRow, judge
from chipreel.store import sources
from chipreel.store.rows import to_moment

#: Visits and publications that are looked at.
_LOOK = 30
#: How long it holds that a source is well: what makes it otherwise without a visit takes days.
_HOLDS = timedelta(days=1)
#: Publications that tell most sources to be well: reading thirty of every source was a third of a run without news.
_NEWEST = 2


def refresh_health(
    db: sqlite3.Connection, ids: Iterable[str], now: datetime, *, unchanged: Collection[str] = ()
) -> None:
    """Judge these sources and keep the verdicts, in the caller's transaction.

    Of those whose visit brought `unchanged` answers, the ones that were well within a day are taken to be so still.
    """
    well = sources.find_well_since(db, now - _HOLDS, now).intersection(unchanged) if unchanged else set()
    for source_id in ids:
        if source_id not in well:
            health = judge(_visits(db, source_id), _standing(db, source_id, now), now)
            sources.save_health(db, source_id, health.name, health.note, now)


def _visits(db: sqlite3.Connection, source_id: str) -> list[VisitRow]:
    return [
        VisitRow(
            to_moment(row["at"]) or datetime.min,  # noqa: DTZ901 - `at` is never null
            row["outcome"],
            row["entries"],
            row["new"],
            row["status"],
            row["note"],
        )
        for row in sources.iter_visits(db, source_id, _LOOK)
    ]


def _standing(db: sqlite3.Connection, source_id: str, now: datetime) -> Standing:
    """What else is known of a source; its rhythm only where its newest items are old enough for it to matter."""
    row = sources.get_source(db, source_id)
    published = sources.latest_published(db, source_id, _NEWEST)
    if not published or now - max(published) > SILENT_LEAST:
        published = sources.latest_published(db, source_id, _LOOK)
    return Standing(
        enabled=bool(row["enabled"]),
        paused=bool(row["paused"]),
        gone=bool(row["gone"]),
        moved_to=row["moved_to"],
        newest=max(published, default=None),
        published=tuple(published),
    )
