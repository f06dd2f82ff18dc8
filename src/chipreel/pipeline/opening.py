"""The database of a run: nobody else writes to it, and its search index is of this program."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chipreel.store.database import open_database, transaction
from chipreel.store.index import is_current, rebuild_index
from chipreel.store.lock import run_lock


@contextmanager
def open_for_run(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database at `path` for writing by this run alone; made when absent.

    A search index written by another version of the program is written anew first: with the old one, new queries would
    miss old articles, and SQLite could not forget words any more. Raises BusyError, StoreError.
    """
    with run_lock(path), open_database(path) as db:
        if not is_current(db):
            with transaction(db):
                rebuild_index(db)
        yield db
