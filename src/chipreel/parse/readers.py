"""The readers by name: what a kind of source calls its answers → the function that reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context
from chipreel.parse.encoding import decode, unpack
from chipreel.parse.feed import parse_feed
from chipreel.parse.json_values import load_json
from chipreel.parse.mastodon import as_posts
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.xml_tree import find_tree, key_of

#: Reader of a JSON document → its module and function: (document, options, context) → ParsedFeed.
_OF_JSON = {
    "json": ("json_items", "read_json_items"),
    "hackernews": ("hackernews", "read_hackernews"),
    "bluesky": ("bluesky", "read_bluesky"),
    "mastodon": ("mastodon", "read_mastodon"),
    "huggingface": ("huggingface", "read_huggingface"),
}
#: Reader of a text: (text, options, context) → ParsedFeed.
_OF_TEXT = {"sitemap": ("sitemap", "read_sitemap"), "page": ("list_page", "read_list_page")}
_OF_FEEDS = ("feed", "youtube", "googlenews", "edgar")
#: The names of all readers.
READERS = tuple(sorted((*_OF_JSON, *_OF_TEXT, *_OF_FEEDS)))


def parse_answer(
    reader: str,
    body: bytes,
    *,
    options: Mapping[str, Any] | None = None,
    content_type: str | None = None,
    url: str | None = None,
    zone: tzinfo | None = None,
    now: datetime | None = None,
) -> ParsedFeed:
    """Read one answer of a source by the reader of that name; `options` are the source's own. Raises ParseError."""
    if reader not in READERS:
        raise ParseError(f"there is no reader {reader!r}, only {', '.join(READERS)}")
    options = options or {}
    feed = partial(parse_feed, content_type=content_type, url=url, zone=zone, now=now)
    if reader in ("feed", "youtube", "googlenews"):
        return _refined(reader, feed(body), options)
    decoded = decode(unpack(body), content_type)
    context = Context(base=url, zone=zone, now=now)
    if reader == "edgar":
        return _edgar(decoded.text, context, url) or feed(body)
    if reader == "mastodon" and decoded.text.lstrip()[:1] == "<":
        return as_posts(feed(body))
    try:
        if reader in _OF_TEXT:
            return _named(_OF_TEXT[reader])(decoded.text, options, context)
        return _named(_OF_JSON[reader])(load_json(decoded.text), options, context)
    except (RecursionError, MemoryError) as error:
        raise ParseError("the answer is nested or repeated beyond reason") from error


def _named(place: tuple[str, str]) -> Callable[..., ParsedFeed]:
    module, function = place
    found: Callable[..., ParsedFeed] = getattr(import_module(f"chipreel.parse.{module}"), function)
    return found


def _edgar(text: str, context: Context, url: str | None) -> ParsedFeed | None:
    from chipreel.parse.edgar import read_edgar

    root, _ = find_tree(text)
    return read_edgar(root, context, url) if root is not None and key_of(root.tag) == "atom:feed" else None


def _refined(reader: str, parsed: ParsedFeed, options: Mapping[str, Any]) -> ParsedFeed:
    """A feed with what is peculiar to the place it comes from."""
    if reader == "googlenews":  # the description is a list of links to other outlets' headlines
        return replace(parsed, items=tuple(replace(item, text=None, summary=None) for item in parsed.items))
    host = options.get("link_host")
    if isinstance(host, str) and host:
        return replace(parsed, items=tuple(_on_host(item, host) for item in parsed.items))
    return parsed


def _on_host(item: Item, host: str) -> Item:
    """The item with its address on the public host instead of the publishing one."""
    return replace(item, url=urlsplit(item.url)._replace(netloc=host).geturl()) if item.url else item
