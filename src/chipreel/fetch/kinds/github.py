"""What happens in a repository or organisation at GitHub, from its Atom feeds: releases, tags, commits."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, get_url, require_host, with_query
from chipreel.model.source import Source

_RELEASES = re.compile(r"/([\w.-]+/[\w.-]+)/releases\.atom")
_PAGE_SIZE = 100
_PATH = re.compile(r"/[\w.-]+(/[\w.-]+/(releases|tags|commits/[\w./-]+))?\.atom")


def _check(source: Source) -> None:
    require_host(source, "github.com")
    if not _PATH.fullmatch(urlsplit(source.url).path):
        hint = (
            "https://github.com/OWNER/REPOSITORY/releases.atom, …/commits/main.atom, or https://github.com/OWNER.atom"
        )
        raise ConfigError(f"{source.url!r} is no feed of GitHub", key="url", hint=hint)


def _seek(source: Source, seek: Seek) -> Request | None:
    """Releases, by the API; tags and commits have no pages that stay."""
    parts = urlsplit(source.url)
    found = _RELEASES.fullmatch(parts.path)
    if not found:
        return None
    host = "api.github.com" if parts.hostname == "github.com" else parts.netloc
    url = urlunsplit((parts.scheme, host, f"/repos/{found[1]}/releases", "", ""))
    return Request(with_query(url, per_page=_PAGE_SIZE, page=seek.page))


_FIELDS = {"id": "html_url", "title": "name", "url": "html_url", "published": "published_at", "text": "body"}
_PAST = Past("releases", _seek, parser="json", options={"items": "", "fields": _FIELDS})

KIND = Kind(
    name="github",
    parser="feed",
    interval_s=3 * 3600,
    requests=get_url,
    check=_check,
    expects="xml",
    past=(_PAST,),
)
