"""A search at Google News. Neither its terms nor its robots.txt welcome programs: off by default, the user's choice.

Its links are opaque tokens and stay as they are; items are marked "via Google News" with the outlet's name.
"""

from __future__ import annotations

from datetime import datetime

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, legs_of_days, require_choice, require_host, with_query
from chipreel.model.source import FetchState, Source

#: Edition → hl, gl, ceid.
EDITIONS = {
    "en-US": ("en-US", "US", "US:en"),
    "zh-CN": ("zh-CN", "CN", "CN:zh-Hans"),
    "zh-TW": ("zh-TW", "TW", "TW:zh-Hant"),
    "ja-JP": ("ja", "JP", "JP:ja"),
    "ko-KR": ("ko", "KR", "KR:ko"),
}


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del state, now
    return (_search(source, f"{source.options['query']} when:7d"),)


def _search(source: Source, query: str) -> Request:
    hl, gl, ceid = EDITIONS[source.options["edition"]]
    return Request(with_query(source.url, q=query, hl=hl, gl=gl, ceid=ceid))


def _seek(source: Source, seek: Seek) -> Request | None:
    """A span of days in one answer; there are no pages."""
    if seek.page > 1:
        return None
    since = f" after:{seek.since:%Y-%m-%d}" if seek.since else ""
    until = f" before:{seek.until:%Y-%m-%d}" if seek.until else ""
    return _search(source, f"{source.options['query']}{since}{until}")


def _legs(source: Source, since: datetime, until: datetime) -> tuple[Seek, ...]:
    """Week by week: one answer holds a hundred items."""
    del source
    return legs_of_days(since, until, 7)


def _check(source: Source) -> None:
    require_host(source, "news.google.com")
    query = source.options.get("query")
    if not isinstance(query, str) or not query.strip():
        raise ConfigError("must be what to search for", key="query", hint='"Sora" OR "Veo"')
    require_choice(source.options.get("edition"), "edition", EDITIONS)


KIND = Kind(
    name="googlenews",
    parser="googlenews",
    interval_s=3 * 3600,
    requests=_requests,
    check=_check,
    options=frozenset({"query", "edition"}),
    expects="xml",
    past=(Past("search", _seek, "once", _legs),),
)
