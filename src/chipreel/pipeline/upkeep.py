"""Examining the user's files with the database, and mending what can be mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chipreel.config.feeds import find_strangers
from chipreel.errors import ConfigError, DamagedError
from chipreel.keep.backup import newest_backup
from chipreel.keep.doctor import Finding, examine, is_damaged
from chipreel.keep.repair import Rescue, rescue
from chipreel.model import Lexicon, Source
from chipreel.pipeline.righting import Means, put_right
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database
from chipreel.store.lexicon import forget_lexicon, sync_lexicon
from chipreel.store.references import find_absent_sources, revive_sources


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
    with suppress(ConfigError, OSError):  # Told above.
        strangers = find_strangers(rooms.places.feeds, {company.id for company in rooms.lexicon.companies})
        found += [Finding("companies of sources", "warning", str(error)) for _, error in strangers]
    return found


def mend(
    path: Path,
    now: datetime,
    backup: Path | None = None,
    *,
    lexicon: Lexicon | None = None,
    sources: tuple[Source, ...] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Mended:
    """Mend what `examine` finds, and tell what was lost. The caller holds the run's lock. Twice is once.

    Companies and people that were lost come from `lexicon` (None = it cannot be read), sources from `sources`, rows of
    every kind from `backup` (None = the newest). A database that cannot be opened just now, or is not ours, is left
    alone. Raises StoreError.
    """
    done = Mended()
    if is_damaged(examine(path, now)) or not _can_be_opened(path):

        def renew(db: sqlite3.Connection) -> None:
            forget_lexicon(db)
            if lexicon is not None:
                sync_lexicon(db, lexicon)
            revive_sources(db, sources, find_absent_sources(db, ("articles",)))

        done.rescue = rescue(path, backup or newest_backup(path), now, renew=renew, progress=progress)
        done.told += _told(done.rescue)
    done.told += put_right(path, Means(now, backup, lexicon, sources))
    return done


def _can_be_opened(path: Path) -> bool:
    """Whether a database can be brought to the latest schema: not where a table has gone that a step changes."""
    try:
        with open_database(path):
            return True
    except DamagedError:
        return False


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
    lines += [f"lost: {count} rows of {table} named what is gone" for table, count in found.loosened.lost.items()]
    return lines + [
        f"{count} rows of {table} no longer name what is gone" for table, count in found.loosened.kept.items()
    ]
