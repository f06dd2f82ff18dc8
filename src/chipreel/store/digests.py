"""Editions: what each profile was given, frozen, and how far each edition reaches.

What is new is told by row ids, not by clocks: ids of articles and revisions only grow, so late, undated and back-dated
items appear exactly once, whatever the time says.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chipreel.errors import BusyError, NotFoundError
from chipreel.store.meta import get_meta, save_meta
from chipreel.store.rows import to_moment, to_text


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a digest reaches: ids of the last article and the last revision that it covers."""

    article: int
    revision: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One story of an edition to be frozen."""

    #: Number of the story; None = it stands for none.
    story: int | None
    state: str
    #: JSON: why it is here.
    reason: str
    articles: Sequence[int]


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
    entries: Sequence[NewEntry]
    #: Id of the profile's edition before it; None = it is the first.
    previous: int | None = None


def last_digest(db: sqlite3.Connection, profile: str) -> int | None:
    """Id of the last edition of a profile; None before its first."""
    found = db.execute("select max(id) from digests where profile = ?", (profile,)).fetchone()[0]
    return None if found is None else int(found)


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
    """Ids of the newest article and the newest revision; an article that is in no story yet holds the reach back."""
    row = db.execute(
        """select coalesce((select max(id) from articles), 0) as a, coalesce((select max(id) from revisions), 0) as r,
             (select min(id) from articles indexed by articles_ungrouped
              where relevant = 1 and story is null) as waiting"""
    ).fetchone()
    return Reach(row["a"] if row["waiting"] is None else row["waiting"] - 1, row["r"])


def save_digest(db: sqlite3.Connection, new: NewDigest, channels: Sequence[str]) -> int:
    """Freeze an edition with a pending delivery for each channel, before anything is sent. Returns its id.

    Raises BusyError when another run has made the profile's next edition meanwhile.
    """
    if last_digest(db, new.profile) != new.previous:
        raise BusyError(f"another run has made a digest for {new.profile!r} meanwhile")
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
            (digest, position, entry.story, entry.state, entry.reason, json.dumps(list(entry.articles)))
            for position, entry in enumerate(new.entries, 1)
        ],
    )
    db.executemany(
        "insert or ignore into digest_articles (profile, article, digest) values (?,?,?)",
        [(new.profile, article, digest) for entry in new.entries for article in entry.articles],
    )
    db.executemany(
        "insert into deliveries (digest, channel, state, created_at, updated_at) values (?,?,'pending',?,?)",
        [(digest, channel, now, now) for channel in channels],
    )
    return digest


def save_scores(db: sqlite3.Connection, scores: Iterable[tuple[int, float, Sequence[tuple[str, float]]]]) -> None:
    """Keep the score of stories (number, score, its parts) as the last edition ranked them."""
    db.executemany(
        "update stories set score = ?, score_parts = ? where id = ?",
        [(score, json.dumps(dict(parts)), number) for number, score, parts in scores],
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


def recent_contents(db: sqlite3.Connection, profile: str, upto: int, limit: int) -> list[tuple[int, str]]:
    """(id, frozen content) of a profile's last editions up to one of them, newest first."""
    rows = db.execute(
        "select id, content from digests where profile = ? and id <= ? order by id desc limit ?", (profile, upto, limit)
    )
    return [(row["id"], row["content"]) for row in rows]


def last_looked(db: sqlite3.Connection, profile: str) -> datetime | None:
    """When a profile was last asked for its edition, whether or not there was anything new; None = never."""
    return to_moment(get_meta(db, f"edition.{profile}"))


def save_looked(db: sqlite3.Connection, profile: str, now: datetime) -> None:
    """Note that a profile was asked for its edition."""
    save_meta(db, f"edition.{profile}", to_text(now) or "")
