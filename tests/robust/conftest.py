"""A loopback world in both scripts, served from this process while chipreel runs in others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import yaml

from loopback import files_by_path, serving

#: One sentence of each kind that chipreel looks for, in both scripts; {n} makes it an article of its own.
TEXTS = (
    ("Nvidia takes order {n} for $7 billion of chips", '"We will ship {n} racks," said Jensen Huang of Nvidia.'),
    ("英伟达接到第{n}份订单，价值70亿美元", "英伟达首席执行官黄仁勋说：“我们将交付{n}台机柜。”"),
    ("Kling video model reaches version {n}", "Kuaishou says Kling makes {n} seconds of video."),
    ("可灵视频模型推出第{n}版", "快手称，可灵模型可以生成{n}秒视频。"),
    ("華為推出第{n}款晶片", "華為表示，第{n}款晶片將於下半年出貨。"),
)


@dataclass
class World:
    """Bodies by path, and the address they are served under."""

    files: dict[str, bytes] = field(default_factory=dict)
    base: str = ""

    def lay(self, feeds: int, entries: int, *, now: datetime | None = None) -> None:
        """Feeds `/0` … with entries of today, in both scripts."""
        for feed in range(feeds):
            self.files[f"/{feed}"] = rss(feed, range(entries), now or datetime.now(UTC))

    def write_home(self, folder: Path) -> Path:
        """A folder with a feeds.yaml of this world."""
        folder.mkdir(parents=True, exist_ok=True)
        settings = {"allow_private_addresses": True, "min_delay_s": 0, "connections_per_host": 8, "timeout_s": 20}
        sources = [
            {
                "id": f"s{path[1:]}",
                "title": f"源 {path}",
                "kind": "feed",
                "url": self.base + path,
                "language": "mul",
                "role": "press",
            }
            for path in self.files
        ]
        document = {"settings": settings, "sources": sources}
        (folder / "feeds.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        return folder


def rss(feed: int, entries: range, now: datetime) -> bytes:
    """A feed of these entries."""
    items = []
    for entry in entries:
        title, text = TEXTS[(feed + entry) % len(TEXTS)]
        number = 1000 * feed + entry
        when = format_datetime(now - timedelta(minutes=entry))
        items.append(
            f"<item><guid>{feed}-{entry}</guid><title>{title.format(n=number)}</title><pubDate>{when}</pubDate>"
            f"<link>http://x{feed}.example/{entry}</link><description>{text.format(n=number)}</description></item>"
        )
    return f"<rss version='2.0'><channel><title>源 {feed}</title>{''.join(items)}</channel></rss>".encode()


def items_jsonl(count: int) -> str:
    """Items as `chipreel import` reads them."""
    rows = []
    for number in range(count):
        title, text = TEXTS[number % len(TEXTS)]
        row = {"id": str(number), "title": title.format(n=number), "text": text.format(n=number)}
        rows.append(row | {"url": f"https://archive.example/{number}", "published": "2024-02-16T08:00:00Z"})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def world() -> Iterator[World]:
    """A server that knows validators, for as long as the test runs."""
    made = World()
    with serving(files_by_path(made.files)) as made.base:
        yield made


Chipreel = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def chipreel() -> Chipreel:
    """The program as a person runs it; any exit code, never a traceback."""

    def run(*arguments: str, cwd: Path, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "chipreel", *arguments]
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            env=clean_environ(),
            timeout=120,
            **options,  # type: ignore[call-overload]
        )
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        return done

    return run


def clean_environ() -> dict[str, str]:
    """The environment without what would point chipreel elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CHIPREEL_")}


@pytest.fixture
def items() -> Callable[[int], str]:
    """So many items as `chipreel import` reads them."""
    return items_jsonl


@pytest.fixture(name="rss")
def rss_maker() -> Callable[..., bytes]:
    """Makes a feed."""
    return rss
