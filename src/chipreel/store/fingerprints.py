"""What grouping remembers of articles, as text: `story.packing` writes and reads it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from chipreel.store.rows import to_text


def load_window(db: sqlite3.Connection, since: datetime, limit: int) -> list[tuple[int, str]]:
    """(id, story) of grouped articles first seen and published after `since`: the newest `limit`, oldest first."""
    rows = db.execute(
        """select id, story from articles
           where relevant = 1 and story is not null and first_seen >= :since
             and coalesce(published, first_seen) >= :since
             -- by the index on first_seen to the oldest row: else the whole archive is walked through
             and id >= (select min(+id) from articles where first_seen >= :since)
           order by id desc limit :limit""",
        {"since": to_text(since), "limit": limit},
    ).fetchall()
    return [(row["id"], f"s{row['story']}") for row in reversed(rows)]


def load_fingerprints(db: sqlite3.Connection, articles: Iterable[int]) -> dict[int, str]:
    """Packed fingerprints by article; an article without one is absent."""
    rows = db.execute(
        "select article, packed from fingerprints where article in (select value from json_each(?))",
        (json.dumps(list(articles)),),
    )
    return {row["article"]: row["packed"] for row in rows}


def find_fingerprint(db: sqlite3.Connection, article: int) -> str | None:
    """The packed fingerprint of one article."""
    row = db.execute("select packed from fingerprints where article = ?", (article,)).fetchone()
    return row["packed"] if row else None


def save_fingerprint(db: sqlite3.Connection, article: int, packed: str) -> None:
    """Keep what grouping remembers of an article.

    No `or replace`: SQLite puts a savepoint before it, at which FTS5 writes all the words that wait in memory.
    """
    db.execute(
        "insert into fingerprints (article, packed) values (?, ?) on conflict do update set packed = excluded.packed",
        (article, packed),
    )
