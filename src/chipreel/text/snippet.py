"""The piece of a text in which a query's words stand, marked in the original text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from chipreel.text.fold import fold
from chipreel.text.script import has_han

#: Endings that the index's stemmer takes off, so that `chips` marks `chip` and the other way round.
_ENDINGS = "ies|y|ing|ed|es|s|e|ly|ion|ions|er|ers"
_ENDING = re.compile(f"(?:{_ENDINGS})$")
#: Code points of a text in which terms are looked for.
_LOOK = 50_000


def find_terms(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where the terms stand in `text`: sorted (start, end) in code points, without overlaps.

    CJK terms are found anywhere, Latin ones as words in any form; with a star at its end (`chip*`) a term may go on.
    """
    folded = fold(text)
    found = (match.span() for term in terms for match in _pattern(term).finditer(folded))
    spans = sorted(found, key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def snippet(
    text: str, terms: Sequence[str], *, width: int = 120, before: str = "[", after: str = "]", other: str | None = None
) -> str:
    """About `width` code points of `text` around the first place where terms stand close together, terms marked.

    Without a match it is the beginning of `other`, where that is given, else of the text. Line ends become spaces.
    """
    text = " ".join(text[:_LOOK].split())
    spans = find_terms(text, terms) if terms else []
    if not spans and other and terms:
        text = " ".join(other[:_LOOK].split())
        spans = find_terms(text, terms)
    start = _best_start(spans, width)
    start = _word_start(text, max(0, start - width // 4)) if start > width // 4 else 0
    end = min(len(text), start + width)
    pieces: list[str] = ["…"] if start else []
    at = start
    for low, high in spans:
        if low >= start and high <= end:
            pieces += [text[at:low], before, text[low:high], after]
            at = high
    pieces.append(text[at:end])
    return "".join(pieces) + ("…" if end < len(text) else "")


def _best_start(spans: list[tuple[int, int]], width: int) -> int:
    """Where a window of `width` holds the most terms; the first such place."""
    best, where, first = 0, spans[0][0] if spans else 0, 0
    for last in range(len(spans)):
        while spans[last][1] - spans[first][0] > width:
            first += 1
        if last - first + 1 > best:
            best, where = last - first + 1, spans[first][0]
    return where


def _word_start(text: str, at: int) -> int:
    """The start of a word at or a little after `at`; any place in text without spaces."""
    space = text.find(" ", at, at + 20)
    return space + 1 if space >= 0 else at


@lru_cache(maxsize=256)
def _pattern(term: str) -> re.Pattern[str]:
    folded = fold(term.strip())
    if not folded:
        return re.compile(r"(?!)")
    if has_han(folded):
        return re.compile(r"\s*".join(re.escape(part) for part in folded.split()))
    words = [re.escape(word) for word in re.findall(r"[^\W_]+", folded)]
    if not words:
        return re.compile(r"(?!)")
    stem = _ENDING.sub("", words[-1])
    going_on = r"[^\W_]*" if folded.endswith("*") else f"(?:{_ENDINGS})?"
    words[-1] = (stem if len(stem) >= 3 else words[-1]) + going_on
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + r"(?![a-z0-9])", re.IGNORECASE)
