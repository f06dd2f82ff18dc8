"""From the address of any page to the sources it could be: what `sources add` proposes.

Platforms are known by their addresses; everywhere else the page itself names its feeds, and where it does not, the
usual places are tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from chipreel.fetch.fetcher import Fetcher
from chipreel.fetch.kinds import get_kind
from chipreel.fetch.walls import looks_html
from chipreel.model import Failed, Fetched, FetchState, Source
from chipreel.parse.discover import find_feeds, usual_feeds
from chipreel.text.addresses import host_of

_MASTODON = re.compile(r"/@[\w.-]+\.rss$")
_CHANNEL = re.compile(r'"(?:channelId|externalId)"\s*:\s*"(UC[\w-]{22})"|/channel/(UC[\w-]{22})')


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source that an address could be."""

    kind: str
    url: str
    options: dict[str, Any] = field(default_factory=dict)


def discover(fetcher: Fetcher, url: str, now: datetime) -> tuple[tuple[Proposal, Fetched], ...] | Failed:
    """Sources that answer, with their answers, the likeliest first; or why the address itself cannot be read.

    At most eight addresses are asked.
    """
    known = find_by_address(url)
    if known is not None:
        outcome = _asked(fetcher, known.kind, known.url, now, known.options)
        return ((known, outcome),) if isinstance(outcome, Fetched) else outcome
    page = _asked(fetcher, "feed", url, now, expects_anything=True)
    if isinstance(page, Failed):
        return page
    if not looks_html(page.body):
        return ((Proposal("feed", page.moved_to or url), page),)
    found = []
    named = find_in_page(page.body, page.final_url)
    for proposal in named[:4] or _usual(page.final_url):
        outcome = _asked(fetcher, proposal.kind, proposal.url, now, proposal.options)
        if isinstance(outcome, Fetched):
            found.append((proposal, outcome))
            if not named:
                break
    return tuple(found)


def find_by_address(url: str) -> Proposal | None:
    """The source that an address of a known platform means; None where the page must be asked."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    if host == "youtube.com" and (match := re.fullmatch(r"/channel/(UC[\w-]{22})", path)):
        return Proposal("youtube", f"https://www.youtube.com/feeds/videos.xml?channel_id={match[1]}")
    if host == "youtube.com" and path == "/playlist" and (playlist := parse_qs(parts.query).get("list")):
        return Proposal("youtube", f"https://www.youtube.com/feeds/videos.xml?playlist_id={playlist[0]}")
    if host == "github.com" and (match := re.fullmatch(r"/([\w.-]+)/([\w.-]+)(/releases)?", path)):
        return Proposal("github", f"https://github.com/{match[1]}/{match[2]}/releases.atom")
    if host == "reddit.com" and (match := re.fullmatch(r"/r/(\w+)", path)):
        return Proposal("reddit", f"https://www.reddit.com/r/{match[1]}/.rss")
    if host == "bsky.app" and (match := re.fullmatch(r"/profile/([\w.:%-]+)", path)):
        api = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed"
        return Proposal("bluesky", api, options={"actor": match[1]})
    if host == "huggingface.co" and (match := re.fullmatch(r"/([\w.-]+)", path)) and match[1] not in ("blog", "papers"):
        return Proposal("huggingface", "https://huggingface.co/api/models", options={"author": match[1]})
    if host == "arxiv.org" and (match := re.fullmatch(r"/list/([\w.-]+)/\w+", path)):
        return Proposal("arxiv", f"https://rss.arxiv.org/rss/{match[1]}")
    return None


def find_in_page(body: bytes, url: str) -> tuple[Proposal, ...]:
    """Feeds that a page names, those of comments last; a YouTube page names its channel."""
    if "youtube.com" in host_of(url) and (match := _CHANNEL.search(body.decode("utf-8", "replace"))):
        return (Proposal("youtube", f"https://www.youtube.com/feeds/videos.xml?channel_id={match[1] or match[2]}"),)
    feeds = sorted(find_feeds(body, url), key=lambda feed: "comment" in feed.lower())
    return tuple(Proposal("mastodon" if _MASTODON.search(feed) else "feed", feed) for feed in feeds)


def _usual(url: str) -> tuple[Proposal, ...]:
    """Usual places below the page, then at the root, six in all."""
    folder = url if url.endswith("/") else f"{url}/"
    places = (*(urljoin(folder, place) for place in ("feed", "rss")), *usual_feeds(url))
    return tuple(Proposal("feed", place) for place in list(dict.fromkeys(places))[:6])


def _asked(
    fetcher: Fetcher,
    kind: str,
    url: str,
    now: datetime,
    options: dict[str, Any] | None = None,
    *,
    expects_anything: bool = False,
) -> Fetched | Failed:
    source = Source("discovery", "discovery", kind, url, options=options or {})
    if expects_anything:
        return fetcher.fetch_anything(source, url, now)
    return fetcher.fetch_request(source, get_kind(kind).requests(source, FetchState(source.id), now)[0], now)
