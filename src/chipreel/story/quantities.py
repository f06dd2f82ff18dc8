"""Numbers of a folded title in one form for both scripts: $110 billion and 1100亿美元 are one quantity."""

from __future__ import annotations

import re

_SCALE = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
    "t": 1e12, "tn": 1e12, "trillion": 1e12,
    "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "十亿": 1e9,
    "百亿": 1e10, "千亿": 1e11, "万亿": 1e12,
}  # fmt: skip
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
QUANTITY = re.compile(
    r"(?<![a-z\d.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?"
    r"(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百|(?:thousand|million|billion|trillion|mn|bn|tn|[kmbt])(?![a-z]))?"
    r"\s?(?P<unit>%|％|per ?cent|gw|吉瓦|mw|兆瓦|nm|纳米|tb|gb|tflops|hz|x(?![a-z\d])|倍)?"
)
_HAN_NUMBER = re.compile(
    r"(?<![数几十百千上\d])(?:(?P<number>[一二两三四五六七八九])(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|十万)|(?P<round>万亿|千亿|百亿|十亿|千万|百万))"
)
#: No `_HAN_NUMBER` is without one of these, nor does it begin more than two characters before.
_LARGE = re.compile("[亿万]")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
#: That the month begins a word is asked behind its first letters: a pattern that begins with letters is found faster.
_ENGLISH_DAY = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?<!\w...)"
    r"[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?\b(?! ?(?:billion|million))"
)
#: A result of a match: 4:1, 108比106.
_RESULT = re.compile(r"(?<![\d:.])(\d{1,3})\s?[:比]\s?(\d{1,3})(?![\d:.])")
#: No number in figures stands in front of the first of these.
DIGIT = re.compile(r"\d")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_UNIT = {"%": "%", "％": "%", "percent": "%", "per cent": "%", "吉瓦": "gw", "兆瓦": "mw", "纳米": "nm", "倍": "x"}


def find_quantities(text: str) -> list[tuple[int, int, str]]:
    """(start, end, term) of the numbers of a folded text: n:1.1e+11, n:35.1%, n:6gw, n:11-25 for a day, n:4:1."""
    digit = DIGIT.search(text)
    found = _with_digits(text, digit.start()) if digit else []
    large = _LARGE.search(text)
    for match in _HAN_NUMBER.finditer(text, max(0, large.start() - 2)) if large else ():
        value = _DIGITS[match["number"] or "一"] * _SCALE[match["scale"] or match["round"]]
        found.append((match.start(), match.end(), f"n:{value:.4g}"))
    return found


def _with_digits(text: str, low: int) -> list[tuple[int, int, str]]:
    """The numbers of a text whose first digit is `text[low]`."""
    found = [
        (match.start(), match.end(), f"n:{_MONTHS.index(match[1]) + 1}-{int(match[2])}")
        for match in _ENGLISH_DAY.finditer(text)
    ]
    if "月" in text:
        found += [
            (match.start(), match.end(), f"n:{int(match[1])}-{int(match[2])}") for match in _DAY.finditer(text, low)
        ]
    if ":" in text or "比" in text:
        found += [(match.start(), match.end(), f"n:{match[1]}:{match[2]}") for match in _RESULT.finditer(text, low)]
    taken = list(found)
    for match in QUANTITY.finditer(text, low):
        if not any(start < match.end() and match.start() < end for start, end, _ in taken):
            found.append((match.start(), match.end(), _term(match)))
    return found


def _term(match: re.Match[str]) -> str:
    value = float(match["number"].replace(",", "")) * _SCALE.get(match["scale"] or "", 1.0)
    unit = match["unit"] or ""
    return f"n:{value:.4g}{_UNIT.get(unit, unit)}"
