"""New models of an organisation at Hugging Face, or its daily papers, by the public API.

`createdAt` is when the repository was made, not when the model came out; variants of one model (sizes, quantisations)
are collapsed by the reader.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, legs_of_days, require_host, with_query
from chipreel.model.source import FetchState, Source

_NAME = re.compile(r"[\w.-]+")


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del state, now
    if _is_papers(source):
        return (Request(with_query(source.url, limit=50)),)
    options = source.options
    query = {"author": options["author"], "search": options.get("search")}
    return (Request(with_query(source.url, **query, sort="createdAt", direction=-1, limit=50, full="true")),)


def _seek(source: Source, seek: Seek) -> Request | None:
    """Papers of one day; the list of models has no pages that stay."""
    if not _is_papers(source) or seek.since is None or seek.page > 1:
        return None
    return Request(with_query(source.url, date=f"{seek.since:%Y-%m-%d}"))


def _legs(source: Source, since: datetime, until: datetime) -> tuple[Seek, ...]:
    del source
    first, last = (moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in (since, until))
    return legs_of_days(first, last + timedelta(days=1), 1)


def _is_papers(source: Source) -> bool:
    return urlsplit(source.url).path == "/api/daily_papers"


def _check(source: Source) -> None:
    require_host(source, "huggingface.co")
    if _is_papers(source):
        return
    if urlsplit(source.url).path != "/api/models":
        raise ConfigError("is no list", key="url", hint="https://huggingface.co/api/models or …/api/daily_papers")
    author = source.options.get("author")
    if not isinstance(author, str) or not _NAME.fullmatch(author):
        raise ConfigError(f"{author!r} is no organisation", key="author", hint="Wan-AI")


KIND = Kind(
    name="huggingface",
    parser="huggingface",
    interval_s=6 * 3600,
    requests=_requests,
    check=_check,
    options=frozenset({"author", "search"}),
    robots="api",
    expects="json",
    past=(Past("days", _seek, "once", _legs),),
)
