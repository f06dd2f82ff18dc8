"""Moving house: everything that was collected as JSON lines, and back into an equal database.

The first line tells what it is; every other line is a row: `{"table": "articles", "row": {…}}`. The search index is not
in it, because it is made again from the articles.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

from chipreel.errors import ConfigError
from chipreel.store import transfer
from chipreel.store.database import transaction
from chipreel.store.index import rebuild_index
from chipreel.store.migrations import LATEST

#: Key of the first line; its value is the version of this format.
MARK = "chipreel_export"
FORMAT = 1


def export_lines(db: sqlite3.Connection) -> Generator[str, None, None]:
    """All of the database as lines, as it was at one moment, however long the reading takes. Close it before `db`."""
    db.execute("begin")
    try:
        tables = (*transfer.list_tables(db), transfer.SEQUENCE)
        counts = {table: transfer.count_rows(db, table) for table in tables}
        yield _line({MARK: FORMAT, "schema": LATEST, "rows": counts})
        for table in tables:
            for row in transfer.iter_rows(db, table):
                yield _line({"table": table, "row": row})
    finally:
        db.execute("rollback")


def is_export(first_line: bytes) -> bool:
    """Whether a file that starts with this line is an export."""
    return first_line.startswith(b'{"' + MARK.encode() + b'":')


def may_be_replaced(target: Path) -> bool:
    """Whether an export may be written over what is there: an earlier one, nothing, a pipe, a device."""
    if not target.is_file():
        return True
    with target.open("rb") as handle:
        first = handle.readline(1000)
    return not first or is_export(first)


def import_lines(
    db: sqlite3.Connection, lines: Iterable[bytes], *, name: str, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Put an export into an empty database, all or nothing; returns how many rows it had.

    `name` is the file's, for messages. Raises ConfigError naming the line, or StoreError for a database in use.
    """
    transfer.check_empty(db)
    with transaction(db):
        db.execute("pragma defer_foreign_keys = on")
        db.execute("delete from meta")
        count = _insert(db, lines, name, progress)
        rebuild_index(db)
        _check_references(db, name)
    return count


def _insert(db: sqlite3.Connection, lines: Iterable[bytes], name: str, progress: Callable[[int], None]) -> int:
    columns: dict[str, frozenset[str]] = {
        table: frozenset(transfer.list_columns(db, table)) for table in transfer.list_tables(db)
    }
    counts: dict[str, int] = {}
    expected: dict[str, int] | None = None
    for number, line in enumerate(lines, 1):
        found = _parsed(line, name, number)
        if expected is None:
            expected = _expected(found, name)
            continue
        table, row = found.get("table"), found.get("row")
        if not isinstance(row, dict) or not isinstance(table, str):
            raise ConfigError('a line needs "table" and "row"', path=name, line=number)
        try:
            _insert_one(db, table, row, columns)
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError, ValueError) as error:
            raise ConfigError(str(error), path=name, line=number, hint="nothing was imported") from error
        counts[table] = counts.get(table, 0) + 1
        if number % 1000 == 0:
            progress(number)
    _check_complete(expected, counts, name)
    return sum(counts.values())


def _insert_one(db: sqlite3.Connection, table: str, row: dict[str, Any], columns: dict[str, frozenset[str]]) -> None:
    if table == transfer.SEQUENCE:
        if row.get("name") not in columns or not isinstance(row.get("seq"), int):
            raise ValueError("a sequence needs a table's name and a number")
        transfer.save_sequence(db, row["name"], row["seq"])
        return
    if table not in columns:
        raise ValueError(f"there is no table {table!r}")
    if not row or not columns[table].issuperset(row):
        raise ValueError(f"table {table!r} has no column {', '.join(sorted(set(row) - columns[table])) or 'at all'}")
    transfer.insert_row(db, table, row)


def _expected(first: dict[str, Any], name: str) -> dict[str, int]:
    rows, schema = first.get("rows"), first.get("schema")
    if first.get(MARK) != FORMAT or not isinstance(rows, dict) or not isinstance(schema, int):
        raise ConfigError("this is no export that this program can read", path=name, line=1)
    if schema > LATEST:
        raise ConfigError(f"made by a newer chipreel (schema {schema}, this one knows {LATEST})", path=name, line=1)
    return rows


def _check_complete(expected: dict[str, int] | None, counts: dict[str, int], name: str) -> None:
    missing = {table: number for table, number in (expected or {}).items() if counts.get(table, 0) != number}
    if expected is None or missing:
        where = ", ".join(f"{counts.get(table, 0)} of {number} rows of {table}" for table, number in missing.items())
        raise ConfigError(f"the export is cut: {where or 'it is empty'}", path=name, hint="nothing was imported")


def _check_references(db: sqlite3.Connection, name: str) -> None:
    from chipreel.store.copies import find_dangling

    found = find_dangling(db)
    if found:
        raise ConfigError(f"the export does not hold together: {found[0]}", path=name, hint="nothing was imported")


def _parsed(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not JSON: {error}", path=name, line=number, hint="nothing was imported") from error
    if not isinstance(found, dict):
        raise ConfigError("not a JSON object", path=name, line=number, hint="nothing was imported")
    return found


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
