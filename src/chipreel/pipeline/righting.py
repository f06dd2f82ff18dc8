"""Putting right, row by row, what is wrong in a database whose file SQLite itself finds whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chipreel.keep.backup import keep_aside, newest_backup
from chipreel.model import Lexicon, Source
from chipreel.pipeline.grouping import refresh_stories
from chipreel.store import inspection, references, retention, shape, values
from chipreel.store.copies import check_ours
from chipreel.store.database import open_database, transaction
from chipreel.store.index import rebuild_index
from chipreel.store.lexicon import forget_lexicon, is_any_brought, is_brought
from chipreel.store.sources import forget_sources

#: The name under which a backup is attached.
_KEPT = "kept"
#: What is found in the articles, and can be found again.
_FOUND = frozenset(("mentions", "quotes", "money", "fingerprints"))
_ANEW = "`chipreel retag --apply` finds anew"
#: Tables whose sources come back: what they tell would be lost with them.
_NAMING_SOURCES = ("articles", "sightings", "fetches", "backfills", "stories")


@dataclass(frozen=True, slots=True)
class Means:
    """What a repair may take from."""

    now: datetime
    #: None = the newest, where one is needed.
    backup: Path | None = None
    #: None = it cannot be read.
    lexicon: Lexicon | None = None
    #: Those of feeds.yaml.
    sources: tuple[Source, ...] = ()


def put_right(path: Path, means: Means) -> list[str]:
    """Mend rows, all or nothing; returns what was done and what was lost, as sentences. Twice is once.

    Before anything is lost the database is copied beside itself. Raises StoreError.
    """
    with open_database(path) as db:
        is_wanted = bool(inspection.find_faults(db))
        backup = _attached(db, path, means) if is_wanted else None
        # Else rows would go with others, and nobody would count them.
        db.execute("pragma foreign_keys = off")
        with transaction(db):
            told = list(_mended(db, means, backup))
            if any(line.startswith("lost") for line in told):
                told.insert(0, f"what was there before is kept as {keep_aside(path, means.now)}")
                if is_wanted:
                    told.append(
                        f"nothing more could be taken from {backup}" if backup else "there is no backup to take from"
                    )
    return told


def _attached(db: sqlite3.Connection, path: Path, means: Means) -> Path | None:
    """Attach the backup; returns which, None = there is none."""
    if means.backup is not None:
        check_ours(means.backup)
    backup = means.backup or newest_backup(path)
    if backup is not None:
        db.execute(f"attach database ? as {_KEPT}", (f"{backup.absolute().as_uri()}?mode=ro",))
    return backup


def _mended(db: sqlite3.Connection, means: Means, backup: Path | None) -> Iterator[str]:
    kept = _KEPT if backup else None
    yield from _make_parts(db, backup)
    stories = values.find_touched_stories(db) | inspection.find_listed_stories(db)
    done = values.mend_odd(db, means.now, kept)
    yield from _tell_values(done, backup)
    if done.touches("sources"):
        forget_sources(db)
    if done.touches("companies", "people", "products") or inspection.count_unreadable_names(db):
        forget_lexicon(db)
    yield from _bring_back(db, means, backup)
    yield from _drop_values(db, means)
    yield from _loosen(db)
    yield from _mend_findings(db)
    if stories:
        refresh_stories(db, stories)
        yield f"{len(stories)} stories told anew"
    yield from _mend_stories(db)
    yield from _loosen(db)
    if done.is_changed("articles.title", "articles.text") or inspection.find_index_faults(db):
        yield f"the search index was written again: {rebuild_index(db)} articles"


def _make_parts(db: sqlite3.Connection, backup: Path | None) -> Iterator[str]:
    made = shape.make_missing(db)
    tables = [part.name for part in made if part.holds_rows]
    for table in tables:
        count = references.refill(db, table, _KEPT) if backup else 0
        taken = f"{count} rows of it came from the backup {backup}" if backup else "there is no backup"
        yield f"lost: the table {table} was missing; {taken}" + (f"; {_ANEW}" if table in _FOUND else "")
    for table in tables:
        shape.lift_numbers(db, table)
    others = sum(part.kind != "table" for part in made)
    if others:
        yield f"{others} indexes and triggers were made again"


def _tell_values(done: values.MendedValues, backup: Path | None) -> Iterator[str]:
    for name, count in done.taken.items():
        yield f"{count} values of {name} could not be read; they came from the backup {backup}"
    for name, count in done.derived.items():
        yield f"{count} values of {name} could not be read; they were derived from others"
    for name, count in done.emptied.items():
        again = f"; {_ANEW}" if name.partition(".")[0] in _FOUND else ""
        yield f"lost: {count} values of {name} could not be read{again}"


def _drop_values(db: sqlite3.Connection, means: Means) -> Iterator[str]:
    """What no value could be found for, and what the backup itself had of that kind."""
    yield from _tell_values(values.mend_odd(db, means.now, None), None)
    for table, count in values.drop_odd(db).items():
        again = f"; {_ANEW}" if table in _FOUND else ""
        yield f"lost: {count} rows of {table} could not be read{again}"


def _bring_back(db: sqlite3.Connection, means: Means, backup: Path | None) -> Iterator[str]:
    """Rows that others name, and that are gone: from the backup, from the user's files, from what names them."""
    absent = references.find_absent_sources(db, _NAMING_SOURCES)
    if backup:
        for table, count in references.bring_back(db, _KEPT).items():
            yield f"{count} rows of {table} came back from the backup {backup}"
    if absent:
        forget_sources(db)
        told, bare = references.revive_sources(db, means.sources, absent)
        if told:
            yield f"{told} sources came back from feeds.yaml"
        if bare:
            yield f"{bare} sources came back with nothing but their id: they are not in feeds.yaml"
    if means.lexicon and (not is_any_brought(db) or is_brought(db, means.lexicon) or inspection.find_dangling(db)):
        count = references.revive_lexicon(db, means.lexicon)
        if count:
            yield f"{count} companies, people and products came back from the lexicon"
    for table, count in references.revive_names(db).items():
        yield f"{count} {table} that the lexicon does not know came back with the names that were met"


def _loosen(db: sqlite3.Connection) -> Iterator[str]:
    done = references.mend_references(db)
    for table, count in done.lost.items():
        yield f"lost: {count} rows of {table} named what is gone"
    for table, count in done.kept.items():
        yield f"lost: what {count} rows of {table} named; the rows themselves are kept"


def _mend_findings(db: sqlite3.Connection) -> Iterator[str]:
    """What was found in articles, and where they were seen."""
    if again := inspection.mend_companies(db):
        yield f"{again} lists of companies were written anew from what is mentioned"
    if unquoted := inspection.drop_unquoted(db):
        yield f"lost: {unquoted} quotes or sums were not in their article; {_ANEW}"
    if unreadable := inspection.empty_unreadable_lists(db):
        yield f"lost: {unreadable} lists could not be read; {_ANEW}"
    unsighted = inspection.find_unsighted(db)
    for article in unsighted:
        retention.invent_sighting(db, article)
    if unsighted:
        yield f"{len(unsighted)} articles are held by their source again"


def _mend_stories(db: sqlite3.Connection) -> Iterator[str]:
    odd = inspection.find_odd_stories(db)
    if odd:
        inspection.mend_merges(db)
        wrong = {*odd, *inspection.find_odd_stories(db)}
        retention.drop_empty_stories(db, wrong)
        refresh_stories(db, wrong)
        yield f"{len(wrong)} stories told anew"
