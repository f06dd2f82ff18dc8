"""Reading what can still be read of a damaged database, row by row, around the damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chipreel.store.transfer import insert_row, list_columns, list_tables

#: Rows asked for at once; where that fails, ever fewer, down to one.
_CHUNK = 512
#: Failures after which a table is given up: its root is gone.
_GIVE_UP = 20_000


@dataclass(slots=True)
class Salvage:
    """What was saved."""

    #: Rows taken over, by table.
    taken: dict[str, int] = field(default_factory=dict)
    #: Rows that could not be read, by table, as far as their numbers tell.
    lost: dict[str, int] = field(default_factory=dict)
    #: Tables of which nothing could be read.
    gone: list[str] = field(default_factory=list)


def salvage_rows(
    damaged: sqlite3.Connection, target: sqlite3.Connection, *, progress: Callable[[str], None] = lambda _: None
) -> Salvage:
    """Put every row that can be read of `damaged` into `target`, over an older one of the same key.

    In the caller's transaction, with foreign keys off. References are not looked at.
    """
    found = Salvage()
    for table in list_tables(target):
        progress(table)
        known = frozenset(list_columns(target, table))
        taken = 0
        for row in _iter_readable(damaged, table, found):
            kept = {name: value for name, value in row.items() if name in known}
            try:
                insert_row(target, table, kept, replace=True)
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                found.lost[table] = found.lost.get(table, 0) + 1
                continue
            taken += 1
        found.taken[table] = taken
    return found


def _iter_readable(db: sqlite3.Connection, table: str, found: Salvage) -> Iterator[dict[str, Any]]:
    try:
        db.execute(f'select 1 from "{table}" limit 1').fetchone()  # noqa: S608 - names from our own schema
    except sqlite3.DatabaseError:
        found.gone.append(table)
        return
    highest = _highest(db, table)
    if highest is None:
        yield from _both_ways(db, table)
        return
    yield from _around(db, table, highest, found)


def _highest(db: sqlite3.Connection, table: str) -> int | None:
    """The highest row number; None for a table without row numbers."""
    try:
        return int(db.execute(f'select coalesce(max(rowid), 0) from "{table}"').fetchone()[0])  # noqa: S608
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError:
        return _CHUNK * 4096


def _around(db: sqlite3.Connection, table: str, highest: int, found: Salvage) -> Iterator[dict[str, Any]]:
    waiting = [(low, min(low + _CHUNK, highest + 1)) for low in range(0, highest + 1, _CHUNK)][::-1]
    failures = 0
    while waiting and failures < _GIVE_UP:
        low, high = waiting.pop()
        try:
            rows = db.execute(
                f'select * from "{table}" where rowid >= ? and rowid < ? order by rowid',  # noqa: S608
                (low, high),
            ).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            failures += 1
            if high - low > 1:
                middle = (low + high) // 2
                waiting += [(middle, high), (low, middle)]
            else:
                found.lost[table] = found.lost.get(table, 0) + 1
            continue
        yield from map(dict, rows)


def _both_ways(db: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """Rows of a table without row numbers: from the front as far as it goes, then from the back."""
    keys = [row[1] for row in db.execute(f'pragma table_info("{table}")') if row[5]]
    for direction in ("asc", "desc"):
        order = ", ".join(f'"{key}" {direction}' for key in keys)
        try:
            for row in db.execute(f'select * from "{table}" order by {order}'):  # noqa: S608
                yield dict(row)
            return
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            continue
