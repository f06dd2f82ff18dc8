"""The plugin that makes Datasette chipreel's: the search language in SQL, the pages, what every page says.

Datasette asks the SQL function `escape_fts` for the expression of what was typed into a search box. Registering our own
under that name is all it takes; `trylast`, because Datasette registers its own first and the last one wins.

`chipreel browse` runs it in this process; an installed chipreel is also a plugin of any other Datasette, which finds
the templates beside this file by itself.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import hookimpl

from chipreel.errors import ChipreelError
from chipreel.store.database import APPLICATION_ID, add_functions
from chipreel.store.rows import to_json
from chipreel.store.search import SearchOptions, search
from chipreel.text.query import parse_query, rewrite
from chipreel.text.snippet import snippet

if TYPE_CHECKING:
    from collections.abc import Callable

    from chipreel.browse.pages import Pages

#: Name of the attribute of a Datasette under which its pages are kept.
PAGES = "chipreel_pages"
#: Most articles that a search in SQL gives.
_FOUND = 100


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register the functions that the search box and the ready queries use."""
    add_functions(conn)
    conn.create_function("escape_fts", 1, _rewrite, deterministic=True)
    conn.create_function("chipreel_match", 1, _rewrite, deterministic=True)
    conn.create_function("chipreel_snippet", 2, _snippet, deterministic=True)
    conn.create_function("chipreel_search", 1, _searcher(conn))


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[Any]:
    """The pages of this server."""
    pages = _pages(datasette)
    return pages.routes() if pages else []


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(request: Any, datasette: Any) -> dict[str, Any]:
    """What our templates say around Datasette's own pages."""
    pages = _pages(datasette)
    return pages.around(request) if pages else {}


def _pages(datasette: Any) -> Pages | None:
    """The pages of this Datasette; made for the first database of ours where nobody has made them."""
    found: Pages | None = getattr(datasette, PAGES, None)
    if found is None:
        name = next((name for name, one in datasette.databases.items() if _is_ours(one.path)), None)
        if name is not None:
            from chipreel.browse.pages import Pages

            found = Pages(name)
            setattr(datasette, PAGES, found)
    return found


def _is_ours(path: str | None) -> bool:
    """Whether a database file is chipreel's, by the mark in its header."""
    if path is None:
        return False
    try:
        with Path(path).open("rb") as file:
            return int.from_bytes(file.read(72)[68:], "big") == APPLICATION_ID
    except OSError:
        return False


def _rewrite(text: object) -> str:
    return rewrite(str(text or ""))


def _snippet(text: object, query: object) -> str:
    terms = [term.text for term in parse_query(str(query or "")).terms]
    return snippet(str(text or ""), terms)


def _searcher(conn: sqlite3.Connection) -> Callable[[object], str]:
    """A function of SQL: a query of the search language → ids of articles, best first, as a JSON array."""

    def found(text: object) -> str:
        options = SearchOptions(datetime.now(UTC), UTC, limit=_FOUND)
        try:
            return to_json(hit.id for hit in search(conn, parse_query(str(text or "")), options))
        except ChipreelError:
            return "[]"

    return found
