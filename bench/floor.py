"""The bare inserts of rows that are there already: `python -m bench.floor FROM.db TO.db [--index]`."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path

from chipreel.text.segment import segment


def main() -> None:
    """Copy the articles, in one transaction."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--index", action="store_true")
    given = parser.parse_args()
    rows = sqlite3.connect(given.source).execute("select id, title, url, published, text from articles").fetchall()
    db = sqlite3.connect(given.target, isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("create table articles (id integer primary key, title text, url text, published text, text text)")
    db.execute("create virtual table fts using fts5(title, text, content='', tokenize='porter unicode61')")
    db.execute("begin")
    db.executemany("insert into articles values (?,?,?,?,?)", rows)
    if given.index:
        words = ((row[0], segment(row[1] or ""), segment(row[4] or "")) for row in rows)
        db.executemany("insert into fts(rowid, title, text) values (?,?,?)", words)
    db.execute("commit")
    db.close()


if __name__ == "__main__":
    main()
