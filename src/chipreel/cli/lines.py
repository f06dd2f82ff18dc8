"""JSON lines: items in, annotations out, as in docs/guide.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chipreel.errors import ConfigError
from chipreel.model import Annotation, Evidence, Item, Mention, Money, Source
from chipreel.text.fold import normalise

#: Longest line that is read, in bytes; a longer one is named and passed over.
_MAX_LINE = 64 * 1024 * 1024


def iter_rows(file: Path | None) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Every line with its number: the object, or what is wrong with it. Empty lines are passed over."""
    if file is None or str(file) == "-":
        yield from _rows(sys.stdin.buffer)
        return
    try:
        handle = file.open("rb")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=str(file)) from error
    with handle:
        yield from _rows(handle)


def item_of(row: dict[str, Any]) -> tuple[Item, Source | None]:
    """The item of a row, and its source where the row names one. Texts are kept to the letter, so offsets hold."""
    text = {name: row.get(name) for name in ("title", "text", "lang", "url", "author", "summary", "kind")}
    item = Item(
        id=row["id"],
        title=text["title"],
        text=text["text"],
        lang=text["lang"],
        url=text["url"],
        author=text["author"],
        published=moment_of(row.get("published")),
        kind=text["kind"] or "article",
    )
    name = row.get("source")
    source = Source(id=name, title=name, kind="import", url="") if isinstance(name, str) and name else None
    return item, source


def moment_of(value: Any) -> datetime | None:
    """A moment from a day, a time with or without seconds, or nothing. Without a zone it is UTC."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        from chipreel.text.dates import parse_date

        return parse_date(value)[0]
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None  # the first or the last day there is, in a zone beyond it


#: What `annotate` hands on of an item, so that `cluster` can read its output.
_HANDED_ON = ("title", "url", "published", "source")


def annotation_line(row: dict[str, Any], item: Item, found: Annotation) -> dict[str, Any]:
    """What `annotate` prints of one item, which it was given as `row`."""
    handed_on = {name: row[name] for name in _HANDED_ON if row.get(name) is not None}
    return {
        "id": item.id,
        **handed_on,
        "lang": found.lang,
        "companies": [
            _mention(mention) | {"primary": mention.primary, "via": mention.via} for mention in found.companies
        ],
        "people": [_mention(mention) for mention in found.people],
        "products": [_mention(mention) for mention in found.products],
        "beats": list(found.beats),
        "topics": list(found.topics),
        "relevant": found.relevant,
        "relevance": round(found.relevance, 4),
        "quotes": [asdict(quote) for quote in found.quotes],
        "money": [asdict(money) for money in found.money],
    }


def annotation_of(row: dict[str, Any]) -> Annotation | None:
    """The annotation in a row that `annotate` printed; None for an item that it has not seen, or a damaged one."""
    try:
        return Annotation(
            lang=row["lang"],
            companies=tuple(_mention_of(one) for one in row["companies"]),
            people=tuple(_mention_of(one) for one in row["people"]),
            products=tuple(_mention_of(one) for one in row["products"]),
            beats=tuple(row["beats"]),
            relevant=bool(row["relevant"]),
            topics=tuple(row.get("topics", ())),
            money=tuple(Money(**one) for one in row["money"]),
        )
    except (KeyError, TypeError):
        return None


def _mention_of(raw: dict[str, Any]) -> Mention:
    evidence = tuple(Evidence(**place) for place in raw["evidence"])
    return Mention(raw["id"], raw["score"], evidence, primary=bool(raw.get("primary")), via=raw.get("via"))


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "id": mention.id,
        "score": round(mention.score, 4),
        "evidence": [asdict(place) for place in mention.evidence],
    }


def _rows(handle: Any) -> Iterator[tuple[int, dict[str, Any] | str]]:
    number = 0
    while line := handle.readline(_MAX_LINE):
        number += 1
        if not line.endswith(b"\n") and len(line) == _MAX_LINE:
            while (rest := handle.readline(_MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, "the line is longer than 64 MB"
            continue
        if line.strip():
            yield number, _row(line)


def _row(line: bytes) -> dict[str, Any] | str:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(row, dict):
        return "not a JSON object"
    if isinstance(row.get("id"), int) and not isinstance(row["id"], bool):
        row["id"] = str(row["id"])
    if not isinstance(row.get("id"), str) or not row["id"]:
        return 'no "id"'
    for name in ("title", "text", "lang", "url", "author", "summary", "kind"):
        if row.get(name) is not None and not isinstance(row[name], str):
            return f'"{name}" is not a text'
    return row


def stored_text(item: Item) -> Item:
    """The item with texts in the form in which they are stored."""
    from dataclasses import replace

    return replace(
        item,
        title=normalise(item.title) if item.title else item.title,
        text=normalise(item.text) if item.text else item.text,
    )
