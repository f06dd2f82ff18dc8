"""Tagging everything stored anew: the difference first, then, when wanted, the writing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from chipreel.model import Annotation, Source
from chipreel.pipeline.grouping import group_new, refresh_stories
from chipreel.pipeline.past_grouping import group_past
from chipreel.pipeline.rooms import Rooms
from chipreel.store import fixes
from chipreel.store.annotations import save_annotation
from chipreel.store.database import transaction
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.meta import get_meta, save_meta
from chipreel.store.rows import to_item
from chipreel.tag.corrections import Correction, corrected

#: Articles annotated and written in one transaction.
BATCH = 200
#: Examples kept for each company and direction.
EXAMPLES = 3
#: "version id": how far a retagging with that version has come.
_PROGRESS = "retag"


@dataclass(slots=True)
class Difference:
    """What tagging anew changes."""

    articles: int = 0
    changed: int = 0
    #: (company, "+" or "-") → how often, and example titles.
    companies: dict[tuple[str, str], tuple[int, list[str]]] = field(default_factory=dict)
    #: Articles that now belong, and those that no longer do.
    relevant: tuple[int, int] = (0, 0)


def retag(
    db: sqlite3.Connection,
    rooms: Rooms,
    now: datetime,
    *,
    apply: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Difference:
    """Annotate every stored article with today's lexicon and rules; write it when `apply`.

    Corrections by a person hold. What an interrupted retagging has written is not done again.
    """
    if apply:
        # A company may have come since the last run: its tags need its row.
        with transaction(db):
            sync_lexicon(db, rooms.lexicon)
    difference = Difference()
    version = rooms.annotator.version
    after = _resumed_at(db, version) if apply else 0
    for batch in _batches(db, after):
        found = [(row, annotate_row(db, row, rooms)) for row in batch]
        for row, annotation in found:
            _note(difference, row, annotation)
        if apply:
            with transaction(db):
                # At once: a run that is killed forgets which stories it has changed.
                refresh_stories(db, _write(db, rooms, found))
                save_meta(db, _PROGRESS, f"{version} {batch[-1]['id']}")
        progress(difference.articles)
    if apply:
        with transaction(db):
            save_meta(db, _PROGRESS, "")
        group_past(db, rooms, now)
        group_new(db, rooms, now)
    return difference


def annotate_row(db: sqlite3.Connection, row: sqlite3.Row, rooms: Rooms) -> Annotation:
    """What is found in a stored article today, corrections included."""
    source = _source(db, rooms, row["source"])
    found = rooms.annotator.annotate(to_item(row), source=source)
    return corrected(found, _corrections(db, row["id"]))


def _corrections(db: sqlite3.Connection, article: int) -> list[Correction]:
    pairs = fixes.company_fixes(db, [article]).get(article, [])
    return [Correction("is" if verdict == "is" else "not", company) for verdict, company in pairs]


def _batches(db: sqlite3.Connection, after: int) -> Iterator[list[sqlite3.Row]]:
    while True:
        rows = db.execute("select * from articles where id > ? order by id limit ?", (after, BATCH)).fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1]["id"]


def _write(db: sqlite3.Connection, rooms: Rooms, found: list[tuple[sqlite3.Row, Annotation]]) -> set[int]:
    """Save a batch; returns the stories whose articles changed. What no longer belongs leaves its story."""
    touched = set()
    for row, annotation in found:
        day = (row["published"] or row["first_seen"])[:10]
        save_annotation(
            db, row["id"], annotation, day=date.fromisoformat(day), to_usd=rooms.to_usd, version=rooms.annotator.version
        )
        if row["story"] is not None:
            touched.add(row["story"])
            if not annotation.relevant:
                db.execute("update articles set story = null where id = ?", (row["id"],))
    return touched


def _note(difference: Difference, row: sqlite3.Row, annotation: Annotation) -> None:
    before, after = set(json.loads(row["companies"])), {mention.id for mention in annotation.companies}
    difference.articles += 1
    gained, lost = difference.relevant
    difference.relevant = (
        gained + (annotation.relevant and not row["relevant"]),
        lost + (bool(row["relevant"]) and not annotation.relevant),
    )
    difference.changed += before != after or bool(row["relevant"]) != annotation.relevant
    for sign, companies in (("+", after - before), ("-", before - after)):
        for company in sorted(companies):
            count, examples = difference.companies.get((company, sign), (0, []))
            shown = examples if len(examples) >= EXAMPLES else [*examples, row["title"] or ""]
            difference.companies[company, sign] = (count + 1, shown)


def _resumed_at(db: sqlite3.Connection, version: str) -> int:
    kept_version, _, kept_id = (get_meta(db, _PROGRESS) or "").rpartition(" ")
    return int(kept_id) if kept_version == version and kept_id.isdecimal() else 0


def _source(db: sqlite3.Connection, rooms: Rooms, source_id: str) -> Source | None:
    """The source as feeds.yaml has it now; as the database remembers it when it left feeds.yaml."""
    known = rooms.sources_by_id.get(source_id)
    if known is not None:
        return known
    row = db.execute("select * from sources where id = ?", (source_id,)).fetchone()
    if row is None:
        return None
    companies = tuple(json.loads(row["companies"]))
    return Source(row["id"], row["title"], row["kind"], row["url"], row["language"], row["role"], companies)
