"""Any JSON answer, by declared paths: where its list is, and where each field of an item is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.json_values import JsonObject, objects, shape_of, string, value_at
from chipreel.parse.links import resolve
from chipreel.parse.parsed import MAX_ITEMS, ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text

#: The fields of an item that may be declared.
FIELDS = ("id", "title", "url", "published", "updated", "author", "summary", "text", "lang")
_SLOT = re.compile(r"\{([^{}]*)\}")


def read_json_items(document: Any, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """The items at `items` by the paths in `fields`; `only` keeps those with certain values.

    A field is a path (`extra.date`) or a template with paths in braces (`https://example.cn/{slug}`). ParseError says
    which path leads nowhere, and what the answer has instead.
    """
    fields = _fields(options)
    entries = _entries(document, options)
    wanted = [entry for entry in entries[:MAX_ITEMS] if _is_wanted(entry, options.get("only") or {})]
    items = identified(_item(entry, fields, options, context) for entry in wanted)
    if wanted and not any(item.title or item.text for item in items):
        raise ParseError(f"no item has anything at {fields.get('title')}: the first is {shape_of(wanted[0])}")
    return ParsedFeed(items, "json", note=f"cut after {MAX_ITEMS} entries" if len(entries) > MAX_ITEMS else None)


def _fields(options: Mapping[str, Any]) -> Mapping[str, str]:
    fields = options.get("fields")
    if not isinstance(fields, Mapping) or not all(isinstance(path, str) for path in fields.values()):
        raise ParseError("the option fields must say where title and url are")
    unknown = [name for name in fields if name not in FIELDS]
    if unknown or not {"title", "url"} & fields.keys():
        raise ParseError(
            f"the option fields knows {', '.join(FIELDS)}, not {', '.join(map(str, unknown)) or 'nothing'}"
        )
    return fields


def _entries(document: Any, options: Mapping[str, Any]) -> list[JsonObject]:
    path = options.get("items")
    if not isinstance(path, str):
        raise ParseError("the option items must be the path to the list of items")
    found = value_at(document, path)
    if (
        found is None
        and isinstance(holder := value_at(document, path.rpartition(".")[0]), Mapping)
        and path.rpartition(".")[2] in holder
    ):
        return []  # how some servers say "none"
    if not isinstance(found, list):
        raise ParseError(f"there is no list at items: {path or 'the top'}; the answer is {shape_of(document)}")
    return objects(found)


def _is_wanted(entry: JsonObject, only: Mapping[str, Any]) -> bool:
    return all(string(value_at(entry, path)) in {string(value) for value in values} for path, values in only.items())


def _item(entry: JsonObject, fields: Mapping[str, str], options: Mapping[str, Any], context: Context) -> Item:
    told = {name: _value(entry, path, is_address=name == "url") for name, path in fields.items()}
    published, note = _date(told.get("published"), options, context)
    text, summary = html_to_text(told.get("text")), html_to_text(told.get("summary"))
    return Item(
        id=line_of_text((told.get("id") or "")[:2000]) or "",
        title=line_of_html(told.get("title")),
        url=resolve(told.get("url"), context.base),
        author=line_of_html(told.get("author")),
        published=published,
        updated=_date(told.get("updated"), options, context)[0],
        lang=line_of_text(told.get("lang")),
        text=text or summary,
        summary=summary if text else None,
        date_note=note,
    )


def _value(entry: JsonObject, path: str, *, is_address: bool) -> str | None:
    """What a path or template gives; None when any of its paths leads nowhere. Names in a list are joined."""
    if "{" not in path:
        value = value_at(entry, path)
        if isinstance(value, list):
            return ", ".join(filter(None, map(string, value))) or None
        return string(value)
    values = {slot: string(value_at(entry, slot)) for slot in _SLOT.findall(path)}
    if None in values.values():
        return None
    return _SLOT.sub(
        lambda slot: quote(values[slot[1]] or "", safe="/:?&=%+,;@~!*'()#") if is_address else values[slot[1]] or "",
        path,
    )


def _date(raw: str | None, options: Mapping[str, Any], context: Context) -> tuple[datetime | None, str | None]:
    """A date by `date_format` where one is declared and fits, else by its own look."""
    layout = options.get("date_format")
    if raw and isinstance(layout, str):
        try:
            moment = datetime.strptime(raw.strip(), layout)  # noqa: DTZ007  the zone is the context's
        except ValueError:
            return context.date(raw)
        return context.date(moment.isoformat())
    return context.date(raw)
