"""Blocks of an edition → messages that a channel takes: split between stories, counted in bytes, nothing dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

#: What stands between two blocks.
_BETWEEN = "\n\n"
#: Bytes kept free for the number of the part: "(12/34)" and a blank line.
_NUMBER_ROOM = 16
#: A link, of Markdown or bare, is never cut; nor is a word with the marks that escape it.
_PIECE = re.compile(r"!?\[(?:\\.|[^\]\\])*\]\([^)\s]*\)|https?://[^\s)>\]]+|\s+|\\.|[\x21-\x7e]|.", re.DOTALL)
_LINK = re.compile(r"^(?:!?\[|https?://)")


def split_blocks(blocks: Sequence[str], max_bytes: int | None) -> list[str]:
    """The text of each message, numbered when there are several. None = no limit, one message.

    A block longer than a message is cut between lines, else between words or Chinese characters; a single link longer
    than a message stays whole and makes its message longer.
    """
    whole = _BETWEEN.join(blocks)
    if max_bytes is None or len(whole.encode()) <= max_bytes:
        return [whole]
    parts = list(_packed(blocks, max_bytes - _NUMBER_ROOM))
    return [f"({number}/{len(parts)})\n{part}" for number, part in enumerate(parts, 1)]


def _packed(blocks: Sequence[str], room: int) -> Iterator[str]:
    current = ""
    for block in blocks:
        joined = current + _BETWEEN + block if current else block
        if len(joined.encode()) <= room:
            current = joined
            continue
        if current:
            yield current
        *full, current = _cut(block, room)
        yield from full
    if current:
        yield current


def _cut(block: str, room: int) -> list[str]:
    if len(block.encode()) <= room:
        return [block]
    return _gathered(_lines_or_pieces(block, room), room)


def _lines_or_pieces(block: str, room: int) -> Iterator[str]:
    for line in block.splitlines(keepends=True):
        if len(line.encode()) <= room:
            yield line
        else:
            yield from _words(line)


def _words(line: str) -> Iterator[str]:
    """Links, words and single Chinese characters; all of them together are the line."""
    word = ""
    for match in _PIECE.finditer(line):
        piece = match[0]
        if _LINK.match(piece) or piece.isspace() or not piece.isascii():
            if word:
                yield word
            yield piece
            word = ""
        else:
            word += piece
            if len(word) >= 200:
                yield word
                word = ""
    if word:
        yield word


def _gathered(pieces: Iterator[str], room: int) -> list[str]:
    parts = [""]
    for piece in pieces:
        if parts[-1] and len((parts[-1] + piece).encode()) > room:
            parts.append("")
        parts[-1] += piece
    return [part.strip("\n") for part in parts if part.strip()] or [""]
