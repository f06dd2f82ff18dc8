"""The sample world over HTTP on loopback: caching headers, 304, gzip, and the sources that go wrong."""

from __future__ import annotations

import gzip
import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from chipreel.demo import formats
from chipreel.demo.world import SampleSource, SampleWorld


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for one path."""

    status: int
    content_type: str
    body: bytes
    #: None = the server does not tell (errors).
    changed: datetime | None = None

    @property
    def etag(self) -> str:
        """A strong validator: other bytes, other tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def last_modified(self) -> str | None:
        """`changed` as HTTP writes it."""
        return format_datetime(self.changed.astimezone(UTC), usegmt=True) if self.changed else None


def render_answers(world: SampleWorld, step: int) -> dict[str, Answer]:
    """Every path of the world at `step`."""
    answers = {"/robots.txt": Answer(200, "text/plain; charset=utf-8", b"User-agent: *\nAllow: /\n")}
    for source in world.sources:
        answers |= _answers_of(source, step)
    return answers


def _answers_of(source: SampleSource, step: int) -> dict[str, Answer]:
    entries = source.entries(step)
    changed, kind = formats.last_change(entries), formats.content_type(source)
    if source.answer is not None and source.answer != "empty":
        return {source.path: _instead(source)}
    if source.format != "page":
        return {source.path: Answer(200, kind, formats.render_feed(source, entries), changed)}
    pages = {
        formats.article_path(source, entry): Answer(
            200, kind, formats.render_article_page(source, entry), entry.updated or entry.published
        )
        for entry in entries
    }
    return pages | {source.path: Answer(200, kind, formats.render_list_page(source, entries), changed)}


def _instead(source: SampleSource) -> Answer:
    if source.answer == "html":
        return Answer(200, "text/html; charset=utf-8", formats.render_moved_page(source))
    return Answer(int(source.answer["status"]), "text/plain; charset=utf-8", b"The server has met with an error.\n")


class SampleServer:
    """A running server. `base_url` has no slash at its end; set `step` to move the world on."""

    def __init__(self, world: SampleWorld, step: int) -> None:
        self._world = world
        self.step = step
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._http.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._http.server_port}"

    @property
    def step(self) -> int:
        """The time step that is served."""
        return self._step

    @step.setter
    def step(self, step: int) -> None:
        if step not in self._world.steps:
            raise ValueError(f"the sample world has no step {step}")
        self._step, self._answers = step, render_answers(self._world, step)

    def find_answer(self, path: str) -> Answer:
        """What is sent for `path`: the source's answer, or 404."""
        missing = Answer(404, "text/plain; charset=utf-8", b"There is nothing here.\n")
        return self._answers.get(path.partition("?")[0], missing)

    def start(self) -> None:
        """Answer requests on a thread of its own."""
        Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more and give the port back."""
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def serve(world: SampleWorld, step: int = 1) -> Iterator[SampleServer]:
    """The world on a free port of 127.0.0.1 for the length of a `with` block."""
    server = SampleServer(world, step)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler_of(server: SampleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        #: A kept-open connection that nobody uses is closed after this many seconds.
        timeout = 10
        #: Head and body leave in one segment: unbuffered they wait for each other's acknowledgement.
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def handle(self) -> None:
            with suppress(ConnectionError):  # the one who asked was told to stop
                super().handle()

        def finish(self) -> None:
            with suppress(ConnectionError):
                super().finish()

        def do_GET(self) -> None:
            answer = server.find_answer(self.path)
            unchanged = answer.status == 200 and _is_known(answer, self.headers)
            self._send(answer, not_modified=unchanged)

        do_HEAD = do_GET  # noqa: N815 (the name that http.server looks for)

        def _send(self, answer: Answer, *, not_modified: bool) -> None:
            body = b"" if not_modified else answer.body
            packed = bool(body) and "gzip" in self.headers.get("Accept-Encoding", "")
            body = gzip.compress(body, mtime=0) if packed else body
            self.send_response(304 if not_modified else answer.status)
            for name, value in _headers(answer, packed=packed, length=None if not_modified else len(body)):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the demo's screen belongs to the digest."""

    return Handler


def _headers(answer: Answer, *, packed: bool, length: int | None) -> Iterator[tuple[str, str]]:
    yield "Vary", "Accept-Encoding"
    if answer.status == 200:
        yield "ETag", answer.etag
    if answer.last_modified:
        yield "Last-Modified", answer.last_modified
    if length is not None:
        yield "Content-Type", answer.content_type
        yield "Content-Length", str(length)
    if packed:
        yield "Content-Encoding", "gzip"


def _is_known(answer: Answer, headers: Any) -> bool:
    """Whether the asker has these bytes; If-None-Match outranks the date, as RFC 9110 has it."""
    known = headers.get("If-None-Match")
    if known is not None:
        return answer.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    return answer.last_modified is not None and headers.get("If-Modified-Since") == answer.last_modified
