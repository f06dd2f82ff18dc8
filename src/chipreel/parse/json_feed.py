"""JSON Feed 1.0 and 1.1, and what is nearly one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context, bodies
from chipreel.parse.identity import identified
from chipreel.parse.json_values import listed, load_json, objects, string
from chipreel.parse.links import document_base, resolve
from chipreel.parse.parsed import MAX_ITEMS, ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text, text_to_text

_ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
_BETWEEN_ENTRIES = re.compile(r"[\s,]*")


def read_json_feed(text: str, context: Context, url: str | None) -> ParsedFeed:
    """All of a JSON Feed; ParseError when the JSON is something else."""
    document, note = _document(text)
    if not isinstance(document, Mapping) or not isinstance(document.get("items"), list):
        raise ParseError("the JSON is no JSON Feed: it has no list of items")
    if not any(key in document for key in ("version", "title", "home_page_url", "feed_url")):
        raise ParseError("the JSON is no JSON Feed: it has neither version nor title")
    site = string(document.get("home_page_url"))
    base = document_base(url or string(document.get("feed_url")), site)
    context = replace(context, base=base, lang=line_of_text(string(document.get("language"))), author=_author(document))
    entries = objects(document["items"][:MAX_ITEMS])
    return ParsedFeed(
        items=identified(_item(entry, context) for entry in entries),
        format="json feed",
        title=line_of_text(string(document.get("title"))),
        link=resolve(site, base),
        lang=context.lang,
        hub=next((resolve(string(hub.get("url")), base) for hub in objects(document.get("hubs"))), None),
        note=f"cut after {MAX_ITEMS} entries" if len(document["items"]) > MAX_ITEMS else note,
        cursor=resolve(string(document.get("next_url")), base),
    )


def _document(text: str) -> tuple[Any, str | None]:
    """The JSON; of one that was cut off, what stands before its items and those that are whole."""
    try:
        return load_json(text), None
    except ParseError:
        items = _ITEMS.search(text)
        entries = list(_iter_whole(text, items.end())) if items else []
        if not entries or items is None:
            raise
        head = load_json(text[: items.end()] + "]}")
        return {**head, "items": entries}, "cut off: only whole entries are read"


def _iter_whole(text: str, at: int) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    while at < len(text):
        try:
            entry, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield entry
        at = _BETWEEN_ENTRIES.match(text, end).end()  # type: ignore[union-attr]  # it matches the empty text too


def _item(entry: Mapping[str, Any], context: Context) -> Item:
    updated = string(entry.get("date_modified"))
    published, note = context.date(string(entry.get("date_published")), updated)
    full = html_to_text(string(entry.get("content_html"))) or text_to_text(string(entry.get("content_text")))
    text, summary = bodies(full, html_to_text(string(entry.get("summary"))))
    identity = entry.get("id")
    return Item(
        id=(line_of_text(string(identity)) or "")[:2000],
        title=line_of_html(string(entry.get("title"))),
        url=next((link for key in ("url", "external_url", "id") if (link := _web(entry.get(key), context, key))), None),
        author=_author(entry) or context.author,
        published=published,
        updated=context.date(updated)[0],
        lang=line_of_text(string(entry.get("language"))) or context.lang,
        text=text,
        summary=summary,
        categories=tuple(
            dict.fromkeys(tag for tag in map(line_of_text, map(string, listed(entry.get("tags")))) if tag)
        )[:50],
        date_note=note,
    )


def _web(value: Any, context: Context, key: str) -> str | None:
    link = string(value)
    return resolve(link, None if key == "id" else context.base)


def _author(holder: Mapping[str, Any]) -> str | None:
    people = [*listed(holder.get("authors")), holder.get("author")]
    names = [string(person.get("name")) if isinstance(person, Mapping) else string(person) for person in people]
    return ", ".join(dict.fromkeys(name for name in map(line_of_text, names) if name))[:500] or None
