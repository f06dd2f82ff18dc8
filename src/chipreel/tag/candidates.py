"""Hits of the scanner → places where a name stands: edges and case checked, versions read, longest taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chipreel.tag.names import Name, Names
from chipreel.tag.scan import WORD, Hit
from chipreel.tag.versions import find_version, version_id
from chipreel.text.script import has_han

_EXCHANGE = re.compile(r"(?:\$|nasdaq|nyse|nysearca|amex|twse|krx|tyo|tse|lon|ams|股票代码|代码)\s?[:：]?\s?$")
_NUMBER_BEFORE = re.compile(r"\d[.,]$|[$¥€£第约近超达]$")
_UNIT = re.compile(
    r"[.,]\d|\s?(?:%|°|度|天|万|亿|千|百|个|元|名|人|次|家|款|台|辆|倍|字|页|行|种|多|余|公里|米|克|斤|集|km|mm|kg|hz|px|p(?![a-z]))"
)


class Candidate(NamedTuple):
    """A place in a field where a name may stand. A tuple, as there are many and a frozen type costs twice the time."""

    field: str
    start: int
    end: int
    surface: str
    name: Name
    #: Id of the thing named: the name's own, or that of its version.
    id: str
    #: True = a version follows: Sora 2.
    versioned: bool = False


def find_candidates(field: str, text: str, folded: str, hits: Iterable[Hit], names: Names) -> list[Candidate]:
    """What the hits name, ordered by place, no two overlapping: the leftmost, and of those the longest, stays.

    Blocks take part like names, so that a longer word hides the name inside it. Several readings of one place stay
    side by side.
    """
    found: list[Candidate] = []
    readings = names.readings
    for key, start, end in hits:
        for name in readings(key):
            if name.plain:
                found.append(Candidate(field, start, end, text[start:end], name, name.id))
                continue
            candidate = _read(field, text, folded, start, end, name)
            if candidate is not None:
                found.append(candidate)
    return list(_leftmost_longest(found))


def _read(field: str, text: str, folded: str, start: int, end: int, name: Name) -> Candidate | None:
    versioned, id_ = False, name.id
    if name.family and (name.joined or not folded[end - 1].isdigit()):
        stem_end = end - 1 if name.joined else end
        version = find_version(folded, stem_end, joined=name.joined, chips=name.beat == "chips")
        if version is not None and (not name.joined or _is_part_number(version.slug)):
            end, id_, versioned = version.end, version_id(name.id, version.slug), True
        elif name.must_have_version:
            return None
    if not versioned and end < len(folded) and _runs_on(folded, end, name):
        return None
    surface = text[start:end]
    fits = (
        _ticker_fits(folded, start, surface, name)
        if name.rule == "ticker"
        else _case_fits(surface, name) or (_may_be_small(surface, name, text, start, end))
    )
    if not fits or (surface.isdecimal() and _is_figure(folded, start, end)):
        return None
    return Candidate(field, start, end, surface, name, id_, versioned)


def _is_figure(folded: str, start: int, end: int) -> bool:
    """Whether digits that could be a name (360) count or measure something here."""
    return _NUMBER_BEFORE.search(folded[max(0, start - 2) : start]) is not None or _UNIT.match(folded, end) is not None


def _is_part_number(slug: str) -> bool:
    """Behind a stem of one or two letters: at least two digits, or one with a tier behind it (M4 Max, o3-mini)."""
    digits = slug.split("-")[0]
    return sum(char.isdigit() for char in digits) >= 2 or "-" in slug


def _runs_on(folded: str, end: int, name: Name) -> bool:
    """Whether the word goes on behind a stem that more may follow; the plural of a sure name is no more of it."""
    if folded[end] not in WORD or folded[end - 1] not in WORD:
        return False
    plural = not name.ambiguous and folded[end] == "s" and (end + 1 == len(folded) or folded[end + 1] not in WORD)
    return not plural


def _case_fits(surface: str, name: Name) -> bool:
    """Whether the case is that of the lexicon; an ambiguous name of three letters or more may also be in capitals."""
    if not name.case:
        return True
    size = len(name.text)
    if name.must_have_version:
        size = next((place for place, char in enumerate(name.text) if char.isdigit()), size)
        size = len(name.text[:size].rstrip(" -"))
    if surface[:size] == name.text[:size]:
        return True
    return name.ambiguous and not name.joined and size >= 3 and surface[:size].isupper()


def _may_be_small(surface: str, name: Name, text: str, start: int, end: int) -> bool:
    """Whether a name in lower case may count: any among Chinese (ibm公司), elsewhere a company's that is judged."""
    if name.joined or name.must_have_version or surface != name.text.lower():
        return False
    among_chinese = len(surface) >= 3 and has_han(text[max(0, start - 1) : end + 1])
    return among_chinese or (name.ambiguous and name.kind == "company" and len(surface) >= 4)


def _ticker_fits(folded: str, start: int, surface: str, name: Name) -> bool:
    if surface[0].isdigit():
        return _NUMBER_BEFORE.search(folded[max(0, start - 2) : start]) is None
    if _EXCHANGE.search(folded[max(0, start - 12) : start]):
        return True
    letters = len(name.text.lstrip("$").partition(".")[0])
    return letters >= 4 and not name.ambiguous and surface == name.text.lstrip("$")


def _leftmost_longest(found: list[Candidate]) -> Iterator[Candidate]:
    # Readings of one place keep the order of their keys, which is that of the alphabet.
    found.sort(key=_start_then_longest)
    end, place = -1, 0
    while place < len(found):
        first = found[place]
        stop = place + 1
        while stop < len(found) and found[stop].start == first.start and found[stop].end == first.end:
            stop += 1
        if first.start >= end:
            end = first.end
            yield from (first,) if stop == place + 1 else _choose(found[place:stop])
        place = stop


def _start_then_longest(candidate: Candidate) -> tuple[int, int]:
    return candidate.start, -candidate.end


def _choose(group: list[Candidate]) -> list[Candidate]:
    """Readings of one place: a block, else names as listed, else versions, else the family by itself."""
    for wanted in (_is_block, _is_listed, _is_version):
        chosen = [candidate for candidate in group if wanted(candidate)]
        if chosen:
            return chosen
    return group


def _is_block(candidate: Candidate) -> bool:
    return candidate.name.kind == "block"


def _is_listed(candidate: Candidate) -> bool:
    return not candidate.versioned and not candidate.name.family


def _is_version(candidate: Candidate) -> bool:
    return candidate.versioned
