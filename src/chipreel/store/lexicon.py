"""Companies, people and products as tables, so that tags have names in Datasette."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from chipreel.store.meta import get_meta, save_meta

if TYPE_CHECKING:
    from chipreel.model import Lexicon, Person

_KEY = "lexicon_version"
#: Key under which a run keeps the digest of the file that the tables were brought to.
LEXICON_FILE = "lexicon_file"


def sync_lexicon(db: sqlite3.Connection, lexicon: Lexicon) -> None:
    """Bring the tables to the lexicon; what left it stays, because articles may name it."""
    if get_meta(db, _KEY) == lexicon.version:
        return
    for company in lexicon.companies:
        db.execute(
            """insert into companies (id, name, name_zh, kind) values (?,?,?,?) on conflict(id) do update
               set name = excluded.name, name_zh = excluded.name_zh, kind = excluded.kind""",
            (company.id, company.name, company.name_zh, company.group),
        )
    for company in lexicon.companies:
        for product in company.products:
            ensure_product(db, product.id, product.name, company.id)
    for person in lexicon.people:
        db.execute(
            """insert into people (id, name, name_zh, role, company) values (?,?,?,?,?)
               on conflict(id) do update set name = excluded.name, name_zh = excluded.name_zh,
                 role = excluded.role, company = excluded.company""",
            (person.id, person.name, person.name_zh, person.role, _employer(person)),
        )
    save_meta(db, _KEY, lexicon.version)


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


def _employer(person: Person) -> str | None:
    current = [company for company, _, until in person.speaks_for if until is None]
    return current[0] if current else None
