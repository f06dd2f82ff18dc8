"""Writing into the user's feeds.yaml: a new source is put in as text, and nothing else in the file changes.

A round trip through a YAML library keeps comments but not quotes, widths and blank lines; the place where the list of
sources ends is known from the parser's own marks, so the rest of the file can stay as it is, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import yaml

from chipreel.config.feeds import parse_feeds
from chipreel.errors import ConfigError
from chipreel.model import Source

#: Parts of a host or path that name nobody.
_NAMELESS = frozenset(("www", "rss", "feed", "feeds", "blog", "blogs", "news", "en", "zh", "api")).union(
    ("com", "net", "org", "io", "ai", "co", "cn", "tw", "jp", "kr")
)


def add_sources(text: str, entries: Collection[Mapping[str, Any]], name: str = "feeds.yaml") -> str:
    """`text` of a feeds.yaml with sources put in after its last one. Raises ConfigError when the result is invalid."""
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    place, indent = _end_of_sources(root, text, name)
    block = "".join(_render_entry(entry, indent) for entry in entries)
    lines = text.splitlines(keepends=True)
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += "\n"
    changed = "".join([*lines[:place], block, *lines[place:]])
    parse_feeds(changed, name)
    return changed


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


def _end_of_sources(root: yaml.Node | None, text: str, name: str) -> tuple[int, int]:
    """(number of lines before the place for a new source, indentation of the dashes)."""
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    sources = next((value for key, value in pairs if key.value == "sources"), None)
    if not isinstance(sources, yaml.SequenceNode) or not sources.value or sources.flow_style:
        raise ConfigError(
            "has no list of sources to add to", path=name, key="sources", hint="one `- id: …` by hand first"
        )
    last = sources.value[-1]
    lines = text.splitlines()
    place = min(last.end_mark.line + (1 if last.end_mark.column else 0), len(lines))
    # The mark stands after the blank lines and comments that follow; those belong to what comes next.
    while place > last.start_mark.line + 1 and (not lines[place - 1].strip() or lines[place - 1].lstrip()[0] == "#"):
        place -= 1
    return place, sources.start_mark.column


def _render_entry(entry: Mapping[str, Any], indent: int) -> str:
    body = yaml.safe_dump(dict(entry), allow_unicode=True, sort_keys=False, width=100)
    pad = " " * indent
    lines = [f"{pad}  {line}" if line else "" for line in body.splitlines()]
    return "\n" + f"{pad}- {lines[0].lstrip()}\n" + "".join(f"{line}\n" for line in lines[1:])
