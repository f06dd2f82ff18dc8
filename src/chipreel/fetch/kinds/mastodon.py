"""What one person writes on a Mastodon server, or what is written under a tag there, from the feed every page has."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, with_query
from chipreel.model.source import FetchState, Source

_PAGE = re.compile(r"/(@[\w.-]+(@[\w.-]+)?|tags/\w+)(\.rss)?")


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del now
    url = state.moved_to or source.url
    return (Request(url if url.endswith(".rss") else f"{url}.rss"),)


def _seek(source: Source, seek: Seek) -> Request | None:
    """First who the person is, by name; then what they wrote, by the place that this gives. Tags have no past."""
    parts = urlsplit(source.url)
    name = parts.path.removesuffix(".rss").removeprefix("/")
    if not name.startswith("@"):
        return None
    if seek.place:
        return Request(with_query(seek.place, max_id=seek.cursor))
    url = urlunsplit((parts.scheme, parts.netloc, "/api/v1/accounts/lookup", "", ""))
    return Request(with_query(url, acct=name.removeprefix("@")))


def _check(source: Source) -> None:
    if not _PAGE.fullmatch(urlsplit(source.url).path):
        raise ConfigError(f"{source.url!r} is no page of a person or tag", key="url", hint="https://server/@name")


KIND = Kind(
    name="mastodon",
    parser="mastodon",
    interval_s=2 * 3600,
    requests=_requests,
    check=_check,
    past=(Past("statuses", _seek, "cursor", parser="mastodon", address_is_id=True),),
    item_kind="post",
)
