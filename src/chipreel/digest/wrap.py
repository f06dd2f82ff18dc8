"""Lines that fit a width counted in columns: Chinese characters take two and may be parted, Latin words may not."""

from __future__ import annotations

from rich.cells import cell_len

from chipreel.text.late import late
from chipreel.text.script import CJK

#: Marks that may not begin a line, and those that may not end one.
_NOT_FIRST = "，。、；：？！）》」』】〉〕…—～·％”’,.;:?!)]}%"
_NOT_LAST = "（《「『【〈〔“‘([{$¥€£"
_TOKEN = late(rf"\s+|[{CJK}]|[^\s{CJK}]+")


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns; a single word longer than a line is cut."""
    lines, line = [], ""
    for token in _tokens(text):
        if cell_len(line + token.rstrip()) <= width:
            line += token
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = token.lstrip()
        while cell_len(line) > width:
            head = _fitting(line, width)
            lines.append(head)
            line = line[len(head) :]
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _tokens(text: str) -> list[str]:
    """What may not be parted, with the space behind it."""
    tokens: list[str] = []
    for found in _TOKEN.findall(" ".join(text.split())):
        glued = tokens and (found.isspace() or found[0] in _NOT_FIRST or tokens[-1][-1] in _NOT_LAST)
        if glued:
            tokens[-1] += found
        else:
            tokens.append(found)
    return tokens


def _fitting(text: str, width: int) -> str:
    taken = ""
    for char in text:
        if taken and cell_len(taken + char) > width:
            break
        taken += char
    return taken
