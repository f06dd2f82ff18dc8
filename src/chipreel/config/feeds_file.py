"""Writing into the user's feeds.yaml: a new source is put in, and nothing else in the file changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

from chipreel.config.feed_values import check_web_address
from chipreel.config.feeds import parse_feeds
from chipreel.config.yaml_text import add_to_list
from chipreel.errors import ConfigError
from chipreel.model import Source

#: Parts of a host or path that name nobody.
_NAMELESS = frozenset(("www", "rss", "feed", "feeds", "blog", "blogs", "news", "en", "zh", "api")).union(
    ("com", "net", "org", "io", "ai", "co", "cn", "tw", "jp", "kr")
)


def add_sources(text: str, entries: Collection[Mapping[str, Any]], name: str = "feeds.yaml") -> str:
    """`text` of a feeds.yaml with sources put in after its last one. Raises ConfigError when the result is invalid."""
    changed = add_to_list(text, "sources", entries, name)
    parse_feeds(changed, name)
    return changed


def part_sources(found: Iterable[Source]) -> tuple[list[Source], list[str]]:
    """(Those whose address feeds.yaml takes; what is wrong with the others.) A page of a site that it does not take
    is forgotten."""
    good, faults = [], []
    for source in found:
        try:
            check_web_address(source.url)
        except ConfigError as error:
            faults.append(f"{source.title!r}: its address {error.message}")
            continue
        good.append(source if _is_address(source.site) else replace(source, site=None))
    return good, faults


def _is_address(url: str | None) -> bool:
    try:
        return bool(check_web_address(url))
    except ConfigError:
        return False


def entry_of(source: Source) -> dict[str, Any]:
    """A source as it is written into feeds.yaml: what is needed, and what differs from the default."""
    entry: dict[str, Any] = {key: getattr(source, key) for key in ("id", "title", "kind", "url", "language", "role")}
    for field in fields(source):
        value = getattr(source, field.name)
        if field.name in entry or field.name in ("options", "line", "max_items") or value == field.default:
            continue
        entry["interval" if field.name == "interval_s" else field.name] = (
            list(value) if field.name == "companies" else value
        )
    return entry | dict(source.options)


def make_id(title: str, url: str, taken: Collection[str]) -> str:
    """A free id for a source, from its host, else from its title: https://www.qbitai.com/feed → qbitai."""
    parts = urlsplit(url)
    words = [word for word in re.split(r"[^a-z0-9]+", f"{parts.hostname or ''}".lower()) if word not in _NAMELESS]
    slug = "-".join(word for word in words if word) or "-".join(re.findall(r"[a-z0-9]+", title.lower()))
    slug = slug[:48].strip("-") or "source"
    if slug not in taken:
        return slug
    return next(name for number in range(2, len(taken) + 3) if (name := f"{slug}-{number}") not in taken)
