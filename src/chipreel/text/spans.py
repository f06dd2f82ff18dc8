"""Moments as people type them on a command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_SPAN = re.compile(r"^(\d{1,6})\s*(h|d|w|m|y|小时|天|日|周|个月|月|年)$")
_HOURS = {
    "h": 1,
    "小时": 1,
    "d": 24,
    "天": 24,
    "日": 24,
    "w": 168,
    "周": 168,
    "m": 730,
    "个月": 730,
    "月": 730,
    "y": 8766,
    "年": 8766,
}
_WORDS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}
#: Moments before and after these mean no others: nothing that is stored lies there, and nobody can reckon beyond.
_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_DAY = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


def parse_moment(text: str, *, now: datetime, zone: tzinfo, end: bool = False) -> datetime | None:
    """A moment in UTC from a day (2024-02-16), a month, a year, a time (2024-02-16T08:00), a span back (7d, 12h,
    2w, 3天), today or yesterday; None when it is none of these.

    Days begin at midnight in `zone`; with `end`, a day, month or year means its last moment.
    """
    text = text.strip().lower()
    if match := _SPAN.match(text):
        return now - timedelta(hours=min(int(match[1]) * _HOURS[match[2]], 24 * 366 * 200))
    if text in _WORDS:
        day = (now.astimezone(zone) - timedelta(days=_WORDS[text])).replace(hour=0, minute=0, second=0, microsecond=0)
        return (day + timedelta(days=1) if end else day).astimezone(UTC)
    try:
        if match := _DAY.match(text):
            return _day(match, zone, end)
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return _bounded(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _bounded(moment: datetime) -> datetime:
    """The moment in UTC, as far from the first and the last one there is as anybody reckons with it."""
    if moment.year < _FIRST.year:
        return _FIRST
    return _LAST if moment.year > _LAST.year else moment.astimezone(UTC)


def _day(match: re.Match[str], zone: tzinfo, end: bool) -> datetime:
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    start = datetime(year, month, day, tzinfo=zone)
    if not end:
        return _bounded(start)
    if year >= _LAST.year:
        return _LAST
    if match[3]:
        after = start + timedelta(days=1)
    elif match[2]:
        after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    else:
        after = datetime(year + 1, 1, 1, tzinfo=zone)
    return _bounded(after)
