"""JSON answers: loading them within reason, and taking values out of them without trusting their shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chipreel.errors import ParseError

JsonObject = Mapping[str, Any]


def load_json(text: str) -> Any:
    """A JSON document; ParseError when it is none or nested beyond reason."""
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n"), strict=False, parse_int=_small_int)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the answer is not JSON: {str(error)[:120]}") from error


def _small_int(digits: str) -> int | float:
    """No number of a million digits: turning one into an int takes the square of its length."""
    return int(digits) if len(digits) <= 20 else float("inf")


def string(value: Any) -> str | None:
    """A text or number as text; None for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    """A count; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


def listed(value: Any) -> list[Any]:
    """A list, or the empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[JsonObject]:
    """The objects in a list."""
    return [entry for entry in listed(value) if isinstance(entry, Mapping)]


def object_at(holder: Any, key: str) -> JsonObject:
    """The object under a key, or the empty one."""
    value = holder.get(key) if isinstance(holder, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def value_at(holder: Any, path: str) -> Any:
    """What stands at a dotted path (`data.list.0.title`); None when a step is missing. "" = the holder itself."""
    for step in path.split(".") if path else ():
        if isinstance(holder, Mapping):
            holder = holder.get(step)
        elif isinstance(holder, list) and step.isascii() and step.isdigit() and len(step) < 6:
            holder = holder[int(step)] if int(step) < len(holder) else None
        else:
            return None
    return holder


def shape_of(value: Any) -> str:
    """What a value is, for an error message: "an object with code, msg, data"."""
    if isinstance(value, Mapping):
        return f"an object with {', '.join(str(key)[:30] for key in list(value)[:8])}" if value else "an empty object"
    return {list: "a list", str: "a text", type(None): "nothing", bool: "true or false"}.get(type(value), "a number")
