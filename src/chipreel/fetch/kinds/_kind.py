"""The interface that every kind of source fills in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from chipreel.errors import ConfigError
from chipreel.model.source import FetchState, Source

#: "crawler" = robots.txt is obeyed as any crawler must; "reader" = a feed or API made to be polled by programs: only
#: rules that name our agent count, and Crawl-delay; "api" = a documented API whose terms replace robots.txt.
RobotsScope = Literal["crawler", "reader", "api"]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a server."""

    url: str
    method: str = "GET"
    #: Beyond those that every request carries. Values may name the environment: see `secret_headers`.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Body of a POST; None = none.
    body: bytes | None = None
    #: Header name → (name of an environment variable, format with one {}); sent only when the variable is set.
    secret_headers: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seek:
    """One page of a source's past."""

    #: 1 = newest.
    page: int = 1
    #: What the previous page said comes next; None = nothing, or first page.
    cursor: str | None = None
    #: Only items from this moment; None = no lower end.
    since: datetime | None = None
    until: datetime | None = None
    #: Which of the source's questions, where it has several: a search word, a form.
    part: int = 0
    #: Address that an earlier answer named: a part of a sitemap, the list of an account; None = the source's own.
    place: str | None = None


def one_leg(source: Source, since: datetime, until: datetime) -> tuple[Seek, ...]:
    """The whole span as one walk."""
    del source
    return (Seek(since=since, until=until),)


def legs_of_days(since: datetime, until: datetime, days: int, parts: int = 1) -> tuple[Seek, ...]:
    """The span cut into pieces of `days`, the newest first, each once for every part."""
    legs, end = [], until
    while end > since:
        start = max(since, end - timedelta(days=days))
        legs += [Seek(since=start, until=end, part=part) for part in range(parts)]
        end = start
    return tuple(legs)


def _always(source: Source, body: bytes) -> bool:
    del source, body
    return True


@dataclass(frozen=True, slots=True)
class Past:
    """One way to read what a source published before. Pure: says what to ask, asks nothing."""

    name: str
    #: (source, seek) → the request for a page; None = there is no such page.
    seek: Callable[[Source, Seek], Request | None]
    #: How an answer leads to the next page: "page" = by its number, until nothing new comes; "cursor" = only where the
    #: answer names it; "once" = the answer is all there is of a leg.
    paging: Literal["page", "cursor", "once"] = "page"
    #: How a span is cut into walks, the newest first.
    legs: Callable[[Source, datetime, datetime], tuple[Seek, ...]] = one_leg
    #: Reader of its answers in `parse.readers`; None = the kind's own.
    parser: str | None = None
    #: What that reader is told instead of the source's options.
    options: Mapping[str, Any] = field(default_factory=dict)
    #: Where times without a zone are meant in its answers; None = as the source says.
    zone: tzinfo | None = None
    #: (source, its newest answer) → whether this way is worth trying; asked only where a kind has several ways.
    fits: Callable[[Source, bytes], bool] = _always
    #: True = an item's address is its identity, as it is in the kind's daily answers.
    address_is_id: bool = False


def _no_check(source: Source) -> None:
    del source


@dataclass(frozen=True, slots=True)
class Kind:
    """What is peculiar to one kind of source. Pure: says what to ask, asks nothing."""

    name: str
    #: Name of the reader in `parse.readers`.
    parser: str
    #: Seconds between two visits when neither feeds.yaml nor the source's rhythm says otherwise.
    interval_s: int
    #: (source, state, now) → what to ask; one request as a rule.
    requests: Callable[[Source, FetchState, datetime], tuple[Request, ...]]
    #: Raises ConfigError (key and hint set) when the options do not make sense.
    check: Callable[[Source], None] = _no_check
    #: Option keys it understands.
    options: frozenset[str] = frozenset()
    robots: RobotsScope = "reader"
    #: What an answer may look like: "xml", "json", "html" or "" for anything; a bot wall is recognised against it.
    expects: str = ""
    #: Seconds between two requests that the platform asks for; overrides a smaller `min_delay_s`.
    min_delay_s: float = 0.0
    #: The ways to what it published before, the best first; none = it cannot go back in time.
    past: tuple[Past, ...] = ()
    #: HTTP statuses that pass by themselves on this platform and must not count against the source.
    transient: frozenset[int] = frozenset()
    #: What its items are: "article", or "post" for what people write on a network (the author is the speaker).
    item_kind: Literal["article", "post"] = "article"
    #: Most items of one visit unless feeds.yaml says otherwise; few where every item is a page to be fetched.
    max_items: int = 200
    #: True = refuses strangers: feeds.yaml must give `settings.contact`.
    needs_contact: bool = False


def get_url(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    """The plain question: the source's address, or where it has moved for good."""
    del now
    return (Request(state.moved_to or source.url),)


def with_query(url: str, **values: object) -> str:
    """`url` with these query parameters set; None removes one, all others keep value and order."""
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in values]
    pairs += [(key, str(value)) for key, value in values.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def page_offset(seek: Seek, size: int) -> int:
    """How many entries stand before a page of `size`."""
    return (max(1, seek.page) - 1) * size


def require_host(source: Source, *hosts: str) -> None:
    """ConfigError unless the source's address is on one of these hosts or below them.

    A recorded world on this machine stands in for every platform.
    """
    host = urlsplit(source.url).hostname or ""
    if host not in ("localhost", "127.0.0.1") and not any(host == name or host.endswith(f".{name}") for name in hosts):
        raise ConfigError(
            f"{host or source.url!r} is no address of this kind", key="url", hint=f"on {' or '.join(hosts)}"
        )


def require_pattern(value: Any, key: str) -> re.Pattern[str]:
    """A regular expression from feeds.yaml, compiled; ConfigError when it is none or too long to be trusted."""
    if not isinstance(value, str) or not value or len(value) > 500:
        raise ConfigError("must be a regular expression", key=key, hint=r"for example ^https://example\.com/news/\d+$")
    try:
        return re.compile(value)
    except re.error as error:
        raise ConfigError(f"is no regular expression: {error}", key=key, hint="escape . as \\.") from error


def require_strings(value: Any, key: str, *, hint: str) -> tuple[str, ...]:
    """A non-empty list of non-empty strings."""
    if not isinstance(value, (list, tuple)) or not value or not all(isinstance(v, str) and v.strip() for v in value):
        raise ConfigError("must be a list of texts", key=key, hint=hint)
    return tuple(value)


def require_choice(value: Any, key: str, choices: Iterable[str]) -> str:
    """One of the given words."""
    if value not in (known := tuple(choices)):
        raise ConfigError(f"{value!r} is not known", key=key, hint=f"one of {', '.join(known)}")
    return str(value)
