"""A digest as JSON and back: what is kept of an edition, so that every delivery of it renders the same."""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from chipreel.model.digest import Digest


def freeze(digest: Digest) -> str:
    """The digest as JSON."""
    return json.dumps(_plain(digest), ensure_ascii=False)


def thaw(text: str) -> Digest:
    """The digest of a JSON text made by `freeze`; fields that a later version added have their defaults."""
    found = _typed(json.loads(text), Digest)
    assert isinstance(found, Digest)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(value: Any, kind: Any) -> Any:
    origin = get_origin(kind)
    if value is None or kind in (str, int, bool) or origin is Literal:
        return value
    if kind is float:
        return float(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if origin in (Union, types.UnionType):
        return _typed(value, next(one for one in get_args(kind) if one is not type(None)))
    if origin is tuple:
        kinds = get_args(kind)
        return tuple(_typed(one, kinds[0] if kinds[-1] is ... else kinds[n]) for n, one in enumerate(value))
    hints = _hints(kind)
    return kind(**{name: _typed(one, hints[name]) for name, one in value.items() if name in hints})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
