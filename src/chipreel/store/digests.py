"""Editions and their deliveries: what each profile was given, frozen, and how far each channel got with it.

What is new is told by row ids, not by clocks: ids of articles and revisions only grow, so late, undated and back-dated
items appear exactly once, whatever the time says.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chipreel.errors import NotFoundError
from chipreel.store.rows import to_moment, to_text


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a digest reaches: ids of the last article and the last revision that it covers."""

    article: int
    revision: int


@dataclass(frozen=True, slots=True)
class NewDigest:
    """An edition to be frozen."""

    profile: str
    lang: str
    made_at: datetime
    after: Reach
    upto: Reach
    #: The digest as JSON: what every delivery of it renders.
    content: str
    #: (story number, state, reason, article ids) of each entry, in order.
    entries: Sequence[tuple[int | None, str, str, Sequence[int]]]


def last_reach(db: sqlite3.Connection, profile: str) -> Reach | None:
    """How far the last edition of a profile reached; None before its first."""
    row = db.execute(
        "select upto_article, upto_revision from digests where profile = ? order by id desc limit 1", (profile,)
    ).fetchone()
    return None if row is None else Reach(row["upto_article"], row["upto_revision"])


def last_made(db: sqlite3.Connection, profile: str) -> datetime | None:
    """When the last edition of a profile was made; None before its first."""
    row = db.execute("select made_at from digests where profile = ? order by id desc limit 1", (profile,)).fetchone()
    return None if row is None else to_moment(row["made_at"])


def current_reach(db: sqlite3.Connection) -> Reach:
    """Ids of the newest article and the newest revision."""
    row = db.execute(
        "select (select coalesce(max(id), 0) from articles) as a, (select coalesce(max(id), 0) from revisions) as r"
    ).fetchone()
    return Reach(row["a"], row["r"])


def save_digest(db: sqlite3.Connection, new: NewDigest, channels: Sequence[str]) -> int:
    """Freeze an edition with a pending delivery for each channel, before anything is sent. Returns its id."""
    now = to_text(new.made_at)
    cursor = db.execute(
        """insert into digests (profile, made_at, lang, after_article, upto_article, after_revision, upto_revision,
             stories, content) values (?,?,?,?,?,?,?,?,?)""",
        (
            new.profile,
            now,
            new.lang,
            new.after.article,
            new.upto.article,
            new.after.revision,
            new.upto.revision,
            len(new.entries),
            new.content,
        ),
    )
    digest = int(cursor.lastrowid or 0)
    db.executemany(
        "insert into digest_entries (digest, position, story, state, reason, articles) values (?,?,?,?,?,?)",
        [
            (digest, position, story, state, reason, json.dumps(list(articles)))
            for position, (story, state, reason, articles) in enumerate(new.entries, 1)
        ],
    )
    db.executemany(
        "insert into deliveries (digest, channel, state, created_at, updated_at) values (?,?,'pending',?,?)",
        [(digest, channel, now, now) for channel in channels],
    )
    return digest


def open_deliveries(db: sqlite3.Connection, profile: str) -> list[sqlite3.Row]:
    """Deliveries of a profile that are neither confirmed nor given up, oldest first, with their digest's content."""
    return db.execute(
        """select d.*, g.content, g.lang, g.profile, g.made_at from deliveries d join digests g on g.id = d.digest
           where g.profile = ? and d.state not in ('confirmed', 'given-up') order by d.id""",
        (profile,),
    ).fetchall()


def save_delivery_state(
    db: sqlite3.Connection, delivery: int, state: str, now: datetime, *, note: str | None = None, attempt: bool = False
) -> None:
    """Move a delivery on; `attempt` counts one more try."""
    db.execute(
        "update deliveries set state = ?, updated_at = ?, note = ?, attempts = attempts + ? where id = ?",
        (state, to_text(now), note, int(attempt), delivery),
    )


def find_last_digest(db: sqlite3.Connection, profile: str) -> sqlite3.Row | None:
    """The newest edition of a profile that reached a reader; None when there is none."""
    row: sqlite3.Row | None = db.execute(
        """select * from digests g where profile = ? and exists
             (select 1 from deliveries d where d.digest = g.id and d.state in ('sent', 'confirmed', 'unknown'))
           order by id desc limit 1""",
        (profile,),
    ).fetchone()
    return row


def get_digest(db: sqlite3.Connection, digest: int) -> sqlite3.Row:
    """An edition as it was frozen. Raises NotFoundError."""
    row: sqlite3.Row | None = db.execute("select * from digests where id = ?", (digest,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no digest {digest}")
    return row
