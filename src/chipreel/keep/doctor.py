"""Is everything well? One finding for each thing that is looked at. Changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chipreel.errors import DamagedError, StoreError
from chipreel.store import copies, inspection, shape, values
from chipreel.store.database import EMPTY, open_database
from chipreel.store.lexicon import find_absent, is_brought

if TYPE_CHECKING:
    from chipreel.model import Lexicon

State = Literal["ok", "warning", "problem"]
#: Free space below which a run may fail, beside room for once more the database.
_FREE_BYTES = 200 * 1024 * 1024
#: Checks whose problems a repair mends; the others are for a person.
MENDED = frozenset(
    ("integrity", "tables", "values", "references", "names", "index", "stories", "quotes", "lists", "sightings")
)
#: Without a readable answer for this long, something is wrong with the schedule or the network.
_QUIET = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    #: One of MENDED, or database, deliveries, fetches, disk, lexicon …
    check: str
    state: State
    #: One sentence for a person.
    message: str


def examine(path: Path, now: datetime, lexicon: Lexicon | None = None) -> list[Finding]:
    """Look at a database and its disk. A database that cannot be opened is a finding, not an error.

    `lexicon` is what its companies should be; None = it cannot be read.
    """
    try:
        _refuse_empty(path)
        with open_database(path, write=False):
            pass
        with open_database(path) as db:
            found = list(_look(db, now, lexicon))
    except DamagedError as error:
        found = [Finding("integrity", "problem", str(error))]
    except StoreError as error:
        found = [Finding("database", "problem", str(error))]
    except sqlite3.DatabaseError as error:
        found = [Finding("database", "problem", f"{path}: {error}")]
    return [*found, _disk(path)]


def is_damaged(found: list[Finding]) -> bool:
    """Whether the file itself is damaged: rows may be lost. One that merely cannot be opened just now is not."""
    return any(one.check == "integrity" and one.state == "problem" for one in found)


def _refuse_empty(path: Path) -> None:
    if path.is_file() and path.stat().st_size == 0:
        raise DamagedError(f"{path}: {EMPTY}")


def _look(db: sqlite3.Connection, now: datetime, lexicon: Lexicon | None) -> Iterator[Finding]:
    damage = copies.find_damage(db) or shape.find_lost_columns(db) or inspection.find_unreadable_texts(db)
    yield _told("integrity", damage, "the file is whole")
    if damage:
        return
    missing = shape.list_missing(db)
    yield _told("tables", missing, "every table and index is there")
    if any(part.kind == "table" for part in shape.find_missing(db)):
        # Where a table is missing there is nothing to compare the others with.
        return
    yield _told("values", values.list_odd(db), "every value can be read")
    yield _told("references", inspection.find_dangling(db), "every reference names a row")
    if lexicon is not None:
        yield _told("names", _find_absent(db, lexicon), "every company of the lexicon has its row")
    yield _told("index", inspection.find_index_faults(db), "the search index holds every article")
    odd = inspection.find_odd_stories(db)
    yield _counted("stories", len(odd), "stories do not tell what their articles are", "every story tells its articles")
    unquoted = inspection.count_unquoted(db)
    yield _counted("quotes", unquoted, "quotes or sums are not in their article", "every quote stands in its article")
    unreadable = inspection.count_unreadable_lists(db)
    yield _counted("lists", unreadable, "lists of companies, beats or places cannot be read", "every list can be read")
    unsighted = len(inspection.find_unsighted(db))
    yield _counted("sightings", unsighted, "articles have no source", "every article has its source")
    stuck = inspection.count_stuck_deliveries(db)
    yield Finding(
        "deliveries",
        "warning" if stuck else "ok",
        f"{stuck} wait for a person: `chipreel deliveries`" if stuck else "none waits for a person",
    )
    yield _last_fetch(inspection.last_good_fetch(db), now)


def _find_absent(db: sqlite3.Connection, lexicon: Lexicon) -> list[str]:
    """What is absent of a lexicon that the next run takes for brought in already."""
    absent = find_absent(db, lexicon) if is_brought(db, lexicon) else {}
    return [f"{count} {table} of the lexicon are not in the database" for table, count in absent.items()]


def _told(check: str, faults: list[str], well: str) -> Finding:
    return Finding(check, "problem", "; ".join(faults[:3])) if faults else Finding(check, "ok", well)


def _counted(check: str, count: int, wrong: str, well: str) -> Finding:
    return Finding(check, "problem", f"{count} {wrong}") if count else Finding(check, "ok", well)


def _last_fetch(last: datetime | None, now: datetime) -> Finding:
    if last is None:
        return Finding("fetches", "warning", "no source has given a readable answer yet: `chipreel fetch`")
    told = f"the last good fetch was at {last:%Y-%m-%d %H:%M} UTC"
    if last > now + timedelta(hours=1):
        return Finding("fetches", "warning", f"{told}, in the future: check the clock")
    return Finding("fetches", "warning" if now - last > _QUIET else "ok", told)


def _disk(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    size = path.stat().st_size if path.exists() else 0
    free = shutil.disk_usage(folder).free
    told = f"{free // 2**20} MB free, the database has {size // 2**20} MB"
    return Finding("disk", "warning" if free < _FREE_BYTES + size else "ok", told)
