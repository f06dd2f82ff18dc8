"""The blocks of a page → those of the article: the element in which running text outweighs links and snatches most."""

from __future__ import annotations

import re
from typing import Any

from chipreel.parse.page.blocks import Block, Blocks, names_of
from chipreel.parse.page.published import first_date

#: An element named like the surroundings is the article after all when it holds this share of the running text.
_HOLDS_ARTICLE = 0.4
#: What an element named like an article is worth more than one that is not.
_NAMED_ARTICLE = 1.25
_ARTICLE_NAMES = frozenset(
    "article articlebody story post entry content detail main body text zhengwen neirong".split()
)
_LEAVES = frozenset("p li blockquote h2 h3 h4 td".split())
#: What stands alone on a line around an article: markers of what is not of it.
_SNATCH = re.compile(
    r"""^[\W_]*(?:
      advert(?:isement)?s?(?:\s*-?\s*continue\s+reading.*)? | (?:story|article)\s+continues\s+below.* | sponsored(?:\s+content)?
    | share(?:\s+(?:this|on|via)\b.{0,40})? | tweet | (?:leave|post|add)\s+a\s+(?:comment|reply) | \d*\s*comments?
    | sign\s+up\b.{0,80} | subscribe\b.{0,60} | follow\s+us\b.{0,60} | click\s+here\b.{0,60}
    | read\s+(?:more|next|also)\b.{0,90} | see\s+also\b.{0,90} | related(?:\s+(?:stories|articles|news|posts|topics|content))?[:\s]*
    | more\s+(?:from|on|in|stories)\b.{0,40} | don'?t\s+miss\b.{0,40} | recommended(?:\s+for\s+you)? | trending(?:\s+now)?
    | loading\b.{0,30} | please\s+enable\s+javascript.* | this\s+slideshow\s+requires\s+javascript.* | end\s+of\s+article
    | all\s+rights\s+reserved.* | (?:copyright|©|\(c\))\s.{0,160} | scroll\s+down\b.{0,40} | (?:image|photo)\s+credits?\b.{0,80}
    | (?:first\s+published|last\s+updated|published|updated)\s*(?:on|at|:)\s.{0,60}
    | 分享(?:到|至|本文|此文)?.{0,30} | 责任?编辑.{0,30} | 責任?編輯.{0,30} | [（(]?(?:责任编辑|责编|编辑|責任編輯|责任编校)\s*[:：\s].{0,30}
    | (?:相关|相關)(?:报道|阅读|新闻|文章|链接|专题|推荐|資訊|報道|閱讀|新聞|連結).{0,6} | 延伸(?:阅读|閱讀).{0,4} | (?:更多|推荐|推薦)(?:阅读|閱讀|内容|新闻|精彩|文章).{0,30}
    | (?:点击|點擊)(?:查看|进入|阅读|這裡|这里|下载).{0,30} | (?:扫码|扫一扫|长按|長按|掃碼).{0,40} | 关注(?:我们|公众号|微信).{0,40}
    | (?:免责|免責|版权|版權|特别)?(?:声明|聲明)[:：].* | 本文(?:来源|來源|首发|系.{0,12}转载)[:：]?.{0,40} | (?:来源|來源|作者|出处|稿源|记者|文)[:：/／].{0,40}
    | (?:您|你)?(?:的|所在|当前|现在)*(?:位置|位於)[:：].* | (?:上一篇|下一篇|返回|打印|关闭|收藏|字号|评论|我要评论|网友评论|跟贴|举报).{0,40}
    | 广告 | 廣告 | .{0,12}(?:浏览器|瀏覽器).{0,8}(?:无法|不支持|暂不).{0,20}
    )[\W_]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_MARKUP = re.compile(r"<(?:img|iframe|script|div|span|a|p)\b[^<>]{0,2000}>?|^\s*[{\[][^\u4e00-\u9fff]{200,}$")
_MAX_SNATCH = 200
#: A caption is no longer than this and ends with who made the picture.
_CAPTION = 60
_CREDIT = re.compile(
    r"""[(（\[]\s*(?:image|photo|picture|pic|photograph|credit|graphic|screenshot|file|foto|bild|via)s?\b[^()（）]{0,80}[)）\]]\s*$
    | [(（]\s*(?:图|圖|图片|圖片|摄影|攝影)[^()（）]{0,40}[)）]\s*$
    | (?:getty\s+images|shutterstock|视觉中国|東方ic|东方ic)\W*$""",
    re.IGNORECASE | re.VERBOSE,
)


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
    dropped = [False] * len(page.parents)
    for node, around in enumerate(page.around):
        parent = page.parents[node]
        named = page.never[node] or (around and held[kinds[node]] < _HOLDS_ARTICLE * total)
        dropped[node] = named or (parent >= 0 and dropped[parent])
    return dropped


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


def article_blocks(page: Blocks, title_at: int | None = None, title: str = "") -> list[Block]:
    """The article's blocks, in order. `title_at` is the block that holds the title, `title` its plain form."""
    if not page.blocks:
        return []
    dropped = dropped_nodes(page)
    within = article_nodes(page, article_node(page, dropped))
    kept = [
        block
        for index, block in enumerate(page.blocks)
        if within[block.node] and not dropped[block.node] and (title_at is None or index > title_at) and is_text(block)
    ]
    if title_at is not None and sum(block.tokens for block in kept) < 25:
        return article_blocks(page)
    return trimmed(kept)


def is_text(block: Block) -> bool:
    """Whether a block is neither mere links, nor markup shown as text, nor one of the lines that surround articles."""
    if block.links >= 0.5 and not is_prose(block):
        return False
    if block.tokens <= _CAPTION and _CREDIT.search(block.text):
        return False
    if len(block.text) <= _MAX_SNATCH and _SNATCH.match(block.text):
        return False
    return block.tokens > 0 and not _MARKUP.match(block.text)


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
