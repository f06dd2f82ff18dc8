"""Steps from one released schema to the next. Add at the end; never change one that was released.

Each step runs in a transaction of its own together with its record, so one that is interrupted leaves the database as
it was before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chipreel.store import schema

if TYPE_CHECKING:
    import sqlite3

#: `pragma user_version` of a database that has every step; the number of steps.
LATEST = 2


def migrate(db: sqlite3.Connection) -> None:
    """Bring `db` to the latest schema. Does nothing to one that is there."""
    from sqlite_utils import Database

    _steps().apply(Database(db))
    db.execute(f"pragma user_version = {LATEST}")


def _steps() -> Any:
    from sqlite_utils import Migrations

    steps = Migrations("chipreel")

    @steps()
    def m001_first_schema(database: Any) -> None:
        for statement in schema.FIRST:
            database.conn.execute(statement)

    @steps()
    def m002_cost_of_quiet_and_of_large_runs(database: Any) -> None:
        for statement in schema.SECOND:
            database.conn.execute(statement)

    return steps
