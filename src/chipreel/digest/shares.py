"""Share of voice: how much of the window is about each company, against what is usual for it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median

from chipreel.model.digest import Share

#: Weeks of the past that say what is usual.
WEEKS = 8
#: Days of history below which nothing is called usual.
_LEAST_DAYS = 14
#: Companies shown.
_SHOWN = 8


def shares(counts: Iterable[tuple[str, date, int]], since: date, until: date) -> tuple[Share, ...]:
    """The most named companies of the days from `since` to `until`, both included.

    `counts` are (company, day, articles) of the window and the weeks before it. Usual is the median of windows of the
    same length, one after the other, in the eight weeks before, as far as there is history.
    """
    days: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    first = until
    for company, day, number in counts:
        days[company][day] += number
        first = min(first, day)
    length = max(1, (until - since).days + 1)
    found = [_share(company, of, since, until, length, first) for company, of in days.items()]
    spoken = sorted((one for one in found if one.now), key=lambda one: (-one.now, one.company))
    return tuple(spoken[:_SHOWN])


def _share(company: str, of: dict[date, int], since: date, until: date, length: int, first: date) -> Share:
    history = (since - first).days
    windows = min(WEEKS * 7, history) // length
    before = [_total(of, since - timedelta(days=length * n), length) for n in range(1, windows + 1)]
    usual = float(median(before)) if history >= _LEAST_DAYS and before else None
    weeks = tuple(_total(of, until - timedelta(days=7 * n + 6), 7) for n in reversed(range(WEEKS)))
    known = math.ceil(min(WEEKS * 7, (until - first).days + 1) / 7)
    return Share(company, _total(of, since, length), usual, weeks[WEEKS - known :])


def _total(of: dict[date, int], start: date, length: int) -> int:
    return sum(of.get(start + timedelta(days=n), 0) for n in range(length))
