"""OPML 2.0, in which feed readers hand each other their lists. Pure but for the clock it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from chipreel.errors import ConfigError
from chipreel.model.source import ROLES, Source

#: A list of a hundred thousand feeds is smaller.
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    title: str
    #: Address of the feed.
    url: str
    #: The human page; None = not said.
    site: str | None = None
    #: Names of the folders it lies in, outermost first.
    folders: tuple[str, ...] = ()
    language: str | None = None


def parse_opml(body: bytes, name: str = "<opml>") -> tuple[Outline, ...]:
    """The feeds of a list, in order, each address once. Raises ConfigError when it is none. No DTD, no entities."""
    if len(body) > MAX_BYTES:
        raise ConfigError(f"is longer than {MAX_BYTES:,} bytes", path=name, hint="this is hardly a list of feeds")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError("is no OPML file", path=name, hint="export one from a feed reader") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ConfigError("is no OPML file", path=name, hint="its first element must be <opml>")
    seen: dict[str, Outline] = {}
    for outline in _iter_outlines(root):
        seen.setdefault(outline.url, outline)
    return tuple(seen.values())


def render_opml(sources: Iterable[Source], now: datetime, title: str = "chipreel") -> str:
    """Sources that any feed reader can read, in one folder per role; list pages and APIs are left out."""
    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(opml, "body")
    feeds = [source for source in sources if source.kind in READABLE]
    for role in ROLES:
        of_role = [source for source in feeds if source.role == role]
        if of_role:
            folder = etree.SubElement(body, "outline", text=role, title=role)
            for source in of_role:
                etree.SubElement(folder, "outline", _attributes(source))
    return etree.tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True).decode("utf-8")


#: Kinds whose address a feed reader understands.
READABLE = frozenset({"feed", "youtube", "arxiv", "github", "reddit", "mastodon"})


def _attributes(source: Source) -> dict[str, str]:
    url = source.url if source.kind != "mastodon" or source.url.endswith(".rss") else f"{source.url}.rss"
    attributes = {
        "type": "rss",
        "text": source.title,
        "title": source.title,
        "xmlUrl": url,
        "language": source.language,
    }
    if source.site:
        attributes["htmlUrl"] = source.site
    return attributes


def _iter_outlines(root: etree._Element) -> Iterator[Outline]:
    """Outlines with an address, depth first, with the folders above them. Not recursive: depth is the file's choice."""
    todo: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while todo:
        node, folders = todo.pop()
        attributes = {str(key).lower(): str(value).strip() for key, value in node.attrib.items()}
        name = attributes.get("title") or attributes.get("text") or ""
        url = attributes.get("xmlurl", "")
        if url:
            language = attributes.get("language") or None
            yield Outline(name or url, url, attributes.get("htmlurl") or None, folders, language)
        inner = (*folders, name) if name and not url and len(folders) < 20 else folders
        todo += [(child, inner) for child in reversed(node) if isinstance(child.tag, str)]
