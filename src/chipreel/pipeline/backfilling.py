"""What sources published before they were followed: walked page by page, several sources at once, resumable.

Every page is taken in with the place of the walk saved behind it; what a kill lost is one page, which is asked again
and known by then. Everything brought is background: first met now, published then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chipreel.decide import content_hash
from chipreel.errors import ParseError
from chipreel.fetch.fetcher import Fetcher
from chipreel.fetch.kinds import Past, Request, Seek, get_kind
from chipreel.fetch.kinds._kind import one_leg
from chipreel.fetch.memory import Memory
from chipreel.fetch.refusal import is_passing
from chipreel.model import Failed, Fetched, Item, Source
from chipreel.pipeline import past_walk
from chipreel.pipeline.grouping import group_new
from chipreel.pipeline.harvest import prepare
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.past_grouping import group_past
from chipreel.pipeline.reading import article_item, read_answer
from chipreel.pipeline.rooms import Rooms
from chipreel.store import articles
from chipreel.store.backfills import Backfill, find_backfill, save_backfill
from chipreel.store.database import transaction
from chipreel.store.meta import get_meta, save_meta

#: Items whose pages are fetched and taken in together; a kill loses no more.
CHUNK = 25
#: Pages of articles are waited for as long as it takes: nobody waits for the walk.
_ENDLESS_S = 1e9
_MEMORY = "fetch_memory"
#: What a server answers for a page beyond its last one.
_NO_SUCH_PAGE = (400, 404, 410)

#: A span that stands for every span.
_ANY_TIME = datetime(2024, 2, 1, tzinfo=UTC)

_Job = Callable[[], Any]
_Walk = Generator[_Job, Any, None]


@dataclass(frozen=True, slots=True)
class Span:
    """What was asked for."""

    now: datetime
    since: datetime
    #: None = up to what the daily run brings as news by itself.
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How one source stands, for whoever watches."""

    source: Source
    state: Backfill
    #: 0 to 1: how much of the span is walked.
    done: float


@dataclass(slots=True)
class Gathered:
    """What a run did."""

    new: int = 0
    grouped: int = 0
    #: How every source stands now, by its id.
    walks: dict[str, Backfill] = field(default_factory=dict)


def can_go_back(source: Source) -> bool:
    """Whether its kind knows a way to what it published before; whether the source offers it, only asking tells."""
    ways = get_kind(source.kind).past
    return len(ways) > 1 or any(_offers(source, way) for way in ways)


def backfill(
    db: sqlite3.Connection,
    rooms: Rooms,
    wanted: Sequence[Source],
    span: Span,
    *,
    environ: Mapping[str, str],
    progress: Callable[[Step], None] = lambda _: None,
) -> Gathered:
    """Walk the past of these sources, then put what is new into the stories of its own weeks. Twice is once."""
    prepare(db, rooms)
    run = _Run(db, rooms, span, progress)
    memory = Memory.from_json(get_meta(db, _MEMORY))
    with Fetcher(rooms.feeds.settings, environ=environ, memory=memory) as fetcher:
        _drive([run.walk(source, fetcher) for source in wanted], rooms.feeds.settings.workers)
        remembered = fetcher.memory().to_json(span.now)
    with transaction(db):
        save_meta(db, _MEMORY, remembered)
    run.gathered.grouped = group_past(db, rooms, span.now) + group_new(db, rooms, span.now)
    return run.gathered


def _drive(walks: Iterable[_Walk], workers: int) -> None:
    """Run every walk: its questions on threads, everything between them in this one, which alone writes."""
    with ThreadPoolExecutor(workers, thread_name_prefix="backfill") as pool:
        running: dict[Future[Any], _Walk] = {}

        def go_on(walk: _Walk, answer: Any) -> None:
            try:
                job = walk.send(answer)
            except StopIteration:
                return
            running[pool.submit(job)] = walk

        try:
            for walk in walks:
                go_on(walk, None)
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    go_on(running.pop(future), future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Run:
    """Walks sources; every method but the jobs it hands out runs in one thread."""

    def __init__(self, db: sqlite3.Connection, rooms: Rooms, span: Span, progress: Callable[[Step], None]) -> None:
        self._db, self._rooms, self._span, self._progress = db, rooms, span, progress
        self.gathered = Gathered()

    def walk(self, source: Source, fetcher: Fetcher) -> _Walk:
        """All of one source, from where it was left. Yields what is to be asked, receives the answers."""
        state = self._begin(source)
        if state.state == "done":
            self._note(source, state, past_walk.from_json(state.place))
            return
        way, state = yield from self._find_way(source, state, fetcher)
        if way is None:
            self._save(source, state, None)
            return
        place = past_walk.from_json(state.place) or past_walk.start(way, way.legs(source, state.since, state.until))
        state = replace(state, state="walking", note=None)
        while not place.is_over:
            request = way.seek(source, place.ahead[0])
            if request is None:
                place = past_walk.after_end(place)
                continue
            answer = yield _question(fetcher, source, request, self._span.now)
            state = replace(state, requests=state.requests + 1)
            if isinstance(answer, Failed) and answer.status in _NO_SUCH_PAGE and place.ahead[0].page > 1:
                place = past_walk.after_end(place)
                continue
            page, problem = self._page(source, way, answer)
            if page is None:
                self._save(source, replace(state, state="failed", note=problem), place)
                return
            state, place = yield from self._take_page(source, way, fetcher, state, place, page)
        self._save(source, replace(state, state="done", place=None), place)

    def _begin(self, source: Source) -> Backfill:
        """The walk that was begun, or a new one; a finished one that went as far serves too."""
        span = self._span
        found = find_backfill(self._db, source.id, span.since, span.until)
        if found is not None:
            return found
        until = span.until or span.now - timedelta(hours=self._rooms.feeds.settings.first_window_h)
        state = Backfill(source.id, span.since, max(until, span.since), span.now)
        self._save(source, state, None)
        return state

    def _find_way(
        self, source: Source, state: Backfill, fetcher: Fetcher
    ) -> Generator[_Job, Any, tuple[Past | None, Backfill]]:
        """The way that was taken before, or the first that the source's newest answer speaks for and that works."""
        ways = [way for way in get_kind(source.kind).past if _offers(source, way)]
        chosen = source.options.get("paging")
        if state.way is not None or len(ways) == 1:
            name = state.way or ways[0].name
            way = next((way for way in ways if way.name == name), None)
            return way, replace(state, way=name)
        if not ways:
            return None, replace(state, state="failed", note=f"the kind {source.kind} has no way back")
        newest = yield _question(fetcher, source, Request(source.url), self._span.now)
        state = replace(state, requests=state.requests + 1)
        if isinstance(newest, Failed):
            return None, replace(state, state="failed", note=newest.message)
        for way in ways:
            if chosen in (None, way.name, "wordpress") and (chosen == way.name or way.fits(source, newest.body)):
                first = way.seek(source, way.legs(source, state.since, state.until)[0])
                assert first is not None
                answer = yield _question(fetcher, source, first, self._span.now)
                state = replace(state, requests=state.requests + 1)
                if self._page(source, way, answer)[0] is not None:
                    return way, replace(state, way=way.name)
                if isinstance(answer, Failed) and is_passing(answer.reason, answer.status):
                    return None, replace(state, state="failed", note=answer.message)
        return None, replace(state, state="failed", note="offers no way back that is known")

    def _page(self, source: Source, way: Past, answer: Fetched | Failed) -> tuple[past_walk.Page | None, str | None]:
        """What an answer means for the walk, or why it cannot be read."""
        if isinstance(answer, Failed):
            return None, answer.message
        try:
            reading = read_answer(source, answer, self._span.now, way)
        except ParseError as error:
            return None, str(error)
        return past_walk.Page(reading.items, reading.hints.cursor, reading.hints.children), None

    def _take_page(
        self, source: Source, way: Past, fetcher: Fetcher, state: Backfill, place: past_walk.Place, page: past_walk.Page
    ) -> Generator[_Job, Any, tuple[Backfill, past_walk.Place]]:
        """Take in the items of a page that lie in the span and are not known, chunk by chunk."""
        within = [item for item in page.items if not _is_outside(item, state)]
        for low in range(place.chunk * CHUNK, len(within), CHUNK):
            chunk = within[low : low + CHUNK]
            known = articles.find_known(self._db, source.id, [item.id for item in chunk])
            fresh = [item for item in chunk if item.id not in known]
            whole = fresh
            if _needs_pages(source) and fresh:
                whole = yield _pages_of(fetcher, source, fresh, self._span.now)
            new = self._take(source, way, state, fresh, whole)
            state = replace(state, items=state.items + len(chunk), new=state.new + new)
            place = past_walk.after_chunk(place)
            self._save(source, state, place)
        moved = past_walk.after_page(place, way, page)
        state = replace(state, reached=_reached(state, way, moved, page))
        self._save(source, state, moved)
        return state, replace(moved, chunk=0)

    def _take(self, source: Source, way: Past, state: Backfill, listed: Sequence[Item], whole: Sequence[Item]) -> int:
        """Store those that are dated within the span; an undated one has no place in the past."""
        wanted = [item for item in whole if item.published and state.since <= item.published < state.until]
        hashes = {item.id: content_hash(item) for item in listed}
        if way.parser is not None:
            # Told in other words than in the daily answers: a hash of no version, so that those do not look like news.
            hashes = {id: "0" + found[1:] for id, found in hashes.items()}
        harvest = Harvest(source, wanted, self._span.now, first=True, window=timedelta(0), listed=hashes)
        tally = take_in(self._db, harvest, self._rooms)
        self.gathered.new += tally.new
        return tally.new

    def _save(self, source: Source, state: Backfill, place: past_walk.Place | None) -> None:
        if place is not None:
            state = replace(state, place=past_walk.to_json(place))
        with transaction(self._db):
            save_backfill(self._db, state, self._span.now)
        self._note(source, state, place)

    def _note(self, source: Source, state: Backfill, place: past_walk.Place | None) -> None:
        self.gathered.walks[source.id] = state
        self._progress(Step(source, state, _done(state, place)))


def _offers(source: Source, way: Past) -> bool:
    """Whether a way has a first page for this source at all."""
    return way.seek(source, Seek(since=_ANY_TIME, until=_ANY_TIME)) is not None


def _needs_pages(source: Source) -> bool:
    return source.text == "page" or get_kind(source.kind).parser in ("page", "sitemap")


def _question(fetcher: Fetcher, source: Source, request: Request, now: datetime) -> _Job:
    return lambda: fetcher.fetch_request(source, request, now)


def _pages_of(fetcher: Fetcher, source: Source, items: Sequence[Item], now: datetime) -> _Job:
    """The items with what their pages say; those of which nothing can be had are left out."""

    def fetched() -> list[Item]:
        by_url = {item.url: item for item in items if item.url}
        told = {}
        pairs = [(source, url) for url in by_url]
        for _, url, outcome in fetcher.fetch_articles(pairs, now, within_s=_ENDLESS_S):
            item = article_item(source, by_url[url], outcome, now)
            if item is not None:
                told[item.id] = item
        return [told[item.id] for item in items if item.id in told]

    return fetched


def _is_outside(item: Item, state: Backfill) -> bool:
    """Whether the list already tells that an item is not of the span: a page is never younger than its last change."""
    if item.published is not None:
        return not state.since <= item.published < state.until
    return item.updated is not None and item.updated < state.since


def _reached(state: Backfill, way: Past, place: past_walk.Place, page: past_walk.Page) -> datetime | None:
    """How far back everything is taken in.

    A search tells by its spans, those beside each other by the one that lags. A list tells by the items on it: one that
    ends before the span does may have no more to give, so it reaches back to its last item.
    """
    if way.paging == "once" or way.legs is not one_leg:
        ahead = [seek.until for seek in place.ahead if seek.until and seek.place is None]
        return state.since if place.is_over else min(max(ahead), state.until) if ahead else state.reached
    dated = [item.published for item in page.items if item.published]
    return max(state.since, min(*dated, state.reached or state.until)) if dated else state.reached


def _done(state: Backfill, place: past_walk.Place | None) -> float:
    if state.state == "done":
        return 1.0
    by_time = (state.until - state.reached) / (state.until - state.since) if state.reached else 0.0
    by_legs = 1 - len(place.ahead) / place.legs if place and place.legs > 1 else 0.0
    return max(0.0, min(1.0, max(by_time, by_legs)))
