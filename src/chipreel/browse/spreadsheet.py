"""Tables for spreadsheets: what came from the web is shown there, and never calculated."""

from __future__ import annotations

import re

#: What a formula begins with, in the writing of both languages.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
#: A cell of CSV, in quotation marks or not, and what ends it.
_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^,\r\n]*+))(,|\r?\n|$)')


def as_words(text: str) -> str:
    """A text, with an apostrophe before what would be a formula."""
    return f"'{text}" if text.lstrip(" ")[:1] in _FORMULAS else text


def without_formulas(rows: str) -> str:
    """Whole rows of CSV in which nothing but numbers is calculated."""
    return _CELL.sub(_harmless, rows)


def _harmless(cell: re.Match[str]) -> str:
    quoted, bare, end = cell[1], cell[2], cell[3]
    if quoted is not None:
        return f'"{as_words(quoted)}"{end}'
    return f"{bare if _NUMBER.fullmatch(bare) else as_words(bare)}{end}"
