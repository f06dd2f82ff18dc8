"""One Chinese character that every twentieth article holds: 的, 在, 年.

The index finds a character by merging all pairs that begin with it: for the most frequent of a million articles that
takes most of a second, and tells nothing, because everything matches. The best of the newest articles are as good an
answer, and are read in no time. Small databases, later pages and whole lists go by the index.
"""

from __future__ import annotations

import sqlite3

from chipreel.store.search_options import SearchOptions
from chipreel.text.fold import fold
from chipreel.text.query import Query
from chipreel.text.script import is_han

#: Articles from which on it matters; measured with bench/search_million.py.
LARGE = 200_000
#: The newest articles that are read, to tell how frequent a character is, and to answer.
_PROBED, _READ = 500, 2000
#: A character is frequent from this many of the probed on.
_FREQUENT = 25
#: Answers up to this place.
_REACH = 60
_TITLE_WEIGHT = 4


def frequent_character(db: sqlite3.Connection, query: Query, options: SearchOptions) -> list[sqlite3.Row] | None:
    """Rows of the best of the newest articles; None when the index shall answer."""
    char = _single(query)
    if char is None or options.relevant or options.order != "rank":
        return None
    if not 0 < options.limit <= _REACH - options.offset or _size(db) < LARGE:
        return None
    if sum(char in fold(f"{row['title']} {row['text']}") for row in _newest(db, _PROBED)) < _FREQUENT:
        return None
    scored = [(_score(row, char), -int(row["id"])) for row in _newest(db, _READ)]
    best = sorted(one for one in scored if one[0])[options.offset : options.offset + options.limit]
    found = (db.execute("select *, ? as score from articles where id = ?", (score, -number)) for score, number in best)
    return [cursor.fetchone() for cursor in found]


def _single(query: Query) -> str | None:
    """The character that a query consists of; None for any other query."""
    if query.excluded or query.filters or query.either or len(query.groups) != 1 or len(query.groups[0]) != 1:
        return None
    text = fold(query.groups[0][0].text.strip())
    return text if len(text) == 1 and is_han(text) else None


def _size(db: sqlite3.Connection) -> int:
    return int(db.execute("select coalesce(max(id), 0) from articles").fetchone()[0])


def _newest(db: sqlite3.Connection, number: int) -> list[sqlite3.Row]:
    return db.execute("select id, title, text from articles order by id desc limit ?", (number,)).fetchall()


def _score(row: sqlite3.Row, char: str) -> float:
    """Share of the character in title and text, below zero as the index scores; 0 = it is not there."""
    title, text = fold(row["title"] or ""), fold(row["text"] or "")
    return -(_TITLE_WEIGHT * title.count(char) + text.count(char)) / (len(title) + len(text) + 200)
