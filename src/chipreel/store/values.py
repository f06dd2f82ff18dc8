"""Values that no program can read: of another type than their column's, moments that are none, objects that are none.

SQLite stores anything anywhere. What was written by hand or by damage is found here, before a command stumbles over it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from chipreel.store.rows import to_text
from chipreel.store.shape import Column, columns
from chipreel.store.transfer import list_columns


def is_moment(column: str) -> str:
    """SQL: whether a value is a moment as it is stored. Adding nothing makes 1 March of 30 February, and of no text."""
    return f"(strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '+0 days') is {column})"


#: Columns of moments, beside those whose names end in `_at`.
_MOMENTS = frozenset(
    ("at", "since", "until", "reached", "published", "first_seen", "last_seen", "updated", "last_good", "last_new")
)
#: Columns that hold JSON objects.
_OBJECTS = frozenset((("backfills", "place"), ("digests", "content"), ("stories", "score_parts")))
_TYPES = {"INTEGER": "'integer'", "REAL": "'real', 'integer'", "TEXT": "'text'"}
#: Column → what its value is taken from, where it may not be empty. `:now` is the moment of the repair.
_SOURCES: Mapping[tuple[str, str], str] = {
    # Articles come in the order of their numbers.
    ("articles", "first_seen"): f"""coalesce(
        (select min(seen_at) from sightings s where s.article = t.id and {is_moment("seen_at")}),
        (select max(first_seen) from articles o where o.id < t.id and {is_moment("first_seen")}),
        :now)""",  # noqa: S608 - no outside text
    ("articles", "content_hash"): "''",
    ("sources", "title"): "id",
    ("sources", "publisher"): "id",
    ("sources", "language"): "'mul'",
    ("sources", "role"): "'press'",
    ("sources", "url"): "''",
    # What was told of the last visits.
    ("sources", "last_good"): f"""(select max(at) from fetches f where f.source = t.id and outcome != 'failed'
        and {is_moment("at")})""",  # noqa: S608 - no outside text
    ("companies", "name"): "id",
    ("companies", "name_zh"): "id",
    ("people", "name"): "id",
    ("products", "name"): "id",
    ("deliveries", "state"): "'unknown'",
}


@dataclass(slots=True)
class MendedValues:
    """What became of values that could not be read."""

    #: Values taken from the backup, by "table.column".
    taken: dict[str, int] = field(default_factory=dict)
    #: Values that were derived from others, by "table.column".
    derived: dict[str, int] = field(default_factory=dict)
    #: Values that are nothing now, by "table.column".
    emptied: dict[str, int] = field(default_factory=dict)

    def touches(self, *tables: str) -> bool:
        """Whether anything of these tables was replaced."""
        return any(name.partition(".")[0] in tables for name in (*self.taken, *self.derived, *self.emptied))

    def is_changed(self, *names: str) -> bool:
        """Whether a value of one of these columns ("table.column") was replaced."""
        return any(name in found for found in (self.taken, self.derived, self.emptied) for name in names)


def list_odd(db: sqlite3.Connection) -> list[str]:
    """Columns with values that cannot be read, as sentences."""
    return [f"{count} values of {column.table}.{column.name} cannot be read" for column, count in find_odd(db)]


def find_odd(db: sqlite3.Connection) -> list[tuple[Column, int]]:
    """Columns with values that cannot be read, and how many. Each table is read once."""
    found = []
    for table, wanted in _by_table(db):
        sums = ", ".join(f"sum({_is_odd(column)})" for column in wanted)
        counts = db.execute(f'select {sums} from "{table}"').fetchone()  # noqa: S608 - names from our own schema
        found += [(column, count) for column, count in zip(wanted, counts, strict=True) if count]
    return found


def find_touched_stories(db: sqlite3.Connection) -> set[int]:
    """Stories that are told from values that cannot be read."""
    found: set[int] = set()
    for column, _ in find_odd(db):
        key = {"articles": "story", "stories": "id"}.get(column.table)
        if key and column.name != key:
            query = f"select {key} from {column.table} where typeof({key}) = 'integer' and {_is_odd(column)}"  # noqa: S608
            found.update(row[0] for row in db.execute(query))
    return found


def mend_odd(db: sqlite3.Connection, now: datetime, kept: str | None) -> MendedValues:
    """Replace values that cannot be read: by that of the attached backup `kept`, by what can be derived, by nothing.

    Where a row may not be without, it stays as it is. In the caller's transaction, with foreign keys off.
    """
    done = MendedValues()
    for column, _ in find_odd(db):
        name = f"{column.table}.{column.name}"
        if kept is not None and (taken := _take(db, column, kept)):
            done.taken[name] = taken
        for counts, change in ((done.derived, _derivation(column)), (done.emptied, _emptying(column))):
            if change and (count := db.execute(change, {"now": to_text(now)}).rowcount):
                counts[name] = count
    return done


def drop_odd(db: sqlite3.Connection) -> dict[str, int]:
    """Take away rows with values that cannot be read, which mean nothing without; how many, by table."""
    lost: dict[str, int] = {}
    for column, _ in find_odd(db):
        count = db.execute(f'delete from "{column.table}" where {_is_odd(column)}').rowcount  # noqa: S608
        lost[column.table] = lost.get(column.table, 0) + count
    return {table: count for table, count in lost.items() if count}


def _by_table(db: sqlite3.Connection) -> Iterator[tuple[str, list[Column]]]:
    for table, wanted in groupby(columns(), attrgetter("table")):
        there = list_columns(db, table)
        found = [column for column in wanted if column.name in there]
        if found:
            yield table, found


def _is_odd(column: Column, prefix: str = "") -> str:
    """SQL, 0 or 1: whether a value cannot be what its column holds."""
    name = f'{prefix}"{column.name}"'
    odd = f"typeof({name}) not in ({_TYPES[column.type]})"
    if _is_of_moments(column):
        odd = f"({odd} or not {is_moment(name)})"
    elif (column.table, column.name) == ("meta", "value"):
        odd = f"({odd} or ({prefix}key like 'edition.%' and not {is_moment(name)}))"
    elif (column.table, column.name) in _OBJECTS:
        odd = f"({odd} or case when json_valid({name}) then json_type({name}) != 'object' else 1 end)"
    return f"({name} is not null and {odd})" if column.nullable else f"({odd})"


def _take(db: sqlite3.Connection, column: Column, kept: str) -> int:
    """Take the values of the backup in the place of odd ones; how many."""
    same = _same_row(db, column, kept)
    if same is None:
        return 0
    row = f'from {kept}."{column.table}" k where {same} and not {_is_odd(column, "k.")}'
    return db.execute(
        f'{_setting(column)} (select k."{column.name}" {row}) where {_is_odd(column, "t.")} and exists (select 1 {row})'
    ).rowcount


def _setting(column: Column) -> str:
    return f'update or ignore main."{column.table}" as t set "{column.name}" ='  # noqa: S608 - our own schema


def _derivation(column: Column) -> str | None:
    """A statement that makes odd values of others; None = nothing tells them."""
    source = _SOURCES.get((column.table, column.name))
    return f"{_setting(column)} {source} where {_is_odd(column, 't.')}" if source else None


def _emptying(column: Column) -> str | None:
    """A statement that leaves nothing, or now, where odd values were; None = the row means nothing without."""
    if column.is_key:
        return None
    nothing = "null" if column.nullable else column.default or (":now" if _is_of_moments(column) else None)
    return f"{_setting(column)} {nothing} where {_is_odd(column, 't.')}" if nothing else None


def _is_of_moments(column: Column) -> bool:
    return column.name in _MOMENTS or column.name.endswith("_at")


def _same_row(db: sqlite3.Connection, column: Column, kept: str) -> str | None:
    """SQL: that `k` of the backup is the row `t`; None = the backup does not know the column."""
    known = {row[1] for row in db.execute(f'pragma {kept}.table_info("{column.table}")')}
    keys = [one.name for one in columns() if one.table == column.table and one.is_key]
    if column.name not in known or column.is_key or not known.issuperset(keys):
        return None
    return " and ".join(f'k."{key}" = t."{key}"' for key in keys)
