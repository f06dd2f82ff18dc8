"""OPML 2.0: lists of feeds as readers exchange them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from chipreel.errors import ParseError
from chipreel.model import Source
from chipreel.text.addresses import host_of, is_web_url

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """An id made of a name or address: lower case, hyphens; "" when nothing of it is ASCII."""
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:60]


def parse_opml(body: bytes) -> tuple[Source, ...]:
    """The feeds of an OPML file, switched on, with ids of their own. Raises ParseError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"not OPML: {error}") from error
    if root.tag.lower() != "opml":
        raise ParseError(f"not OPML: its root is <{root.tag}>")
    found: dict[str, Source] = {}
    for outline in root.iter("outline"):
        url = str(next((value for name, value in outline.attrib.items() if str(name).lower() == "xmlurl"), "")).strip()
        if is_web_url(url) and url not in {source.url for source in found.values()}:
            source = _source(outline, url, set(found))
            found[source.id] = source
    return tuple(found.values())


def render_opml(sources: Iterable[Source], title: str) -> bytes:
    """Sources of kind feed as OPML 2.0, grouped by role."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for source in sources:
        if source.role not in groups:
            groups[source.role] = etree.SubElement(body, "outline", text=source.role)
        attributes = {"type": "rss", "text": source.title, "title": source.title, "xmlUrl": source.url}
        attributes |= {"htmlUrl": source.site} if source.site else {}
        etree.SubElement(groups[source.role], "outline", attributes | {"language": source.language})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _source(outline: etree._Element, url: str, taken: set[str]) -> Source:
    title = outline.get("title") or outline.get("text") or host_of(url)
    base = slug(title) or slug(host_of(url)) or "source"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    language = (outline.get("language") or "en").split("-")[0].lower()[:3]
    return Source(
        name,
        title.strip(),
        "feed",
        url,
        language if re.fullmatch(r"[a-z]{2,3}", language) else "en",
        site=outline.get("htmlUrl") if is_web_url(outline.get("htmlUrl")) else None,
    )
