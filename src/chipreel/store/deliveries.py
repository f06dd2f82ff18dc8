"""Deliveries: how far each channel got with each edition."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from chipreel.errors import NotFoundError
from chipreel.store.rows import to_moment, to_text

#: States that need nothing more.
CLOSED = ("confirmed", "given-up")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One edition on its way over one channel."""

    id: int
    digest: int
    profile: str
    channel: str
    #: pending, sent, confirmed, unknown, failed, given-up
    state: str
    attempts: int
    #: Messages it is split into; None before the first try.
    parts: int | None
    parts_done: int
    made_at: datetime
    updated_at: datetime
    #: Stories in the edition.
    stories: int
    note: str | None = None


_SELECT = """select d.*, g.profile, g.made_at, g.stories from deliveries d join digests g on g.id = d.digest"""


def open_deliveries(db: sqlite3.Connection, profile: str | None = None) -> list[Delivery]:
    """Deliveries that are neither confirmed nor given up, oldest first; of all profiles for None."""
    rows = db.execute(
        f"""{_SELECT} where d.state not in ('confirmed', 'given-up') and (g.profile = :profile or :profile is null)
            order by d.id""",
        {"profile": profile},
    )
    return [_delivery(row) for row in rows]


def list_deliveries(db: sqlite3.Connection, limit: int) -> list[Delivery]:
    """The newest deliveries, newest first; those still open are among them whatever their age. 0 = all."""
    rows = db.execute(
        f"""{_SELECT} where d.state not in ('confirmed', 'given-up') or :limit = 0
              or d.id in (select id from deliveries order by id desc limit :limit) order by d.id desc""",  # noqa: S608
        {"limit": limit},
    )
    return [_delivery(row) for row in rows]


def get_delivery(db: sqlite3.Connection, delivery: int) -> Delivery:
    """One delivery. Raises NotFoundError."""
    row = db.execute(f"{_SELECT} where d.id = ?", (delivery,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no delivery {delivery}; `chipreel deliveries` lists them")
    return _delivery(row)


def move_delivery(
    db: sqlite3.Connection, delivery: Delivery, state: str, now: datetime, *, note: str | None = None
) -> bool:
    """Move a delivery from the state it was read in to another; False when somebody else has moved it meanwhile.

    A move to "sent" counts one more attempt.
    """
    cursor = db.execute(
        """update deliveries set state = ?, updated_at = ?, note = ?, attempts = attempts + ?
           where id = ? and state = ? and parts_done = ?""",
        (state, to_text(now), note, int(state == "sent"), delivery.id, delivery.state, delivery.parts_done),
    )
    return cursor.rowcount == 1


def save_progress(db: sqlite3.Connection, delivery: int, done: int, parts: int) -> None:
    """Keep how many messages of a delivery have arrived."""
    db.execute("update deliveries set parts_done = ?, parts = ? where id = ?", (done, parts, delivery))


def add_delivery(db: sqlite3.Connection, digest: int, channel: str, now: datetime, note: str) -> int:
    """A further delivery of an edition, pending: somebody wants it once more."""
    cursor = db.execute(
        "insert into deliveries (digest, channel, state, created_at, updated_at, note) values (?,?,'pending',?,?,?)",
        (digest, channel, to_text(now), to_text(now), note),
    )
    return int(cursor.lastrowid or 0)


def _delivery(row: sqlite3.Row) -> Delivery:
    made, updated = to_moment(row["made_at"]), to_moment(row["updated_at"])
    assert made is not None
    assert updated is not None
    return Delivery(
        row["id"],
        row["digest"],
        row["profile"],
        row["channel"],
        row["state"],
        row["attempts"],
        row["parts"],
        row["parts_done"],
        made,
        updated,
        row["stories"],
        row["note"],
    )
