"""What reading one answer of a source gives: its items, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from chipreel.model import Item

#: Most items taken from one document; what comes after is noted, not read. A sitemap may hold this many.
MAX_ITEMS = 50_000


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """One document, read. Ids of `items` are unique within it."""

    items: tuple[Item, ...]
    #: "rss 2.0", "atom 1.0", "rdf", "json feed", "sitemap", "hackernews" …
    format: str
    title: str | None = None
    #: The human page it belongs to.
    link: str | None = None
    #: Language it declares; None = not said.
    lang: str | None = None
    #: How long it asks to be left alone, seconds (ttl); None = not said.
    ttl_s: int | None = None
    #: Hours of the day (UTC, 0 to 23) at which it need not be read.
    skip_hours: tuple[int, ...] = ()
    #: Days of the week on which it need not be read, in English and lower case.
    skip_days: tuple[str, ...] = ()
    #: Seconds between two updates, from sy:updatePeriod and sy:updateFrequency; None = not said.
    update_period_s: int | None = None
    #: Address of its WebSub hub; None = none.
    hub: str | None = None
    #: How it had to be read: "tolerant: …", "decoded as gb18030", "cut after 50000 entries"; None = as it stands.
    note: str | None = None
    #: Addresses of further documents of the same kind (a sitemap index).
    children: tuple[str, ...] = ()
    #: What to ask for the next page; None = there is none, or the kind has no pages.
    cursor: str | None = None
