# ruff: noqa: E501
"""Two years of five sources on loopback, each offering its past in the way of its platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

START = datetime(2024, 2, 1, tzinfo=UTC)
#: "Now" of the world; the sources end a little before.
NOW = datetime(2026, 2, 1, tzinfo=UTC)
#: One item each so many days; the posts are silent from July to September 2024.
EVERY_DAYS = {"journal": 9, "bulletin": 11, "gazette": 17, "forum": 13, "voice": 7}
_SILENT = (datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 10, 1, tzinfo=UTC))
_TITLES = (
    "Runway opens its video model to film schools, round {n}",
    "英伟达第{n}次上调数据中心芯片出货目标",
    "OpenAI shows a longer Sora clip, take {n}",
    "可灵更新视频模型，第{n}版支持更长镜头",
    "SoftBank weighs another chip stake, memo {n}",
)


@dataclass(frozen=True)
class Piece:
    source: str
    number: int
    at: datetime

    @property
    def title(self) -> str:
        return _TITLES[(self.number + len(self.source)) % len(_TITLES)].format(n=f"{self.source}-{self.number}")

    @property
    def text(self) -> str:
        return f"{self.title}. A report of {self.source} about Nvidia GPU supply and Sora, number {self.number}."


def pieces(source: str) -> list[Piece]:
    """All that a source published, newest first."""
    step = EVERY_DAYS[source]
    days = range(2, (NOW - START).days - 5, step)
    found = [Piece(source, n, START + timedelta(days=day, hours=9)) for n, day in enumerate(days)]
    if source == "voice":
        found = [one for one in found if not _SILENT[0] <= one.at < _SILENT[1]]
    return found[::-1]


@dataclass
class PastWorld:
    """The server's switches and what it was asked."""

    base: str = ""
    asked: list[str] = field(default_factory=list)
    #: Path prefix → status that is answered instead.
    broken: dict[str, int] = field(default_factory=dict)

    def feeds_yaml(self) -> str:
        common = "language: mul, role: press, keep: full"
        return f"""
settings: {{allow_private_addresses: true, min_delay_s: 0, connections_per_host: 4, workers: 4, first_window_h: 48}}
sources:
  - {{id: journal, title: Journal, kind: feed, url: "{self.base}/journal/feed/", publisher: journal, {common}}}
  - {{id: bulletin, title: Bulletin, kind: feed, url: "{self.base}/bulletin/feed/", publisher: bulletin, {common}}}
  - {{id: gazette, title: Gazette, kind: sitemap, url: "{self.base}/gazette/sitemap.xml", publisher: gazette,
      pattern: "/gazette/story-[0-9]+$", {common}}}
  - {{id: forum, title: Forum, kind: hackernews, url: "{self.base}/forum/search_by_date", publisher: forum,
      queries: [Nvidia, Sora], min_points: 0, {common}}}
  - {{id: voice, title: Voice, kind: bluesky, url: "{self.base}/voice/xrpc/app.bsky.feed.getAuthorFeed",
      actor: voice.bsky.social, publisher: voice, {common}}}
"""

    def answer(self, path: str) -> tuple[int, str, bytes]:
        self.asked.append(path)
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        for prefix, status in self.broken.items():
            if path.startswith(prefix):
                return status, "text/plain", b"no"
        source, _, rest = parts.path.strip("/").partition("/")
        made = {
            "journal": self._journal, "bulletin": self._bulletin, "gazette": self._gazette,
            "forum": self._forum, "voice": self._voice,
        }.get(source)  # fmt: skip
        found = made(rest, query) if made else None
        return found or (404, "text/plain", b"nothing here")

    def _feed(self, source: str, shown: list[Piece]) -> tuple[int, str, bytes]:
        items = "".join(
            f"<item><guid isPermaLink='false'>{self.base}/?p={one.source}{one.number}</guid>"
            f"<title>{escape(one.title)}</title><link>{self.base}/{source}/{one.number}/</link>"
            f"<pubDate>{format_datetime(one.at)}</pubDate><description>{escape(one.text)}</description></item>"
            for one in shown
        )
        head = f"<title>{source}</title><generator>https://wordpress.org/?v=6.5</generator>"
        body = f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{items}</channel></rss>"
        return 200, "application/rss+xml", body.encode()

    def _journal(self, rest: str, query: dict[str, str]) -> tuple[int, str, bytes] | None:
        everything = pieces("journal")
        if rest == "feed":
            return self._feed("journal", everything[:10])
        if rest != "wp-json/wp/v2/posts":
            return None
        after, before = (datetime.fromisoformat(query[key]).replace(tzinfo=UTC) for key in ("after", "before"))
        found = [one for one in everything if after < one.at < before]
        size, page = 20, int(query["page"])
        shown = found[(page - 1) * size : page * size]
        if not shown:
            return 400, "application/json", b'{"code": "rest_post_invalid_page_number"}'
        posts = [
            {
                "id": one.number, "date_gmt": f"{one.at:%Y-%m-%dT%H:%M:%S}", "modified_gmt": f"{one.at:%Y-%m-%dT%H:%M:%S}",
                "guid": {"rendered": f"{self.base}/?p=journal{one.number}"},
                "link": f"{self.base}/journal/{one.number}/", "title": {"rendered": escape(one.title)},
                "excerpt": {"rendered": f"<p>{one.text[:60]}</p>"}, "content": {"rendered": f"<p>{one.text}</p><p>More.</p>"},
            }
            for one in shown
        ]  # fmt: skip
        return 200, "application/json", json.dumps(posts).encode()

    def _bulletin(self, rest: str, query: dict[str, str]) -> tuple[int, str, bytes] | None:
        if rest != "feed":
            return None
        page = int(query.get("paged", 1))
        shown = pieces("bulletin")[(page - 1) * 10 : page * 10]
        return self._feed("bulletin", shown) if shown else None

    def _gazette(self, rest: str, query: dict[str, str]) -> tuple[int, str, bytes] | None:
        everything = pieces("gazette")
        if rest == "sitemap.xml":
            years = "".join(
                f"<sitemap><loc>{self.base}/gazette/sitemap-{year}.xml</loc></sitemap>" for year in (2024, 2025, 2026)
            )
            return 200, "text/xml", f"<sitemapindex>{years}</sitemapindex>".encode()
        if rest.startswith("sitemap-"):
            shown = [one for one in everything if str(one.at.year) == rest[8:12]]
            urls = "".join(
                f"<url><loc>{self.base}/gazette/story-{one.number}</loc><lastmod>{one.at:%Y-%m-%d}</lastmod></url>"
                for one in shown
            )
            return 200, "text/xml", f"<urlset>{urls}</urlset>".encode()
        for one in everything:
            if rest == f"story-{one.number}":
                page = (
                    f"<html lang='en'><head><title>{escape(one.title)}</title><meta property='og:title' "
                    f"content='{escape(one.title)}'><meta property='article:published_time' content='{one.at:%Y-%m-%dT%H:%M:%SZ}'>"
                    f"</head><body><article><h1>{escape(one.title)}</h1><p>{escape(one.text)} The plan was described at length "
                    f"by people who know the chip business and the makers of generated video.</p></article></body></html>"
                )
                return 200, "text/html; charset=utf-8", page.encode()
        return None

    def _forum(self, rest: str, query: dict[str, str]) -> tuple[int, str, bytes] | None:
        if rest != "search_by_date":
            return None
        low, high = 0, 10**12
        for rule in query.get("numericFilters", "").split(","):
            if rule.startswith("created_at_i>"):
                low = int(rule.partition(">")[2])
            elif rule.startswith("created_at_i<"):
                high = int(rule.partition("<")[2])
        found = [one for one in pieces("forum") if low < one.at.timestamp() < high]
        page, size = int(query.get("page", 0)), 2
        hits = [
            {
                "objectID": str(9000 + one.number), "title": one.title + " Nvidia Sora", "author": "someone",
                "url": f"{self.base}/linked/{one.number}", "created_at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "points": 80,
            }
            for one in found[page * size : (page + 1) * size]
        ]  # fmt: skip
        answer = {"hits": hits, "page": page, "nbPages": -(-len(found) // size)}
        return 200, "application/json", json.dumps(answer).encode()

    def _voice(self, rest: str, query: dict[str, str]) -> tuple[int, str, bytes] | None:
        if not rest.endswith("getAuthorFeed"):
            return None
        start, size = int(query.get("cursor", 0)), 15
        everything = pieces("voice")
        posts = [
            {
                "post": {
                    "uri": f"at://did:plc:voice0000000000000000000/app.bsky.feed.post/{one.number}",
                    "author": {"handle": "voice.bsky.social", "displayName": "A Voice"},
                    "record": {"text": one.text, "createdAt": f"{one.at:%Y-%m-%dT%H:%M:%S.000Z}", "langs": ["en"]},
                }
            }
            for one in everything[start : start + size]
        ]
        cursor = {"cursor": str(start + size)} if start + size < len(everything) else {}
        return 200, "application/json", json.dumps({"feed": posts, **cursor}).encode()


@contextmanager
def serve_past() -> Iterator[PastWorld]:
    """The world on a free port for a `with` block."""
    world = PastWorld()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            status, kind, body = world.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.base = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()


def main(feeds: str) -> None:
    """Serve in a process of its own until killed; writes feeds.yaml, which says where."""
    import time

    with serve_past() as world:
        part = Path(feeds + ".part")
        part.write_text(world.feeds_yaml(), encoding="utf-8")
        part.replace(feeds)
        while True:
            time.sleep(1)
