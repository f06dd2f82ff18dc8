"""A copy of the database that may be shown to the world: an allow-list of tables and columns, and nothing else.

Profiles, deliveries, digests, fetches with their errors, corrections and the health of sources stay at home. Addresses
of sources lose what may be a key. Of each text only the beginning goes out, unless the whole is asked for.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from chipreel.browse.tables import metadata
from chipreel.errors import ConfigError
from chipreel.store.database import looked_into, open_database, transaction
from chipreel.store.index import optimise_index, rebuild_index

#: Table → the columns that go out. What is not named here stays.
PUBLIC: dict[str, tuple[str, ...]] = {
    "companies": ("id", "name", "name_zh", "kind"),
    "people": ("id", "name", "name_zh", "role", "company"),
    "products": ("id", "name", "company"),
    "sources": ("id", "title", "kind", "url", "site", "language", "role", "companies", "publisher", "enabled"),
    "stories": (
        "id", "headline", "lang", "first_seen", "last_seen", "articles", "outlets", "languages", "companies", "beats",
        "topics", "first_source", "merged_into",
    ),
    "articles": (
        "id", "title", "url", "published", "first_seen", "updated", "lang", "source", "role", "kind", "author", "story",
        "relevant", "relevance", "companies", "beats", "topics", "via", "canonical_url", "title_key", "content_hash",
        "text",
    ),
    "mentions": ("id", "article", "company", "person", "product", "score", "is_primary", "via", "surface", "evidence"),
    "quotes": (
        "id", "article", "text", "speaker", "person", "company", "kind", "cue", "field", "start", "end", "key",
    ),
    "money": (
        "id", "article", "surface", "amount", "amount_high", "currency", "usd", "usd_high", "bound", "company",
        "person", "role", "field", "start", "end",
    ),
}  # fmt: skip
#: Code points of a text that go out unless the whole is asked for.
LEAD = 300
_OF_ARTICLES = ("mentions", "quotes", "money")


def publish(db: Path, to: Path, *, full_text: bool = False) -> int:
    """Write the public copy of `db` to `to`, with Datasette's metadata beside it; returns the number of articles.

    Only what is relevant goes out. Raises ConfigError when `to` exists; broken off, there is nothing under that name.
    """
    if to.exists():
        raise ConfigError(f"{to} is there already", hint="name a new file, or remove that one first")
    with open_database(db, write=False):
        pass
    part = to.with_name(f"{to.name}.part")
    try:
        count = _fill(db, part, full_text=full_text)
        part.replace(to)
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            part.with_name(part.name + end).unlink(missing_ok=True)
    beside = to.with_name(f"{to.stem}-metadata.json")
    beside.write_text(json.dumps(metadata(to.stem), ensure_ascii=False, indent=1), "utf-8")
    return count


def _fill(db: Path, to: Path, *, full_text: bool) -> int:
    """Make the copy; what an earlier run left half done goes."""
    to.unlink(missing_ok=True)
    with looked_into(db), open_database(to) as out:
        out.execute("attach database ? as home", (f"{db.absolute().as_uri()}?mode=ro",))
        with transaction(out):
            # Rows refer to each other in a circle of stories and articles; the copy is as whole as its source.
            out.execute("pragma defer_foreign_keys = on")
            for table, columns in PUBLIC.items():
                _copy(out, table, columns, full_text=full_text)
            _without_keys(out)
            count = rebuild_index(out)
        optimise_index(out)
        out.execute("detach database home")
        out.execute("vacuum")
        # One file that needs no other beside it.
        out.execute("pragma journal_mode = delete")
    return count


def _copy(out: sqlite3.Connection, table: str, columns: tuple[str, ...], *, full_text: bool) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    values = [f'"{column}"' for column in columns]
    condition = "1"
    if table == "articles":
        condition = "relevant = 1"
        if not full_text:
            values[columns.index("text")] = f"substr(text, 1, {LEAD})"
    elif table in _OF_ARTICLES:
        condition = "article in (select id from main.articles)"
    select = f"select {', '.join(values)} from home.{table} where {condition}"  # noqa: S608 - names written above
    out.execute(f"insert into main.{table} ({names}) {select}")


def _without_keys(out: sqlite3.Connection) -> None:
    """Addresses of sources without user, password and query, where keys stand."""
    for row in out.execute("select id, url, site from main.sources").fetchall():
        plain = [_plain(row[column]) for column in ("url", "site")]
        out.execute("update main.sources set url = ?, site = ? where id = ?", (plain[0] or "", plain[1], row["id"]))


def _plain(address: str | None) -> str | None:
    if not address:
        return address
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    return parts._replace(netloc=host + port, query="", fragment="").geturl()
