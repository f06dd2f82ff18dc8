"""The visits of a run of fetching: what each brought is read, taken in, and recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chipreel.errors import ParseError
from chipreel.fetch.fetcher import Fetcher, Outcome
from chipreel.fetch.refusal import is_passing
from chipreel.fetch.rhythm import Harvested, items_were_missed, next_state, unfinished
from chipreel.model import Failed, Fetched, FetchState, Item, KnownItem, NotModified, Source
from chipreel.pipeline.intake import Harvest, Intake
from chipreel.pipeline.leftovers import give_memory_back
from chipreel.pipeline.line import Line, Steps
from chipreel.pipeline.preparing import Prepared
from chipreel.pipeline.reading import Found, Reading, read_page, read_visit
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.pipeline.workbench import Task, Workbench
from chipreel.store import articles, sources

if TYPE_CHECKING:
    from chipreel.pipeline.grouping import Grouper

#: Visits that brought nothing, written at once: every statement lets the threads that fetch take the interpreter.
_QUIET = 100
#: Bytes of a document that are as much work to read as one item is to annotate.
_BYTES = 9_000


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


@dataclass(slots=True)
class _Waiting:
    """A source whose articles are being fetched one by one."""

    source: Source
    outcome: Fetched
    found: Found
    #: Items by the address of their page.
    items: dict[str, Item]
    left: set[str]
    #: Items with what their pages told, by address.
    done: dict[str, Item] = field(default_factory=dict)
    #: Some could not be had now and may be had later: the list must be read again even when it has not changed.
    missing: bool = False


class Visiting:
    """Takes outcomes one at a time, in one thread: the only writer."""

    def __init__(
        self,
        db: sqlite3.Connection,
        rooms: Rooms,
        fetcher: Fetcher,
        workbench: Workbench,
        now: datetime,
        states: dict[str, FetchState],
    ) -> None:
        self._db, self._rooms, self._fetcher, self._now, self._states = db, rooms, fetcher, now, states
        self._intake = Intake(db, rooms)
        self._line = Line(workbench, meanwhile=self._group_many)
        self._waiting: dict[str, _Waiting] = {}
        #: What visits that brought nothing are to leave.
        self._quiet: list[tuple[FetchState, sources.Visit]] = []
        self.report = Report()
        #: New relevant articles that were not grouped yet.
        self._ungrouped = 0
        #: Ids of sources that answered what they answered before.
        self.unchanged: set[str] = set()

    @cached_property
    def grouper(self) -> Grouper:
        """What gives new articles their stories; most runs bring none."""
        from chipreel.pipeline.grouping import Grouper

        return Grouper(self._db, self._rooms, self._now)

    def settle(self, source: Source, outcome: Outcome) -> None:
        """Take in what one outcome brought, now or soon, or note that its articles must be fetched first."""
        self.report.visited += 1
        if isinstance(outcome, Fetched) and not outcome.unchanged:
            self._line.start(self._visit(source, outcome))
        else:
            self._write(source, outcome)

    def finish(self) -> None:
        """Bring to its end and keep what is under way."""
        self._write_quiet()
        self._line.finish()
        self._intake.batch.commit()

    def _group_many(self) -> bool:
        """Group what came while the second process annotates, if it is much; whether it was."""
        from chipreel.pipeline.grouping import SOME

        if self._ungrouped < SOME:
            return False
        self._intake.batch.commit()
        grouped = self.grouper.group_some()
        # Those of the past are counted, and wait on.
        self._ungrouped = self._ungrouped - grouped if grouped else 0
        self.report.grouped += grouped
        give_memory_back()
        return grouped > 0

    def _visit(self, source: Source, outcome: Fetched) -> Steps:
        """Read an outcome and take in its items."""
        try:
            found: Found = yield Task(read_visit, (source, outcome, self._now), len(outcome.body) / _BYTES)
        except ParseError as error:
            self._write(source, Failed(source.id, outcome.url, "parse", str(error), outcome.elapsed_ms))
            return
        pages = self._unknown_pages(source, found)
        if pages:
            self._waiting[source.id] = _Waiting(source, outcome, found, pages, set(pages))
            return
        yield from self._take(source, outcome, found, found.reading.items, found.prepared)

    def finish_pages(self) -> None:
        """Fetch the articles that wait, and take in each source when its last one has come."""
        wanted = [(one.source, url) for one in self._waiting.values() for url in one.items]
        for source, url, outcome in self._fetcher.fetch_articles(wanted, self._now, on_idle=self.finish):
            self._line.start(self._page(self._waiting[source.id], url, outcome))

    def _page(self, one: _Waiting, url: str, outcome: Fetched | Failed) -> Steps:
        """Read the page of one article, and take in its source when it was the last one."""
        size = len(outcome.body) if isinstance(outcome, Fetched) else 0
        item = yield Task(read_page, (one.source, one.items[url], outcome, self._now), size / _BYTES)
        one.left.discard(url)
        if item is not None:
            one.done[url] = item
        one.missing |= isinstance(outcome, Failed) and is_passing(outcome.reason, outcome.status)
        if not one.left:
            waiting = {item.id for item in one.items.values()}
            told = [one.done[url] for url in one.items if url in one.done]
            rest = [item for item in one.found.reading.items if item.id not in waiting]
            yield from self._take(one.source, one.outcome, one.found, [*told, *rest], missing=one.missing)

    def _unknown_pages(self, source: Source, found: Found) -> dict[str, Item]:
        """Items whose page must be fetched: new ones, and listed ones that are listed otherwise than before.

        No more than the source allows, in the order of the list.
        """
        items = found.reading.items
        if source.text != "page" and not found.reading.needs_pages:
            return {}
        known = articles.find_known(self._db, source.id, [item.id for item in items])
        fresh = [item for item in items[: source.max_items] if _is_fresh(known.get(item.id), found.listed[item.id])]
        return {item.url: item for item in fresh if item.url}

    def _take(
        self,
        source: Source,
        outcome: Fetched,
        found: Found,
        items: Sequence[Item],
        prepared: Sequence[Prepared] | None = None,
        *,
        missing: bool = False,
    ) -> Steps:
        harvest = Harvest(
            source,
            [item for item in items[: source.max_items] if not (found.reading.needs_pages and item.title is None)],
            self._now,
            first=self._states[source.id].last_good is None,
            window=timedelta(hours=self._rooms.feeds.settings.first_window_h),
            listed=found.listed,
            prepared=prepared,
        )
        yield from self._intake.steps(
            harvest, lambda tally: self._close(source, outcome, found.reading, tally, missing=missing)
        )

    def _write(self, source: Source, outcome: Outcome) -> None:
        """Record a visit that brought nothing, now or soon."""
        if isinstance(outcome, Failed):
            with self._intake.batch.writing():
                self._close(source, outcome, None, Tally())
            return
        self._quiet.append(self._told(source, outcome, None, Tally()))
        if len(self._quiet) >= _QUIET:
            self._write_quiet()

    def _write_quiet(self) -> None:
        if not self._quiet:
            return
        states, visits = zip(*self._quiet, strict=True)
        with self._intake.batch.writing(len(visits)):
            sources.save_states(self._db, states)
            sources.save_visits(self._db, visits)
        self._quiet.clear()

    def _close(
        self, source: Source, outcome: Outcome, reading: Reading | None, tally: Tally, *, missing: bool = False
    ) -> None:
        """Record the visit and when to come back, on every path, in the caller's transaction."""
        state, visit = self._told(source, outcome, reading, tally, missing=missing)
        sources.save_states(self._db, [state])
        sources.save_visits(self._db, [visit])
        if isinstance(outcome, Failed) and outcome.gone:
            sources.save_gone(self._db, source.id)

    def _told(
        self, source: Source, outcome: Outcome, reading: Reading | None, tally: Tally, *, missing: bool = False
    ) -> tuple[FetchState, sources.Visit]:
        """What a visit leaves: when to come back, and what there is to tell of it. The report counts it."""
        now, report = self._now, self.report
        report.new += tally.new
        self._ungrouped += tally.relevant
        report.revised += tally.revised
        if isinstance(outcome, NotModified) or (isinstance(outcome, Fetched) and outcome.unchanged):
            report.unchanged += 1
            self.unchanged.add(source.id)
        if isinstance(outcome, Failed):
            report.failures.append((source.id, outcome.message))
        harvested = Harvested(len(reading.items), tally.new, tally.known, reading.hints) if reading else None
        state = next_state(source, self._states[source.id], outcome, harvested, now)
        state = unfinished(state) if missing else state
        visit = visit_of(source, outcome, reading, tally, now)
        if harvested and items_were_missed(self._states[source.id], harvested):
            missed = "nothing of the last visit is left in it: items were probably missed"
            visit = replace(visit, note=f"{missed}; {visit.note}" if visit.note else missed)
        return state, visit


def _is_fresh(known: KnownItem | None, listed_hash: str) -> bool:
    return known is None or (known.owned and known.content_hash != listed_hash)


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
