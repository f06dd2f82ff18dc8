"""Atom 0.3 and 1.0 from a tree."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from html import unescape
from itertools import islice

from lxml import etree

from chipreel.model import Item
from chipreel.parse.context import Context, bodies
from chipreel.parse.identity import identified
from chipreel.parse.links import document_base, resolve
from chipreel.parse.parsed import MAX_ITEMS, ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text, text_to_text
from chipreel.parse.xml_tree import children_of, iter_elements, markup_of, text_of

Children = dict[str, list[etree._Element]]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PUBLISHED = ("atom:published", "atom:issued", "atom:created", "dcterms:issued", "dc:date")
_UPDATED = ("atom:updated", "atom:modified", "dcterms:modified")
#: Elements whose end tag proves that a text declared to be plain is markup.
_IS_MARKUP = re.compile(r"</(?:p|a|div|span|b|i|em|strong|ul|ol|li|blockquote|h[1-6])>|<br\s?/?>", re.IGNORECASE)


def read_atom(root: etree._Element, context: Context, url: str | None) -> ParsedFeed:
    """All of an Atom document. `root` is `feed`, or a single `entry`."""
    head = children_of(root)
    self_link = _href(head, "self")
    site = _href(head, "alternate")
    base = document_base(url or resolve(self_link, None), resolve(site, root.base if context.has_bases else None))
    if context.has_bases:
        base = resolve(root.base, base) or base
    context = replace(context, base=base, lang=line_of_text(root.get(_XML_LANG)), author=_author(head))
    elements = list(islice(iter_elements(root, "entry", "atom:entry"), MAX_ITEMS + 1))
    return ParsedFeed(
        items=identified(_item(element, context) for element in elements[:MAX_ITEMS]),
        format="atom 0.3" if "purl.org/atom" in str(root.tag) else "atom 1.0",
        title=_line(_first(head, "atom:title")),
        link=resolve(site, base),
        lang=context.lang,
        hub=resolve(_href(head, "hub"), base),
        note=f"cut after {MAX_ITEMS} entries" if len(elements) > MAX_ITEMS else None,
        # Where its earlier entries stand: the archive before this one, else the next page (RFC 5005).
        cursor=resolve(_href(head, "prev-archive") or _href(head, "next"), base),
    )


def _item(element: etree._Element, context: Context) -> Item:
    children = children_of(element)
    base = _base(element, context)
    updates = _texts(children, _UPDATED)
    published, note = context.date(*_texts(children, _PUBLISHED), *updates)
    short = _body(_first(children, "atom:summary")) or _group_text(children, "media:description")
    text, summary = bodies(_body(_first(children, "atom:content")), short)
    return Item(
        id=line_of_text((text_of(_first(children, "atom:id")) or "")[:2000]) or "",
        title=_line(_first(children, "atom:title")) or _group_line(children, "media:title"),
        url=_link(children, base, context),
        author=_author(children) or _source_author(children) or context.author,
        published=published,
        updated=context.date(*updates)[0],
        lang=line_of_text(element.get(_XML_LANG)) or context.lang,
        text=text,
        summary=summary,
        categories=_categories(children),
        comments=_comments(children),
        date_note=note,
        via=_source_title(children),
    )


def _first(children: Children, key: str) -> etree._Element | None:
    found = children.get(key)
    return found[0] if found else None


def _texts(children: Children, keys: tuple[str, ...]) -> list[str]:
    return [text for key in keys if key in children for element in children[key] if (text := text_of(element))]


def _base(element: etree._Element, context: Context) -> str | None:
    if not context.has_bases:
        return context.base
    return resolve(element.base, context.base) or context.base


def _construct(element: etree._Element) -> tuple[str | None, bool]:
    """A text construct of Atom: its value and whether that is markup."""
    kind, mode = element.get("type", "text").strip().lower(), element.get("mode", "").strip().lower()
    if mode == "base64":
        return _unpacked(element.text), kind != "text/plain"
    if len(element) or (kind in ("xhtml", "application/xhtml+xml") and mode != "escaped"):
        return markup_of(element), True
    value = element.text
    if "/" in kind and not kind.startswith("text/") and not kind.endswith("xml") and mode != "escaped":
        return _unpacked(value), True
    if kind in ("html", "text/html", "application/xhtml+xml") or (mode == "escaped" and kind != "text/plain"):
        return value, True
    return value, bool(value and _IS_MARKUP.search(value))


def _unpacked(text: str | None) -> str | None:
    try:
        return base64.b64decode(text or "", validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _body(element: etree._Element | None) -> str | None:
    if element is None or element.get("type", "").startswith(("image/", "audio/", "video/")):
        return None
    value, is_markup = _construct(element)
    return html_to_text(value) if is_markup or (value and "&" in value) else text_to_text(value)


def _line(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    if len(element):  # inline XHTML: its text is its text, `&lt;b&gt;` in it is not a tag
        etree.strip_elements(element, "{*}script", "{*}style", with_tail=False)
        return line_of_text(text_of(element))
    value, is_markup = _construct(element)
    return line_of_html(value) if is_markup else line_of_text(unescape(value) if value and "&" in value else value)


def _href(children: Children, rel: str) -> str | None:
    """The address of the first link of that relation; of alternates, an HTML page before anything else."""
    links = [
        link
        for link in children.get("atom:link", ())
        if (link.get("rel") or "alternate").strip().lower() == rel and link.get("href")
    ]
    pages = [
        link for link in links if (link.get("type") or "text/html").lower() in ("text/html", "application/xhtml+xml")
    ]
    return next((link.get("href") for link in pages or links), None)


def _link(children: Children, base: str | None, context: Context) -> str | None:
    original = text_of(_first(children, "feedburner:origlink"))
    if original:
        return resolve(original, base)
    for rel in ("alternate", "http://www.iana.org/assignments/relation/alternate"):
        links = [link for link in children.get("atom:link", ()) if link.get("rel", "alternate") == rel]
        if context.has_bases and len(links) == 1:
            base = _base(links[0], context)
        if found := resolve(_href(children, rel), base):
            return found
    content = _first(children, "atom:content")
    told = (
        None if content is None else content.get("src"),
        text_of(_first(children, "atom:id")),
        _href(children, "via"),
        _href(children, "related"),
    )
    return next(
        (link for link in told if link and link.startswith(("http://", "https://")) and resolve(link, base)), None
    )


def _author(children: Children) -> str | None:
    names = [_person(person) for person in children.get("atom:author", ())]
    names += [line_of_text(text_of(creator)) for creator in children.get("dc:creator", ())]
    return ", ".join(dict.fromkeys(name for name in names if name))[:500] or None


def _person(element: etree._Element) -> str | None:
    parts = children_of(element)
    name = text_of(_first(parts, "atom:name")) or text_of(_first(parts, "atom:email"))
    return line_of_html(name or (None if parts else text_of(element)))


def _source_author(children: Children) -> str | None:
    source = _first(children, "atom:source")
    return None if source is None else _author(children_of(source))


def _source_title(children: Children) -> str | None:
    source = _first(children, "atom:source")
    return None if source is None else _line(_first(children_of(source), "atom:title"))


def _categories(children: Children) -> tuple[str, ...]:
    names = [
        line_of_text(category.get("label") or category.get("term")) for category in children.get("atom:category", ())
    ]
    names += [line_of_text(text_of(subject)) for subject in children.get("dc:subject", ())]
    return tuple(dict.fromkeys(name[:200] for name in names if name))[:50]


def _comments(children: Children) -> int | None:
    total = text_of(_first(children, "thr:total")) or text_of(_first(children, "slash:comments"))
    return int(total) if total and total.isascii() and total.isdigit() and len(total) < 10 else None


def _group_text(children: Children, key: str) -> str | None:
    """What YouTube says of a video: media:description inside media:group, plain text."""
    for holder in ({"": [*children.get(key, ())]}, *(children_of(group) for group in children.get("media:group", ()))):
        for element in (*holder.get(key, ()), *holder.get("", ())):
            if text := text_to_text(text_of(element)):
                return text
    return None


def _group_line(children: Children, key: str) -> str | None:
    text = _group_text(children, key)
    return line_of_text(text)
