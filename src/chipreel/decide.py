"""What is known of an item and what was just seen → keep, add or revise. Pure: it touches no store and reads no clock.

`pipeline` does the opposite half: it calls the store in the right order and decides nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from chipreel.model import Item, KnownItem

#: First character of every content hash; a new way of hashing does not make the whole archive look changed.
HASH_VERSION = "1"
#: A page that contains a clock changes at every visit; after this many changes it is left alone.
MAX_REVISIONS = 24
#: Most code points of a text that are kept.
MAX_TEXT = 200_000
#: Most code points of a title that are kept.
MAX_TITLE = 1_000
#: Most code points of a guid and of an address; browsers and servers give up there, too.
MAX_ID, MAX_URL = 2_000, 8_000
#: Field → most code points of it that are kept.
_MOST = {"title": MAX_TITLE, "text": MAX_TEXT, "summary": MAX_TEXT, "author": MAX_TITLE, "via": MAX_TITLE} | {
    "lang": 35,
    "kind": 35,
}
#: Most code points of a text kept as summary (`keep: summary`).
SUMMARY_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing to write: the item is known and unchanged, or changes too often to believe."""


@dataclass(frozen=True, slots=True)
class Added:
    """A new item. `background` = it was there before the source was followed, and is no news."""

    content_hash: str
    background: bool


@dataclass(frozen=True, slots=True)
class Revised:
    """A known item whose content changed."""

    article_id: int
    content_hash: str


Decision = Kept | Added | Revised


def content_hash(item: Item) -> str:
    """Versioned digest of what a reader reads: title and text. Empty fields, dates and white space do not count."""
    parts = [f"{name}:{' '.join(value.split())}" for name in ("title", "text") if (value := getattr(item, name))]
    return HASH_VERSION + hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:31]


def decide(
    item: Item,
    known: KnownItem | None,
    *,
    now: datetime,
    first_harvest: bool,
    window: timedelta,
    listed_hash: str | None = None,
) -> Decision:
    """What to do with one item. `listed_hash` is the hash of it as listed, where its page has told more since.

    `first_harvest`: this is the source's first readable answer; then only what was published within `window` before
    `now` is news.
    """
    seen = listed_hash or content_hash(item)
    if known is None:
        return Added(seen, first_harvest and not _is_recent(item, now, window))
    settled = known.content_hash == seen or known.content_hash[:1] != HASH_VERSION
    if settled or not known.owned or known.revisions >= MAX_REVISIONS:
        return Kept()
    return Revised(known.article_id, seen)


def is_same_page(address: str, *, same_source: bool, same_title: bool) -> bool:
    """Whether two items with one canonical address are one article.

    Not where a feed gives all its items one address, or the address of a home page: those must have one title too.
    """
    has_path = urlsplit(address).path.strip("/") != "" or urlsplit(address).query != ""
    return same_title or (has_path and not same_source)


def trimmed(item: Item, keep: Literal["full", "summary", "link"]) -> Item:
    """The item with only as much text as its source's terms allow, and nothing of absurd length."""
    item = _bounded(item)
    text = item.summary or item.text if keep == "summary" else item.text
    if keep == "link":
        return replace(item, text=None, summary=None)
    if keep == "summary" and text:
        return replace(item, text=_cut(text, SUMMARY_LENGTH), summary=None)
    return item


def _bounded(item: Item) -> Item:
    """The item with every text cut to its length; an address is whole or not there, an identity stays its own."""
    changes: dict[str, Any] = {
        name: value[:most] for name, most in _MOST.items() if (value := getattr(item, name)) and len(value) > most
    }
    if len(item.id) > MAX_ID:
        mark = hashlib.sha256(item.id.encode("utf-8", "replace")).hexdigest()
        changes["id"] = f"{item.id[: MAX_ID - len(mark)]}{mark}"
    if item.url and len(item.url) > MAX_URL:
        changes["url"] = None
    return replace(item, **changes) if changes else item


def _is_recent(item: Item, now: datetime, window: timedelta) -> bool:
    return item.published is not None and item.published >= now - window


def _cut(text: str, length: int) -> str:
    """`text` up to the last end of a sentence within `length`; cut hard, with an ellipsis, where there is none."""
    if len(text) <= length:
        return text
    head = text[:length]
    end = max(head.rfind(mark) + 1 for mark in ("。", "！", "？", ". ", "! ", "? ", "\n"))
    return head[:end].rstrip() if end > length // 2 else head.rstrip() + "…"
