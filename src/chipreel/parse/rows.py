"""Items → the JSON rows that `parse` prints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chipreel.model import Item
from chipreel.parse.parsed import ParsedFeed


def feed_rows(parsed: ParsedFeed, file: str) -> tuple[dict[str, Any], ...]:
    """One row an entry, in the document's order; `file` is the argument as it was given."""
    return tuple({"file": file} | item_row(item) for item in parsed.items)


def item_row(item: Item) -> dict[str, Any]:
    """An item as plain values; what is not known is None."""
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "author": item.author,
        "published": _stamp(item.published),
        "updated": _stamp(item.updated),
        "lang": item.lang,
        "summary": item.summary,
        "text": item.text,
        "categories": list(item.categories),
    }


def _stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC to the second with `Z`."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
