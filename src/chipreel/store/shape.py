"""What a database must have: tables, columns, indexes, triggers. What is missing is made again, empty."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache

from chipreel.store import schema
from chipreel.store.migrations import STEPS
from chipreel.store.transfer import SEQUENCE, list_columns, list_tables, save_sequence

#: The search index, and how the names of the tables begin that SQLite keeps it in.
INDEX = "articles_fts"
#: Autoincrement table → where else its numbers are named: one that was given is never given again.
_NUMBERED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "articles": (
        *((table, "article") for table in ("sightings", "revisions", "mentions", "quotes", "money", "digest_articles")),
        ("digests", "upto_article"),
    ),
    "revisions": (("digests", "upto_revision"),),
    "digests": (("digest_entries", "digest"), ("digest_articles", "digest"), ("deliveries", "digest")),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of the schema."""

    #: table, index, trigger
    kind: str
    name: str
    #: The statement that makes it.
    sql: str

    @property
    def is_of_index(self) -> bool:
        """Whether it belongs to the search index, which is made from the articles."""
        return self.name.startswith(INDEX)

    @property
    def holds_rows(self) -> bool:
        """Whether what was collected is lost with it."""
        return self.kind == "table" and not self.is_of_index

    def __str__(self) -> str:
        return "the search index" if self.is_of_index else f"the {self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the schema wants it."""

    table: str
    name: str
    #: INTEGER, REAL or TEXT
    type: str
    nullable: bool
    #: SQL of its default; None = it has none.
    default: str | None
    is_key: bool


@cache
def parts() -> tuple[Part, ...]:
    """Everything that the latest schema has."""
    with closing(_latest()) as db:
        rows = db.execute(
            """select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite!_%' escape '!'
               order by rowid"""
        )
        return tuple(Part(*row) for row in rows)


@cache
def columns() -> tuple[Column, ...]:
    """Every column of the tables that hold what was collected."""
    with closing(_latest()) as db:
        return tuple(
            Column(table, row[1], row[2].upper(), not row[3] and not row[5], row[4], bool(row[5]))
            for table in list_tables(db)
            for row in db.execute(f'pragma table_info("{table}")')
        )


def find_missing(db: sqlite3.Connection) -> list[Part]:
    """The parts that a database has not."""
    known = {(row[0], row[1]) for row in db.execute("select type, name from sqlite_master")}
    return [part for part in parts() if (part.kind, part.name) not in known]


def list_missing(db: sqlite3.Connection) -> list[str]:
    """The parts that a database has not, as sentences; an index beside a missing table is not told."""
    missing = find_missing(db)
    indexes = sum(part.kind == "index" for part in missing)
    told = list(dict.fromkeys(f"{part} is missing" for part in missing if part.kind != "index"))
    return told or ([f"{indexes} indexes are missing"] if indexes else [])


def find_lost_columns(db: sqlite3.Connection) -> list[str]:
    """Tables that are there without one of their columns, as sentences."""
    found = {table: set(list_columns(db, table)) for table in {column.table for column in columns()}}
    return [
        f"the table {column.table} has lost its column {column.name}"
        for column in columns()
        if found[column.table] and column.name not in found[column.table]
    ]


def make_missing(db: sqlite3.Connection) -> list[Part]:
    """Make what is missing, empty, in the caller's transaction; the parts that were made."""
    missing = find_missing(db)
    if any(part.is_of_index for part in missing):
        renew_index(db)
    for part in missing:
        if not part.is_of_index:
            db.execute(part.sql)
    return missing


def renew_index(db: sqlite3.Connection) -> None:
    """Make the search index anew, whatever is left of it; it holds nothing until it is written."""
    with _writable_schema(db):
        # Its own module could not be asked to drop it: it needs every one of its tables for that.
        db.execute("delete from sqlite_master where name = ?", (INDEX,))
    left = db.execute(
        "select name from sqlite_master where type = 'table' and name like ? escape '!'", (f"{INDEX}!_%",)
    )
    for (name,) in left.fetchall():
        db.execute(f'drop table "{name}"')
    for statement in schema.FIRST + schema.SECOND:
        if INDEX in statement:
            db.execute(statement)


def lift_numbers(db: sqlite3.Connection, table: str) -> None:
    """Let a table that was lost go on behind the numbers that others still name."""
    named = [row[0] for other, name in _NUMBERED.get(table, ()) for row in db.execute(_highest(other, name))]
    highest = max((number for number in named if isinstance(number, int)), default=0)
    given = db.execute(f"select max(seq) from {SEQUENCE} where name = ?", (table,)).fetchone()[0] or 0  # noqa: S608
    if highest > given:
        save_sequence(db, table, highest)


def _highest(table: str, column: str) -> str:
    return f"select max({column}) from {table} where typeof({column}) = 'integer'"  # noqa: S608 - names from above


@contextmanager
def _writable_schema(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("pragma writable_schema = on")
    try:
        yield
    finally:
        db.execute("pragma writable_schema = reset")


def _latest() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    for step in STEPS:
        step(db)
    return db
