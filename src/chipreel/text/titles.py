"""Titles: the form in which two titles are the same."""

from __future__ import annotations

import re

from chipreel.text.fold import fold
from chipreel.text.late import late
from chipreel.text.script import CJK

_EDGE = re.compile(r"^(?:update|updated|breaking|exclusive|watch|opinion|更新|快讯|独家|突发|图集)\s*[:：|｜\]】-]+\s*")
_SEPARATOR = re.compile(r"\s+[|｜丨–—-]\s+|\s*[|｜丨_]\s*")
_NOISE = late(rf"[^\w{CJK}]+")


def title_key(title: str, outlets: tuple[str, ...] = ()) -> str:
    """What is left of a title when case, width, script, punctuation, and an outlet's name at either end are set aside.

    `outlets` are the names to be taken off ("TechCrunch", "IT之家"); nothing else at a separator is, because in Chinese
    a short half of a headline is half of the headline.
    """
    folded = _EDGE.sub("", fold(title).strip())
    names = {_NOISE.sub("", fold(name)) for name in outlets}
    parts = [part for part in _SEPARATOR.split(folded) if _NOISE.sub("", part) not in names] if names else [folded]
    return _NOISE.sub("", "".join(parts)).replace("_", "")
