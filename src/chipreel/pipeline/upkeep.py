"""Examining the user's files with the database, and mending what can be mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chipreel.errors import ConfigError
from chipreel.keep.backup import newest_backup
from chipreel.keep.doctor import Finding, examine, is_damaged
from chipreel.keep.repair import Rescue, rescue
from chipreel.model import Lexicon
from chipreel.pipeline.grouping import refresh_stories
from chipreel.pipeline.rooms import Rooms
from chipreel.store import inspection, retention
from chipreel.store.copies import find_dangling
from chipreel.store.database import open_database, transaction
from chipreel.store.index import rebuild_index
from chipreel.store.lexicon import forget_lexicon, sync_lexicon


@dataclass(slots=True)
class Mended:
    """What a repair did."""

    #: What became of a file that SQLite found damaged; None = it was whole.
    rescue: Rescue | None = None
    #: Sentences, one for each thing that was mended or lost.
    told: list[str] = field(default_factory=list)


def check_files(rooms: Rooms) -> list[Finding]:
    """Whether the user's files can be read."""
    loads: dict[str, Callable[[], str]] = {
        "feeds.yaml": lambda: f"{len(rooms.feeds.sources)} sources",
        "lexicon": lambda: f"{len(rooms.lexicon.companies)} companies",
        "profiles": lambda: f"{len(rooms.audiences.profiles)} profiles",
        "rates": lambda: f"rates of {len(rooms.rates.days)} days",
        "secrets": lambda: "nobody else can read chipreel.env" if rooms.environ else "there is no environment",
    }
    found = []
    for name, load in loads.items():
        try:
            found.append(Finding(name, "ok", load()))
        except ConfigError as error:
            found.append(Finding(name, "problem", str(error)))
        except OSError as error:
            found.append(Finding(name, "problem", f"{error.filename}: {error.strerror}"))
    return found


def mend(
    path: Path,
    now: datetime,
    backup: Path | None = None,
    *,
    lexicon: Lexicon | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Mended:
    """Mend what `examine` finds, and tell what was lost. The caller holds the run's lock. Twice is once.

    Companies and people that were lost come from `lexicon`; None = it cannot be read. A database that cannot be opened
    just now, or is not ours, is left alone. Raises StoreError.
    """
    done = Mended()
    if is_damaged(examine(path, now)):

        def renew(db: sqlite3.Connection) -> None:
            forget_lexicon(db)
            if lexicon is not None:
                sync_lexicon(db, lexicon)

        done.rescue = rescue(path, backup or newest_backup(path), now, renew=renew, progress=progress)
        done.told += _told(done.rescue)
    with open_database(path) as db, transaction(db):
        _mend_rows(db, done.told)
    return done


def _mend_rows(db: sqlite3.Connection, told: list[str]) -> None:
    if find_dangling(db):
        db.execute("pragma defer_foreign_keys = on")
        told += [f"{table}: {count} rows named what is gone" for table, count in inspection.mend_references(db).items()]
    if unquoted := inspection.drop_unquoted(db):
        told.append(f"lost: {unquoted} quotes or sums were not in their article; `chipreel retag --apply` finds anew")
    if unreadable := inspection.empty_unreadable_lists(db):
        told.append(f"lost: {unreadable} lists could not be read; `chipreel retag --apply` finds companies anew")
    unsighted = inspection.find_unsighted(db)
    for article in unsighted:
        retention.invent_sighting(db, article)
    if unsighted:
        told.append(f"{len(unsighted)} articles are held by their source again")
    odd = inspection.find_odd_stories(db)
    if odd:
        inspection.mend_merges(db)
        wrong = {*odd, *inspection.find_odd_stories(db)}
        retention.drop_empty_stories(db, wrong)
        refresh_stories(db, wrong)
        told.append(f"{len(wrong)} stories told anew")
    if inspection.find_index_faults(db):
        told.append(f"the search index was written again: {rebuild_index(db)} articles")


def _told(found: Rescue) -> list[str]:
    ground = f"the backup {found.backup}" if found.backup else "an empty database: there was no backup"
    lines = [
        f"the damaged file is kept as {found.aside}",
        f"built on {ground}; {found.articles} articles are in the new one",
    ]
    lines += [f"lost: {count} rows of {table} could not be read" for table, count in found.salvage.lost.items()]
    lines += [f"{count} rows of {table} have characters that are lost" for table, count in found.salvage.spoilt.items()]
    lines += [f"lost: the end of {table} could not be read" for table in found.salvage.cut]
    lines += [f"lost: nothing of {table} could be read" for table in found.salvage.gone]
    return lines + [f"lost: {count} rows of {table} named what is gone" for table, count in found.mended.items()]
