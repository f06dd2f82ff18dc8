"""One row of the Parquet files: an article with everything found in it. docs/guide.md tells it to readers.

Columns are only ever added at the end, and `chipreel.schema` in the file's metadata counts the additions.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from chipreel.model import Annotation, Item, Mention
from chipreel.text.addresses import canonical_url, host_of, registrable_domain

#: How often columns were added, from 1.
VERSION = 1
#: Folder of articles without a date.
UNDATED = "undated"


def arrow_schema() -> Any:
    """The schema as pyarrow has it."""
    import pyarrow as pa

    text, number, real, yes = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    moment = pa.timestamp("us", tz="UTC")
    place = {"field": text, "start": number, "end": number, "surface": text, "rule": text}
    mention = {"id": text, "score": real, "primary": yes, "via": text, "evidence": pa.list_(_struct(place))}
    where = {"field": text, "start": number, "end": number}
    quote = {**where, "text": text, "kind": text, "speaker": text, "speaker_id": text, "cue": text}
    money = {
        **where, "surface": text, "amount": real, "amount_high": real, "currency": text, "bound": text,
        "owner": text, "role": text,
    }  # fmt: skip
    columns = {
        "id": text, "url": text, "site": text, "title": text, "author": text, "published": moment,
        "date_note": text, "saved_at": moment, "lang": text, "kind": text, "text": text, "summary": text,
        "relevance": real, "beats": pa.list_(text), "topics": pa.list_(text),
        "companies": pa.list_(_struct(mention)), "people": pa.list_(_struct(mention)),
        "products": pa.list_(_struct(mention)), "quotes": pa.list_(_struct(quote)),
        "money": pa.list_(_struct(money)), "file": text, "offset": number, "annotated_by": text,
    }  # fmt: skip
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()], {"chipreel.schema": str(VERSION)})


def _struct(fields: dict[str, Any]) -> Any:
    import pyarrow as pa

    return pa.struct(list(fields.items()))


def identity_of(item: Item) -> str:
    """The id of an article wherever it was saved: of its address, else of its words."""
    known = canonical_url(item.url) if item.url else None
    told = known or "\n".join((item.title or "", item.text or ""))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:24]


def month_of(published: datetime | None) -> str:
    """The folder of an article: "2024-02"."""
    return f"{published:%Y-%m}" if published else UNDATED


def article_row(
    item: Item, found: Annotation, *, file: str, offset: int, saved_at: datetime | None, version: str
) -> dict[str, Any]:
    """The row of an article; `item.id` is its identity."""
    return {
        "id": item.id,
        "url": item.url,
        "site": registrable_domain(host_of(item.url)) if item.url else None,
        "title": item.title,
        "author": item.author,
        "published": item.published,
        "date_note": item.date_note,
        "saved_at": saved_at,
        "lang": found.lang,
        "kind": item.kind,
        "text": item.text,
        "summary": item.summary,
        "relevance": found.relevance,
        "beats": list(found.beats),
        "topics": list(found.topics),
        "companies": [_mention(one) for one in found.companies],
        "people": [_mention(one) for one in found.people],
        "products": [_mention(one) for one in found.products],
        "quotes": [_fields(one) for one in found.quotes],
        "money": [_fields(one) for one in found.money],
        "file": file,
        "offset": offset,
        "annotated_by": version,
    }


def _mention(one: Mention) -> dict[str, Any]:
    return {**_fields(one), "evidence": [_fields(place) for place in one.evidence]}


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__slots__}


def item_of_row(row: dict[str, Any]) -> Item:
    """The item behind a row, as it is imported."""
    kept = ("id", "url", "title", "author", "published", "date_note", "lang", "kind", "text", "summary")
    return Item(**{name: row[name] for name in kept})
