"""A fingerprint as one line of text, so that a window of twenty thousand articles is remembered, not made again."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from chipreel.story.fingerprint import Fingerprint

_FIELDS = tuple(field.name for field in fields(Fingerprint))


def pack_fingerprint(fingerprint: Fingerprint, version: str) -> str:
    """One line; `version` is that of the tables it was made with (`StoryKnowledge.version`)."""
    values = (getattr(fingerprint, field) for field in _FIELDS)
    packed = [sorted(value) if isinstance(value, frozenset) else value for value in values]
    return json.dumps([version, *packed], ensure_ascii=False, separators=(",", ":"))


def unpack_fingerprint(packed: str, version: str) -> Fingerprint | None:
    """The fingerprint of a line, or None when it was made with other tables and has to be made again."""
    try:
        made_with, *values = json.loads(packed)
    except (ValueError, TypeError):
        return None
    if made_with != version or len(values) != len(_FIELDS):
        return None
    known: Any = {
        field: frozenset(value) if isinstance(value, list) else value
        for field, value in zip(_FIELDS, values, strict=True)
    }
    return Fingerprint(**known)
