"""RSS 0.9x, 1.0 (RDF) and 2.0 from a tree."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from lxml import etree

from chipreel.model import Item
from chipreel.parse.context import Context, bodies
from chipreel.parse.identity import identified
from chipreel.parse.links import document_base, resolve
from chipreel.parse.parsed import MAX_ITEMS, ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text
from chipreel.parse.xml_tree import children_of, iter_elements, markup_of, text_of

Children = dict[str, list[etree._Element]]

_DATES = (
    "pubdate",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "atom:published",
    "published",
    "date",
    "dc:created",
    "pub_date",
)
_UPDATES = ("atom:updated", "dcterms:modified", "updated", "lastbuilddate", "dc:modified")
_BODIES = ("content:encoded", "xhtml:body", "body", "fullitem", "atom:content", "content", "xhtml:div")
_SUMMARIES = (
    "description",
    "atom:summary",
    "summary",
    "itunes:summary",
    "dc:description",
    "media:description",
    "abstract",
)
_MAIL = re.compile(
    r"^\s*<?[^\s@()<>]{1,64}@[^\s@()<>]{1,255}>?\s*(?:\((.{1,200})\))?\s*$|^(.{1,200}?)\s*[(<][^\s@()<>]{1,64}@[^\s@()<>]{1,255}[)>]\s*$"
)
_PERIODS_S = {"hourly": 3600, "daily": 86400, "weekly": 7 * 86400, "monthly": 30 * 86400, "yearly": 365 * 86400}


def read_rss(root: etree._Element, context: Context, url: str | None) -> ParsedFeed:
    """All of an RSS document. `root` is `rss`, `rdf:RDF`, or a bare `channel`."""
    channel_element = next(iter_elements(root, "channel"), root)
    channel = children_of(channel_element)
    site = _first_text(channel, "link") or _alternate(channel)
    self_link = next((link.get("href") for link in channel.get("atom:link", ()) if link.get("rel") == "self"), None)
    lang = line_of_text(
        _first_text(channel, "language", "dc:language") or _xml_lang(channel_element) or _xml_lang(root)
    )
    context = replace(context, base=document_base(url, site) or resolve(self_link, None), lang=lang)
    elements = list(islice(iter_elements(root, "item"), MAX_ITEMS + 1))
    return ParsedFeed(
        items=identified(_item(element, context) for element in elements[:MAX_ITEMS]),
        format=_format(root),
        title=line_of_html(_first_markup(channel, "title", "dc:title")),
        link=resolve(site, context.base),
        lang=lang,
        ttl_s=_minutes(_first_text(channel, "ttl")),
        skip_hours=_hours(channel),
        skip_days=_days(channel),
        update_period_s=_update_period(channel),
        hub=next(
            (
                resolve(link.get("href"), context.base)
                for link in channel.get("atom:link", ())
                if link.get("rel") == "hub"
            ),
            None,
        ),
        note=f"cut after {MAX_ITEMS} entries" if len(elements) > MAX_ITEMS else None,
        cursor=_older(channel, context),
    )


def _older(channel: Children, context: Context) -> str | None:
    """Where its earlier entries stand: the archive before this one, else the next page (RFC 5005)."""
    links = {link.get("rel"): link.get("href") for link in reversed(channel.get("atom:link", ()))}
    return resolve(links.get("prev-archive") or links.get("next"), context.base)


def _format(root: etree._Element) -> str:
    version = (root.get("version") or "").strip()[:8]
    return "rdf" if str(root.tag).endswith("RDF") else f"rss {version}".strip()


def _item(element: etree._Element, context: Context) -> Item:
    children = children_of(element)
    base = (element.base if context.has_bases else None) or context.base
    published, note = context.date(*_texts(children, _DATES), *_texts(children, _UPDATES))
    text, summary = bodies(
        _body(children, _BODIES), _body(children, _SUMMARIES) or _media(children, "media:description")
    )
    via = line_of_html(_first_text(children, "source"))
    return Item(
        id=_id(element, children),
        title=_title(children, via),
        url=_link(element, children, base),
        author=_author(children),
        published=published,
        updated=context.date(*_texts(children, _UPDATES))[0],
        lang=line_of_text(_first_text(children, "dc:language", "language") or _xml_lang(element)) or context.lang,
        text=text,
        summary=summary,
        categories=_categories(children),
        comments=_count(_first_text(children, "slash:comments", "thr:total")),
        date_note=note,
        via=via,
    )


def _first_text(children: Children, *keys: str) -> str | None:
    for key in keys:
        for element in children.get(key, ()):
            if text := text_of(element):
                return text
    return None


def _first_markup(children: Children, *keys: str) -> str | None:
    for key in keys:
        for element in children.get(key, ()):
            if (markup := markup_of(element)) and markup.strip():
                return markup
    return None


def _texts(children: Children, keys: tuple[str, ...]) -> list[str]:
    return [text for key in keys if key in children for element in children[key] if (text := text_of(element))]


def _body(children: Children, keys: tuple[str, ...]) -> str | None:
    """The first body that has anything to read."""
    for key in keys:
        for element in children.get(key, ()):
            if text := html_to_text(markup_of(element)):
                return text
    return None


def _media(children: Children, key: str) -> str | None:
    """Text inside media:group or media:content."""
    for group in (*children.get("media:group", ()), *children.get("media:content", ())):
        for element in children_of(group).get(key, ()):
            if text := html_to_text(markup_of(element)):
                return text
    return None


def _title(children: Children, via: str | None) -> str | None:
    title = line_of_html(_first_markup(children, "title", "dc:title", "media:title", "atom:title"))
    if title and via and title.endswith(f" - {via}"):
        return title[: -len(via) - 3].strip() or title
    return title


def _id(element: etree._Element, children: Children) -> str:
    told = _first_text(children, "guid", "atom:id", "id") or element.get(
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
    )
    return line_of_text((told or "")[:2000]) or ""


def _link(element: etree._Element, children: Children, base: str | None) -> str | None:
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    permalink = next(
        (
            text_of(guid)
            for guid in children.get("guid", ())
            if (guid.get("isPermaLink") or "true").strip().lower() == "true"
        ),
        None,
    )
    absolute = permalink if permalink and permalink.startswith(("http://", "https://")) else None
    told = (
        _first_text(children, "feedburner:origlink"),
        _first_text(children, "link"),
        _alternate(children),
        absolute,
        about,
    )
    resolved = (resolve(link, base) for link in told if link)
    return next((link for link in resolved if link), None)


def _alternate(children: Children) -> str | None:
    links = children.get("atom:link", [])
    return next((link.get("href") for link in links if link.get("rel", "alternate") == "alternate"), None) or next(
        (link.get("href") for link in children.get("link", []) if link.get("href")), None
    )


def _author(children: Children) -> str | None:
    creators = [name for name in map(line_of_html, _texts(children, ("dc:creator",))) if name]
    if creators:
        return ", ".join(dict.fromkeys(creators))[:500]
    told = line_of_html(_first_text(children, "author", "atom:author", "itunes:author", "dc:author", "managingeditor"))
    return name_of(told)


def name_of(author: str | None) -> str | None:
    """The name in "editor@example.com (Ann Example)" or "Ann Example <editor@example.com>"."""
    match = _MAIL.match(author[:600]) if author and "@" in author else None
    if not match:
        return author[:500] or None if author else None
    return (match[1] or match[2] or match[0]).strip() or None


def _categories(children: Children) -> tuple[str, ...]:
    names = map(line_of_html, _texts(children, ("category", "dc:subject", "atom:category", "media:category")))
    return tuple(dict.fromkeys(name[:200] for name in names if name))[:50]


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _xml_lang(element: etree._Element) -> str | None:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang")


def _minutes(text: str | None) -> int | None:
    count = _count(text)
    return count * 60 if count else None


def _hours(channel: Children) -> tuple[int, ...]:
    counts = (_count(text_of(hour)) for skip in channel.get("skiphours", ()) for hour in skip)
    return tuple(sorted({count % 24 for count in counts if count is not None and count <= 24}))


def _days(channel: Children) -> tuple[str, ...]:
    names = ((text_of(day) or "").lower() for skip in channel.get("skipdays", ()) for day in skip)
    week = "monday tuesday wednesday thursday friday saturday sunday".split()
    return tuple(dict.fromkeys(name for name in names if name in week))


def _update_period(channel: Children) -> int | None:
    period = _PERIODS_S.get((_first_text(channel, "sy:updateperiod") or "").lower())
    return period // max(1, _count(_first_text(channel, "sy:updatefrequency")) or 1) if period else None
