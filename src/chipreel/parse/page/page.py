"""One saved page → the article in it."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from typing import Any

from chipreel.errors import ParseError
from chipreel.text.fold import normalise
from chipreel.text.script import detect_language

#: A page longer than this is no article.
MAX_BYTES = 20_000_000


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
    from trafilatura import bare_extraction

    if html[:2] == b"\x1f\x8b":
        html = _unzipped(html)
    if not html.strip():
        raise ParseError("the page is empty")
    found = bare_extraction(html, url=url, with_metadata=True, include_comments=False, include_tables=False)
    if found is None:
        return Page(url, None, None, None, None, None)
    text = normalise("\n\n".join((found.text or "").split("\n"))) or None
    return Page(
        url=found.url or url,
        title=normalise(found.title) if found.title else None,
        author=normalise(found.author) if found.author else None,
        published=found.date,
        lang=detect_language(text or found.title or ""),
        text=text,
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


def _unzipped(html: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(html)) as handle:
            body = handle.read(MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        raise ParseError(f"damaged gzip: {error}") from error
    if len(body) > MAX_BYTES:
        raise ParseError(f"longer than {MAX_BYTES} bytes when unpacked")
    return body
