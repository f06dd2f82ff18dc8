"""A run of fetching: visit what is due, read what came, take it in. A source that fails is a line of the report."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chipreel.decide import content_hash
from chipreel.errors import ParseError
from chipreel.fetch.cache_headers import RETRY_AFTER_CAP_S
from chipreel.fetch.fetcher import Fetcher, Outcome
from chipreel.fetch.memory import Memory
from chipreel.fetch.refusal import is_passing
from chipreel.fetch.rhythm import LONGEST_S, Harvested, items_were_missed, next_state, unfinished
from chipreel.model import Failed, Fetched, FetchState, Item, KnownItem, NotModified, Source
from chipreel.pipeline.grouping import READERS_LANGUAGE, group_new
from chipreel.pipeline.health import refresh_health
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.past_grouping import group_past
from chipreel.pipeline.reading import Reading, article_item, read
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.store import articles, lexicon, sources
from chipreel.store.database import transaction
from chipreel.store.meta import get_meta, save_meta

#: Where the store keeps what runs of fetching tell each other.
_MEMORY = "fetch_memory"
#: Visits without news that are written in one transaction; a run that is killed asks so many sources again.
TOGETHER = 50


@dataclass(slots=True)
class Report:
    """What a run did."""

    visited: int = 0
    unchanged: int = 0
    new: int = 0
    revised: int = 0
    grouped: int = 0
    #: (source id, one sentence)
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_total_failure(self) -> bool:
        """Whether every source that was asked failed."""
        return self.visited > 0 and len(self.failures) == self.visited


@dataclass(frozen=True, slots=True)
class Order:
    """Which sources to visit."""

    now: datetime
    #: True = also those that are not due.
    everything: bool = False
    #: Only these ids; empty = all.
    only: frozenset[str] = frozenset()


def prepare(db: sqlite3.Connection, rooms: Rooms) -> None:
    """Bring sources and lexicon of the database to the user's files.

    An unchanged lexicon is not read: that would be a third of a run that brings nothing.
    """
    digest = hashlib.sha256(rooms.places.companies.read_bytes()).hexdigest()
    with transaction(db):
        if get_meta(db, lexicon.LEXICON_FILE) != digest:
            lexicon.sync_lexicon(db, rooms.lexicon)
            save_meta(db, lexicon.LEXICON_FILE, digest)
        sources.sync_sources(db, rooms.feeds.sources)
        save_meta(db, READERS_LANGUAGE, rooms.feeds.settings.language)


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
    prepare(db, rooms)
    visits = due(rooms.feeds.sources, sources.load_states(db), order)
    report = Report()
    memory = Memory.from_json(get_meta(db, _MEMORY))
    with Fetcher(rooms.feeds.settings, environ=environ, memory=memory) as fetcher:
        run = _Run(db, rooms, fetcher, order.now, dict(_by_id(visits)), report)
        for done, (source, outcome) in enumerate(fetcher.fetch_many(visits, order.now), 1):
            run.settle(source, outcome)
            progress(done, len(visits), source.title)
        run.finish_pages()
        run.save_closed()
        remembered = fetcher.memory().to_json(order.now)
    with transaction(db):
        save_meta(db, _MEMORY, remembered)
        refresh_health(db, [source.id for source, _ in visits], order.now)
    report.grouped = group_past(db, rooms, order.now) + group_new(db, rooms, order.now)
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


@dataclass(slots=True)
class _Waiting:
    """A source whose articles are being fetched one by one."""

    source: Source
    outcome: Fetched
    reading: Reading
    #: Items by the address of their page.
    items: dict[str, Item]
    left: set[str]
    done: list[Item] = field(default_factory=list)
    #: Some could not be had now and may be had later: the list must be read again even when it has not changed.
    missing: bool = False


class _Run:
    """Takes outcomes one at a time, in one thread: the only writer."""

    def __init__(
        self,
        db: sqlite3.Connection,
        rooms: Rooms,
        fetcher: Fetcher,
        now: datetime,
        states: dict[str, FetchState],
        report: Report,
    ) -> None:
        self._db, self._rooms, self._fetcher, self._now = db, rooms, fetcher, now
        self._states, self._report = states, report
        self._waiting: dict[str, _Waiting] = {}
        #: Visits that are over and not written down yet: state, record, whether the source is gone.
        self._closed: list[tuple[FetchState, sources.Visit, bool]] = []

    def settle(self, source: Source, outcome: Outcome) -> None:
        """Read one outcome and take in what it brought, or note that its articles must be fetched first."""
        self._report.visited += 1
        if isinstance(outcome, Fetched) and not outcome.unchanged:
            try:
                reading = read(source, outcome, self._now)
            except ParseError as error:
                self._close(
                    source, Failed(source.id, outcome.url, "parse", str(error), outcome.elapsed_ms), None, Tally()
                )
                return
            pages = self._unknown_pages(source, reading)
            if pages:
                self._waiting[source.id] = _Waiting(source, outcome, reading, pages, set(pages))
                return
            self._take(source, outcome, reading, reading.items)
            return
        self._close(source, outcome, None, Tally())

    def finish_pages(self) -> None:
        """Fetch the articles that wait, and take in each source when its last one has come."""
        wanted = [(one.source, url) for one in self._waiting.values() for url in one.items]
        for source, url, outcome in self._fetcher.fetch_articles(wanted, self._now):
            one = self._waiting[source.id]
            one.left.discard(url)
            item = article_item(source, one.items[url], outcome, self._now)
            if item is not None:
                one.done.append(item)
            one.missing |= isinstance(outcome, Failed) and is_passing(outcome.reason, outcome.status)
            if not one.left:
                waiting = {item.id for item in one.items.values()}
                rest = [item for item in one.reading.items if item.id not in waiting]
                self._take(source, one.outcome, one.reading, [*one.done, *rest], missing=one.missing)

    def _unknown_pages(self, source: Source, reading: Reading) -> dict[str, Item]:
        """Items whose page must be fetched: new ones, and listed ones that are listed otherwise than before.

        No more than the source allows, in the order of the list.
        """
        if source.text != "page" and not reading.needs_pages:
            return {}
        known = articles.find_known(self._db, source.id, [item.id for item in reading.items])
        fresh = [item for item in reading.items[: source.max_items] if item.url and _is_fresh(item, known.get(item.id))]
        return {item.url: item for item in fresh if item.url}

    def _take(
        self, source: Source, outcome: Fetched, reading: Reading, items: Iterable[Item], *, missing: bool = False
    ) -> None:
        state = self._states[source.id]
        harvest = Harvest(
            source,
            [item for item in list(items)[: source.max_items] if not (reading.needs_pages and item.title is None)],
            self._now,
            first=state.last_good is None,
            window=timedelta(hours=self._rooms.feeds.settings.first_window_h),
            listed={item.id: content_hash(item) for item in reading.items},
        )
        self._close(source, outcome, reading, take_in(self._db, harvest, self._rooms), missing=missing)

    def _close(
        self, source: Source, outcome: Outcome, reading: Reading | None, tally: Tally, *, missing: bool = False
    ) -> None:
        """Record the visit and when to come back: on every path."""
        now, report = self._now, self._report
        report.new += tally.new
        report.revised += tally.revised
        report.unchanged += isinstance(outcome, NotModified) or (isinstance(outcome, Fetched) and outcome.unchanged)
        if isinstance(outcome, Failed):
            report.failures.append((source.id, outcome.message))
        harvested = Harvested(len(reading.items), tally.new, tally.known, reading.hints) if reading else None
        state = next_state(source, self._states[source.id], outcome, harvested, now)
        state = unfinished(state) if missing else state
        visit = visit_of(source, outcome, reading, tally, now)
        if harvested and items_were_missed(self._states[source.id], harvested):
            missed = "nothing of the last visit is left in it: items were probably missed"
            visit = replace(visit, note=f"{missed}; {visit.note}" if visit.note else missed)
        self._closed.append((state, visit, isinstance(outcome, Failed) and outcome.gone))
        if reading is not None or len(self._closed) >= TOGETHER:
            self.save_closed()

    def save_closed(self) -> None:
        """Write down the visits that are over. Those that brought nothing wait for each other."""
        with transaction(self._db):
            for state, visit, is_gone in self._closed:
                sources.save_state(self._db, state)
                sources.save_visit(self._db, visit)
                if is_gone:
                    sources.save_gone(self._db, state.source_id)
        self._closed.clear()


def _is_fresh(item: Item, known: KnownItem | None) -> bool:
    return known is None or (known.owned and known.content_hash != content_hash(item))


def visit_of(source: Source, outcome: Outcome, reading: Reading | None, tally: Tally, now: datetime) -> sources.Visit:
    """The row that tells of a visit."""
    visit = sources.Visit(source.id, now, "unchanged", outcome.elapsed_ms, status=304)
    if isinstance(outcome, Failed):
        return replace(visit, outcome="failed", status=outcome.status, note=f"{outcome.reason}: {outcome.message}")
    if isinstance(outcome, NotModified):
        return visit
    visit = replace(visit, status=outcome.status, bytes=len(outcome.body))
    if reading is None:
        return replace(visit, note="same content as last time")
    note = reading.note or (None if reading.items else "no entries in it")
    return replace(
        visit,
        outcome="new" if tally.new or tally.revised else "nothing-new",
        entries=len(reading.items),
        new=tally.new,
        revised=tally.revised,
        note=note,
    )


def _by_id(visits: Iterable[tuple[Source, FetchState]]) -> Iterable[tuple[str, FetchState]]:
    return ((source.id, state) for source, state in visits)
