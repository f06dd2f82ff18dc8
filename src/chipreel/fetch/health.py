"""What the visits to a source tell of it, so that none dies in silence. Pure.

Status 200 proves nothing: a feed may answer with an empty list for a year. So what counts is when it last brought
something, against its own rhythm, and how old its newest item is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

HealthName = Literal["ok", "new", "degraded", "silent", "stale", "moved", "blocked", "gone", "paused", "off"]
HEALTHS: tuple[str, ...] = get_args(HealthName)
#: The words that ask a person to look.
NEEDS_ATTENTION: frozenset[str] = frozenset({"degraded", "silent", "stale", "moved", "blocked", "gone"})
#: Failures in a row before a source is called degraded.
DEGRADED_FROM = 3
#: A source is silent after this many times its usual gap between news, but never before SILENT_LEAST nor later than
#: SILENT_MOST; without a known rhythm after SILENT_MOST.
SILENT_TIMES, SILENT_LEAST, SILENT_MOST = 6, timedelta(days=4), timedelta(days=60)
#: The newest item of a source that answers is too old after this long, whatever its rhythm was.
STALE_AFTER = timedelta(days=180)
#: Fewer gaps than this are no rhythm.
RHYTHM_FROM = 4


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One fetch as it was recorded."""

    at: datetime
    #: new, nothing-new, unchanged, failed
    outcome: str
    entries: int = 0
    new: int = 0
    status: int | None = None
    #: "reason: sentence" of a failure, or why there was nothing.
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What else is known of a source."""

    enabled: bool = True
    paused: bool = False
    #: The server said 410.
    gone: bool = False
    #: Where it has moved for good; None = nowhere.
    moved_to: str | None = None
    #: When its newest item was published; None = not known.
    newest: datetime | None = None
    #: Moments at which its latest items were published, newest first: its rhythm.
    published: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is."""

    name: HealthName
    #: One sentence for a person, saying what to do where there is something; None = all is well.
    note: str | None = None

    @property
    def needs_attention(self) -> bool:
        """Whether a person should look."""
        return self.name in NEEDS_ATTENTION


def judge(visits: Sequence[VisitRow], standing: Standing, now: datetime) -> Health:
    """The health of a source from its latest visits (newest first) and what is known of it.

    Visits that failed because this machine was offline say nothing of a source.
    """
    visits = [visit for visit in visits if not (visit.note or "").startswith("offline: ")]
    if not standing.enabled:
        return Health("off")
    if standing.paused:
        return Health("paused")
    if standing.gone:
        return Health("gone", "the server says that it is gone for good (410): remove it or find its new address")
    if not visits:
        return Health("new", "not visited yet")
    if visits[0].outcome == "failed":
        return _failing(visits)
    read = next((visit for visit in visits if visit.outcome in ("new", "nothing-new")), None)
    return _quiet(visits, standing, now) or _moved(standing) or Health("ok", read.note if read else None)


def _failing(visits: Sequence[VisitRow]) -> Health:
    """Blocked is said at once and by name; other failures when there are three in a row."""
    row = 0
    while row < len(visits) and visits[row].outcome == "failed":
        row += 1
    reason, _, sentence = (visits[0].note or "failed").partition(": ")
    if reason in ("blocked", "robots"):
        return Health("blocked", sentence or reason)
    if row >= DEGRADED_FROM:
        return Health("degraded", f"{row} failures in a row: {sentence or reason}")
    return Health("ok", f"last visit failed: {sentence or reason}")


def _quiet(visits: Sequence[VisitRow], standing: Standing, now: datetime) -> Health | None:
    """Empty answers, old items, and silence longer than the source's own rhythm allows."""
    read = [visit for visit in visits if visit.outcome in ("new", "nothing-new")]
    if len(read) >= DEGRADED_FROM and not any(visit.entries for visit in read[:DEGRADED_FROM]):
        return Health("degraded", f"answers, but with no entries, {len(read)} times in a row: its address may be wrong")
    newest = standing.newest
    if newest is None:
        return None
    age = now - newest
    if age > STALE_AFTER:
        return Health("stale", f"answers, but its newest item is of {newest:%Y-%m-%d}: it may have moved")
    allowed = silence_allowed(standing.published)
    if age > allowed:
        return Health("silent", f"nothing since {newest:%Y-%m-%d}; its own rhythm would be {allowed.days} days at most")
    return None


def silence_allowed(published: Sequence[datetime]) -> timedelta:
    """How long a source with these moments of publication (any order) may say nothing.

    The usual gap is the third quartile: a weekly column that pauses for a month at a time is not silent in between.
    """
    moments = sorted(set(published))
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    if len(gaps) < RHYTHM_FROM:
        return SILENT_MOST
    usual = gaps[len(gaps) * 3 // 4]
    return min(max(SILENT_TIMES * usual, SILENT_LEAST), SILENT_MOST)


def _moved(standing: Standing) -> Health | None:
    if standing.moved_to is None:
        return None
    return Health("moved", f"it lives at {standing.moved_to} now: write that into feeds.yaml")
