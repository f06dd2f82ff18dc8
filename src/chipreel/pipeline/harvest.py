"""A run of fetching: visit what is due, read what came, take it in. A source that fails is a line of the report."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chipreel.fetch.cache_headers import RETRY_AFTER_CAP_S
from chipreel.fetch.fetcher import Fetcher
from chipreel.fetch.memory import Memory
from chipreel.fetch.rhythm import LONGEST_S
from chipreel.model import FetchState
from chipreel.pipeline.health import refresh_health
from chipreel.pipeline.rooms import Rooms, read_lexicon
from chipreel.pipeline.visiting import Report, Visiting
from chipreel.pipeline.workbench import Workbench
from chipreel.store import articles, lexicon, sources, stories
from chipreel.store.database import transaction
from chipreel.store.meta import READERS_LANGUAGE, get_meta, save_meta

if TYPE_CHECKING:
    from chipreel.model import Lexicon, Source

#: New items that a source brings at its first visit, as most feeds have them.
_FIRST_ITEMS = 15
#: Where the store keeps what runs of fetching tell each other.
_MEMORY = "fetch_memory"
#: Where the store keeps the SHA-256 of the feeds.yaml that its sources were brought to.


@dataclass(frozen=True, slots=True)
class Order:
    """Which sources to visit."""

    now: datetime
    #: True = also those that are not due.
    everything: bool = False
    #: Only these ids; empty = all.
    only: frozenset[str] = frozenset()


def prepare(db: sqlite3.Connection, rooms: Rooms) -> None:
    """Bring sources and lexicon of the database to the user's files."""
    bring_sources(db, rooms)
    bring_lexicon(db, rooms, lambda: rooms.lexicon)


def bring_sources(db: sqlite3.Connection, rooms: Rooms) -> None:
    """Bring the sources of the database to feeds.yaml, if it has changed or a row of one was deleted."""
    if not sources.list_ids(db).issuperset(rooms.sources_by_id):
        with transaction(db):
            sources.forget_sources(db)
    digest = _digest_if_new(db, sources.SOURCES_FILE, rooms.places.feeds)
    if digest is None:
        return
    with transaction(db):
        sources.sync_sources(db, rooms.feeds.sources)
        save_meta(db, READERS_LANGUAGE, rooms.feeds.settings.language)
        save_meta(db, sources.SOURCES_FILE, digest)


def bring_lexicon(db: sqlite3.Connection, rooms: Rooms, read: Callable[[], Lexicon]) -> None:
    """Bring the names of the database to companies.yaml, which `read` reads, if it has changed."""
    digest = _digest_if_new(db, lexicon.LEXICON_FILE, rooms.places.companies)
    if digest is None:
        return
    found = read()
    with transaction(db):
        lexicon.sync_lexicon(db, found)
        save_meta(db, lexicon.LEXICON_FILE, digest)


def _digest_if_new(db: sqlite3.Connection, key: str, path: Path) -> str | None:
    """The SHA-256 of a file, where it is not the one that the database was brought to.

    Bringing an unchanged file again would be a third of a run that brings nothing.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return None if get_meta(db, key) == digest else digest


def fetch_due(
    db: sqlite3.Connection,
    rooms: Rooms,
    order: Order,
    *,
    environ: Mapping[str, str],
    progress: Callable[[int, int, str], None] = lambda *_: None,
) -> Report:
    """Visit every source that is due and take in what it brings, then group what is new.

    `progress` is called with (done, total, name of the source).
    """
    bring_sources(db, rooms)
    visits = due(rooms.feeds.sources, sources.load_states(db), order)
    memory = Memory.from_json(get_meta(db, _MEMORY))
    expected = _FIRST_ITEMS * sum(state.last_good is None for _, state in visits)
    with (
        Workbench(rooms, expected) as workbench,
        Fetcher(rooms.feeds.settings, environ=environ, memory=memory) as fetcher,
    ):
        bring_lexicon(db, rooms, lambda: workbench.ask(read_lexicon, needs_lexicon=True))
        run = Visiting(db, rooms, fetcher, workbench, order.now, dict(_by_id(visits)))
        for done, (source, outcome) in enumerate(fetcher.fetch_many(visits, order.now, on_idle=run.finish), 1):
            run.settle(source, outcome)
            progress(done, len(visits), source.title)
        run.finish()
        run.finish_pages()
        run.finish()
        remembered = fetcher.memory().to_json(order.now)
    with transaction(db):
        save_meta(db, _MEMORY, remembered)
        refresh_health(db, [source.id for source, _ in visits], order.now, unchanged=run.unchanged)
    report = run.report
    if articles.wait_for_stories(db) or stories.load_untold(db):
        from chipreel.pipeline.past_grouping import group_past

        report.grouped += group_past(db, rooms, order.now) + run.grouper.group_waiting()
    return report


def due(wanted: Iterable[Source], states: Mapping[str, FetchState], order: Order) -> list[tuple[Source, FetchState]]:
    """Sources to visit now, those that waited longest first."""
    found = []
    for source in wanted:
        state = states.get(source.id, FetchState(source.id))
        asked_for = source.id in order.only
        if order.only and not asked_for:
            continue
        if not asked_for and (not source.enabled or state.disabled):
            continue
        if order.everything or asked_for or _has_come(state.next_at, order.now):
            found.append((source, state))
    return sorted(found, key=lambda pair: (pair[1].next_at is not None, pair[1].next_at or order.now, pair[0].id))


def _has_come(next_at: datetime | None, now: datetime) -> bool:
    """Whether it is time; a moment further off than anybody may put us off was set by a clock that was wrong."""
    return next_at is None or next_at <= now or next_at > now + timedelta(seconds=RETRY_AFTER_CAP_S + LONGEST_S)


def _by_id(visits: Iterable[tuple[Source, FetchState]]) -> Iterable[tuple[str, FetchState]]:
    return ((source.id, state) for source, state in visits)
