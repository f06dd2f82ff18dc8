"""A second reader of the page: where trafilatura found the same article, what it left out of it is left out.

On the labelled pages our own choice of the element is better (Chinese .957 to .865), but inside it trafilatura knows
more of what is put between paragraphs. It is only heard when it found the same article: at least _SAME of our words.
"""

from __future__ import annotations

from typing import Any

from chipreel.parse.page.blocks import Block, count_tokens
from chipreel.parse.page.stated import Stated
from chipreel.parse.page.title import plain

#: Share of our words that the second reader must hold as well. Tuned on half of the 373 labelled pages.
_SAME = 0.6
#: A block of so many words stays, whatever the second reader says.
_PLAINLY = 60
#: A page that shows less than this share of the body its JSON-LD holds draws it by a script.
_DRAWN = 0.4
#: A JSON-LD body is no more than a teaser when it holds less than this times _DRAWN.
_TEASER = 20
_MAX_BODY = 300_000
#: Trees with more elements, or deeper, are read once.
_MAX_ELEMENTS = 30_000
_MAX_DEPTH = 150
#: Texts with more words than this are no articles, and would cost seconds.
_MAX_TOKENS = 60_000


def agreed(blocks: list[Block], root: Any) -> list[Block]:
    """The blocks that both readers keep; all of them when the second one read something else. Alters the tree."""
    total = sum(block.tokens for block in blocks)
    if not blocks or total > _MAX_TOKENS or not _is_readable(root):
        return blocks
    other = plain(_read(root))
    shared = [plain(block.text) in other for block in blocks]
    both = sum(block.tokens for block, heard in zip(blocks, shared, strict=True) if heard)
    if both < _SAME * total:
        return blocks
    return [block for block, heard in zip(blocks, shared, strict=True) if heard or _is_paragraph(block)]


def _is_paragraph(block: Block) -> bool:
    """Whether a block is so plainly running text that no one else needs to confirm it."""
    return block.tokens >= _PLAINLY and block.links < 0.1 and block.marks > 0


def fuller(blocks: list[Block], stated: Stated) -> list[str]:
    """The article's paragraphs; those in its JSON-LD where the page shows hardly any (it is drawn by a script)."""
    shown = sum(block.tokens for block in blocks)
    for body in stated.iter_linked("articleBody"):
        if isinstance(body, str) and count_tokens(body[:_MAX_BODY]) * _DRAWN > max(shown, _TEASER):
            from chipreel.parse.plain import html_to_text

            return (html_to_text(body[:_MAX_BODY]) or "").split("\n\n")
    return [block.text for block in blocks]


def _is_readable(root: Any) -> bool:
    from lxml import etree

    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH or count > 2 * _MAX_ELEMENTS:
            return False
    return True


def _read(root: Any) -> str:
    from trafilatura import extract

    try:
        return extract(root, include_comments=False, include_tables=False, fast=True, favor_precision=True) or ""
    except Exception:  # what a library stumbles over costs its voice, not the page
        return ""
