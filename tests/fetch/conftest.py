"""A world of servers on loopback that behave and misbehave as they are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chipreel.fetch.fetcher import Fetcher
from chipreel.model import FetchState, Settings, Source

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Sora</title><link>https://example.com/1</link></item></channel></rss>"""
NOW = datetime(2024, 2, 21, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """A request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Reply:
    """What the server answers."""

    status: int = 200
    body: bytes = FEED
    headers: dict[str, str] = field(default_factory=dict)
    #: Written one after the other with `pause_s` before each, instead of `body`; no Content-Length.
    drip: tuple[bytes, ...] = ()
    pause_s: float = 0.0
    #: Seconds before anything is sent.
    wait_s: float = 0.0
    #: Content-Length to claim; the connection is closed after the body.
    claim: int | None = None


Answer = Reply | Callable[[Seen], Reply]


class World:
    """One server. `routes` maps a path to its answer; `seen` is what was asked, robots.txt left out."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer] = {}
        self.robots: Answer = Reply(404, b"")
        self.seen: list[Seen] = []
        self.robots_seen: list[Seen] = []
        self.running = 0
        self.most_running = 0
        self._lock = threading.Lock()
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                world._serve(self)

            do_POST = do_GET  # noqa: N815 (the name http.server looks for)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        """Address of a path."""
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        seen = Seen(handler.command, handler.path, headers, handler.rfile.read(length), time.monotonic())
        is_robots = handler.path == "/robots.txt"
        with self._lock:
            (self.robots_seen if is_robots else self.seen).append(seen)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            answer = self.robots if is_robots else self.routes.get(handler.path, Reply(404, b"not here"))
            _write(handler, answer(seen) if callable(answer) else answer)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
        finally:
            with self._lock:
                self.running -= 1


def _write(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    time.sleep(reply.wait_s)
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if reply.drip:
        handler.send_header("Connection", "close")
        handler.end_headers()
        for chunk in reply.drip:
            time.sleep(reply.pause_s)
            handler.wfile.write(chunk)
            handler.wfile.flush()
        handler.close_connection = True
        return
    if reply.status != 304:
        handler.send_header("Content-Length", str(len(reply.body) if reply.claim is None else reply.claim))
    handler.end_headers()
    if reply.status != 304:
        handler.wfile.write(reply.body)
    handler.close_connection = handler.close_connection or reply.claim is not None


@pytest.fixture
def world() -> Iterator[World]:
    """One server on 127.0.0.1."""
    server = World()
    yield server
    server.close()


@pytest.fixture
def other() -> Iterator[World]:
    """A second server."""
    server = World()
    yield server
    server.close()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """A fetcher that may reach loopback and does not dawdle."""
    with Fetcher(Settings(allow_private_addresses=True, min_delay_s=0, timeout_s=5)) as fetcher:
        yield fetcher


@pytest.fixture
def reply() -> type[Reply]:
    """Answers for a world."""
    return Reply


@pytest.fixture
def now() -> datetime:
    """The moment all tests agree on."""
    return NOW


@pytest.fixture
def source_at() -> Callable[..., Source]:
    """A feed source at an address."""

    def make(url: str, kind: str = "feed", **values: Any) -> Source:
        return Source(values.pop("id", "a-source"), "A source", kind, url, **values)

    return make


@pytest.fixture
def fresh() -> FetchState:
    """A source never visited."""
    return FetchState("a-source")
