"""What a visit brought → items, by the reader that the kind of source names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chipreel.decide import content_hash
from chipreel.errors import ParseError
from chipreel.fetch.kinds import Past, get_kind
from chipreel.model import Failed, Fetched, Item, Source
from chipreel.pipeline.preparing import Prepared, prepare_items
from chipreel.pipeline.rooms import Rooms

if TYPE_CHECKING:
    from chipreel.parse import ParsedFeed


@dataclass(frozen=True, slots=True)
class Reading:
    """One visit, read."""

    items: tuple[Item, ...]
    #: What the document says of itself: when to come back, its format.
    hints: ParsedFeed
    #: Why there is nothing in it, or how it had to be read; None = all is plain.
    note: str | None = None
    #: True = its items are only addresses: title and date stand on their pages.
    needs_pages: bool = False


def read(source: Source, fetched: Fetched, now: datetime) -> Reading:
    """The items of a visit, those of all its answers. Raises ParseError."""
    return read_answer(source, fetched, now, None)


def read_answer(source: Source, fetched: Fetched, now: datetime, way: Past | None) -> Reading:
    """The items of an answer, of the daily one or of one on a way to the source's past. Raises ParseError."""
    from chipreel.parse.identity import find_identity_note
    from chipreel.parse.readers import parse_answer

    kind = get_kind(source.kind)
    first, *rest = (
        parse_answer(
            way.parser if way and way.parser else kind.parser,
            body,
            options=way.options if way and way.parser and way.options else source.options,
            content_type=fetched.content_type,
            url=fetched.final_url,
            zone=way.zone if way and way.zone else _zone(source),
            now=now,
        )
        for body in (fetched.body, *fetched.more)
    )
    items = {item.id: item for part in (first, *rest) for item in part.items}
    if kind.item_kind == "post":
        writer = _writer(source, first)
        items = {key: replace(item, kind="post", author=item.author or writer) for key, item in items.items()}
    if way is not None and way.address_is_id:
        items = {item.url or key: replace(item, id=item.url or key) for key, item in items.items()}
    note = "; ".join(part for part in (first.note, find_identity_note(first.items)) if part) or None
    return Reading(tuple(items.values()), first, note, needs_pages=kind.parser in ("page", "sitemap"))


def article_item(source: Source, item: Item, outcome: Fetched | Failed, now: datetime) -> Item | None:
    """An item with what its own page says; None when it was only an address and the page cannot be had.

    Then the address stays unknown and is tried again at the next visit.
    """
    from chipreel.parse.page import parse_page
    from chipreel.text.dates import parse_date

    bare = get_kind(source.kind).parser in ("page", "sitemap")
    if isinstance(outcome, Failed):
        return None if bare else item
    try:
        page = parse_page(outcome.body, url=outcome.final_url, content_type=outcome.content_type)
    except ParseError:
        return None if bare else item
    stated, note = parse_date(page.published, now, _zone(source)) if page.published else (None, None)
    title = item.title if not bare else page.title or item.title
    return replace(
        item,
        title=title,
        author=item.author or page.author,
        text=page.text or item.text,
        summary=item.summary or (item.text if page.text else None),
        published=item.published or stated,
        date_note=item.date_note if item.published else note,
        lang=item.lang or page.lang,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a visit brought, read."""

    reading: Reading
    #: Hashes of the items as they are listed, by guid.
    listed: Mapping[str, str]
    #: The items that are taken, as they may be kept; None = their pages come first.
    prepared: tuple[Prepared, ...] | None


def read_visit(rooms: Rooms, source: Source, outcome: Fetched, now: datetime) -> Found:
    """The items of a visit. Raises ParseError. Pure."""
    reading = read(source, outcome, now)
    listed = {item.id: content_hash(item) for item in reading.items}
    # Of what the document says of itself the items are told already.
    reading = replace(reading, hints=replace(reading.hints, items=()))
    if source.text == "page" or reading.needs_pages:
        return Found(reading, listed, None)
    return Found(reading, listed, prepare_items(rooms, source, reading.items[: source.max_items], listed))


def read_page(_rooms: Rooms, source: Source, item: Item, outcome: Fetched | Failed, now: datetime) -> Item | None:
    """An item with what its page tells. Pure."""
    return article_item(source, item, outcome, now)


def _writer(source: Source, feed: ParsedFeed) -> str | None:
    """Whose posts a feed holds that names nobody: the feed of a person's page is called after that person."""
    return feed.title if source.kind == "mastodon" and "/@" in source.url else None


def _zone(source: Source) -> ZoneInfo | None:
    return ZoneInfo(source.timezone) if source.timezone else None
