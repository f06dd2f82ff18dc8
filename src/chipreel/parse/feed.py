"""Any feed: which format it is, and the reader for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, tzinfo

from lxml import etree

from chipreel.errors import ParseError
from chipreel.parse.atom import read_atom
from chipreel.parse.context import Context
from chipreel.parse.encoding import Decoded, decode, unpack
from chipreel.parse.json_feed import read_json_feed
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.rss import read_rss
from chipreel.parse.tolerant import read_tolerant
from chipreel.parse.xml_tree import as_atom, find_tree, key_of

_PAGE = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FEED_TAG = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)


def parse_feed(
    body: bytes,
    *,
    content_type: str | None = None,
    url: str | None = None,
    zone: tzinfo | None = None,
    now: datetime | None = None,
) -> ParsedFeed:
    """Read RSS 0.9x/1.0/2.0, Atom 0.3/1.0, RDF or JSON Feed, plain or gzip.

    `content_type` is the header of the answer, `url` the address it came from (for relative links), `zone` where its
    zoneless times are meant, `now` (aware) the present. Raises ParseError when the bytes are no feed, nothing else.
    """
    try:
        decoded = decode(unpack(body), content_type)
        context = Context(zone=zone, now=now, has_bases="xml:base" in decoded.text)
        parsed = _read(decoded.text, context, url)
    except (RecursionError, MemoryError) as error:
        raise ParseError("the feed is nested or repeated beyond reason") from error
    return replace(parsed, note=_joined(_encoding_note(decoded), parsed.note))


def _encoding_note(decoded: Decoded) -> str | None:
    return f"decoded as {decoded.encoding}" if decoded.doubtful else None


def _joined(*notes: str | None) -> str | None:
    return "; ".join(note for note in notes if note) or None


def _read(text: str, context: Context, url: str | None) -> ParsedFeed:
    start = text[:200].lstrip("\ufeff \t\r\n")
    if not text.strip("\ufeff \t\r\n\0"):
        raise ParseError("the answer is empty")
    if start.startswith(("{", "[")):
        return read_json_feed(text, context, url)
    if _PAGE.match(text) and not _FEED_TAG.search(text[:20_000]):
        raise ParseError("the answer is an HTML page, not a feed")
    root, note = find_tree(text)
    if root is None:
        return read_tolerant(text, context, url)
    parsed = _read_tree(root, context, url)
    return replace(parsed, note=_joined(note, parsed.note))


def _read_tree(root: etree._Element, context: Context, url: str | None) -> ParsedFeed:
    name = key_of(root.tag)
    if name.rpartition(":")[2] == "feed" and name != "atom:feed":
        as_atom(root)
        name = "atom:feed"
    if name.rpartition(":")[2] in ("rss", "rdf", "channel"):
        return read_rss(root, context, url)
    if name in ("atom:feed", "atom:entry"):
        return read_atom(root, context, url)
    if name.rpartition(":")[2] in ("html", "body"):
        raise ParseError("the answer is an HTML page, not a feed")
    raise ParseError(f"the root element <{name[:40]}> is of no feed")
