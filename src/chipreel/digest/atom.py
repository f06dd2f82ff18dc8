"""Editions as Atom feeds: one entry for each edition, or one for each story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chipreel.digest.html import render_html
from chipreel.digest.labels import label
from chipreel.digest.page import EntryView
from chipreel.digest.plain import line
from chipreel.digest.view import view
from chipreel.model.digest import Digest
from chipreel.text.addresses import is_web_url

_NAMESPACE = "http://www.w3.org/2005/Atom"
#: Editions in a feed.
EDITIONS = 30


def render_atom(editions: Sequence[tuple[int, Digest]]) -> str:
    """(id, edition), newest first → a feed with an entry for each edition, whose content is its HTML."""
    feed = _feed(editions, "digests")
    for number, digest in editions:
        page = view(digest)
        entry = _entry(feed, f"{_base(digest)}:{number}", f"{page.title} · {page.day}", digest.made_at)
        SubElement(entry, "summary").text = _clean(page.nothing or page.covers)
        SubElement(entry, "content", {"type": "html"}).text = _clean(render_html(digest))
    return _written(feed)


def render_story_atom(editions: Sequence[tuple[int, Digest]]) -> str:
    """(id, edition), newest first → a feed with an entry for each story of each edition; an update is its own entry."""
    feed = _feed(editions, "stories")
    for number, digest in editions:
        for one in _entries(digest):
            name = f"{one.mark}: {one.headline}" if one.mark else one.headline
            entry = _entry(feed, f"{_base(digest)}:{number}:{one.id}", name, digest.made_at)
            if one.url is not None and is_web_url(one.url):
                SubElement(entry, "link", {"rel": "alternate", "href": _clean(one.url)})
            SubElement(entry, "summary").text = _clean("\n".join([*one.lines, one.facts, one.why]).strip())
    return _written(feed)


def _entries(digest: Digest) -> Iterator[EntryView]:
    page = view(digest)
    for section in page.sections:
        for group in section.groups:
            yield from group.entries
    yield from page.brief


def _feed(editions: Sequence[tuple[int, Digest]], kind: str) -> Element:
    newest = editions[0][1] if editions else None
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": newest.lang if newest else "en"})
    name = newest.profile if newest else "default"
    SubElement(feed, "id").text = f"urn:chipreel:{kind}:{_clean(name)}"
    SubElement(feed, "title").text = f"{label(newest.lang if newest else 'en', 'title')} · {_clean(name)}"
    SubElement(feed, "updated").text = _moment(newest.made_at if newest else datetime(1970, 1, 1, tzinfo=UTC))
    SubElement(SubElement(feed, "author"), "name").text = "chipreel"
    return feed


def _entry(feed: Element, identity: str, title: str, moment: datetime) -> Element:
    entry = SubElement(feed, "entry")
    SubElement(entry, "id").text = identity
    SubElement(entry, "title").text = _clean(line(title))
    SubElement(entry, "updated").text = _moment(moment)
    return entry


def _base(digest: Digest) -> str:
    """What tells this installation's editions from others': ids count from one everywhere."""
    mark = hashlib.sha256(f"{digest.profile}\n{digest.timezone}".encode()).hexdigest()[:12]
    return f"urn:chipreel:{mark}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"
    )


def _written(feed: Element) -> str:
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


__all__ = ["EDITIONS", "render_atom", "render_story_atom"]
