"""Items as they were read → items as they may be kept, with what they are recognised by. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chipreel.decide import content_hash, trimmed
from chipreel.model import Item, Source
from chipreel.pipeline.rooms import Rooms
from chipreel.text.addresses import canonical_url, is_web_url
from chipreel.text.titles import title_key

#: Fields of an item that come from outside.
_TEXTS = ("id", "title", "text", "summary", "url", "author", "lang", "date_note", "via")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item as it may be kept."""

    item: Item
    #: One form of its address; None = it has none.
    address: str | None
    #: What is left of its title when the source's name is taken off; None = it has no title.
    title_key: str | None
    #: Hash of it as its source lists it.
    listed_hash: str


def prepare_items(
    _rooms: Rooms, source: Source, items: Sequence[Item], listed: Mapping[str, str]
) -> tuple[Prepared, ...]:
    """Items of a source, each id once; `listed` holds the hashes of those whose pages have told more since, by id."""
    known = {item.id: item for item in reversed(items)}
    storable = [(_storable(item, source), listed.get(item.id)) for item in reversed(known.values())]
    return tuple(
        Prepared(
            item,
            canonical_url(item.url) if item.url else None,
            title_key(item.title, (source.title,)) if item.title else None,
            listed_hash or content_hash(item),
        )
        for item, listed_hash in storable
        if item.title or item.text
    )


def _storable(item: Item, source: Source) -> Item:
    """The item as it may be kept: trimmed to the source's terms, links http(s) only, whole code points only."""
    kept = trimmed(item, source.keep)
    texts = {name: value for name in _TEXTS if (value := getattr(kept, name)) and not value.isascii()}
    spoilt: dict[str, Any] = {name: _whole(value) for name, value in texts.items() if _LONE.search(value)}
    kept = replace(kept, **spoilt) if spoilt else kept
    return kept if kept.url is None or is_web_url(kept.url) else replace(kept, url=None)


def _whole(text: str) -> str:
    """`text` with lone surrogates, which no database holds, as question marks: as long as before."""
    return text.encode("utf-8", "replace").decode()
