"""A fingerprint as text, so that a window of twenty thousand articles is remembered, not made again.

The first line holds what is single, every other line what is plural, with tabs between: split, not parsed, since a run
reads thousands of them.
"""

from __future__ import annotations

import json

from chipreel.story.fingerprint import Fingerprint

#: Version of the way it is written.
_FORM = 2
_SINGLE = ("day", "lang", "source", "url", "title_key", "is_roundup")
_PLURAL = ("terms", "phrases", "lead", "sketch", "once")


def pack_fingerprint(fingerprint: Fingerprint, version: str) -> str:
    """All but the id; `version` is that of the tables it was made with (`StoryKnowledge.version`)."""
    single = [_made_with(version), *(getattr(fingerprint, name) for name in _SINGLE)]
    lines = [json.dumps(single, ensure_ascii=False, separators=(",", ":"))]
    lines += ["\t".join(getattr(fingerprint, name)) for name in _PLURAL]
    return "\n".join(lines)


def unpack_fingerprint(id: str, packed: str, version: str) -> Fingerprint | None:
    """The fingerprint of an article, or None when it was made with other tables and has to be made again."""
    first, *lines = packed.split("\n")
    if not first.startswith(f'["{_made_with(version)}",') or len(lines) != len(_PLURAL):
        return None
    try:
        _, day, lang, source, url, title_key, is_roundup = json.loads(first)
    except (ValueError, TypeError):
        return None
    terms, phrases, lead, sketch, once = [tuple(line.split("\t")) if line else () for line in lines]
    return Fingerprint(id, day, lang, source, url, title_key, terms, phrases, lead, sketch, once, is_roundup)


def _made_with(version: str) -> str:
    return f"{version}/{_FORM}"
