"""The blocks of a page → those of the article: the element in which running text outweighs links and snatches most."""

from __future__ import annotations

from typing import Any

from chipreel.parse.page.blocks import Block, Blocks, names_of
from chipreel.parse.page.published import first_date
from chipreel.parse.page.snatches import is_snatch, opens_tail

#: An element named like the surroundings is the article after all when it holds this share of the running text.
_HOLDS_ARTICLE = 0.4
#: Where names would leave less than this share, they say nothing on this page (builders call every part a "widget").
_NAMES_MEAN_NOTHING = 0.1
#: What an element named like an article is worth more than one that is not.
_NAMED_ARTICLE = 1.25
_ARTICLE_NAMES = frozenset(
    "article articlebody story post entry content detail main body text zhengwen neirong".split()
)
_LEAVES = frozenset("p li blockquote h2 h3 h4 td".split())
#: So many words of running text are an article, and what follows it may begin.
_ENOUGH = 60
#: Where the line of date and author stands, and how long it may be.
_HEAD = 5
_DATELINE = 40
_STOPS = (".", "。", "！", "？", "!", "?", "…", "”", "”")


def is_prose(block: Block) -> bool:
    """Whether a block reads like a piece of running text."""
    if block.links >= 0.4:
        return block.links < 0.75 and block.marks >= 2 and block.tokens >= 20
    if block.item:
        return block.tokens >= 12
    return block.tokens >= 12 or (block.tokens >= 5 and block.marks > 0)


def subtree_sums(page: Blocks, values: list[float]) -> list[float]:
    """For every element the sum of the values of all blocks in it."""
    sums = [0.0] * len(page.parents)
    for block, value in zip(page.blocks, values, strict=True):
        sums[block.node] += value
    for node in range(len(sums) - 1, 0, -1):
        if page.parents[node] >= 0:
            sums[page.parents[node]] += sums[node]
    return sums


def dropped_nodes(page: Blocks) -> list[bool]:
    """Elements that surround the article: named so, and without much of the running text."""
    prose = subtree_sums(page, [block.tokens * (1 - block.links) if is_prose(block) else 0.0 for block in page.blocks])
    total = prose[0] if prose else 0.0
    kinds = [_kind(element, node) for node, element in enumerate(page.elements)]
    held: dict[str, float] = {}
    for kind, value in zip(kinds, prose, strict=True):
        held[kind] = held.get(kind, 0.0) + value
    by_name = [
        never or (around and held[kind] < _HOLDS_ARTICLE * total)
        for never, around, kind in zip(page.never, page.around, kinds, strict=True)
    ]
    dropped = _inherited(page, by_name)
    if _prose_left(page, dropped) < _NAMES_MEAN_NOTHING * total:
        without = _inherited(page, page.never)
        return without if _prose_left(page, without) > 0.5 * total else dropped
    return dropped


def _inherited(page: Blocks, marked: list[bool]) -> list[bool]:
    """The marked elements and all that is in them."""
    found = list(marked)
    for node, parent in enumerate(page.parents):
        found[node] = found[node] or (parent >= 0 and found[parent])
    return found


def _prose_left(page: Blocks, dropped: list[bool]) -> float:
    return sum(block.tokens * (1 - block.links) for block in page.blocks if is_prose(block) and not dropped[block.node])


def _kind(element: Any, node: int) -> str:
    """Paragraphs with one class are judged together, any other element by itself."""
    named = element.get("class") if element.tag in _LEAVES else None
    return f"{element.tag} {named}" if named else str(node)


def gain(block: Block) -> float:
    """What a block adds to the element that holds it: running text counts for it, links and snatches against."""
    if is_prose(block):
        return block.tokens * (1 - block.links)
    return -block.tokens * (0.3 + block.links) - 1


def article_node(page: Blocks, dropped: list[bool]) -> int:
    """The element that holds the article."""
    sums = subtree_sums(page, [0.0 if dropped[block.node] else gain(block) for block in page.blocks])
    best, most = 0, float("-inf")
    for node, value in enumerate(sums):
        weighed = value * _NAMED_ARTICLE if value > 0 and _is_named_article(page.elements[node]) else value
        if weighed >= most:
            best, most = node, weighed
    while page.elements[best].tag in _LEAVES and page.parents[best] >= 0:
        best = page.parents[best]
    return best


def _is_named_article(element: Any) -> bool:
    return (
        element.tag in ("article", "main")
        or "articlebody" in (element.get("itemprop") or "").lower()
        or not _ARTICLE_NAMES.isdisjoint(names_of(element))
    )


def article_nodes(page: Blocks, node: int) -> list[bool]:
    """For every element, whether it is of the article: in `node`, or in a sibling of its very kind."""
    element, parent = page.elements[node], page.parents[node]
    kind = (element.tag, element.get("class"))
    within = [False] * len(page.parents)
    for index, above in enumerate(page.parents):
        twin = above == parent >= 0 and kind == (page.elements[index].tag, page.elements[index].get("class"))
        within[index] = index == node or (twin and kind[1] is not None) or (above >= 0 and within[above])
    return within


def article_blocks(page: Blocks, title_at: int | None = None) -> list[Block]:
    """The article's blocks, in order. `title_at` is the block that holds the title."""
    if not page.blocks:
        return []
    dropped = dropped_nodes(page)
    within = article_nodes(page, article_node(page, dropped))
    kept = [
        block
        for index, block in enumerate(page.blocks[: _end(page, within, title_at)])
        if within[block.node] and not dropped[block.node] and (title_at is None or index > title_at) and is_text(block)
    ]
    if title_at is not None and sum(block.tokens for block in kept) < 25:
        return article_blocks(page)
    return trimmed(kept)


def _end(page: Blocks, within: list[bool], title_at: int | None) -> int:
    """Index of the heading that opens what follows the article, once there was an article before it."""
    before = 0
    for index, block in enumerate(page.blocks):
        if not within[block.node] or (title_at is not None and index <= title_at):
            continue
        if before >= _ENOUGH and opens_tail(block.text):
            return index
        before += block.tokens if is_prose(block) else 0
    return len(page.blocks)


def is_text(block: Block) -> bool:
    """Whether a block is neither mere links nor one of the lines that surround articles."""
    return block.tokens > 0 and (block.links < 0.5 or is_prose(block)) and not is_snatch(block.text, block.tokens)


def trimmed(blocks: list[Block]) -> list[Block]:
    """Without the snatches before the first running text, and without what stands above the line of date and author."""
    for index, block in enumerate(blocks[:_HEAD]):
        if is_dateline(block):
            blocks = blocks[index + 1 :] if sum(one.tokens for one in blocks[index + 1 :]) > 40 else blocks
            break
    start = next((index for index, block in enumerate(blocks) if is_prose(block) and not is_dateline(block)), 0)
    return blocks[start:]


def is_dateline(block: Block) -> bool:
    """Whether a block is the line under a title that says when, by whom and where from."""
    return block.tokens <= _DATELINE and first_date(block.text) is not None and not block.text.endswith(_STOPS)
