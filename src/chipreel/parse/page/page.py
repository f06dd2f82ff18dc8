"""One saved page → the article in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chipreel.text.fold import normalise
from chipreel.text.script import detect_language


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page."""

    #: Its canonical address; None = the page does not say and none was given.
    url: str | None
    title: str | None
    author: str | None
    #: As the page states it: a day as YYYY-MM-DD, a time with its offset, never moved to another zone.
    published: str | None
    lang: str | None
    #: Main text, a blank line between paragraphs.
    text: str | None


def parse_page(html: bytes, *, url: str | None = None, content_type: str | None = None) -> Page:
    """The article of an HTML page, plain or gzip. Raises ParseError when there is no page in the bytes."""
    from chipreel.parse.page.author import find_author
    from chipreel.parse.page.blocks import read_blocks
    from chipreel.parse.page.body import article_blocks
    from chipreel.parse.page.published import find_published
    from chipreel.parse.page.second_voice import agreed, fuller
    from chipreel.parse.page.stated import read_stated
    from chipreel.parse.page.title import find_title, title_above, title_block
    from chipreel.parse.page.tree import page_tree

    root = page_tree(html, content_type)
    stated = read_stated(root, url)
    page = read_blocks(root)
    title = find_title(root, stated)
    title_at = title_block(page, title)
    blocks = article_blocks(page, title_at)
    if title is None and blocks:
        title = title_above(page, blocks[0])
        title_at = title_block(page, title)
        blocks = article_blocks(page, title_at)
    published = find_published(root, page, stated, title_at, url)
    author = find_author(root, page, stated, title_at)
    text = normalise("\n\n".join(fuller(agreed(blocks, root), stated)))
    return Page(
        url=stated.canonical or url,
        title=title,
        author=author,
        published=published,
        lang=detect_language(text or title or ""),
        text=text or None,
    )


def page_row(page: Page, file: str) -> dict[str, Any]:
    """The JSON row that `extract` prints; `file` is the argument as it was given."""
    return {
        "file": file,
        "url": page.url,
        "title": page.title,
        "author": page.author,
        "published": page.published,
        "lang": page.lang,
        "text": page.text,
    }
