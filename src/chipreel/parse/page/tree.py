"""The bytes of a page → an element tree, decoded like feeds, bounded, never refused for bad markup."""

from __future__ import annotations

import re
from typing import Any

from chipreel.errors import ParseError
from chipreel.parse.encoding import Decoded, decode, unpack

#: A page longer than this is no article.
MAX_BYTES = 20_000_000
#: So much of a page is read: beyond it are lists without end and pasted data.
MAX_CHARACTERS = 6_000_000
_META_CHARSET = re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
#: Declarations stand at the top; some portals write long comments before them.
_TOP = 20_000
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]{0,200}>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Data written into an attribute or a style is most of many a saved page.
_DATA = re.compile(r"\bdata:[\w/+.;-]{1,60},[A-Za-z0-9+/=%]{200,}+")


def page_tree(body: bytes, content_type: str | None = None) -> Any:
    """The root element of a page, plain or gzip. Raises ParseError when there is no page in the bytes."""
    body = unpack(body)
    if len(body) > MAX_BYTES:
        raise ParseError(f"the page is larger than {MAX_BYTES // 1_000_000} MB")
    return tree_of(page_text(body, content_type).text)


def page_text(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page: by mark, its own declaration, the header, and what the bytes look like."""
    declared = _META_CHARSET.search(body[:_TOP])
    charset = declared[1].decode("ascii", "replace") if declared else None
    if charset and charset.lower().startswith("utf-16"):
        charset = "utf-8"  # a declaration that can be read byte by byte is not in UTF-16
    stated = decode(body, f"text/html; charset={charset}" if charset else content_type)
    if stated.doubtful and charset and content_type and "charset" in content_type.lower():
        other = decode(body, content_type)
        return stated if other.doubtful else other
    return stated


def tree_of(text: str) -> Any:
    """The root element of a page's text; ParseError when there is none."""
    from lxml import etree, html

    if "data:" in text:
        text = _DATA.sub("data:,", text)
    text = _FORBIDDEN.sub(" ", _PROLOGUE.sub("", text[:MAX_CHARACTERS]))
    if not text.strip():
        raise ParseError("the page is empty")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ParseError(f"no page in the bytes: {error}") from error
    return root
