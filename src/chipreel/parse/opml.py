"""OPML 2.0: lists of feeds as readers exchange them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lxml import etree

from chipreel.errors import ParseError
from chipreel.model import Source
from chipreel.text.addresses import host_of, is_web_url
from chipreel.text.fold import normalise

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What an OPML file lists."""

    #: The feeds, each address once, switched on, with ids of their own.
    sources: tuple[Source, ...]
    #: Entries that lead nowhere on the web: (title, address).
    left_out: tuple[tuple[str, str], ...]


def slug(text: str) -> str:
    """An id made of a name or address: lower case, hyphens; "" when nothing of it is ASCII."""
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:60]


def parse_opml(body: bytes) -> Subscriptions:
    """The feeds of an OPML file; folders are none. Raises ParseError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"not OPML: {error}") from error
    if root.tag.lower() != "opml":
        raise ParseError(f"not OPML: its root is <{root.tag}>")
    found: dict[str, Source] = {}
    urls: set[str] = set()
    left_out: list[tuple[str, str]] = []
    for outline in root.iter("outline"):
        url = _address(outline)
        if url is None or url in urls:
            continue
        if is_web_url(url):
            urls.add(url)
            source = _source(outline, url, found)
            found[source.id] = source
        else:
            left_out.append((_title(outline), url))
    return Subscriptions(tuple(found.values()), tuple(left_out))


def render_opml(sources: Iterable[Source], title: str) -> bytes:
    """Sources of kind feed as OPML 2.0, grouped by role."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = normalise(title)
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for source in sources:
        if source.role not in groups:
            groups[source.role] = etree.SubElement(body, "outline", text=source.role)
        name = normalise(source.title)
        attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": source.url}
        attributes |= {"htmlUrl": source.site} if source.site else {}
        etree.SubElement(groups[source.role], "outline", attributes | {"language": source.language})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _address(outline: etree._Element) -> str | None:
    """The address of a feed, "" where it is missing; None for a folder."""
    given = next((str(value) for name, value in outline.attrib.items() if str(name).lower() == "xmlurl"), None)
    return "" if given is None and outline.get("type") == "rss" else given and given.strip()


def _title(outline: etree._Element) -> str:
    """As it would be stored, on one line."""
    return " ".join(normalise(outline.get("title") or outline.get("text") or "").split())


def _source(outline: etree._Element, url: str, taken: Collection[str]) -> Source:
    title = _title(outline) or host_of(url)
    base = slug(title) or slug(host_of(url)) or "source"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    language = (outline.get("language") or "en").split("-")[0].lower()[:3]
    return Source(
        name,
        title,
        "feed",
        url,
        language if re.fullmatch(r"[a-z]{2,3}", language) else "en",
        site=outline.get("htmlUrl") if is_web_url(outline.get("htmlUrl")) else None,
    )
