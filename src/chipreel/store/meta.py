"""Small facts about the file itself: which lexicon it knows, how far a walk has come."""

from __future__ import annotations

import sqlite3

#: Where the language of the reader is kept, for the headlines of stories.
READERS_LANGUAGE = "language"


def get_meta(db: sqlite3.Connection, key: str) -> str | None:
    """A small fact about this file, or None."""
    row = db.execute("select value from meta where key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def save_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a small fact about this file."""
    db.execute("insert into meta values (?, ?) on conflict(key) do update set value = excluded.value", (key, value))
