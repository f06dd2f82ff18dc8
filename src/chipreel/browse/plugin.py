"""The plugin that teaches Datasette's connections chipreel's search.

Datasette asks the SQL function `escape_fts` for the expression of what was typed into a search box. Registering our own
under that name is all it takes; `trylast`, because Datasette registers its own first and the last one wins.
"""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

from chipreel.text.query import parse_query, rewrite
from chipreel.text.snippet import snippet


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register the functions that the search box and the ready queries use."""
    conn.create_function("escape_fts", 1, _rewrite, deterministic=True)
    conn.create_function("chipreel_match", 1, _rewrite, deterministic=True)
    conn.create_function("chipreel_snippet", 2, _snippet, deterministic=True)


def _rewrite(text: object) -> str:
    return rewrite(str(text or ""))


def _snippet(text: object, query: object) -> str:
    terms = [term.text for term in parse_query(str(query or "")).terms]
    return snippet(str(text or ""), terms)
