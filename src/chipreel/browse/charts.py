"""Charts as shapes: numbers in, rectangles and lines out; the templates draw them as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chipreel.store.months import MonthTrends
from chipreel.store.trends import Trends

#: Companies that have a colour of their own.
COLOURS = 6
#: The colour of a month that nobody looked at.
GAP = COLOURS


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with what it says when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    #: Number of its colour.
    colour: int
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Boxes in a frame, with a scale."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    #: The greatest value, at the top.
    top: int
    #: Height of a dashed line; None = there is none.
    line: float | None = None
    #: (middle of a column, its label)
    labels: tuple[tuple[float, str], ...] = ()


def stacked(trends: Trends, names: Sequence[str], others: str, *, width: int = 400, height: int = 140) -> Chart:
    """One column a week, one box for each of the first companies, one for all others."""
    first = trends.companies[:COLOURS]
    rest = trends.companies[COLOURS:]
    weeks = range(len(trends.ends))
    columns = [[one.weeks[n] for one in first] + [sum(one.weeks[n] for one in rest)] for n in weeks]
    labels = [*names[: len(first)], others]
    top = max((sum(column) for column in columns), default=0) or 1
    step = width / max(1, len(columns))
    boxes = []
    for place, column in enumerate(columns):
        y = float(height)
        for colour, value in enumerate(column):
            tall = value / top * height
            y -= tall
            if value:
                number = COLOURS if colour == len(first) else colour
                title = f"{labels[colour]}: {value} ({trends.ends[place]:%Y-%m-%d})"
                boxes.append(_box(place * step + 2, y, step - 4, tall, number, title))
    return Chart(width, height, tuple(boxes), top, labels=_weeks(trends, step))


def columns(trends: Trends, company: str, *, width: int = 400, height: int = 100) -> Chart | None:
    """One column a week for one company, with a line where its usual week is; None when it was never named."""
    trend = next((one for one in trends.companies if one.company == company), None)
    if trend is None:
        return None
    top = max((*trend.weeks, trend.usual or 0)) or 1
    step = width / len(trend.weeks)
    boxes = tuple(
        _box(place * step + 4, height - value / top * height, step - 8, value / top * height, 0, f"{value} ({end})")
        for place, (value, end) in enumerate(zip(trend.weeks, trends.ends, strict=True))
        if value
    )
    line = None if trend.usual is None else round(height - trend.usual / top * height, 1)
    return Chart(width, height, boxes, int(top), line, _weeks(trends, step))


def by_month(trends: MonthTrends, company: str, unseen: str, *, width: int = 400, height: int = 100) -> Chart | None:
    """One column a month for one company; a month that no source's history reaches is a low grey box: a gap is not
    silence. None when there is no month with an article about it, or fewer than three months.
    """
    trend = next((one for one in trends.companies if one.company == company), None)
    if trend is None or len(trends.months) < 3:
        return None
    top = max((count or 0 for count in trend.counts), default=0) or 1
    step = width / len(trends.months)
    boxes = []
    for place, (month, count) in enumerate(zip(trends.months, trend.counts, strict=True)):
        if count is None:
            boxes.append(_box(place * step, height - 6, step, 6, GAP, f"{month}: {unseen}"))
        elif count:
            tall = count / top * height
            boxes.append(_box(place * step + 1, height - tall, step - 2, tall, 0, f"{month}: {count}"))
    every = max(1, len(trends.months) // 5)
    labels = tuple(
        (round((place + 0.5) * step, 1), month)
        for place, month in enumerate(trends.months)
        if (len(trends.months) - 1 - place) % every == 0
    )
    return Chart(width, height, tuple(boxes), top, labels=labels)


def _box(x: float, y: float, width: float, height: float, colour: int, title: str) -> Box:
    return Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1), colour, title)


def _weeks(trends: Trends, step: float) -> tuple[tuple[float, str], ...]:
    every = max(1, len(trends.ends) // 4)
    return tuple(
        (round((place + 0.5) * step, 1), f"{end:%m-%d}")
        for place, end in enumerate(trends.ends)
        if (len(trends.ends) - 1 - place) % every == 0
    )
