"""Feeds that are not well-formed, through feedparser: slow, and the only reader that loses nothing of them."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context, bodies
from chipreel.parse.identity import identified
from chipreel.parse.links import document_base, resolve
from chipreel.parse.parsed import MAX_ITEMS, ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text, text_to_text
from chipreel.parse.rss import name_of

#: feedparser reads 1 to 4 MB/s; more than this of a broken document is cut off (and said so).
MAX_TOLERANT = 3_000_000
#: Elements left open; its time grows with the square of their number.
_MAX_OPEN = 30_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
#: As in xml_tree: nothing that XML forbids reaches the reader.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: A character told by its number.
_NUMBER = re.compile(r"&#(?:[0-9]++|[xX][0-9a-fA-F]++);?")
#: Digits of the largest number that is one, with some zeros before it.
_MOST_DIGITS = 12


def read_tolerant(text: str, context: Context, url: str | None) -> ParsedFeed:
    """What can be saved of a broken feed; ParseError when it is none."""
    if _left_open(text[:MAX_TOLERANT]) > _MAX_OPEN:
        raise ParseError("the feed is broken beyond reading: tens of thousands of elements never end")
    text, size = _DECLARATION.sub("", text[:MAX_TOLERANT], count=1), len(text)
    found = _feedparser(_NUMBER.sub(_possible, _NOT_XML.sub("", text)))
    head, version = found.feed, dict.get(found, "version")  # of no bytes at all feedparser tells no version
    if not found.entries and not version:
        raise ParseError("the answer is no feed: no root element of RSS or Atom, and no entries")
    site = dict.get(head, "link")
    base = document_base(url, site)
    context = replace(context, base=base, lang=line_of_text(dict.get(head, "language")))
    cut = f", the first {MAX_TOLERANT // 1_000_000} MB" if size > MAX_TOLERANT else ""
    return ParsedFeed(
        items=identified(_item(entry, context) for entry in found.entries[:MAX_ITEMS]),
        format=str(version or "unknown"),
        title=line_of_html(dict.get(head, "title")),
        link=resolve(site, base),
        lang=context.lang,
        note=f"tolerant{cut}: {_reason(found)}",
    )


def _possible(number: re.Match[str]) -> str:
    """A numbered character; nothing for a number that is none, at which feedparser gives up the whole document."""
    char = unescape(number[0]) if len(number[0]) <= _MOST_DIGITS else ""
    return "" if char in ("", "\ufffd") or _NOT_XML.search(char) else number[0]


def _left_open(text: str) -> int:
    ends = text.count("</")
    return text.count("<") - text.count("<!") - text.count("<?") - 2 * ends - text.count("/>")


def _feedparser(text: str) -> Any:
    import feedparser

    try:
        return feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),  # a bare string might be taken for an address or a file name
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # what a parser meant for anything raises on hostile input is its own affair
        raise ParseError(f"the feed is broken beyond reading: {type(error).__name__}") from error


def _reason(found: Any) -> str:
    problem = getattr(found, "bozo_exception", None)
    message = (
        problem.getMessage()
        if problem is not None and hasattr(problem, "getMessage")
        else str(problem or "not well-formed")
    )
    return " ".join(message.split())[:120]


def _item(entry: Any, context: Context) -> Item:
    # dict.get, because FeedParserDict answers "updated" with "published" and warns about it.
    told = {
        key: dict.get(entry, key)
        for key in ("id", "link", "title", "author", "published", "updated", "created", "summary")
    }
    published, note = context.date(told["published"], told["created"], told["updated"])
    text, summary = bodies(_content(entry), _detail(dict.get(entry, "summary_detail"), told["summary"]))
    tags = (line_of_text(dict.get(tag, "label") or dict.get(tag, "term")) for tag in dict.get(entry, "tags") or ())
    return Item(
        id=(line_of_text(told["id"]) or "")[:2000],
        title=line_of_html(told["title"]),
        url=resolve(told["link"], context.base) or resolve(told["id"], None),
        author=name_of(line_of_html(told["author"])),
        published=published,
        updated=context.date(told["updated"])[0],
        lang=context.lang,
        text=text,
        summary=summary,
        categories=tuple(dict.fromkeys(tag[:200] for tag in tags if tag))[:50],
        date_note=note,
    )


def _content(entry: Any) -> str | None:
    found = (_detail(detail, None) for detail in dict.get(entry, "content") or ())
    return next((text for text in found if text), None)


def _detail(detail: Any, fallback: str | None) -> str | None:
    if not detail:
        return html_to_text(fallback)
    value = dict.get(detail, "value")
    return (
        text_to_text(value)
        if dict.get(detail, "type") == "text/plain" and "<" not in (value or "")
        else html_to_text(value)
    )
