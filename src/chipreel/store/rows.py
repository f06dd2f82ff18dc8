"""Rows → types and types → values of rows; the only place that knows both shapes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chipreel.model import FetchState, Item

if TYPE_CHECKING:
    from chipreel.model import Evidence

_encode = json.JSONEncoder(ensure_ascii=False).encode


def is_number(text: str) -> bool:
    """Whether a text is the number of a row: digits, and no more than SQLite can hold."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def to_text(moment: datetime | None) -> str | None:
    """A moment as it is stored: 2024-02-16T08:00:00Z."""
    if moment is None:
        return None
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()[:19] + "Z"


def to_moment(text: str | None) -> datetime | None:
    """A stored moment, aware and UTC."""
    return None if not text else datetime.fromisoformat(text)


def to_json(values: Iterable[Any]) -> str:
    """A JSON array as it is stored, Chinese readable."""
    found = list(values)
    return _encode(found) if found else "[]"


def to_fetch_state(row: sqlite3.Row) -> FetchState:
    """What is remembered of a source."""
    return FetchState(
        source_id=row["id"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        moved_to=row["moved_to"],
        next_at=to_moment(row["next_at"]),
        last_good=to_moment(row["last_good"]),
        failures=row["failures"],
        interval_s=row["interval_s"],
        conditional_run=row["conditional_run"],
        disabled=bool(row["paused"] or row["gone"]),
    )


def to_item(row: sqlite3.Row) -> Item:
    """The item behind a row of articles."""
    return Item(
        id=str(row["id"]),
        title=row["title"],
        url=row["url"],
        author=row["author"],
        published=to_moment(row["published"]),
        updated=to_moment(row["updated"]),
        lang=row["lang"],
        text=row["text"],
        summary=row["summary"],
        kind=row["kind"],
        points=row["points"],
        comments=row["comments"],
        date_note=row["date_note"],
        via=row["via"],
    )


def evidence_json(evidence: Iterable[Evidence]) -> str:
    """Evidence as it is stored."""
    return to_json(
        {"field": e.field, "start": e.start, "end": e.end, "surface": e.surface, "rule": e.rule} for e in evidence
    )
