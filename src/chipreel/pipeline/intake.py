"""Items of a source → articles: decide, annotate, save."""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chipreel import decide
from chipreel.model import Annotated, Item, KnownItem, Source
from chipreel.pipeline.annotators import Annotators, Job
from chipreel.pipeline.rooms import Rooms, Tally
from chipreel.store import articles, fixes
from chipreel.store.annotations import save_annotation
from chipreel.store.database import Batch
from chipreel.store.fingerprints import save_fingerprint
from chipreel.text.addresses import canonical_url, is_web_url
from chipreel.text.titles import title_key

#: Fields of an item that come from outside.
_TEXTS = ("id", "title", "text", "summary", "url", "author", "lang", "date_note", "via")
#: Articles and visits written in one transaction; a run that is killed asks for so many again.
TOGETHER = 1_000
#: Items that wait to be saved; more, and nothing more is read before the oldest are done.
MOST_UNDER_WAY = 600
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
    known: KnownItem | None = None


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A harvest that is being annotated."""

    harvest: Harvest
    seen: Sequence[_Seen]
    job: Job
    then: Callable[[Tally], None]
    #: False = decided while another one of its source was under way.
    is_alone: bool


class Intake:
    """Takes in harvests one after another: decides at once, annotates perhaps elsewhere, saves in order.

    `then`, given with a harvest, is told what its items were when they are saved, within the same transaction.
    """

    def __init__(self, db: sqlite3.Connection, rooms: Rooms, annotators: Annotators) -> None:
        self._db, self._rooms, self._annotators = db, rooms, annotators
        self.batch = Batch(db, TOGETHER)
        self._under_way: deque[_UnderWay] = deque()
        self._items_under_way = 0

    def put(self, harvest: Harvest, then: Callable[[Tally], None] = lambda _: None) -> None:
        """Take in one harvest, now or soon."""
        seen = _decided(self._db, harvest)
        job = Job(harvest.source, [one.item for one in seen if _is_news(one)], harvest.now)
        self._annotators.submit(job)
        is_alone = all(other.harvest.source.id != harvest.source.id for other in self._under_way)
        self._under_way.append(_UnderWay(harvest, seen, job, then, is_alone))
        self._items_under_way += len(job.items)
        while self._under_way and (self._under_way[0].job.result is not None or self._items_under_way > MOST_UNDER_WAY):
            self._save_first()

    def finish(self) -> None:
        """Save what is under way, and keep it."""
        while self._under_way:
            self._save_first()
        self.batch.commit()

    def _save_first(self) -> None:
        first = self._under_way.popleft()
        harvest, items = first.harvest, first.job.items
        annotated = dict(zip((item.id for item in items), self._annotators.wait(first.job), strict=True))
        self._items_under_way -= len(items)
        seen = first.seen if first.is_alone else _decided(self._db, harvest)
        missing = Job(harvest.source, [s.item for s in seen if _is_news(s) and s.item.id not in annotated], harvest.now)
        if missing.items:
            self._annotators.submit(missing)
            found = self._annotators.wait(missing)
            annotated |= zip((item.id for item in missing.items), found, strict=True)
        with self.batch.writing(1 + len(items)):
            first.then(_save_all(self._db, seen, annotated, harvest, self._rooms))


def take_in(db: sqlite3.Connection, harvest: Harvest, rooms: Rooms) -> Tally:
    """Store what is new and what changed, in one transaction. Twice is once."""
    tallies: list[Tally] = []
    with Annotators(rooms) as annotators:
        intake = Intake(db, rooms, annotators)
        intake.put(harvest, tallies.append)
        intake.finish()
    return tallies[0]


def _is_news(one: _Seen) -> bool:
    return isinstance(one.decision, decide.Added | decide.Revised)


def _decided(db: sqlite3.Connection, harvest: Harvest) -> list[_Seen]:
    source = harvest.source
    items = list({item.id: _storable(item, source) for item in reversed(harvest.items)}.values())[::-1]
    guids = [item.id for item in items]
    known = articles.find_known(db, source.id, guids)
    deleted = articles.find_deleted(db, source.id, guids)
    addresses = {item.id: canonical_url(item.url) if item.url else None for item in items}
    unknown = [a for guid, a in addresses.items() if a and guid not in known]
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
            known=known.get(item.id),
        )
        for item in items
        if item.id not in deleted
        and (item.title or item.text)
        and (item.id in known or addresses[item.id] not in barred)
    ]


def _twin(item: Item, address: str | None, source: Source, twins: Mapping[str, articles.Twin]) -> int | None:
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


def _save_all(
    db: sqlite3.Connection,
    seen: Sequence[_Seen],
    annotated: Mapping[str, Annotated],
    harvest: Harvest,
    rooms: Rooms,
) -> Tally:
    """Write what was decided, in the caller's transaction.

    Articles that others brought from the same addresses are looked up only now: some were under way before.
    """
    added = [one.address for one in seen if one.address and isinstance(one.decision, decide.Added)]
    twins = articles.find_by_address(db, added)
    saver = _Saver(db, harvest, rooms, twins)
    tally = Tally()
    for one in seen:
        tally += saver.save(one, annotated.get(one.item.id))
    return tally


class _Saver:
    """Writes the items of one harvest, in the caller's transaction."""

    def __init__(
        self, db: sqlite3.Connection, harvest: Harvest, rooms: Rooms, twins: Mapping[str, articles.Twin]
    ) -> None:
        self._db, self._harvest, self._rooms, self._twins = db, harvest, rooms, twins
        #: Articles of this harvest by address and title.
        self._fresh: dict[tuple[str, str | None], int] = {}

    def save(self, one: _Seen, annotated: Annotated | None) -> Tally:
        """Do what was decided of one item."""
        db, source, item, now = self._db, self._harvest.source, one.item, self._harvest.now
        if isinstance(one.decision, decide.Kept):
            if one.known is not None:
                articles.save_signals(db, one.known.article_id, item)
            return Tally(known=1)
        assert annotated is not None, "what is news is annotated"
        key = _title_key(item, source)
        new = articles.NewArticle(
            item,
            source.id,
            one.decision.content_hash,
            one.address,
            key,
            background=False,
            lang=annotated.annotation.lang,
        )
        match one.decision:
            case decide.Revised(article_id=article):
                articles.save_revision(db, article, new, now)
                self._save_annotation(article, one, annotated)
                return Tally(revised=1, touched=(article,))
            case decide.Added(background=background):
                twin = _twin(item, one.address, source, self._twins) or self._fresh.get((one.address or "", key))
                if twin is not None:
                    articles.save_sighting(db, source.id, item, twin, new.content_hash, now)
                    articles.save_signals(db, twin, item)
                    return Tally(known=1)
                article = articles.save_article(db, replace(new, background=background), now)
                if one.address:
                    self._fresh[one.address, key] = article
                self._save_annotation(article, one, annotated)
                return Tally(new=1, touched=(article,))

    def _save_annotation(self, article: int, one: _Seen, annotated: Annotated) -> None:
        from chipreel.tag.corrections import Correction, corrected

        found, fingerprint = annotated.annotation, annotated.fingerprint
        day = (one.item.published or self._harvest.now).astimezone(UTC).date()
        pairs = fixes.company_fixes(self._db, [article]).get(article, []) if one.known else []
        if pairs:
            found = corrected(found, [Correction("is" if verdict == "is" else "not", name) for verdict, name in pairs])
            fingerprint = None
        save_annotation(
            self._db,
            article,
            found,
            day=day,
            to_usd=self._rooms.to_usd,
            version=annotated.version,
            is_new=one.known is None,
        )
        if fingerprint is not None:
            save_fingerprint(self._db, article, fingerprint)
