"""Whole copies of a database, made by SQLite itself while others read and write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from chipreel.errors import DamagedError, StoreError
from chipreel.store import shape
from chipreel.store.database import APPLICATION_ID, connect_reading, explained, is_hindered
from chipreel.store.migrations import LATEST

#: Pages copied at one go: 4 MB, after which a writer gets his turn.
_PAGES = 1000
#: Findings that are told; the rest is counted by nobody.
_FINDINGS = 20


def copy_database(source: Path, target: Path, *, progress: Callable[[int, int], None] = lambda *_: None) -> None:
    """Make `target` hold what `source` holds at this moment, in one transaction of `target`.

    Both are database files; `target` is made when absent. A copy that is broken off leaves `target` as it was.
    `progress` is called with (pages done, pages in all). Raises StoreError.
    """
    with explained(source):
        origin = connect_reading(source)
        try:
            # Holds one state of the source: without it every commit of another program begins the copy anew.
            origin.execute("begin")
            origin.execute("select count(*) from sqlite_master").fetchone()
            with explained(target):
                copy = sqlite3.connect(target, isolation_level=None, timeout=10)
                try:
                    copy.execute("pragma synchronous = full")
                    origin.backup(copy, pages=_PAGES, progress=lambda _, left, all_: progress(all_ - left, all_))
                finally:
                    copy.close()
        finally:
            origin.close()


def make_single_file(path: Path) -> None:
    """Let a database that nobody else has open be one file, without a log beside it."""
    with explained(path):
        db = sqlite3.connect(path, isolation_level=None)
        try:
            db.execute("pragma journal_mode = delete")
        finally:
            db.close()


def check_ours(path: Path) -> None:
    """Raise StoreError unless the file is a whole database of chipreel that this program can read."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file")
    with explained(path):
        db = connect_reading(path)
        try:
            if db.execute("pragma application_id").fetchone()[0] != APPLICATION_ID:
                raise StoreError(f"{path}: this is no database of chipreel")
            version = db.execute("pragma user_version").fetchone()[0]
            if version > LATEST:
                raise StoreError(f"{path}: made by a newer chipreel (schema {version}, this one knows {LATEST})")
            found = find_damage(db) or (_find_lost(db) if version == LATEST else []) or find_dangling(db)
        finally:
            db.close()
    if found:
        raise DamagedError(f"{path}: damaged: {found[0]}")


def is_ours(path: Path) -> bool:
    """Whether a file is a database of chipreel by its header, whole or not."""
    try:
        with path.open("rb") as handle:
            head = handle.read(100)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def find_damage(db: sqlite3.Connection) -> list[str]:
    """What SQLite's integrity check finds; empty = the file is whole. Raises what keeps it from looking."""
    try:
        rows = db.execute(f"pragma integrity_check({_FINDINGS})").fetchall()
    except sqlite3.DatabaseError as error:
        if is_hindered(error):
            raise
        return [str(error)]
    return [line for row in rows if row[0] != "ok" for line in str(row[0]).splitlines()]


def _find_lost(db: sqlite3.Connection) -> list[str]:
    """Tables and columns that are missing, as sentences: with them went what was collected."""
    lost = [f"{part} is missing" for part in shape.find_missing(db) if part.holds_rows]
    return lost or shape.find_lost_columns(db)


def find_dangling(db: sqlite3.Connection) -> list[str]:
    """References to rows that are not there, as sentences; empty = there is none."""
    try:
        rows = db.execute("pragma foreign_key_check").fetchmany(_FINDINGS)
    except sqlite3.DatabaseError as error:
        if is_hindered(error):
            raise
        return [str(error)]
    # A table without row numbers has none to tell.
    named = [f"a row of {row[0]}" if row[1] is None else f"{row[0]} {row[1]}" for row in rows]
    return [f"{name} names a row of {row[2]} that is not there" for name, row in zip(named, rows, strict=True)]
