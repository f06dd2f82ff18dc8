"""Answers without measure, by a real server to the real program: each is refused or cut, and memory stays small."""

from __future__ import annotations

import base64
import gzip
import socket
import subprocess
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from loopback import files_by_path, serving
from processes import ENVIRON

GIB = 2**30
#: 2 GiB of zeros in 1.7 KB, as `brotli -q 11 -w 24` packs them; here in zlib's packing, which makes 143 bytes of it.
BROTLI_BOMB = zlib.decompress(
    base64.b64decode(
        "eNo7//9//Q91hkcbHRS+/5v/////D/4MRxIZG979tQdyHs5n6DisxHD3d/2///8P2zMKtLMy7Pr+/8///+31TAp83Awl7////P+f"
        "/z+Lg4wYw4t7/z///y//j7PBQofhwt7/z///t/8jzFAYwbCg+v95qEUbGBxwWcQ0atGoRaMWjVo0atGItcgeAA77zN4="
    )
)
#: 32 MiB of zeros, as one member of a gzip file that has 64 of them.
GZIP_PIECE = gzip.compress(bytes(2**25))
#: Resident memory that a run may take at its peak: without any source it is 60 MB.
MOST_MB = 200
#: What each path is answered: the head, then one piece for so many bytes in all.
FLOODS: dict[str, tuple[str, bytes, int]] = {
    "announced": (f"200 OK\r\nContent-Length: {2 * GIB}", b"<rss>" + b"x" * 65_531, 2 * GIB),
    "unannounced": ("200 OK", b"<rss>" + b"x" * 65_531, 2 * GIB),
    "chunked": ("200 OK\r\nTransfer-Encoding: chunked", b"10000\r\n" + b"x" * 65_536 + b"\r\n", 2 * GIB),
    "a-head-without-end": ("200 OK", b"X-Head: " + b"x" * 60_000 + b"\r\n", 2 * GIB),
    "an-error-page": ("404 Not Found", b"x" * 65_536, 2 * GIB),
    "a-redirect-with-a-body": ("302 Found\r\nLocation: /a-redirect-with-a-body", b"x" * 65_536, 2 * GIB),
    "gzip": ("200 OK\r\nContent-Encoding: gzip", GZIP_PIECE, 64 * len(GZIP_PIECE)),
    "brotli": (f"200 OK\r\nContent-Encoding: br\r\nContent-Length: {len(BROTLI_BOMB)}", BROTLI_BOMB, len(BROTLI_BOMB)),
}


class Flood:
    """A server that pours for as long as anybody listens; counts what it could pour, by path."""

    def __init__(self) -> None:
        self.poured: Counter[str] = Counter()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._pour, args=(connection,), daemon=True).start()

    def _pour(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            path = connection.recv(65_536).split(b" ", 2)[1].decode().strip("/")
            if path.startswith("endless"):
                number = int(path.partition("-")[2] or 0) + 1
                head = f"302 Found\r\nLocation: /endless-{number}\r\nContent-Length: 0"
                connection.sendall(f"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n".encode())
                self.poured["endless"] = number
                return
            head, piece, size = FLOODS.get(path, ("404 Not Found\r\nContent-Length: 0", b"", 0))
            blank = b"" if path == "a-head-without-end" else b"\r\n"
            connection.sendall(f"HTTP/1.1 {head}\r\nConnection: close\r\n".encode() + blank)
            while self.poured[path] < size:
                connection.sendall(piece)
                self.poured[path] += len(piece)


@pytest.fixture
def flood() -> Iterator[Flood]:
    """The server, for a test."""
    made = Flood()
    yield made
    made.close()


#: The program, and at its end what it took: `time.process_time` in seconds, the peak of its memory in kilobytes.
MEASURED = """
import sys, time
from pathlib import Path
from chipreel.cli import main
code = main(sys.argv[1:])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(time.process_time(), peak.split()[1], code)
"""


def run(home: Path, *arguments: str) -> tuple[str, float, float]:
    """What the program said, its seconds of the processor and its peak of memory in MB; every source may fail."""
    command = [sys.executable, "-c", MEASURED, *arguments]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, env=ENVIRON, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    seconds, kilobytes, code = done.stdout.split()
    assert code in ("0", "1"), done.stderr
    return done.stderr, float(seconds), int(kilobytes) / 1024


def write_home(home: Path, base: str, names: list[str], **settings: Any) -> None:
    """A feeds.yaml of these paths."""
    sources = [
        {"id": name, "title": f"源 {name}", "kind": "feed", "url": f"{base}/{name}", "language": "mul", "role": "press"}
        for name in names
    ]
    common = {"allow_private_addresses": True, "min_delay_s": 0, "connections_per_host": 8, "timeout_s": 20}
    (home / "feeds.yaml").write_text(yaml.safe_dump({"settings": common | settings, "sources": sources}))


def test_two_gigabytes_from_every_side(flood: Flood, tmp_path: Path) -> None:
    """Bodies with and without their length, heads, errors, redirects, packed zeros: failed, soon, in little room."""
    write_home(tmp_path, flood.base, [*FLOODS, "endless"])
    said, processor_s, megabytes = run(tmp_path, "fetch", "--all")
    lines = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)

    assert set(FLOODS) | {"endless"} <= lines.keys(), said
    assert processor_s < 10
    assert megabytes < MOST_MB
    assert max(flood.poured.values()) < 0.1 * GIB, flood.poured
    assert "max_bytes" in lines["announced"]
    assert "redirects" in lines["endless"]
    assert flood.poured["endless"] <= 6


#: Feeds of nearly `max_bytes`, and what the program says of them.
LARGE = {
    "a-million-entries": ("<item/>" * 1_000_000, "0 new"),
    "a-title-of-10-mb": ("<item><title>Nvidia " + "英伟达 chip " * 600_000 + "</title></item>", "1 new"),
    "half-a-million-articles": ("".join(f"<item><title>芯{n}" for n in range(450_000)), "broken beyond reading"),
    "a-million-titles": ("<item><title>x" * 700_000, "broken beyond reading"),
    "an-address-of-10-mb": ("<item><title>可灵</title><link>http://x.example/" + "a" * 9_900_000 + "</link>", "1 new"),
    "a-million-characters-nobody-sees": ("<item><title>芯片" + "\u202e\u2066\u200b" * 300_000 + "</title>", "1 new"),
    "a-million-references": ("<item><title>" + "&#0;&#xD800;&#27;" * 500_000 + "Kling</title></item>", "1 new"),
}


@pytest.mark.parametrize(
    "name", [name if place < 2 else pytest.param(name, marks=pytest.mark.slow) for place, name in enumerate(LARGE)]
)
def test_the_largest_feed_that_is_taken(name: str, tmp_path: Path) -> None:
    """A million entries, a title of ten megabytes: taken, cut or refused within seconds, in bounded room."""
    inside, expected = LARGE[name]
    body = f"<rss version='2.0'><channel><title>x</title>{inside}</channel></rss>".encode()
    with serving(files_by_path({f"/{name}": body})) as base:
        write_home(tmp_path, base, [name])
        said, processor_s, megabytes = run(tmp_path, "fetch")

    assert 2_500_000 < len(body) < 10_000_000
    assert expected in said
    assert processor_s < 15
    assert megabytes < 450
