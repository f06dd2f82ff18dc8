"""Servers on loopback for tests: one that answers as a function says, and one that serves files by path."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


#: None closes the line without a word.
Answer = Callable[[Asked], Reply | None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Answers on a free port for a `with` block; yields the address, without a slash at its end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            reply = answer(Asked(self.command, self.path, headers, body))
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815 (the name http.server looks for)

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # the client was killed

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def files_by_path(files: Mapping[str, bytes], statuses: list[int] | None = None) -> Answer:
    """Serves files as they are when asked, and knows validators; adds to `statuses` what it answers."""

    def answer(asked: Asked) -> Reply:
        body = files.get(asked.path)
        tag = f'"{hashlib.sha256(body or b"").hexdigest()[:16]}"'
        status = 404 if body is None else 304 if asked.headers.get("if-none-match") == tag else 200
        if statuses is not None:
            statuses.append(status)
        return Reply(status, body if body and status == 200 else b"", {"ETag": tag})

    return answer
