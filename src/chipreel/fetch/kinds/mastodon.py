"""What one person writes on a Mastodon server, or what is written under a tag there, from the feed every page has."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Request
from chipreel.model.source import FetchState, Source

_PAGE = re.compile(r"/(@[\w.-]+(@[\w.-]+)?|tags/\w+)(\.rss)?")


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del now
    url = state.moved_to or source.url
    return (Request(url if url.endswith(".rss") else f"{url}.rss"),)


def _check(source: Source) -> None:
    if not _PAGE.fullmatch(urlsplit(source.url).path):
        raise ConfigError(f"{source.url!r} is no page of a person or tag", key="url", hint="https://server/@name")


KIND = Kind(
    name="mastodon",
    parser="mastodon",
    interval_s=2 * 3600,
    requests=_requests,
    check=_check,
    expects="xml",
    item_kind="post",
)
