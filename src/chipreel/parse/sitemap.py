"""Sitemaps and news sitemaps; of an index, the addresses of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from lxml import etree

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.address_rules import address_rule
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.links import resolve
from chipreel.parse.parsed import MAX_ITEMS, ParsedFeed
from chipreel.parse.plain import line_of_text
from chipreel.parse.xml_tree import children_of, find_tree, iter_elements, key_of, text_of

#: Most parts of an index that are named, the newest first.
MAX_CHILDREN = 500


def read_sitemap(text: str, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """The addresses that `pattern` matches and `exclude` does not, newest first where the sitemap dates them.

    `lastmod` is when a page last changed, so it becomes `updated`; only a news sitemap says when it was published.
    """
    root, note = find_tree(text)
    if root is None or key_of(root.tag).rpartition(":")[2] not in ("urlset", "sitemapindex"):
        raise ParseError("the answer is no sitemap: its root element is neither urlset nor sitemapindex")
    if key_of(root.tag).endswith("sitemapindex"):
        return ParsedFeed((), "sitemap index", note=note, children=_children(root, context))
    wanted = address_rule(options)
    elements = islice(iter_elements(root, "url", "url", "?:url"), MAX_ITEMS)
    items = identified(item for element in elements if (item := _item(element, context)).url and wanted(item.url or ""))
    return ParsedFeed(tuple(sorted(items, key=_age, reverse=True)), "sitemap", note=note)


def _age(item: Item) -> float:
    moment = item.published or item.updated
    return moment.timestamp() if moment else 0.0


def _location(element: etree._Element, context: Context) -> tuple[str | None, str | None]:
    """(address, lastmod) of an entry."""
    children = {
        key.rpartition(":")[2] if key.startswith("?") else key: found for key, found in children_of(element).items()
    }
    location, changed = (text_of(found[0]) if (found := children.get(key)) else None for key in ("loc", "lastmod"))
    return resolve(location, context.base), changed


def _children(root: etree._Element, context: Context) -> tuple[str, ...]:
    parts = [
        _location(element, context)
        for element in islice(iter_elements(root, "sitemap", "sitemap", "?:sitemap"), MAX_ITEMS)
    ]
    dated = [(context.date(changed)[0], url) for url, changed in parts if url]
    dated.sort(key=lambda part: part[0].timestamp() if part[0] else 0.0, reverse=True)
    return tuple(dict.fromkeys(url for _, url in dated))[:MAX_CHILDREN]


def _item(element: etree._Element, context: Context) -> Item:
    url, changed = _location(element, context)
    news = children_of(element).get("news:news")
    said = {key: text_of(found[0]) for key, found in children_of(news[0]).items()} if news else {}
    outlet = children_of(news[0]).get("news:publication") if news else None
    language = text_of(children_of(outlet[0]).get("news:language", [None])[0]) if outlet else None
    published, note = context.date(said.get("news:publication_date"))
    keywords = re.split(r"[,，、]\s*", said.get("news:keywords") or "")
    return Item(
        id=url or "",
        title=line_of_text(said.get("news:title")),
        url=url,
        published=published,
        updated=context.date(changed)[0],
        lang=line_of_text(language),
        categories=tuple(dict.fromkeys(filter(None, map(line_of_text, keywords))))[:50],
        date_note=note,
    )
