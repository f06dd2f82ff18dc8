"""Companies, people and products as tables, so that tags have names in Datasette."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chipreel.store.meta import get_meta, save_meta
from chipreel.store.rows import to_json

if TYPE_CHECKING:
    from chipreel.model import Alias, Lexicon, Person

#: These two are new with every column that is filled from the lexicon, so that the next run fills it.
_KEY = "lexicon"
#: Key under which a run keeps the digest of the file that the tables were brought to.
LEXICON_FILE = "companies_file"


def sync_lexicon(db: sqlite3.Connection, lexicon: Lexicon) -> None:
    """Bring the tables to the lexicon; what left it stays, because articles may name it."""
    if get_meta(db, _KEY) == lexicon.version and not find_absent(db, lexicon):
        return
    for company in lexicon.companies:
        db.execute(
            """insert into companies (id, name, name_zh, kind, names) values (?,?,?,?,?) on conflict(id) do update
               set name = excluded.name, name_zh = excluded.name_zh, kind = excluded.kind, names = excluded.names""",
            (company.id, company.name, company.name_zh, company.group, _names(company.aliases)),
        )
    for company in lexicon.companies:
        for product in company.products:
            ensure_product(db, product.id, product.name, company.id)
            db.execute("update products set names = ? where id = ?", (_names(product.aliases), product.id))
    for person in lexicon.people:
        db.execute(
            """insert into people (id, name, name_zh, role, company, names) values (?,?,?,?,?,?)
               on conflict(id) do update set name = excluded.name, name_zh = excluded.name_zh,
                 role = excluded.role, company = excluded.company, names = excluded.names""",
            (person.id, person.name, person.name_zh, person.role, _employer(person), _names(person.aliases)),
        )
    save_meta(db, _KEY, lexicon.version)


def find_absent(db: sqlite3.Connection, lexicon: Lexicon) -> dict[str, int]:
    """How many companies, people and products of the lexicon have no row, by table; empty = all have one."""
    wanted = {
        "companies": {company.id for company in lexicon.companies},
        "people": {person.id for person in lexicon.people},
        "products": {product.id for company in lexicon.companies for product in company.products},
    }
    absent = {
        table: len(ids - {row[0] for row in db.execute(f"select id from {table}")})  # noqa: S608 - names from above
        for table, ids in wanted.items()
    }
    return {table: count for table, count in absent.items() if count}


def is_brought(db: sqlite3.Connection, lexicon: Lexicon) -> bool:
    """Whether the tables are said to have been brought to this lexicon: what is absent then was lost."""
    return get_meta(db, _KEY) == lexicon.version


def is_any_brought(db: sqlite3.Connection) -> bool:
    """Whether the tables are said to have been brought to any lexicon."""
    return get_meta(db, _KEY) is not None


def forget_lexicon(db: sqlite3.Connection) -> None:
    """Let the next run bring the tables to the lexicon again, although it has not changed."""
    db.execute("delete from meta where key in (?, ?)", (_KEY, LEXICON_FILE))


def ensure_product(db: sqlite3.Connection, product: str, name: str, company: str | None) -> None:
    """Make sure a product has a row: versions found by pattern are born when they are first met."""
    known = db.execute("select company from products where id = ?", (product,)).fetchone()
    if known is None:
        db.execute("insert into products (id, name, company) values (?,?,?)", (product, name, company))
    elif company is not None and known["company"] is None:
        db.execute("update products set company = ? where id = ?", (company, product))


def _names(aliases: Iterable[Alias]) -> str:
    return to_json(dict.fromkeys(alias.text for alias in aliases))


def _employer(person: Person) -> str | None:
    current = [company for company, _, until in person.speaks_for if until is None]
    return current[0] if current else None
