"""A new database from what a damaged one and its backup still hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chipreel.errors import StoreError
from chipreel.keep import backup as backups
from chipreel.store import copies, inspection, references, shape
from chipreel.store.database import open_database, transaction
from chipreel.store.index import rebuild_index
from chipreel.store.salvage import Salvage, put_back, salvage_rows, unread_bytes
from chipreel.store.transfer import count_rows


@dataclass(slots=True)
class Rescue:
    """What became of a damaged database."""

    #: Where the damaged file was put.
    aside: Path
    #: The backup that it was built on; None = there was none.
    backup: Path | None
    #: Articles in the new database.
    articles: int = 0
    salvage: Salvage = field(default_factory=Salvage)
    #: Rows that named what is lost.
    loosened: references.Loosened = field(default_factory=references.Loosened)


def rescue(
    db: Path,
    backup: Path | None,
    now: datetime,
    *,
    renew: Callable[[sqlite3.Connection], None] = lambda _: None,
    progress: Callable[[str], None] = lambda _: None,
) -> Rescue:
    """Put a whole database in the place of a damaged one, which is kept beside it. The caller holds the run's lock.

    The backup is the ground, where there is one; every row that can be read of the damaged file is put over it, and
    `renew` adds what can be made again from elsewhere. Broken off at any moment, the damaged file is still in its
    place; it also stays there when nothing can be saved.
    """
    built = db.with_name(f"{db.name}.rescue")
    backups.discard(built)
    try:
        if backup is not None:
            copies.check_ours(backup)
            copies.copy_database(backup, built)
        found = Rescue(db.with_name(f"{db.name}.damaged-{now:%Y%m%dT%H%M%SZ}"), backup)
        _build(db, built, found, renew, progress)
        if backup is None and not any(found.salvage.taken.values()):
            raise StoreError(f"{db}: nothing of it can be read and there is no backup: {_advice(db)}")
        copies.make_single_file(built)
        copies.check_ours(built)
        backups.exchange(db, built, found.aside)
    except OSError as error:
        raise StoreError(f"{built}: cannot be written ({error.strerror})") from error
    finally:
        backups.discard(built)
    return found


def _advice(db: Path) -> str:
    if db.stat().st_size == 0:
        return "the file is empty; `chipreel fetch` begins anew in it"
    return "it stays where it is; move it away and the next run begins anew"


def _build(
    db: Path,
    built: Path,
    found: Rescue,
    renew: Callable[[sqlite3.Connection], None],
    progress: Callable[[str], None],
) -> None:
    with open_database(built) as target:
        target.execute("pragma foreign_keys = off")
        if found.backup is not None:
            target.execute("attach database ? as kept", (f"{found.backup.absolute().as_uri()}?mode=ro",))
        with transaction(target):
            found.salvage = _salvaged(db, target, progress)
            if found.backup is not None:
                put_back(target, "kept")
            renew(target)
            for table in found.salvage.gone:
                shape.lift_numbers(target, table)
            found.loosened = references.mend_references(target)
            inspection.mend_merges(target)
            rebuild_index(target)
        found.articles = count_rows(target, "articles")


def _salvaged(db: Path, target: sqlite3.Connection, progress: Callable[[str], None]) -> Salvage:
    try:
        with closing(sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro", uri=True)) as damaged:
            damaged.row_factory = sqlite3.Row
            # Without it SQLite refuses to read anything of a file that has lost its end.
            damaged.execute("pragma writable_schema = on")
            damaged.text_factory = unread_bytes
            return salvage_rows(damaged, target, progress=progress)
    except sqlite3.DatabaseError:
        return Salvage(gone=["all"])
