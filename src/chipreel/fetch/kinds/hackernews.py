"""Hacker News by Algolia's search: one question per word, newest first, with points and comments.

Points need a day to grow, so the window is three days: with 30 hours and 100 points nothing is left. Matching there is
fuzzy; the reader keeps a hit only when its title or address has the word.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import (
    Kind,
    Past,
    Request,
    Seek,
    legs_of_days,
    page_offset,
    require_choice,
    require_strings,
    with_query,
)
from chipreel.model.source import FetchState, Source

#: The most that one question may return.
PAGE_SIZE = 100
_HOUR_S = 3600


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del state
    since = now - timedelta(hours=float(source.options.get("window_h", 72)))
    # Whole hours: the same question within an hour is answered from Algolia's cache.
    return tuple(
        Request(_url(source, query, int(since.timestamp()) // _HOUR_S * _HOUR_S)) for query in _queries(source)
    )


def _url(source: Source, query: str, since_s: int, until_s: int | None = None, page: int = 0) -> str:
    filters = [f"created_at_i>{since_s}"] + ([f"created_at_i<{until_s}"] if until_s else [])
    if points := int(source.options.get("min_points", 50)):
        filters.append(f"points>={points}")
    return with_query(
        source.url,
        query=query,
        tags=source.options.get("tags", "story"),
        numericFilters=",".join(filters),
        hitsPerPage=PAGE_SIZE,
        page=page or None,
    )


def _seek(source: Source, seek: Seek) -> Request | None:
    """One page of one query; the parts are the queries."""
    since_s = int(seek.since.timestamp()) - 1 if seek.since else 0
    until_s = int(seek.until.timestamp()) if seek.until else None
    return Request(_url(source, _queries(source)[seek.part], since_s, until_s, page_offset(seek, 1)))


def _legs(source: Source, since: datetime, until: datetime) -> tuple[Seek, ...]:
    """Month by month: one question is answered with at most a thousand hits."""
    return legs_of_days(since, until, 30, len(_queries(source)))


def _queries(source: Source) -> tuple[str, ...]:
    return tuple(source.options["queries"])


def _check(source: Source) -> None:
    require_strings(source.options.get("queries"), "queries", hint="[Sora, Kling, Seedance]")
    require_choice(source.options.get("tags", "story"), "tags", ("story", "comment", "(story,comment)"))
    for key, most in (("min_points", 10_000), ("window_h", 24 * 366)):
        value = source.options.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise ConfigError("must be a whole number", key=key, hint=f"from 0 to {most}")


KIND = Kind(
    name="hackernews",
    parser="hackernews",
    interval_s=2 * 3600,
    requests=_requests,
    check=_check,
    options=frozenset({"queries", "tags", "min_points", "window_h"}),
    robots="api",
    expects="json",
    past=(Past("search", _seek, "cursor", _legs),),
)
