"""Where a page keeps its feeds."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from chipreel.text.addresses import is_web_url

_TYPES = re.compile(r"^application/(?:rss|atom|rdf)\+xml$|^application/feed\+json$|^text/xml$|^application/xml$", re.I)
#: Links that look like a feed, for pages that declare none.
_LOOKS = re.compile(r"(?:/(?:feed|rss|atom)(?:[/.]|$)|\.(?:rss|atom|rdf)$|/(?:index|rss|feed)\.xml$|feed\.json$)", re.I)
#: Paths at which blog software keeps its feed, tried when a page says nothing.
USUAL_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
_MOST = 20


def find_feeds(html: bytes, url: str) -> tuple[str, ...]:
    """Absolute addresses of the feeds that a page declares; where it declares none, of links that look like feeds."""
    soup = BeautifulSoup(html[:2_000_000], "lxml")
    base = soup.find("base", href=True)
    root = urljoin(url, str(base["href"])) if base else url
    declared = [
        str(link["href"])
        for link in soup.find_all("link", href=True)
        if "alternate" in (link.get("rel") or []) and _TYPES.match(str(link.get("type") or ""))
    ]
    linked = [str(a["href"]) for a in soup.find_all("a", href=True) if _LOOKS.search(str(a["href"]).split("?")[0])]
    return _absolute(declared or linked, root)


def usual_feeds(url: str) -> tuple[str, ...]:
    """Addresses at which the site of a page often keeps its feed."""
    return _absolute(list(USUAL_PATHS), url)


def _absolute(links: list[str], root: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for link in links:
        try:
            address = urljoin(root, link.strip())
        except ValueError:
            continue
        if is_web_url(address):
            found[address] = None
    return tuple(found)[:_MOST]
