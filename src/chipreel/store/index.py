"""The search index: one function writes it, in the transaction of the row.

The table keeps no text (`content=''`), and SQLite 3.40 forgets a row only when it is told the very words that were
inserted: other words end in "database disk image is malformed". So the words are always made again from the stored row,
and a database written by another version of the segmentation is indexed anew.

New words wait in memory until the commit, but FTS5 writes them at every savepoint, and SQLite puts one before each
statement that may fail halfway: `insert or replace`, or an upsert of a row that others refer to. Nothing that is
written beside articles may be of that kind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from chipreel.store.meta import get_meta, save_meta
from chipreel.text.segment import VERSION, segment

_KEY = "index_version"


def words_of(title: str | None, text: str | None) -> tuple[str, str]:
    """Title and text of an article as they are written."""
    return segment(title or ""), segment(text or "")


def add_to_index(db: sqlite3.Connection, article: int, words: tuple[str, str]) -> None:
    """Index a new article, of whose row `words` are the words."""
    db.execute("insert into articles_fts(rowid, title, text) values (?, ?, ?)", (article, *words))


def drop_from_index(db: sqlite3.Connection, article: int) -> None:
    """Forget an article; call it before its row changes."""
    row = db.execute("select title, text from articles where id = ?", (article,)).fetchone()
    if row is not None:
        db.execute(
            "insert into articles_fts(articles_fts, rowid, title, text) values ('delete', ?, ?, ?)",
            (article, *words_of(row["title"], row["text"])),
        )


def is_current(db: sqlite3.Connection) -> bool:
    """Whether the index was written by this version of the segmentation."""
    return get_meta(db, _KEY) == str(VERSION)


def mark_current(db: sqlite3.Connection) -> None:
    """Say that the index is written by this version."""
    save_meta(db, _KEY, str(VERSION))


def rebuild_index(db: sqlite3.Connection, *, progress: Callable[[int], None] = lambda _: None) -> int:
    """Write the whole index again, in the caller's transaction. Returns the number of articles.

    `progress` is called with the number of articles done so far.
    """
    db.execute("insert into articles_fts(articles_fts) values ('delete-all')")
    count = 0
    for row in db.execute("select id, title, text from articles order by id"):
        add_to_index(db, row["id"], words_of(row["title"], row["text"]))
        count += 1
        if count % 1000 == 0:
            progress(count)
    mark_current(db)
    return count


def optimise_index(db: sqlite3.Connection) -> None:
    """Merge the index's segments; worth it after a large import."""
    db.execute("insert into articles_fts(articles_fts) values ('optimize')")
