"""Reading what can still be read of a damaged database, row by row, around the damage."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chipreel.store.transfer import insert_row, list_columns, list_tables

#: Rows asked for at once; where that fails, ever fewer, down to one.
_CHUNK = 512
#: Failures after which a table is given up: its root is gone.
_GIVE_UP = 20_000
#: How far a table is looked through whose end cannot be read.
_END_UNKNOWN = _CHUNK * 4096
#: What a column of that type may hold; anything else was written there by the damage.
_HOLDS: Mapping[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (float, int), "TEXT": (str,)}
#: Bytes that are no UTF-8, as `unread_bytes` shows them.
_UNREAD = re.compile("[\udc80-\udcff]")


@dataclass(slots=True)
class Salvage:
    """What was saved."""

    #: Rows taken over, by table.
    taken: dict[str, int] = field(default_factory=dict)
    #: Rows that could not be read, by table, as far as their numbers tell.
    lost: dict[str, int] = field(default_factory=dict)
    #: Rows taken over with characters that could not be read, by table.
    spoilt: dict[str, int] = field(default_factory=dict)
    #: Tables whose end could not be read, nobody knows how many rows of it.
    cut: list[str] = field(default_factory=list)
    #: Tables of which nothing could be read.
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a row of a table looks like when it is whole."""

    table: str
    #: Column → its declared type.
    types: Mapping[str, str]
    key: tuple[str, ...]

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Whether every value is of its column's type, and the key is there."""
        return all(row.get(name) is not None for name in self.key) and all(
            value is None or isinstance(value, _HOLDS[self.types[name]]) for name, value in row.items()
        )


def unread_bytes(raw: bytes) -> str:
    """A text as it was stored, bytes that are no text included: the damaged connection's `text_factory`."""
    return raw.decode("utf-8", "surrogateescape")


def salvage_rows(
    damaged: sqlite3.Connection, target: sqlite3.Connection, *, progress: Callable[[str], None] = lambda _: None
) -> Salvage:
    """Put every row that can be read of `damaged` into `target`, over an older one of the same key.

    An older one stays where the newer is spoilt. In the caller's transaction, with foreign keys off; references are not
    looked at. Texts come through `unread_bytes`.
    """
    found = Salvage()
    for table in list_tables(target):
        progress(table)
        shape = _shape_of(target, table)
        found.taken[table] = sum(_take(target, shape, row, found) for row in _iter_readable(damaged, table, found))
    return found


def put_back(db: sqlite3.Connection, kept: str) -> int:
    """Rows of the attached database `kept` in the place of rows that name what is not there; how many.

    A reference that leads nowhere was most likely written by the damage.
    """
    count = 0
    for table, row in {(found[0], found[1]) for found in db.execute("pragma foreign_key_check") if found[1]}:
        if "id" not in list_columns(db, table) or _shape_of(db, table).types["id"] != "INTEGER":
            continue
        known = {name[1] for name in db.execute(f'pragma {kept}.table_info("{table}")')}
        names = ", ".join(f'"{name}"' for name in list_columns(db, table) if name in known)
        copy = f'insert or replace into main."{table}" ({names}) select {names} from {kept}."{table}" where id = ?'  # noqa: S608
        count += db.execute(copy, (row,)).rowcount if names else 0
    return count


def _shape_of(db: sqlite3.Connection, table: str) -> _Shape:
    columns = db.execute(f'pragma main.table_info("{table}")').fetchall()
    return _Shape(table, {row[1]: row[2].upper() for row in columns}, tuple(row[1] for row in columns if row[5]))


def _take(target: sqlite3.Connection, shape: _Shape, row: Mapping[str, Any], found: Salvage) -> bool:
    """Put one row into the target; whether it was taken."""
    table = shape.table
    kept = {name: value for name, value in row.items() if name in shape.types}
    if not shape.fits(kept):
        if not _has(target, shape, kept):
            _add(found.lost, table)
        return False
    whole = {name: _readable(value) for name, value in kept.items()}
    is_spoilt = whole != kept
    if is_spoilt and _has(target, shape, whole):
        return False
    try:
        insert_row(target, table, whole, replace=True)
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        _add(found.lost, table)
        return False
    if is_spoilt:
        _add(found.spoilt, table)
    return True


def _readable(value: Any) -> Any:
    if not isinstance(value, str) or not _UNREAD.search(value):
        return value
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _has(target: sqlite3.Connection, shape: _Shape, row: Mapping[str, Any]) -> bool:
    """Whether the target has a row of that key."""
    key = [row.get(name) for name in shape.key]
    if any(value is None or (isinstance(value, str) and _UNREAD.search(value)) for value in key):
        return False
    where = " and ".join(f'"{name}" = ?' for name in shape.key)
    return target.execute(f'select 1 from "{shape.table}" where {where}', key).fetchone() is not None  # noqa: S608


def _add(counts: dict[str, int], table: str) -> None:
    counts[table] = counts.get(table, 0) + 1


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
    """The highest row number, from the table or from one of its indexes; None for a table without row numbers."""
    sources = [f'"{table}"', *(f'"{table}" indexed by "{name}"' for name in _whole_indexes(db, table))]
    for source in sources:
        try:
            return int(db.execute(f"select coalesce(max(r), 0) from (select rowid as r from {source})").fetchone()[0])  # noqa: S608
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            continue
    return _END_UNKNOWN


def _whole_indexes(db: sqlite3.Connection, table: str) -> list[str]:
    """The indexes of a table that hold every row."""
    return [row[1] for row in db.execute(f'pragma index_list("{table}")') if not row[4]]


def _around(db: sqlite3.Connection, table: str, highest: int, found: Salvage) -> Iterator[dict[str, Any]]:
    """Rows in the order of their numbers, around what cannot be read."""
    waiting: list[tuple[int, int]] = []
    low, failures, holes = 0, 0, 0
    while failures < _GIVE_UP:
        if not waiting:
            start = _next_number(db, table, low)
            if start is None or start > highest:
                break
            low = min(start + _CHUNK, highest + 1)
            waiting.append((start, low))
        first, end = waiting.pop()
        rows = _between(db, table, first, end)
        if rows is not None:
            if rows and holes:
                found.lost[table], holes = found.lost.get(table, 0) + holes, 0
            yield from map(dict, rows)
            continue
        failures += 1
        if end - first > 1:
            middle = (first + end) // 2
            waiting += [(middle, end), (first, middle)]
        else:
            holes += 1
    if holes and highest == _END_UNKNOWN:
        found.cut.append(table)
    elif holes:
        found.lost[table] = found.lost.get(table, 0) + holes


def _next_number(db: sqlite3.Connection, table: str, low: int) -> int | None:
    """The first row number from `low` on; None = there is none; `low` itself where that cannot be read."""
    try:
        found = db.execute(f'select min(rowid) from "{table}" where rowid >= ?', (low,)).fetchone()[0]  # noqa: S608
    except sqlite3.DatabaseError:
        return low
    return None if found is None else int(found)


def _between(db: sqlite3.Connection, table: str, low: int, high: int) -> list[sqlite3.Row] | None:
    """Rows whose numbers are from `low` to before `high`; None = they cannot be read."""
    query = f'select * from "{table}" where rowid >= ? and rowid < ? order by rowid'  # noqa: S608
    try:
        return db.execute(query, (low, high)).fetchall()
    except sqlite3.DatabaseError:
        return None


def _both_ways(db: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """Rows of a table without row numbers: from the front as far as it goes, then from the back."""
    keys = [row[1] for row in db.execute(f'pragma table_info("{table}")') if row[5]]
    for direction in ("asc", "desc"):
        order = ", ".join(f'"{key}" {direction}' for key in keys)
        try:
            for row in db.execute(f'select * from "{table}" order by {order}'):  # noqa: S608
                yield dict(row)
            return
        except sqlite3.DatabaseError:
            continue
