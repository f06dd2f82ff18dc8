"""Every row of every table, out and in again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from chipreel.errors import StoreError

#: Where SQLite keeps the last number that an autoincrement table gave: a number is never given twice.
SEQUENCE = "sqlite_sequence"


def list_tables(db: sqlite3.Connection) -> tuple[str, ...]:
    """The tables that hold what was collected, by name: without the search index, which is made from them."""
    rows = db.execute(
        """select name from sqlite_master where type = 'table' and name not like 'sqlite!_%' escape '!'
             and name not like '!_%' escape '!' and name not like 'articles!_fts%' escape '!' order by name"""
    )
    return tuple(row[0] for row in rows)


def list_columns(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table, in order; empty for a table that is not there."""
    return tuple(row[1] for row in db.execute("select * from pragma_table_info(?)", (table,)))


def iter_rows(db: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table in the order of its key."""
    keys = [row[1] for row in db.execute(f'pragma table_info("{table}")') if row[5]]
    order = ", ".join(f'"{key}"' for key in keys) or "rowid"
    for row in db.execute(f'select * from "{table}" order by {order}'):  # noqa: S608 - names from the schema itself
        yield dict(row)


def count_rows(db: sqlite3.Connection, table: str) -> int:
    """How many rows a table has."""
    return int(db.execute(f'select count(*) from "{table}"').fetchone()[0])  # noqa: S608


def insert_row(db: sqlite3.Connection, table: str, row: Mapping[str, Any], *, replace: bool = False) -> None:
    """Put a row into a table as it is. The caller has checked the names against `list_columns`."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    verb = "insert or replace" if replace else "insert"
    db.execute(f'{verb} into "{table}" ({names}) values ({marks})', tuple(row.values()))


def save_sequence(db: sqlite3.Connection, table: str, number: int) -> None:
    """Let an autoincrement table go on after this number."""
    db.execute(f"delete from {SEQUENCE} where name = ?", (table,))  # noqa: S608
    db.execute(f"insert into {SEQUENCE} (name, seq) values (?, ?)", (table, number))  # noqa: S608


def check_empty(db: sqlite3.Connection) -> None:
    """Raise StoreError when anything was collected yet."""
    for table in list_tables(db):
        if table != "meta" and db.execute(f'select 1 from "{table}" limit 1').fetchone():  # noqa: S608
            raise StoreError("an export goes into a new database; this one holds something: name another with --db")
