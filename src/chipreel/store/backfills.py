"""How far each source's past was walked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chipreel.store.rows import to_moment, to_text


@dataclass(frozen=True, slots=True)
class Backfill:
    """One walk through a source's past, as it is remembered."""

    source_id: str
    since: datetime
    until: datetime
    started_at: datetime
    #: Name of the way in `fetch.kinds`; None = not yet chosen.
    way: str | None = None
    #: walking, done, or failed (goes on with the next run)
    state: str = "walking"
    #: Where the walk is; only `pipeline.past_walk` reads it.
    place: Mapping[str, Any] | None = None
    #: The earliest moment reached so far; None = nothing yet.
    reached: datetime | None = None
    requests: int = 0
    items: int = 0
    new: int = 0
    note: str | None = None


def find_backfill(
    db: sqlite3.Connection, source_id: str, since: datetime, until: datetime | None = None
) -> Backfill | None:
    """The walk of a source from `since`; without `until` the newest one that reaches at least as far back."""
    row = db.execute(
        """select * from backfills where source = :source
             and case when :until is null then since <= :since else since = :since and until = :until end
           order by until desc limit 1""",
        {"source": source_id, "since": to_text(since), "until": to_text(until)},
    ).fetchone()
    return None if row is None else _backfill(row)


def save_backfill(db: sqlite3.Connection, one: Backfill, now: datetime) -> None:
    """Keep where a walk is."""
    db.execute(
        """insert or replace into backfills (id, source, since, until, way, state, place, reached, requests, items,
             new, note, started_at, updated_at)
           values ((select id from backfills where source = ?1 and since = ?2 and until = ?3),
             ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)""",
        (
            one.source_id,
            to_text(one.since),
            to_text(one.until),
            one.way,
            one.state,
            json.dumps(one.place or {}, ensure_ascii=False),
            to_text(one.reached),
            one.requests,
            one.items,
            one.new,
            one.note,
            to_text(one.started_at),
            to_text(now),
        ),
    )


def load_spans(db: sqlite3.Connection) -> tuple[tuple[str, datetime, datetime], ...]:
    """(source, from, to) of every stretch of the past that was walked."""
    rows = db.execute("select source, reached, until from backfills where reached is not null order by source, until")
    return tuple((row["source"], _moment(row["reached"]), _moment(row["until"])) for row in rows)


def _moment(text: str) -> datetime:
    moment = to_moment(text)
    assert moment is not None
    return moment


def _backfill(row: sqlite3.Row) -> Backfill:
    return Backfill(
        row["source"],
        _moment(row["since"]),
        _moment(row["until"]),
        _moment(row["started_at"]),
        row["way"],
        row["state"],
        json.loads(row["place"]),
        to_moment(row["reached"]),
        row["requests"],
        row["items"],
        row["new"],
        row["note"],
    )
