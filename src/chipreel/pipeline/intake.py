"""Items of a source → articles: decide, annotate, save."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chipreel import decide
from chipreel.model import Annotation, Item, KnownItem, Source
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.store import articles, fixes
from chipreel.store.annotations import save_annotation
from chipreel.store.database import transaction
from chipreel.text.addresses import canonical_url, is_web_url
from chipreel.text.titles import title_key

#: Fields of an item that come from outside.
_TEXTS = ("id", "title", "text", "summary", "url", "author", "lang", "date_note", "via")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Harvest:
    """Items that one visit to a source brought."""

    source: Source
    items: Sequence[Item]
    now: datetime
    #: True = the source never brought anything before: what is old in it is background.
    first: bool = False
    #: What counts as news in a first harvest.
    window: timedelta = timedelta(hours=48)
    #: True = nothing is background (imports are asked for).
    all_new: bool = False
    #: Hashes of items as they were listed, by guid, where their pages have told more since.
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One item with what was decided of it."""

    item: Item
    address: str | None
    decision: decide.Decision
    #: The article that another source brought from the same address; None = there is none.
    twin: int | None = None
    known: KnownItem | None = None
    annotation: Annotation | None = None


def take_in(db: sqlite3.Connection, harvest: Harvest, rooms: Rooms) -> Tally:
    """Store what is new and what changed, in one transaction. Twice is once."""
    seen = [_annotated(one, harvest.source, rooms) for one in _decided(db, harvest)]
    with transaction(db):
        return save_seen(db, seen, harvest, rooms)


def save_seen(db: sqlite3.Connection, seen: Sequence[_Seen], harvest: Harvest, rooms: Rooms) -> Tally:
    """Write what was decided, in the caller's transaction."""
    tally = Tally()
    fresh: dict[tuple[str, str | None], int] = {}
    for one in seen:
        tally += _save(db, one, harvest, rooms, fresh)
    return tally


def _decided(db: sqlite3.Connection, harvest: Harvest) -> list[_Seen]:
    source = harvest.source
    items = list({item.id: _storable(item, source) for item in reversed(harvest.items)}.values())[::-1]
    guids = [item.id for item in items]
    known = articles.find_known(db, source.id, guids)
    deleted = articles.find_deleted(db, source.id, guids)
    addresses = {item.id: canonical_url(item.url) if item.url else None for item in items}
    unknown = [a for guid, a in addresses.items() if a and guid not in known]
    twins = articles.find_by_address(db, unknown)
    barred = {
        address
        for address in articles.find_deleted_addresses(db, source.id, unknown)
        if decide.is_same_page(address, same_source=False, same_title=False)
    }
    return [
        _Seen(
            item,
            addresses[item.id],
            decide.decide(
                item,
                known.get(item.id),
                now=harvest.now,
                first_harvest=harvest.first and not harvest.all_new,
                window=harvest.window,
                listed_hash=harvest.listed.get(item.id),
            ),
            twin=_twin(item, addresses[item.id], source, twins),
            known=known.get(item.id),
        )
        for item in items
        if item.id not in deleted
        and (item.title or item.text)
        and (item.id in known or addresses[item.id] not in barred)
    ]


def _twin(item: Item, address: str | None, source: Source, twins: dict[str, articles.Twin]) -> int | None:
    twin = twins.get(address or "")
    if twin is None or address is None:
        return None
    same_title = twin.title_key is not None and twin.title_key == _title_key(item, source)
    same = decide.is_same_page(address, same_source=twin.source_id == source.id, same_title=same_title)
    return twin.article if same else None


def _title_key(item: Item, source: Source) -> str | None:
    return title_key(item.title, (source.title,)) if item.title else None


def _storable(item: Item, source: Source) -> Item:
    """The item as it may be kept: trimmed to the source's terms, links http(s) only, whole code points only."""
    trimmed = decide.trimmed(item, source.keep)
    texts = {name: value for name in _TEXTS if (value := getattr(trimmed, name)) and not value.isascii()}
    spoilt: dict[str, Any] = {name: _whole(value) for name, value in texts.items() if _LONE.search(value)}
    trimmed = replace(trimmed, **spoilt) if spoilt else trimmed
    return trimmed if is_web_url(trimmed.url) else replace(trimmed, url=None)


def _whole(text: str) -> str:
    """`text` with lone surrogates, which no database holds, as question marks: as long as before."""
    return text.encode("utf-8", "replace").decode()


def _annotated(one: _Seen, source: Source, rooms: Rooms) -> _Seen:
    is_news = isinstance(one.decision, decide.Revised) or (isinstance(one.decision, decide.Added) and one.twin is None)
    return replace(one, annotation=rooms.annotator.annotate(one.item, source=source)) if is_news else one


def _save(
    db: sqlite3.Connection, one: _Seen, harvest: Harvest, rooms: Rooms, fresh: dict[tuple[str, str | None], int]
) -> Tally:
    source, item, now = harvest.source, one.item, harvest.now
    key = _title_key(item, source)
    lang = one.annotation.lang if one.annotation else item.lang
    new = articles.NewArticle(item, source.id, "", one.address, key, background=False, lang=lang)
    match one.decision:
        case decide.Kept():
            if one.known is not None:
                articles.save_signals(db, one.known.article_id, item)
            return Tally(known=1)
        case decide.Revised(article_id=article, content_hash=content_hash):
            articles.save_revision(db, article, replace(new, content_hash=content_hash), now)
            _save_annotation(db, article, one, now, rooms)
            return Tally(revised=1, touched=(article,))
        case decide.Added(content_hash=content_hash, background=background):
            twin = one.twin or fresh.get((one.address or "", key))
            if twin is not None:
                articles.save_sighting(db, source.id, item, twin, content_hash, now)
                articles.save_signals(db, twin, item)
                return Tally(known=1)
            article = articles.save_article(db, replace(new, content_hash=content_hash, background=background), now)
            if one.address:
                fresh[one.address, key] = article
            _save_annotation(db, article, one, now, rooms)
            return Tally(new=1, touched=(article,))


def _save_annotation(db: sqlite3.Connection, article: int, one: _Seen, now: datetime, rooms: Rooms) -> None:
    if one.annotation is None:
        return
    from chipreel.tag.corrections import Correction, corrected

    day = (one.item.published or now).astimezone(UTC).date()
    pairs = fixes.company_fixes(db, [article]).get(article, [])
    found = corrected(one.annotation, [Correction("is" if verdict == "is" else "not", name) for verdict, name in pairs])
    save_annotation(db, article, found, day=day, to_usd=rooms.to_usd, version=rooms.annotator.version)
