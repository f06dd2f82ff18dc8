"""References to rows that are not there: what can bring the rows back, and what becomes of the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chipreel.model import Source
from chipreel.model.source import ROLES
from chipreel.store.lexicon import find_absent, sync_lexicon
from chipreel.store.sources import list_ids, save_source
from chipreel.store.transfer import list_columns
from chipreel.store.values import is_moment

if TYPE_CHECKING:
    from chipreel.model import Lexicon

#: How long a chain of references may be: an entry, its story, the story that this became, its first source.
_ROUNDS = 10
#: A mention names exactly one of the three.
_NAMELESS = "company is null and person is null and product is null"


@dataclass(slots=True)
class Loosened:
    """What became of rows that named what is not there."""

    #: Rows taken away because they mean nothing without, by table.
    lost: dict[str, int] = field(default_factory=dict)
    #: Rows that name nothing now, by table.
    kept: dict[str, int] = field(default_factory=dict)


def count_nameless(db: sqlite3.Connection) -> int:
    """Mentions that name neither a company nor a person nor a product."""
    return int(db.execute(f"select count(*) from mentions where {_NAMELESS}").fetchone()[0])  # noqa: S608


def find_absent_sources(db: sqlite3.Connection, named_in: Iterable[str]) -> list[str]:
    """Ids of sources that rows of these tables name, and that are not there."""
    tables = frozenset(named_in)
    queries = [
        f'select "{column}" as id from "{table}"'  # noqa: S608 - names from the schema itself
        for table, column, parent, *_ in _references(db)
        if parent == "sources" and table in tables
    ]
    rows = db.execute(
        f"""select distinct id from ({" union ".join(queries)}) where typeof(id) = 'text' and id != ''
              and id not in (select id from sources) order by id"""  # noqa: S608 - names from the schema itself
    )
    return [row[0] for row in rows]


def bring_back(db: sqlite3.Connection, kept: str) -> dict[str, int]:
    """Take rows that others name, and that are not there, out of the attached backup `kept`; how many, by table."""
    found: dict[str, int] = {}
    for _ in range(_ROUNDS):
        changed = 0
        for table, column, parent, target, _nullable in _references(db):
            names = _common_columns(db, parent, kept)
            if target not in names:
                continue
            listed = ", ".join(f'"{name}"' for name in names)
            wanted = f'select "{column}" from main."{table}" where {_is_dangling(table, column, parent, target)}'  # noqa: S608
            count = db.execute(
                f'insert or ignore into main."{parent}" ({listed})'  # noqa: S608 - names from the schema itself
                f' select {listed} from {kept}."{parent}" where "{target}" in ({wanted})'
            ).rowcount
            if count:
                found[parent] = found.get(parent, 0) + count
                changed += count
        if not changed:
            break
    return found


def refill(db: sqlite3.Connection, table: str, kept: str) -> int:
    """Take every row of a table that was lost out of the attached backup `kept`; how many."""
    names = ", ".join(f'"{name}"' for name in _common_columns(db, table, kept))
    if not names:
        return 0
    copy = f'insert or ignore into main."{table}" ({names}) select {names} from {kept}."{table}"'  # noqa: S608
    return db.execute(copy).rowcount


def revive_lexicon(db: sqlite3.Connection, lexicon: Lexicon) -> int:
    """Bring back companies, people and products of this lexicon; how many."""
    absent = sum(find_absent(db, lexicon).values())
    sync_lexicon(db, lexicon)
    return absent


def revive_sources(db: sqlite3.Connection, sources: Iterable[Source], absent: Iterable[str]) -> tuple[int, int]:
    """Bring back sources that are absent: out of `sources`, else as what an import is stored under.

    Returns how many came back as they are in feeds.yaml, and how many with their id alone; one that came from a backup
    meanwhile is brought to feeds.yaml.
    """
    known = {source.id: source for source in sources}
    there = list_ids(db)
    told, bare = 0, 0
    for id in absent:
        if id in known:
            save_source(db, known[id])
        if id in there:
            continue
        told, bare = told + (id in known), bare + (id not in known)
        if id not in known:
            save_source(db, _stub(db, id))
        # Without it their next articles would be taken for their past.
        db.execute(
            f"""update sources set last_good = (select max(at) from fetches where source = :id and outcome != 'failed'
                  and {is_moment("at")}) where id = :id""",  # noqa: S608 - no outside text
            {"id": id},
        )
    return told, bare


def revive_names(db: sqlite3.Connection) -> dict[str, int]:
    """Give companies, people and products that mentions name, and no lexicon, a row with the name that was met."""
    found: dict[str, int] = {}
    for table, column, other in (("companies", "company", ", name_zh, kind"), ("people", "person", ""),
                                 ("products", "product", "")):  # fmt: skip
        values = ", surface, ''" if other else ""
        count = db.execute(
            f"""insert or ignore into {table} (id, name{other}) select {column}, surface{values} from mentions
                where {column} is not null and {column} not in (select id from {table}) order by id"""  # noqa: S608 - names from above
        ).rowcount
        if count:
            found[table] = count
    return found


def mend_references(db: sqlite3.Connection) -> Loosened:
    """Take away references to rows that are not there, and rows that mean nothing without.

    With foreign keys off: else rows would go with others, and nobody would count them.
    """
    done = Loosened()
    for _ in range(_ROUNDS):
        changed = 0
        for table, column, parent, target, nullable in _references(db):
            where = _is_dangling(table, column, parent, target)
            change = f'update "{table}" set "{column}" = null' if nullable else f'delete from "{table}"'  # noqa: S608
            changed += _count(done.kept if nullable else done.lost, table, db.execute(f"{change} where {where}"))
        if not changed:
            break
    nameless = _count({}, "mentions", db.execute(f"delete from mentions where {_NAMELESS}"))  # noqa: S608
    if nameless:
        done.lost["mentions"] = done.lost.get("mentions", 0) + nameless
        done.kept["mentions"] = done.kept.get("mentions", 0) - nameless
    return replace(done, kept={table: count for table, count in done.kept.items() if count > 0})


def _count(counts: dict[str, int], table: str, cursor: sqlite3.Cursor) -> int:
    if cursor.rowcount:
        counts[table] = counts.get(table, 0) + cursor.rowcount
    return cursor.rowcount


def _stub(db: sqlite3.Connection, id: str) -> Source:
    """A source of which nothing is known but what its articles tell; nobody visits it."""
    source = Source(id=id, title=id, kind="import", url="", language="mul")
    told = {row[0] for row in db.execute("select distinct role from articles where source = ?", (id,))}
    return replace(source, role=next((role for role in ROLES if role in told), source.role))


def _is_dangling(table: str, column: str, parent: str, target: str) -> str:
    """SQL: that a row of `table` names what is not there."""
    named = f'select 1 from main."{parent}" p where p."{target}" = "{table}"."{column}"'  # noqa: S608
    return f'"{column}" is not null and not exists ({named})'


def _references(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, bool]]:
    """Every foreign key: table, column, parent, its column, whether the column may be null."""
    tables = [row[0] for row in db.execute("select name from main.sqlite_master where type = 'table' order by name")]
    for table in tables:
        columns = {row[1]: not row[3] and not row[5] for row in db.execute(f'pragma main.table_info("{table}")')}
        for row in db.execute(f'pragma main.foreign_key_list("{table}")').fetchall():
            yield table, row[3], row[2], row[4] or "id", columns[row[3]]


def _common_columns(db: sqlite3.Connection, table: str, kept: str) -> tuple[str, ...]:
    known = {row[1] for row in db.execute(f'pragma {kept}.table_info("{table}")')}
    return tuple(name for name in list_columns(db, table) if name in known)
