"""An HTML tree → the blocks of text a reader sees, each with what its place on the page says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from chipreel.text.late import late
from chipreel.text.script import CJK

#: A page with more elements than this is read up to here.
MAX_ELEMENTS = 150_000
#: Longer blocks are cut: no paragraph of an article is this long.
MAX_BLOCK = 200_000

_UNREAD = frozenset(
    "script style noscript template iframe object embed svg math select option textarea button input canvas audio "
    "video map head link meta figcaption dialog".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr section-link".split()
)
_FRAME = frozenset("nav footer aside menu form".split())
#: Elements whose class lists what a page is about or has on it somewhere; WordPress puts an article's tags there.
_WHOLES = frozenset("html body article main".split())
_TOPICS = ("tag-", "category-", "topic-")
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
#: Words in `class` and `id` of what surrounds an article, however a site joins them: "post-comments", "relatedNews".
_AROUND = frozenset(
    """
    comment comments commentlist reply replies respond disqus pinglun
    related relate relation recommend recommended recommendation recommendations recirc recirculation tuijian xiangguan
    readmore more morelink moreon also suggested trending popular hot rank ranking paihang
    nav navbar navi navigation menu submenu topnav breadcrumb breadcrumbs crumb crumbs bread pager pagination paging
    pagenav daohang sidebar aside rail widget widgets footer foot bottombar toolbar topbar tools tool
    share sharing sharebar shares social sns weibo fenxiang bdsharebuttonbox bshare addthis jiathis follow
    newsletter signup subscribe subscription paywall promo promotion promoted teaser teasers
    ad ads adv advert advertisement advertising adsbygoogle sponsor sponsored guanggao banner gg
    cookie cookies consent gdpr popup modal overlay tooltip login register
    author authors byline bylines bio about avatar
    tag tags tagcloud keywords label labels caption captions credit credits legend
    copyright disclaimer declare shengming statement source jubao report qr qrcode erweima
    meta info postmeta entryinfo dateline timestamp pubtime vote feedback rating print
    standfirst subtitle subheadline subhead subheading dek deck strapline excerpt zhaiyao
    correction outbrain taboola skip hidden sr visually screenreader
    """.split()
)
_NEVER = frozenset(
    "comments commentlist disqus cookie cookies consent gdpr footer recommendations taboola outbrain popup".split()
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_TOKENS = late(rf"[^\W_{CJK}]+|[{CJK}]")
_SPACE = re.compile(r"\s+")
_ENDS = re.compile(r"[!?。！？…;；，、]|[.,:：](?!\d)")


@dataclass(slots=True)
class Block:
    """A stretch of text between two block boundaries."""

    text: str
    #: Words, each CJK character one.
    tokens: int
    #: Share of the characters that stand in links.
    links: float
    #: Index of the element it stands in.
    node: int
    heading: bool
    #: Inside a list item.
    item: bool
    #: How many sentence and clause marks.
    marks: int
    bold: bool = False


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in reading order, and the tree they stand in."""

    blocks: list[Block] = field(default_factory=list)
    #: Index of each block element's parent; the root's is -1. Parents come before their children.
    parents: list[int] = field(default_factory=list)
    #: Whether an element's name, class or id says that it surrounds the article.
    around: list[bool] = field(default_factory=list)
    #: Whether it says so of what is never an article, however long.
    never: list[bool] = field(default_factory=list)
    elements: list[Any] = field(default_factory=list)


def count_tokens(text: str) -> int:
    """Words, each CJK character one."""
    return len(_TOKENS.findall(text))


def names_of(element: Any) -> set[str]:
    """The single words of an element's class and id, in lower case."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].split()
    return {
        word.lower()
        for name in names
        if ":" not in name and not name.startswith(_TOPICS)
        for word in _WORDS.findall(name)
    }


class _Reader:
    def __init__(self) -> None:
        self.out = Blocks()
        self.stack: list[int] = [-1]
        self.parts: list[str] = []
        self.size = self.linked = self.depth_a = self.depth_h = self.depth_li = 0

    def add(self, text: str | None) -> None:
        if text and self.size < MAX_BLOCK:
            text = text[:MAX_BLOCK]
            self.parts.append(text)
            length = len(text.strip())
            self.size += length
            if self.depth_a:
                self.linked += length

    def flush(self) -> None:
        if self.size:
            text = _SPACE.sub(" ", "".join(self.parts)).strip()
            tokens = count_tokens(text)
            if text:
                self.out.blocks.append(
                    Block(
                        text,
                        tokens,
                        self.linked / self.size,
                        max(0, self.stack[-1]),
                        self.depth_h > 0,
                        self.depth_li > 0,
                        len(_ENDS.findall(text)),
                    )
                )
        self.parts.clear()
        self.size = self.linked = 0

    def open(self, element: Any, tag: str) -> None:
        if tag in _INLINE:
            self.depth_a += tag == "a"
        else:
            self.flush()
            if tag != "br":
                self.out.parents.append(self.stack[-1])
                names = names_of(element) if tag not in _WHOLES else set()
                self.out.around.append(_surrounds(element, tag, names))
                self.out.never.append(not _NEVER.isdisjoint(names))
                self.out.elements.append(element)
                self.stack.append(len(self.out.parents) - 1)
                self.depth_h += tag in _HEADINGS
                self.depth_li += tag == "li"
        self.add(element.text)

    def close(self, tag: str) -> None:
        if tag in _INLINE:
            self.depth_a -= tag == "a"
        elif tag != "br":
            self.flush()
            self.stack.pop()
            self.depth_h -= tag in _HEADINGS
            self.depth_li -= tag == "li"


def read_blocks(root: Any) -> Blocks:
    """The blocks under `root`, without what is never read (scripts, forms' fields, captions, what is not displayed)."""
    reader = _Reader()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped: Any = None
    for count, (event, element) in enumerate(walk):
        if count > 2 * MAX_ELEMENTS:
            break
        if event == "start":
            tag = element.tag.lower() if isinstance(element.tag, str) else ""
            if tag in _UNREAD:
                skipped = element
                walk.skip_subtree()
            else:
                reader.open(element, tag)
            continue
        if element is skipped:
            skipped = None
        elif event == "end" and isinstance(element.tag, str):
            reader.close(element.tag.lower())
        if element is not root:
            reader.add(element.tail)
    reader.flush()
    return reader.out


def _surrounds(element: Any, tag: str, names: set[str]) -> bool:
    return tag in _FRAME or _is_hidden(element) or not _AROUND.isdisjoint(names)


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    return (
        bool(style and _HIDDEN.search(style[:1000]))
        or element.get("aria-hidden") == "true"
        or element.get("hidden") is not None
    )
