"""A page that lists articles → their addresses, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.address_rules import MAX_LENGTH, address_rule
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.links import resolve
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.plain import line_of_html, line_of_text

#: Most of a page that is looked at, code points, and most links that are taken.
MAX_PAGE = 8_000_000
MAX_LINKS = 2_000
#: Longer texts of a link are a whole card, not a title.
_MAX_TITLE = 200
_HEADINGS = re.compile(r"^h[1-6]$")
#: Texts of links that say nothing of where they lead.
_EMPTY_WORDS = re.compile(
    r"(?:read|learn|see|view|find out)\s+(?:more|post|article|all|now|story)\b.*"
    r"|more|continue reading|watch( now)?|link|here"
    r"|(?:阅读|閱讀|查看|了解|点击|點擊)?(?:更多|全文|详情|詳情|原文|查看)(?:.{0,3})",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,400}>")
#: Addresses in the data that a page brings for its script.
_QUOTED = re.compile(r"""["']((?:https?:)?/[^"'\s<>\\]{1,500})["']""")


def read_list_page(text: str, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """One item a link whose address matches `pattern`: address and the words of the link. ParseError without any."""
    if options.get("pattern") is None:
        raise ParseError("a list page needs the option pattern: a regular expression of its articles' addresses")
    links = _links(text, context.base, address_rule(options))
    if not links:
        raise ParseError(
            f"no link of the page matches {options['pattern']}: the site may have changed, or builds the page by script"
        )
    items = (Item(id=url, url=url, title=words or None, date_note="undated") for url, words in links)
    return ParsedFeed(identified(items), "page", title=_page_title(text))


def find_links(html: str, base: str | None, pattern: str) -> tuple[tuple[str, str], ...]:
    """(absolute address, words of the link) of every link whose address matches, first seen first, each once."""
    return _links(html, base, address_rule({"pattern": pattern}))


def _links(html: str, base: str | None, wanted: Callable[[str], bool]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for href, words in _anchors(html[:MAX_PAGE]):
        if href is None:  # <base href>
            base = resolve(words, base) or base
            continue
        url = resolve(href.partition("#")[0], base)
        if url and wanted(url) and (url in found or len(found) < MAX_LINKS):
            found[url] = _better(found.get(url, ""), words)
    return tuple(found.items()) or tuple((url, "") for url in _in_scripts(html[:MAX_PAGE], base, wanted))


def _anchors(html: str) -> list[tuple[str | None, str]]:
    """(href, words) of every link; (None, href) of a base element."""
    from bs4 import BeautifulSoup
    from bs4.element import Tag
    from bs4.filter import SoupStrainer

    if "<" not in html:
        return []
    soup = BeautifulSoup(_DECLARATION.sub("", html, count=1), "lxml", parse_only=SoupStrainer(["a", "base"]))
    anchors: list[tuple[str | None, str]] = []
    for tag in soup.find_all(["a", "base"], href=True):
        if not isinstance(tag, Tag):
            continue
        href = str(tag["href"])[: MAX_LENGTH * 2]
        anchors.append((None, href) if tag.name == "base" else (href, _words(tag)))
    return anchors


def _words(anchor: Any) -> str:
    """The heading inside a link, else its own words, else its label."""
    heading = anchor.find(_HEADINGS)
    for words in (
        heading.get_text(" ") if heading else None,
        anchor.get_text(" "),
        anchor.get("aria-label"),
        anchor.get("title"),
    ):
        line = line_of_text(words if isinstance(words, str) else None)
        if line and len(line) <= _MAX_TITLE and not _EMPTY_WORDS.fullmatch(line):
            return line
    return ""


def _better(first: str, second: str) -> str:
    """Of the words of two links to one page, the longer: picture, title and "3 min" often lead to the same."""
    return second if len(second) > len(first) else first


def _in_scripts(html: str, base: str | None, wanted: Callable[[str], bool]) -> list[str]:
    """Matching addresses in quotation marks anywhere, for pages that a script builds from data that came with them."""
    plain = html.replace("\\/", "/").replace("\\u002F", "/").replace('\\"', '"')
    urls = (resolve(match[1].partition("#")[0], base) for match in _QUOTED.finditer(plain))
    return list(dict.fromkeys(url for url in urls if url and wanted(url)))[:MAX_LINKS]


def _page_title(html: str) -> str | None:
    match = re.search(r"<title[^<>]{0,200}>([^<]{0,500})", html[:100_000], re.IGNORECASE)
    return line_of_html(match[1]) if match else None
