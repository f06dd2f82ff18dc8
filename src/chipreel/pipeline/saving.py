"""What was decided of items → rows, in the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from chipreel import decide
from chipreel.pipeline.preparing import Prepared
from chipreel.pipeline.rooms import Tally
from chipreel.store import articles, fixes
from chipreel.store.annotations import ToUsd, columns_of, save_annotation, save_findings
from chipreel.store.fingerprints import save_fingerprint

if TYPE_CHECKING:
    from chipreel.model import Annotated, Item, KnownItem, Source


@dataclass(frozen=True, slots=True)
class Seen:
    """One item with what was decided of it."""

    prepared: Prepared
    decision: decide.Decision
    #: What is remembered of it; None = nothing.
    known: KnownItem | None = None

    @property
    def item(self) -> Item:
        """The item as it may be kept."""
        return self.prepared.item

    @property
    def is_news(self) -> bool:
        """Whether it is to be annotated and written."""
        return not isinstance(self.decision, decide.Kept)


def save_seen(
    db: sqlite3.Connection,
    seen: Sequence[Seen],
    annotated: Mapping[str, Annotated],
    source: Source,
    now: datetime,
    to_usd: ToUsd,
) -> Tally:
    """Write what was decided of the items of one harvest; `annotated` holds what is found in those that are news.

    Articles that others brought from the same addresses are looked up only now: some were under way before.
    """
    added = [one.prepared.address for one in seen if isinstance(one.decision, decide.Added)]
    saver = _Saver(db, source, now, to_usd, articles.find_by_address(db, [address for address in added if address]))
    tally = Tally()
    for one in seen:
        tally += saver.save(one, annotated.get(one.item.id))
    return tally


class _Saver:
    """Writes the items of one harvest."""

    def __init__(
        self,
        db: sqlite3.Connection,
        source: Source,
        now: datetime,
        to_usd: ToUsd,
        twins: Mapping[str, articles.Twin],
    ) -> None:
        self._db, self._source, self._now, self._to_usd, self._twins = db, source, now, to_usd, twins
        #: Articles of this harvest by address and title.
        self._fresh: dict[tuple[str | None, str | None], int] = {}

    def save(self, one: Seen, annotated: Annotated | None) -> Tally:
        """Do what was decided of one item."""
        match one.decision:
            case decide.Kept():
                if one.known is not None:
                    articles.save_signals(self._db, one.known.article_id, one.item)
                return Tally(known=1)
            case decide.Revised(article_id=article, content_hash=content_hash):
                assert annotated is not None, "what is news is annotated"
                new = self._article(one, annotated, content_hash, background=False)
                articles.save_revision(self._db, article, new, self._now)
                self._save_annotation(article, one, annotated)
                return Tally(revised=1, touched=(article,))
            case decide.Added(content_hash=content_hash, background=background):
                assert annotated is not None, "what is news is annotated"
                return self._add(one, annotated, self._article(one, annotated, content_hash, background=background))

    def _add(self, one: Seen, annotated: Annotated, new: articles.NewArticle) -> Tally:
        """A new article, or one more sighting of one that others brought."""
        key = one.prepared.address, one.prepared.title_key
        twin = self._find_twin(one.prepared) or (self._fresh.get(key) if one.prepared.address else None)
        if twin is not None:
            articles.save_sighting(self._db, self._source.id, one.item, twin, new.content_hash, self._now)
            articles.save_signals(self._db, twin, one.item)
            return Tally(known=1)
        article = articles.save_article(self._db, new, self._now)
        self._fresh[key] = article
        save_findings(self._db, article, annotated.annotation, day=self._day(one), to_usd=self._to_usd)
        if annotated.fingerprint is not None:
            save_fingerprint(self._db, article, annotated.fingerprint)
        return Tally(new=1, relevant=int(annotated.annotation.relevant), touched=(article,))

    def _find_twin(self, prepared: Prepared) -> int | None:
        """The article that was met at its address, where the two are one page."""
        twin = self._twins.get(prepared.address or "")
        if twin is None or prepared.address is None:
            return None
        same_title = twin.title_key is not None and twin.title_key == prepared.title_key
        same_source = twin.source_id == self._source.id
        same = decide.is_same_page(prepared.address, same_source=same_source, same_title=same_title)
        return twin.article if same else None

    def _article(self, one: Seen, annotated: Annotated, content_hash: str, *, background: bool) -> articles.NewArticle:
        return articles.NewArticle(
            one.item,
            self._source.id,
            content_hash,
            one.prepared.address,
            one.prepared.title_key,
            background,
            annotated.annotation.lang,
            annotated.words,
            columns_of(annotated.annotation, annotated.version),
        )

    def _day(self, one: Seen) -> date:
        """The day whose rates turn the sums of an item into dollars."""
        return (one.item.published or self._now).astimezone(UTC).date()

    def _save_annotation(self, article: int, one: Seen, annotated: Annotated) -> None:
        """Replace what was found in an article that says something else now; what a person corrected stays so."""
        found, fingerprint = annotated.annotation, annotated.fingerprint
        pairs = fixes.company_fixes(self._db, [article]).get(article, [])
        if pairs:
            from chipreel.tag.corrections import Correction, corrected

            found = corrected(found, [Correction("is" if verdict == "is" else "not", name) for verdict, name in pairs])
            fingerprint = None
        day, version = self._day(one), annotated.version
        save_annotation(self._db, article, found, day=day, to_usd=self._to_usd, version=version)
        if fingerprint is not None:
            save_fingerprint(self._db, article, fingerprint)
