"""The cheap first look at a page's bytes: whether anything in it could be of this tracker, before its HTML is parsed.

A page passes with a name that means one thing only, or with a doubtful one (a word of every day, a platform that every
page links) beside a word of the trade: in any encoding that Chinese pages use, in either script, as text or escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from chipreel.text.fold import fold
from chipreel.text.traditional import SIMPLIFIED, TRADITIONAL

#: Characters of a script before and after which a Latin word ends.
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")
_LETTERS = frozenset(b"abcdefghijklmnopqrtuvwxyz")
_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")
_TAG = re.compile(rb"<[^<>]*>")
#: What may stand between the parts of a Latin name, and quotes and dots within it. No byte from 0x40 on: those are also
#: the second half of Chinese characters.
_SPACES = bytes.maketrans(b"-./'+\t\r\n", b" " * 8)
_ENCODINGS = ("utf-8", "gb18030", "big5")
#: Most ways of writing one Chinese word in Traditional characters.
_MOST_FORMS = 16
_SURE, _DOUBTFUL, _TERM = 1, 2, 4
_BOTH = _DOUBTFUL | _TERM
#: A page of fewer bytes is read at once: it costs little, and a headline alone need not have a second sign.
SHORT = 4000
#: Bytes within which a word of the trade vouches for a doubtful name.
NEAR = 200


@dataclass(frozen=True, slots=True)
class Signs:
    """What is looked for, as it is written."""

    #: Names that mean one thing only.
    sure: frozenset[str] = frozenset()
    #: Names that are also words, and platforms that stand at the foot of every page.
    doubtful: frozenset[str] = frozenset()
    #: Words of the trade.
    terms: frozenset[str] = frozenset()


class FirstLook:
    """Looks for signs in bytes. Building it costs half a second, a page of 100 KB a millisecond."""

    def __init__(self, signs: Signs) -> None:
        import ahocorasick_rs

        patterns: dict[bytes, int] = {}
        for mark, words in ((_SURE, signs.sure), (_DOUBTFUL, signs.doubtful), (_TERM, signs.terms)):
            for word in sorted(words):
                part = telling_part(word)
                # The part of a name that is looked for may be a word of every day: of "meta 平台" it is "meta".
                is_sure = part is None or (is_whole(part, word) and (len(part) > 2 or not part.isascii()))
                weight = mark if mark != _SURE or is_sure else _DOUBTFUL
                for form in _byte_forms(part):
                    patterns[form] = patterns.get(form, 0) | weight
        self._patterns = list(patterns)
        # A doubtful name that is a word of the trade too (GPT) vouches for itself, two letters (AI) do not.
        self._marks = [
            (_SURE if len(form) > 2 else _TERM) if mark & _BOTH == _BOTH else mark for form, mark in patterns.items()
        ]
        self._automaton: Any = ahocorasick_rs.BytesAhoCorasick(self._patterns) if patterns else None

    def may_belong(self, body: bytes) -> bool:
        """Whether a page must be read; True also for what cannot be judged by its bytes."""
        if (
            self._automaton is None
            or len(body) < SHORT
            or b"\0" in body[:4096]
            or body[:2] in (b"\xff\xfe", b"\xfe\xff")
        ):
            return True
        text = visible(body.lower())
        doubtful = term = -2 * NEAR
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            mark = self._marks[pattern]
            if not _stands_alone(self._patterns[pattern], text, start, end):
                continue
            if mark & _SURE:
                return True
            doubtful = start if mark & _DOUBTFUL else doubtful
            term = start if mark & _TERM else term
            if abs(doubtful - term) <= NEAR:
                return True
        return False


def telling_part(word: str) -> str | None:
    """The part of a word that is looked for; None = too little to tell anything.

    Of a Latin word all its runs with one space between them (in a page a hyphen, an entity or a line break may stand
    there), of a Chinese one its longest run of characters. Of a mixed one the Latin part: what stands with it is 公司.
    """
    runs = _RUN.findall(fold(word))
    latin = " ".join(run for run in runs if run.isascii())
    if len(latin) > 1 and not latin.replace(" ", "").isdecimal():
        return latin
    return max((run for run in runs if not run.isascii() and len(run) > 1), key=len, default=None)


def is_whole(part: str, word: str) -> bool:
    """Whether nothing but spaces and marks was left out of a word."""
    return "".join(_RUN.findall(fold(word))) == part.replace(" ", "")


def visible(lowered: bytes) -> bytes:
    """A page in lower case without scripts, styles and tags, one space between words; linked data and `meta` stay."""
    kept, at = [], 0
    for start, end in _blocks(lowered):
        kept.append(lowered[at:start])
        at = end
    kept.append(lowered[at:])
    plain = _TAG.sub(b" ", b" ".join(kept).replace(b"<meta ", b" ")).replace(b"&nbsp;", b" ").replace(b"\xc2\xa0", b" ")
    return b" ".join(plain.translate(_SPACES).split())


def _blocks(lowered: bytes) -> Iterator[tuple[int, int]]:
    """Scripts and styles, from the first to after the last byte. One that never ends is none."""
    at = 0
    ends = {b"<script": b"</script", b"<style": b"</style"}
    while True:
        starts = [(found, name) for name in ends if (found := lowered.find(name, at)) >= 0]
        if not starts:
            return
        start, name = min(starts)
        end = lowered.find(ends[name], start)
        if end < 0:
            del ends[name]
            at = start + 1
            continue
        if b"json" not in lowered[start : lowered.find(b">", start, start + 500) + 1]:
            yield start, end
        at = end


def _byte_forms(sign: str | None) -> Iterator[bytes]:
    if sign is None:
        return
    if sign.isascii():
        yield sign.encode()
        return
    for form in _traditional_forms(sign):
        for encoding in _ENCODINGS:
            try:
                yield form.encode(encoding).lower()
            except UnicodeEncodeError:
                continue
        yield "".join(f"\\u{ord(char):04x}" for char in form).encode()
        yield "".join(f"&#{ord(char)};" for char in form).encode()
        yield "".join(f"&#x{ord(char):x};" for char in form).encode()


def _traditional_forms(sign: str) -> Iterator[str]:
    """The word in Simplified characters and in the ways it may stand in Traditional ones."""
    choices = [(char, *_TRADITIONAL_OF.get(char, ())) for char in sign]
    yield sign
    # All characters changed first: that is how Traditional text looks.
    changed = [found[1:] + found[:1] for found in choices]
    yield from ("".join(form) for form in islice(product(*changed), _MOST_FORMS))


def _stands_alone(pattern: bytes, text: bytes, start: int, end: int) -> bool:
    """Whether a Latin word is no part of a longer one; a number or a plural s may follow."""
    if pattern[0] not in _WORD:
        return True
    if start and text[start - 1] in _WORD:
        return False
    return end >= len(text) or text[end] not in _LETTERS


def _reversed_table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for old, new in zip(TRADITIONAL, SIMPLIFIED, strict=True):
        table[new] = (*table.get(new, ()), old)
    return table


_TRADITIONAL_OF = _reversed_table()
