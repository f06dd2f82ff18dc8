"""Who wrote an article, as its page states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chipreel.parse.page.blocks import Blocks
from chipreel.parse.page.stated import Stated
from chipreel.text.fold import normalise

_META = ("author", "article:author", "og:article:author", "byl", "parsely-author", "sailthru.author", "dc.creator",
         "dcterms.creator", "citation_author", "article:author_name", "twitter:creator:name")  # fmt: skip
#: Longer than this are no names but sentences.
_LONGEST = 80
_MOST = 6
_NEAR = 12
_LEAD = re.compile(r"^\s*(?:by|von|par|por|di|text|written\s+by|words\s+by)[:\s]+", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:^|[\s　|｜（(])(?:作者|撰文|记者|記者|文)\s*[:：/／|丨]\s*([^\s　|｜,，。;；:：()（）]{2,20})"
)
_BYLINE = re.compile(
    r"^\s*[Bb][Yy]:?\s+([A-Z][\w.'’-]+(?:\s+(?:[A-Z]|de\b|van\b|von\b)[\w.'’-]*){1,4})\s*(?:$|[,|•·]|on\b)"
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|^\W*$|^(?:admin|administrator|editor|staff|unknown|null|none|nan)$", re.IGNORECASE
)


def find_author(root: Any, page: Blocks, stated: Stated, title_at: int | None) -> str | None:
    """The authors' names, several joined with ", "; None when the page names none."""
    for found in _iter_candidates(root, page, stated, title_at):
        names = list(dict.fromkeys(name for one in found[:_MOST] if (name := _name(one))))
        if names:
            return ", ".join(names)
    return None


def _iter_candidates(root: Any, page: Blocks, stated: Stated, title_at: int | None) -> Iterator[list[str]]:
    for value in stated.iter_linked("author"):
        yield _linked_names(value)
    for name in _META:
        yield [stated.meta[name]] if name in stated.meta else []
    yield _marked(root)
    if title_at is not None:
        yield _beside(page, title_at)


def _linked_names(value: Any) -> list[str]:
    found: list[str] = []
    for one in value[:_MOST] if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list):
            name = name[0] if name else None
        if isinstance(name, str):
            found.append(name)
    return found


def _marked(root: Any) -> list[str]:
    """Names in microdata or in links that are said to lead to the author."""
    for element in root.iter("a", "span", "div", "p", "address"):
        marks = f"{element.get('itemprop') or ''} {element.get('rel') or ''}".lower().split()
        if "author" in marks:
            name = next(iter(element.xpath(".//*[@itemprop='name']")), element)
            text = " ".join("".join(name.itertext())[:400].split())
            if _name(text):
                return [text]
    return []


def _beside(page: Blocks, title_at: int) -> list[str]:
    for block in page.blocks[title_at + 1 : title_at + _NEAR]:
        if len(block.text) <= 200 and (match := _LABELLED.search(block.text) or _BYLINE.match(block.text)):
            return [match[1]]
    return []


def _name(text: str) -> str | None:
    name = _LEAD.sub("", normalise(" ".join(text[:400].split()))).strip(" ,;:|·-")
    return name if 2 <= len(name) <= _LONGEST and not _NO_NAME.search(name) else None
