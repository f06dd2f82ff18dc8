"""A subreddit's feed. Anonymous readers are often refused since June 2026: off by default, one request a minute."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, get_url, require_host
from chipreel.model.source import Source

_PATH = re.compile(r"/(r/\w+/((new|top|hot)/)?|r/\w+/search)\.rss")


def _check(source: Source) -> None:
    require_host(source, "reddit.com")
    parts = urlsplit(source.url)
    if not _PATH.fullmatch(parts.path):
        raise ConfigError(f"{source.url!r} is no feed of Reddit", key="url", hint="https://www.reddit.com/r/NAME/.rss")
    if "feed" in parse_qs(parts.query):
        raise ConfigError("holds a personal token", key="url", hint="leave out ?feed=…&user=…")


KIND = Kind(
    name="reddit",
    parser="feed",
    interval_s=2 * 3600,
    requests=get_url,
    check=_check,
    expects="xml",
    min_delay_s=60.0,
    transient=frozenset({403}),
    item_kind="post",
)
