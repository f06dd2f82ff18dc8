"""Opens a database with a program of tomorrow, whose schema has one more step. Run by test_migrations.py."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from chipreel.errors import StoreError
from chipreel.store import migrations


def m900_of_tomorrow(db: sqlite3.Connection) -> None:
    """All that a step may do, on every row: a column, a table, a table made anew, rows rewritten."""
    db.execute("alter table articles add column words integer")
    db.execute("update articles set words = length(text)")
    db.execute("create table glossary (term text primary key, meaning text)")
    db.execute("create table money_anew as select *, 'x' as more from money")
    db.execute("drop table money")
    db.execute("alter table money_anew rename to money")
    db.execute("create index articles_by_words on articles(words)")
    db.execute("insert into glossary select id, title from articles")


def m901_of_the_day_after(db: sqlite3.Connection) -> None:
    """A second one, so that a run may die between the two."""
    db.execute("update glossary set meaning = meaning || ' 词'")


# Before anybody takes the number from it.
migrations.STEPS += (m900_of_tomorrow, m901_of_the_day_after)
migrations.LATEST = len(migrations.STEPS)

if __name__ == "__main__":
    from chipreel.store.database import open_database

    print("ready", flush=True)
    try:
        with open_database(Path(sys.argv[1])) as opened:
            print(opened.execute("pragma user_version").fetchone()[0])
    except StoreError as error:
        print(error)
        sys.exit(error.exit_code)
