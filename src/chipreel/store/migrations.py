"""Steps from one released schema to the next. Add at the end; never change one that was released.

Each step runs in a transaction of its own together with its record and the number of the schema it leads to, so one
that is interrupted leaves the database as it was before, and usable by the program of before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chipreel.store import schema

if TYPE_CHECKING:
    import sqlite3

Step = Callable[["sqlite3.Connection"], None]


def m001_first_schema(db: sqlite3.Connection) -> None:
    """Everything, into an empty file."""
    for statement in schema.FIRST:
        db.execute(statement)


def m002_cost_of_quiet_and_of_large_runs(db: sqlite3.Connection) -> None:
    """Larger pieces of the index; when the health of a source was told."""
    for statement in schema.SECOND:
        db.execute(statement)


def m003_cost_of_a_large_archive(db: sqlite3.Connection) -> None:
    """What a digest counts of the last weeks, and what became part of a story, by indexes of their own."""
    for statement in schema.THIRD:
        db.execute(statement)


def m004_every_spelling(db: sqlite3.Connection) -> None:
    """All names of companies, people and products; the next run fills them in."""
    for statement in schema.FOURTH:
        db.execute(statement)


#: Every step, in order; the number of a schema is how many of them lead to it.
STEPS: tuple[Step, ...] = (
    m001_first_schema,
    m002_cost_of_quiet_and_of_large_runs,
    m003_cost_of_a_large_archive,
    m004_every_spelling,
)
#: `pragma user_version` of a database that has every step.
LATEST = len(STEPS)


def migrate(db: sqlite3.Connection, upto: int | None = None) -> None:
    """Bring `db` to the latest schema, or to an earlier one. Does nothing to one that is there."""
    with _without("numpy"):
        from sqlite_utils import Database, Migrations

    wanted = STEPS[:upto]
    steps = Migrations("chipreel")
    for number, step in enumerate(wanted, 1):
        steps(name=step.__name__)(_numbered(step, number))
    steps.apply(Database(db))
    db.execute(f"pragma user_version = {len(wanted)}")


@contextmanager
def _without(module: str) -> Iterator[None]:
    """As if a module were not installed, unless it is loaded.

    sqlite-utils looks for numpy, which takes 12 MB and a tenth of a second where somebody has it, for kinds of values
    that are not stored here.
    """
    is_loaded = module in sys.modules
    if not is_loaded:
        sys.modules[module] = None  # type: ignore[assignment]  # as the import system wants it
    try:
        yield
    finally:
        if not is_loaded:
            del sys.modules[module]


def _numbered(step: Step, number: int) -> Any:
    def run(database: Any) -> None:
        step(database.conn)
        database.conn.execute(f"pragma user_version = {number}")

    run.__name__ = step.__name__
    return run
