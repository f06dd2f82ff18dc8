"""Putting entries into a list of a YAML file as text: nothing else in the file changes.

A round trip through a YAML library keeps comments but not quotes, widths and blank lines; the place where a list ends
is known from the parser's own marks, so the rest of the file can stay as it is, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import yaml

from chipreel.errors import ConfigError


def add_to_list(text: str, key: str, entries: Collection[Mapping[str, Any]], name: str) -> str:
    """`text` with entries put in after the last one of the list under the top-level `key`; `name` is the file's.

    Raises ConfigError when there is no such list.
    """
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    empty = _empty_list(root, key)
    if empty is not None:
        # `sources: []`: the brackets give way to the first entries.
        before, after = text[: empty.start_mark.index].rstrip(), text[empty.end_mark.index :].lstrip("\n")
        block = "".join(_render_entry(entry, 2) for entry in entries)
        return f"{before}{block}{after}"
    place, indent = _end_of_list(root, key, text, name)
    block = "".join(_render_entry(entry, indent) for entry in entries)
    lines = text.splitlines(keepends=True)
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += "\n"
    return "".join([*lines[:place], block, *lines[place:]])


def _empty_list(root: yaml.Node | None, key: str) -> yaml.SequenceNode | None:
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for name_node, value in pairs if name_node.value == key), None)
    return found if isinstance(found, yaml.SequenceNode) and not found.value else None


def _end_of_list(root: yaml.Node | None, key: str, text: str, name: str) -> tuple[int, int]:
    """(number of lines before the place for a new entry, indentation of the dashes)."""
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for name_node, value in pairs if name_node.value == key), None)
    if not isinstance(found, yaml.SequenceNode) or not found.value or found.flow_style:
        raise ConfigError(f"has no list of {key} to add to", path=name, key=key, hint="one `- id: …` by hand first")
    last = found.value[-1]
    lines = text.splitlines()
    place = min(last.end_mark.line + (1 if last.end_mark.column else 0), len(lines))
    # The mark stands after the blank lines and comments that follow; those belong to what comes next.
    while place > last.start_mark.line + 1 and (not lines[place - 1].strip() or lines[place - 1].lstrip()[0] == "#"):
        place -= 1
    return place, found.start_mark.column


def _render_entry(entry: Mapping[str, Any], indent: int) -> str:
    body = yaml.safe_dump(dict(entry), allow_unicode=True, sort_keys=False, width=100)
    pad = " " * indent
    lines = [f"{pad}  {line}" if line else "" for line in body.splitlines()]
    return "\n" + f"{pad}- {lines[0].lstrip()}\n" + "".join(f"{line}\n" for line in lines[1:])
