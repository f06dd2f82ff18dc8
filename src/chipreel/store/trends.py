"""Share of voice: how many articles a week are about each company, against what is usual for it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from chipreel.store.attention import load_attention
from chipreel.store.rows import to_moment

#: Weeks before the last one whose median is what is usual.
USUAL_WEEKS = 8
#: Of those, as many must lie within the history for a median to mean something.
_LEAST_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Trend:
    """The attention that one company has."""

    company: str
    name: str
    name_zh: str
    #: Articles that are about it, week by week, oldest first; the last week ends with the newest article.
    weeks: tuple[int, ...]
    #: Median of the weeks before the last one; None = too little history.
    usual: float | None
    #: Part of all companies' articles in the last week, 0 to 1.
    share: float

    @property
    def now(self) -> int:
        """Articles of the last week."""
        return self.weeks[-1]

    @property
    def total(self) -> int:
        """Articles of all weeks shown."""
        return sum(self.weeks)


@dataclass(frozen=True, slots=True)
class Trends:
    """All companies over some weeks."""

    #: The day (UTC) with which each week ends, oldest first.
    ends: tuple[date, ...]
    #: The most named in the last week first, then over all weeks.
    companies: tuple[Trend, ...]


def latest(db: sqlite3.Connection, now: datetime) -> datetime:
    """The moment up to which the database knows the world: when it last met an article, at most `now`."""
    found = to_moment(db.execute("select max(first_seen) from articles").fetchone()[0])
    return now if found is None else min(found, now)


def load_trends(db: sqlite3.Connection, until: datetime, weeks: int = 12) -> Trends:
    """Articles a week about each company in the `weeks` that end with the day of `until`."""
    last = until.date()
    shown = max(weeks, USUAL_WEEKS + 1)
    start = datetime.combine(last - timedelta(days=7 * shown - 1), datetime.min.time(), until.tzinfo)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), until.tzinfo)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * shown)
    oldest = last
    for company, day, number in load_attention(db, start, end):
        counts[company][shown - 1 - (last - day).days // 7] += number
        oldest = min(oldest, day)
    known = min(USUAL_WEEKS, (last - timedelta(days=6) - oldest).days // 7)
    names = {row["id"]: (row["name"], row["name_zh"]) for row in db.execute("select * from companies")}
    everything = sum(of[-1] for of in counts.values()) or 1
    found = [
        Trend(
            company,
            *names.get(company, (company, company)),
            weeks=tuple(of[-weeks:]),
            usual=float(median(of[-1 - known : -1])) if known >= _LEAST_WEEKS else None,
            share=of[-1] / everything,
        )
        for company, of in counts.items()
    ]
    found.sort(key=lambda one: (-one.now, -one.total, one.company))
    ends = tuple(last - timedelta(days=7 * n) for n in reversed(range(weeks)))
    return Trends(ends, tuple(one for one in found if one.total))
