"""Product families: a version behind a stem makes a product of its own, so that next month's is known today."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Words that belong to a version's name when they follow or precede its number.
_TIERS = (
    "pro max|pro|max|ultra|flash lite|flash|turbo|mini|nano|lite|plus|preview|air|omni|fast|master|edge|deep think|"
    "thinking|instruct|coder|code|vl|opus|sonnet|haiku|super|ti|fold|flip|xl|fe|se|image|video|audio|heavy|high|"
    "standard|maverick|scout|elite|gen|large|medium|small|aleph|kontext|dev|schnell|标准版|高品质|大师版|旗舰版|专业版"
)
_TAIL = re.compile(
    rf"(?P<before>[ -](?:{_TIERS}))?(?P<gap>[ \-_]?)(?:v(?=\d)|version |ver )?"
    rf"(?P<number>\d{{1,4}}(?:\.\d{{1,2}}){{0,2}})(?P<letter>[a-z]{{0,2}})(?![a-z0-9]|\.\d)"
    rf"(?P<after>(?:[ -](?:{_TIERS})(?![a-z0-9])){{0,3}})"
)
#: Characters with which a tail can begin: a cheap look before the costly one.
_TAIL_BEGINS = frozenset(" -_v0123456789")
#: What turns a number into an amount, a date or a size instead of a version.
_NOT_A_VERSION = re.compile(
    r"\s?(?:%|,\d{3}|million|billion|trillion|bn\b|users?\b|years?\b|months?\b|days?\b|hours?\b|minutes?\b|seconds?\b|"
    r"times\b|percent|年|月|日|天|周|秒|分钟|小时|点|个|款|项|大|次|倍|万|亿|元|岁|名|位|家|条|件|人|块|张|台|部|%|美元|"
    r"th\b|st\b|nd\b|rd\b)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Letters behind a number that measure: 70B parameters, 128K tokens, 4 nm, 8 GB.
_UNITS = frozenset(
    {"b", "m", "k", "t", "gb", "tb", "mb", "nm", "hz", "w", "kw", "mw", "gw", "kg", "mm", "cm", "x", "p"}
)
_SPLIT = re.compile(r"^(.*?[^\d\s.\-v])[ \-]?v?(\d{1,4}(?:\.\d{1,2})*)([a-z]{0,2})$")


@dataclass(frozen=True, slots=True)
class Version:
    """A version found behind a stem."""

    #: Where it ends in the text.
    end: int
    #: "2", "1-5-pro", "910c".
    slug: str


def find_version(folded: str, end: int, *, joined: bool = False, chips: bool = False) -> Version | None:
    """The version that follows a stem ending at `end`, or None.

    `joined`: the stem is one or two letters, so the number must touch it and have at least two digits (or letters of
    its own). `chips`: a letter behind the number names a part (910B) and does not count parameters (70B).
    """
    if folded[end : end + 1] not in _TAIL_BEGINS:
        return None
    found = _TAIL.match(folded, end)
    if found is None or _is_amount(folded, found, chips=chips):
        return None
    if joined and (found["gap"] or found["before"]):
        return None
    parts = (found["before"], found["number"] + found["letter"], found["after"])
    slug = "-".join(re.sub(r"[ .\-]+", "-", part.strip(" -")) for part in parts if part)
    return Version(found.end(), slug)


def _is_amount(folded: str, found: re.Match[str], *, chips: bool) -> bool:
    if found["letter"] in _UNITS and not (chips and found["letter"] in "bx"):
        return True
    if found["letter"]:
        return False
    if _YEAR.fullmatch(found["number"]):
        return True
    return _NOT_A_VERSION.match(folded, found.end("number")) is not None


def stem_of(name: str) -> str | None:
    """The letters of a folded name that ends in a version (`mi300x` → `mi`, `gpt-4` → `gpt`), or None."""
    found = _SPLIT.match(name)
    return found[1].rstrip(" -") if found else None


def version_id(stem_id: str, slug: str) -> str:
    """Id of a version: `sora` + `2` → `sora-2`; stems of one or two letters take it joined: `h` + `20` → `h20`.

    >>> version_id("mi", "500")
    'mi500'
    """
    return stem_id + slug if len(stem_id) <= 2 else f"{stem_id}-{slug}"
