"""Articles a month about each company over years, and which months anybody looked at: a gap is not silence."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chipreel.store.attention import load_attention
from chipreel.store.backfills import load_spans
from chipreel.store.rows import to_moment


@dataclass(frozen=True, slots=True)
class MonthTrend:
    """One company, month by month."""

    company: str
    name: str
    name_zh: str
    #: Articles about it, oldest month first; None = no source's history reaches that month.
    counts: tuple[int | None, ...]

    @property
    def total(self) -> int:
        """Articles of all months."""
        return sum(count or 0 for count in self.counts)


@dataclass(frozen=True, slots=True)
class MonthTrends:
    """All companies over the months."""

    #: "2024-02", oldest first.
    months: tuple[str, ...]
    #: Sources whose history reaches each month: where it changes, a change of the counts may be of our making.
    sources: tuple[int, ...]
    #: (source, its months between its first and its last that nobody looked at)
    gaps: tuple[tuple[str, tuple[str, ...]], ...]
    #: The most named first.
    companies: tuple[MonthTrend, ...]


def load_months(db: sqlite3.Connection, since: datetime, until: datetime) -> MonthTrends:
    """Articles a month about each company, from the month of `since` up to the month of `until`."""
    months = tuple(_months(since, until))
    place = {month: number for number, month in enumerate(months)}
    reach = load_reach(db)
    sources = tuple(sum(month in covered for covered in reach.values()) for month in months)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(months))
    first = since.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for company, day, number in load_attention(db, first, until):
        counts[company][place[f"{day:%Y-%m}"]] += number
    names = {row["id"]: (row["name"], row["name_zh"]) for row in db.execute("select * from companies")}
    found = [
        MonthTrend(
            company,
            *names.get(company, (company, company)),
            # What is there was looked at, however it came.
            counts=tuple(n if n or known else None for n, known in zip(of, sources, strict=True)),
        )
        for company, of in counts.items()
    ]
    found.sort(key=lambda one: (-one.total, one.company))
    return MonthTrends(months, sources, tuple(_gaps(reach, months)), tuple(found))


def load_reach(db: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """The months that the history of each source covers: those it was visited in and those its past was walked for.

    Of an imported archive those in which it has articles: nobody knows where else it looked.
    """
    reach: dict[str, set[str]] = defaultdict(set)
    rows = db.execute(
        """select source, substr(at, 1, 7) as month from fetches where outcome != 'failed' group by 1, 2
           union select source, substr(first_seen, 1, 7) from articles where background = 0 group by 1, 2
           union select a.source, substr(a.published, 1, 7) from articles a join sources s on s.id = a.source
             where s.kind = 'import' and a.published is not null group by 1, 2"""
    )
    for row in rows:
        reach[row["source"]].add(row["month"])
    for source, start, end in load_spans(db):
        reach[source].update(_months(start, end))
    return {source: frozenset(months) for source, months in sorted(reach.items())}


def oldest(db: sqlite3.Connection) -> datetime | None:
    """When the earliest relevant article was published; None = there is none."""
    return to_moment(db.execute("select min(published) from articles where relevant = 1").fetchone()[0])


def _months(since: datetime, until: datetime) -> Iterator[str]:
    number, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    for month in range(number, last + 1):
        yield f"{month // 12:04}-{month % 12 + 1:02}"


def _gaps(reach: dict[str, frozenset[str]], months: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for source, covered in reach.items():
        missing = tuple(month for month in months if min(covered) < month < max(covered) and month not in covered)
        if missing:
            yield source, missing
