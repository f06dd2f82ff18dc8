"""arXiv: the daily feed of a category, or a search by its API. One request every three seconds, as arXiv asks.

The feed is empty on the days that `skipDays` names. The API is the way arXiv wants programs to take; robots.txt of its
host is about crawlers.
"""

from __future__ import annotations

from chipreel.fetch.kinds._kind import Kind, Request, Seek, get_url, page_offset, require_host, with_query
from chipreel.model.source import Source

PAGE_SIZE = 100


def _check(source: Source) -> None:
    require_host(source, "rss.arxiv.org", "export.arxiv.org")


def _seek(source: Source, seek: Seek) -> Request | None:
    """Older papers: by the API only, a daily feed has no yesterday."""
    if "/api/query" not in source.url:
        return None
    return Request(with_query(source.url, start=page_offset(seek, PAGE_SIZE), max_results=PAGE_SIZE))


KIND = Kind(
    name="arxiv",
    parser="feed",
    interval_s=12 * 3600,
    requests=get_url,
    check=_check,
    robots="api",
    expects="xml",
    min_delay_s=3.0,
    seek=_seek,
)
