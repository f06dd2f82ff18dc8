"""What is old: which articles, which stories are left without any, which visits nobody looks at any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from chipreel.store.rows import to_text

#: Visits of each source that stay whatever their age: health is judged by them.
_VISITS_KEPT = 30


def list_older(db: sqlite3.Connection, before: datetime, limit: int) -> list[int]:
    """Ids of articles that were first seen before a moment, oldest first."""
    rows = db.execute(
        "select id from articles where first_seen < ? order by first_seen, id limit ?", (to_text(before), limit)
    )
    return [row["id"] for row in rows]


def count_older(db: sqlite3.Connection, before: datetime) -> int:
    """How many articles were first seen before a moment."""
    return int(db.execute("select count(*) from articles where first_seen < ?", (to_text(before),)).fetchone()[0])


def is_any_newer(db: sqlite3.Connection, before: datetime) -> bool:
    """Whether any article was first seen at a moment or after it."""
    return db.execute("select 1 from articles where first_seen >= ? limit 1", (to_text(before),)).fetchone() is not None


def stories_of(db: sqlite3.Connection, articles: Iterable[int]) -> set[int]:
    """The stories that these articles are in."""
    found = set()
    for article in articles:
        row = db.execute("select story from articles where id = ? and story is not null", (article,)).fetchone()
        if row:
            found.add(int(row["story"]))
    return found


def drop_empty_stories(db: sqlite3.Connection, stories: Iterable[int]) -> int:
    """Delete those of these stories that have no article left; returns how many.

    One that a digest told of stays as an empty frame with its headline, and the newest of all stays so that its number
    is not given to another.
    """
    dropped = 0
    newest = db.execute("select max(id) from stories").fetchone()[0]
    for story in sorted(stories):
        if db.execute("select 1 from articles where story = ? limit 1", (story,)).fetchone():
            continue
        db.execute("update stories set articles = 0, outlets = 0 where id = ?", (story,))
        whole = "select id from stories where id = :story or merged_into = :story"
        told = f"select 1 from digest_entries where story in ({whole}) limit 1"  # noqa: S608 - no outside text
        if story == newest or db.execute(told, {"story": story}).fetchone():
            continue
        if db.execute(f"select 1 from ({whole}) where id = :newest", {"story": story, "newest": newest}).fetchone():  # noqa: S608
            continue
        db.execute("delete from stories where merged_into = ?", (story,))
        dropped += db.execute("delete from stories where id = ?", (story,)).rowcount
    return dropped


def drop_visits(db: sqlite3.Connection, before: datetime) -> int:
    """Forget visits of before a moment, but the latest of every source; returns how many."""
    cursor = db.execute(
        """delete from fetches where at < ? and id not in (
             select id from (select id, row_number() over (partition by source order by id desc) as place from fetches)
             where place <= ?)""",
        (to_text(before), _VISITS_KEPT),
    )
    return cursor.rowcount


def compact(db: sqlite3.Connection) -> None:
    """Give free space back to the disk; needs as much again while it runs."""
    db.execute("vacuum")


def invent_sighting(db: sqlite3.Connection, article: int) -> None:
    """Let an article be carried by its source under its address, where the record of it was lost."""
    db.execute(
        """insert or ignore into sightings (source, guid, article, url, seen_at, listed_hash)
           select source, coalesce(url, 'lost:' || id), id, url, first_seen, content_hash from articles where id = ?""",
        (article,),
    )
