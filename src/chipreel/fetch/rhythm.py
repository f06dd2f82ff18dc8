"""When to come back to a source: what it asks for, what it deserves, what it can bear. Pure.

The interval follows the source's own rhythm without a model: after two on-time visits, mostly known entries make it
slower and mostly new ones quicker. Failures back off exponentially, and never for ever: a surprising number of feeds
come back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zlib import crc32

from chipreel.fetch.kinds import Kind, get_kind
from chipreel.fetch.refusal import is_passing
from chipreel.model import Failed, Fetched, FetchState, NotModified, Source

#: Nothing but a Retry-After keeps us away longer than this.
LONGEST_S = 24 * 3600
#: First wait after a failure that passes by itself, and after one that does not.
PASSING_S, LASTING_S = 15 * 60, 3600
#: Wait after an answer that this platform gives to everybody now and then.
TRANSIENT_S = 2 * 3600
#: Shares of known entries above which a source is visited less often, below which more often; and by how much.
MOSTLY_KNOWN, MOSTLY_NEW, STEP = 2 / 3, 1 / 3, 1.5
#: A source nobody set an interval for is not visited more often than this share of its kind's.
QUICKEST_SHARE = 1 / 3
#: However quiet, a source is not visited more rarely than every so many of its usual intervals: quiet weekends end.
SLOWEST_TIMES = 8
#: With fewer entries than this, that all are new proves nothing.
OVERLAP_FROM = 3
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Hints(Protocol):
    """What a feed says of when to read it (as `parse` has it)."""

    @property
    def ttl_s(self) -> int | None: ...
    @property
    def skip_hours(self) -> tuple[int, ...]: ...
    @property
    def skip_days(self) -> tuple[str, ...]: ...
    @property
    def update_period_s(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Harvested:
    """What a visit brought, once it was read and compared with what is stored."""

    entries: int
    new: int
    known: int
    #: None = it said nothing.
    hints: Hints | None = None


def next_state(
    source: Source,
    state: FetchState,
    outcome: Fetched | NotModified | Failed,
    harvested: Harvested | None,
    now: datetime,
) -> FetchState:
    """What to remember after a visit, the next moment included.

    `harvested` is None when there was nothing to read: not modified, same body, or failed.
    """
    if isinstance(outcome, Failed):
        return _after_failure(source, state, outcome, now)
    if isinstance(outcome, NotModified):
        state = replace(
            state,
            etag=outcome.etag or state.etag,
            last_modified=outcome.last_modified or state.last_modified,
            conditional_run=state.conditional_run + 1,
        )
    else:
        state = _with_answer(state, outcome, harvested)
    interval = adapted_interval_s(source, state, harvested, now)
    hints = harvested.hints if harvested else None
    return replace(
        state,
        failures=0,
        last_good=now,
        interval_s=interval,
        next_at=next_visit(source, interval, outcome.max_age_s, hints, now),
    )


def next_visit(source: Source, interval_s: int, max_age_s: int | None, hints: Hints | None, now: datetime) -> datetime:
    """The moment of the next visit: the longest of what we want and what the source asks for, at most a day.

    A little is added by the source's id, so that sources of one interval do not come due all at once; then the hours
    and days are left out that the feed wants left out.
    """
    asked = (max_age_s, hints.ttl_s, hints.update_period_s) if hints else (max_age_s,)
    wait = max(interval_s, *(min(seconds, LONGEST_S) for seconds in asked if seconds), 0)
    spread = crc32(source.id.encode()) % 1000 / 1000 * 0.1 * wait
    moment = now + timedelta(seconds=wait + spread)
    return _outside(hints, moment) if hints and (hints.skip_hours or hints.skip_days) else moment


def adapted_interval_s(source: Source, state: FetchState, harvested: Harvested | None, now: datetime) -> int:
    """Seconds between visits after this one, within the bounds of the source.

    Changes only after two on-time visits: what comes after a pause says nothing of the rhythm.
    """
    quickest, usual = _bounds(source, get_kind(source.kind))
    slowest = max(min(usual * SLOWEST_TIMES, LONGEST_S), quickest)
    interval = min(max(state.interval_s or usual, quickest), slowest)
    on_time = state.last_good is not None and now - state.last_good <= timedelta(seconds=2 * interval)
    if not on_time:
        return interval
    known = 1.0 if harvested is None or not harvested.entries else 1 - harvested.new / harvested.entries
    if known > MOSTLY_KNOWN:
        interval = round(interval * STEP)
    elif known < MOSTLY_NEW:
        interval = round(interval / STEP)
    return min(max(interval, quickest), slowest)


def items_were_missed(state: FetchState, harvested: Harvested) -> bool:
    """Whether nothing of the last visit is left in the feed: entries came and went between the two."""
    return state.last_good is not None and harvested.known == 0 and harvested.new >= OVERLAP_FROM


def unfinished(state: FetchState) -> FetchState:
    """The state of a source of which articles are still to be fetched: its list must be read again, changed or not."""
    return replace(state, etag=None, last_modified=None, body_hash=None)


def _bounds(source: Source, kind: Kind) -> tuple[int, int]:
    """(quickest, usual): an interval given by the user is the quickest and the usual one."""
    if source.interval_s is not None:
        return source.interval_s, source.interval_s
    return round(kind.interval_s * QUICKEST_SHARE), kind.interval_s


def _with_answer(state: FetchState, outcome: Fetched, harvested: Harvested | None) -> FetchState:
    """The validators of an answer. A new address counts once it brought entries: a parked page moves nobody."""
    brought = outcome.unchanged or (harvested is not None and harvested.entries > 0)
    return replace(
        state,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        body_hash=outcome.body_hash,
        moved_to=outcome.moved_to if outcome.moved_to and brought else state.moved_to,
        conditional_run=0 if outcome.unconditional else state.conditional_run + 1,
    )


def _after_failure(source: Source, state: FetchState, failed: Failed, now: datetime) -> FetchState:
    kind = get_kind(source.kind)
    if failed.gone:
        return replace(state, failures=state.failures + 1, disabled=True, next_at=None)
    if failed.reason in ("config", "offline"):
        # Nobody was asked anything; the user, or the network, may have put it right by the next run.
        return replace(state, next_at=now)
    if failed.status in kind.transient:
        return replace(state, next_at=now + timedelta(seconds=TRANSIENT_S))
    failures = state.failures + 1
    quickest, usual = _bounds(source, kind)
    base = max(PASSING_S, usual // 4) if is_passing(failed.reason, failed.status) else max(LASTING_S, usual)
    wait = max(min(base * 2 ** min(failures - 1, 10), max(LONGEST_S, quickest)), failed.retry_after_s or 0)
    return replace(state, failures=failures, next_at=now + timedelta(seconds=wait))


def _outside(hints: Hints, moment: datetime) -> datetime:
    """The first moment from `moment` on that is in no hour and day to be skipped (both in UTC, as RSS has it)."""
    days = {_DAYS.index(day) for day in hints.skip_days if day in _DAYS}
    candidate = moment.astimezone(UTC)
    for _ in range(8 * 24):
        if candidate.hour not in hints.skip_hours and candidate.weekday() not in days:
            return candidate
        candidate = candidate.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment  # everything is to be skipped: a mistake
