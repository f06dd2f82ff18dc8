"""daily, run, deliveries, resend and deliver, as a person and cron call them: a real feed, a moved clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from chipreel.cli import main
from loopback import Asked, Reply, serving

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TITLES = (
    "Nvidia unveils a new GPU for AI training",
    "OpenAI opens Sora to developers with an API",
    "英伟达发布新一代AI芯片，性能翻倍",
    "软银拟筹1000亿美元造AI芯片",
)


@dataclass
class World:
    """One feed, a feeds.yaml that reads it, and a clock."""

    folder: Path
    items: list[tuple[str, datetime]] = field(default_factory=list)
    clock: Any = None

    def publish(self, title: str) -> None:
        """The feed has one more item, dated now."""
        self.items.append((title, datetime.now(UTC)))

    def feed(self) -> bytes:
        rows = "".join(
            f"<item><title>{title}</title><guid>g{n}</guid><link>https://wire.example/{n}</link>"
            f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for n, (title, when) in enumerate(self.items)
        )
        return f"<rss version='2.0'><channel><title>Wire</title>{rows}</channel></rss>".encode()

    def call(self, *arguments: str) -> int:
        """The program, with this world's files."""
        return main(["--feeds", str(self.folder / "feeds.yaml"), "-q", *arguments])


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Served on loopback; the clock begins on a Monday at six."""
    monkeypatch.chdir(tmp_path)
    found = World(tmp_path)

    def answer(asked: Asked) -> Reply:
        body = found.feed() if asked.path == "/feed.xml" else b""
        return Reply(200 if body else 404, body, {"Content-Type": "application/rss+xml"})

    with serving(answer) as base:
        (tmp_path / "feeds.yaml").write_text(
            f"""\
settings:
  timezone: UTC
  allow_private_addresses: true
  min_delay_s: 0
  profiles:
    default: {{hour: "07:00", channels: [file, stdout], minutes: 60}}
  channels:
    phone: {{kind: push, url: PUSH_URL}}
sources:
  - {{id: wire, title: Wire, kind: feed, url: "{base}/feed.xml",
      language: en, role: press, interval: 5m}}
""",
            encoding="utf-8",
        )
        with time_machine.travel(START, tick=True) as clock:
            found.clock = clock
            yield found


def test_daily_twice(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The second one says that there is nothing new; a file holds the first."""
    world.publish(TITLES[0])
    world.publish(TITLES[2])

    assert world.call("daily") == 0
    first = capsys.readouterr().out
    assert world.call("daily", "--lang", "zh") == 0
    second = capsys.readouterr().out

    assert TITLES[0] in first
    assert TITLES[2] in first
    assert second == "自上期简报以来没有新内容。\n"
    assert [path.name for path in (world.folder / "data/digests").iterdir()] == ["2026-03-02-default-1.md"]
    assert (world.folder / "data/digests/2026-03-02-default-1.md").read_text(encoding="utf-8") == first


def test_run_delivers_once_its_hour_has_passed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each time; made up for after days without a run; nothing on standard output but that line."""
    told = []
    for hours, title in (
        (0.5, TITLES[0]),
        (1.5, TITLES[1]),
        (2, None),
        (25.2, TITLES[2]),
        (100, TITLES[3]),
        (101, None),
    ):
        world.clock.move_to(START + timedelta(hours=hours))
        if title:
            world.publish(title)
        assert world.call("run") == 0
        told.append(capsys.readouterr().out)

    assert all(line.count("\n") == 1 and line.startswith("2026-03-0") for line in told)
    assert ["default: " in line for line in told] == [False, True, False, True, True, False]
    digests = sorted((world.folder / "data/digests").iterdir())
    assert len(digests) == 3
    pages = [path.read_text(encoding="utf-8") for path in digests]
    assert [sum(title in page for page in pages) for title in TITLES] == [1, 1, 1, 1]


def test_a_run_that_meets_another_leaves_it_to_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and no failure: cron would write a mail."""
    from chipreel.store.lock import run_lock

    (world.folder / "data").mkdir()
    with run_lock(world.folder / "data/chipreel.db"):
        assert world.call("run") == 0
    assert "another run" in capsys.readouterr().out


def test_deliveries_are_listed_settled_and_sent_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Open ones are shown, whatever their state; a closed one is not closed twice."""
    world.publish(TITLES[3])
    world.call("daily")
    capsys.readouterr()

    assert world.call("deliveries", "--json") == 0
    rows = capsys.readouterr().out.splitlines()
    assert ['"channel": "stdout"' in row and '"state": "confirmed"' in row for row in rows] == [True, False]
    assert world.call("resend", "2") == 0
    assert TITLES[3] in capsys.readouterr().out
    assert world.call("deliveries", "give-up", "2") == 1
    assert "already" in capsys.readouterr().err
    assert world.call("resend", "99") == 2
    assert "there is no delivery 99" in capsys.readouterr().err
    assert world.call("deliver") == 0
    assert "nothing is waiting" in capsys.readouterr().err


def test_a_channel_is_tried_out(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It works, or says why not; nothing of it is a delivery."""
    assert world.call("deliver", "--test", "file") == 0
    assert "file works" in capsys.readouterr().err
    assert world.call("deliver", "--test", "stdout") == 0
    assert "测试成功" in capsys.readouterr().out
    assert world.call("deliver", "--test", "phone") == 2
    assert "PUSH_URL" in capsys.readouterr().err
    assert world.call("deliver", "--test", "nowhere") == 2
    assert "file, stdout, phone" in capsys.readouterr().err
    monkeypatch.setenv("PUSH_URL", "json://127.0.0.1:9/geheim")
    assert world.call("deliver", "--test", "phone") == 1
    assert "geheim" not in capsys.readouterr().err
    assert not (world.folder / "data/chipreel.db").exists()


def test_what_was_delivered_last_and_why(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """--last shows it in any format and language, --explain its scores, a window what was then."""
    assert world.call("fetch") == 0
    assert world.call("digest", "--last") == 0
    assert "no digest was delivered yet" in capsys.readouterr().err
    world.publish(TITLES[3])
    world.clock.shift(timedelta(minutes=10))
    world.call("daily")
    capsys.readouterr()

    for form, mark in (
        ("html", "<!DOCTYPE html>"),
        ("json", '{"profile": "default"'),
        ("atom", "<?xml"),
        ("text", "*"),
    ):
        assert world.call("digest", "--last", "--format", form) == 0
        assert mark in capsys.readouterr().out
    assert world.call("digest", "--last", "--explain", "--lang", "zh") == 0
    assert "新鲜度" in capsys.readouterr().out
    assert world.call("digest", "--since", "1d") == 0
    assert TITLES[3] in capsys.readouterr().out
    assert world.call("digest", "--format", "pdf") == 2
    assert world.call("digest", "--profile", "nobody") == 2
    assert "declared are default" in capsys.readouterr().err
