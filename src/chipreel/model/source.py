"""Where news comes from, and what one visit to it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Role = Literal["official", "press", "analysis", "commentary", "community", "research", "filings"]
ROLES: tuple[Role, ...] = ("official", "press", "analysis", "commentary", "community", "research", "filings")
Keep = Literal["full", "summary", "link"]


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of `sources` in feeds.yaml."""

    #: Lower-case slug, unique; what every table and filter calls it.
    id: str
    #: The name a reader sees.
    title: str
    #: Which module of `fetch/` reads it: feed, page, sitemap, json, hackernews, bluesky, …
    kind: str
    #: Address of the feed, list page or API.
    url: str
    #: "en", "zh", or "mul" when it mixes; a prior only, the language of each item is detected.
    language: str = "en"
    role: Role = "press"
    #: Ids of companies it speaks for; a prior for tagging.
    companies: tuple[str, ...] = ()
    enabled: bool = True
    #: Seconds between two visits; None = the kind's default, stretched or shortened by the source's own rhythm.
    interval_s: int | None = None
    #: IANA zone in which its zoneless dates are meant; None = they are flagged, not guessed.
    timezone: str | None = None
    #: "page": fetch each article for its text.
    text: Literal["feed", "page"] = "feed"
    #: How much of the text is stored.
    keep: Keep = "summary"
    #: Most items taken from one visit.
    max_items: int = 200
    #: Who owns it; outlets of one publisher corroborate once. None = the registrable domain of its address.
    publisher: str | None = None
    #: The human page behind the feed.
    site: str | None = None
    #: Terms, limits, or why it is off.
    note: str | None = None
    #: True = loopback and private addresses are allowed for this one.
    allow_private_addresses: bool = False
    #: Proxy address for this source; None = the one in settings.
    proxy: str | None = None
    #: False = only what is relevant is shown; True = everything it brings belongs (official sources of the race).
    all_relevant: bool = False
    #: Keys only its kind understands (pattern, path, query, did …), validated by the kind.
    options: Mapping[str, Any] = field(default_factory=dict)
    #: Line in feeds.yaml, for messages; 0 when made in code.
    line: int = 0


@dataclass(frozen=True, slots=True)
class FetchState:
    """What the store remembers of a source between visits."""

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    #: SHA-256 of the last body, hex.
    body_hash: str | None = None
    #: Address after permanent redirects; None = the configured one.
    moved_to: str | None = None
    #: Not before this moment.
    next_at: datetime | None = None
    #: When a fetch last brought a readable answer; None = never (its first harvest is background).
    last_good: datetime | None = None
    #: Failures in a row.
    failures: int = 0
    #: Seconds between visits as adapted to its rhythm; None = not yet adapted.
    interval_s: int | None = None
    #: Fetches since the last unconditional one.
    conditional_run: int = 0
    #: True = the server said 410, or a person paused it.
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A visit that brought bytes."""

    source_id: str
    #: Address asked for.
    url: str
    #: Address after redirects.
    final_url: str
    status: int
    body: bytes
    #: SHA-256 of `body`, hex.
    body_hash: str
    content_type: str | None
    etag: str | None
    last_modified: str | None
    elapsed_ms: int
    #: Seconds the answer may be kept (Cache-Control, Expires); None = not said.
    max_age_s: int | None = None
    #: New address when every redirect on the way was permanent.
    moved_to: str | None = None
    #: True = same body hash as last time: nothing to parse.
    unchanged: bool = False
    #: The bodies after the first, where a kind asks several questions (one search per word).
    more: tuple[bytes, ...] = ()
    #: True = asked without validators, as happens now and then because a 304 can lie.
    unconditional: bool = False


@dataclass(frozen=True, slots=True)
class NotModified:
    """A visit answered 304."""

    source_id: str
    url: str
    elapsed_ms: int
    etag: str | None = None
    last_modified: str | None = None
    max_age_s: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A visit that brought nothing usable. A value, not an exception: the run goes on."""

    source_id: str
    url: str
    #: Short class of failure: timeout, dns, offline, connect, tls, proxy, http, rate-limited, too-large, encoding,
    #: robots, private-address, address, blocked, redirects, busy, parse, config.
    reason: str
    #: One sentence for a person.
    message: str
    elapsed_ms: int = 0
    status: int | None = None
    #: Seconds the server asked us to wait.
    retry_after_s: int | None = None
    #: True = gone for good (410).
    gone: bool = False
