"""arXiv: the daily feed of a category, or a search by its API. One request every three seconds, as arXiv asks.

The feed is empty on the days that `skipDays` names. The API is the way arXiv wants programs to take; robots.txt of its
host is about crawlers.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from chipreel.fetch.kinds._kind import (
    Kind,
    Past,
    Request,
    Seek,
    get_url,
    legs_of_days,
    page_offset,
    require_host,
    with_query,
)
from chipreel.model.source import Source

PAGE_SIZE = 100
_API = "https://export.arxiv.org/api/query"


def _check(source: Source) -> None:
    require_host(source, "rss.arxiv.org", "export.arxiv.org")


def _seek(source: Source, seek: Seek) -> Request | None:
    """Older papers: by the API only, a daily feed has no yesterday; its categories are what the API is asked for."""
    url, query = _API, " OR ".join(f"cat:{name}" for name in urlsplit(source.url).path.rpartition("/")[2].split("+"))
    if "/api/query" in source.url:
        url, query = source.url, dict(parse_qsl(urlsplit(source.url).query)).get("search_query", "")
    if seek.since and seek.until:
        query = f"({query}) AND submittedDate:[{seek.since:%Y%m%d%H%M} TO {seek.until:%Y%m%d%H%M}]"
    return Request(
        with_query(
            url,
            search_query=query,
            start=page_offset(seek, PAGE_SIZE),
            max_results=PAGE_SIZE,
            sortBy="submittedDate",
            sortOrder="descending",
        )
    )


def _legs(source: Source, since: datetime, until: datetime) -> tuple[Seek, ...]:
    """Month by month: the API answers at most 30,000 papers of one question."""
    del source
    return legs_of_days(since, until, 30)


KIND = Kind(
    name="arxiv",
    parser="feed",
    interval_s=12 * 3600,
    requests=get_url,
    check=_check,
    robots="api",
    expects="xml",
    min_delay_s=3.0,
    past=(Past("search", _seek, legs=_legs),),
)
