"""What `settings` in feeds.yaml says: how to fetch, and in which zone and language to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from chipreel.model.source import Source

#: The languages in which chipreel speaks.
LANGUAGES: tuple[str, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Settings:
    """The `settings` of feeds.yaml, every one with its default."""

    #: IANA name of the zone that rules every day boundary and every time shown; the database stays UTC.
    timezone: str = "UTC"
    #: Default of --lang.
    language: str = "en"
    #: True = loopback and private networks may be fetched.
    allow_private_addresses: bool = False
    #: Seconds between the starts of two requests to one host.
    min_delay_s: float = 1.0
    connections_per_host: int = 1
    #: Sources fetched at the same time.
    workers: int = 8
    #: Seconds a whole visit may take, redirects included.
    timeout_s: float = 30.0
    #: Largest body after decompression.
    max_bytes: int = 10_000_000
    #: Address of a person (mail or web page) that goes into the User-Agent; None = none given.
    contact: str | None = None
    #: Hours: what a source's first harvest brings is news only when it was published within them.
    first_window_h: float = 48.0
    #: Proxy for all sources that name none; None = direct.
    proxy: str | None = None
    #: Sections that other rooms read and validate, as they stand in the file: profiles, searches, channels, mute …
    sections: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone named by `timezone`."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Feeds:
    """All of feeds.yaml."""

    settings: Settings
    sources: tuple[Source, ...]
