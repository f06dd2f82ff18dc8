"""Killed at any moment, the database is whole and the next run ends what was begun: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import email
import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller

DRIVER = Path(__file__).with_name("crash_driver.py")
#: What is killed, and what must be there before: the command, and the commands that prepare its home.
SCENARIOS: dict[str, tuple[list[str], list[list[str]]]] = {
    "first fetch": (["fetch", "--all"], []),
    "fetch of revisions": (["fetch", "--all"], [["fetch", "--all"]]),
    "daily": (["daily", "--lang", "zh"], []),
    "import": (["import", "items.jsonl", "--source", "archive"], []),
    "prune": (["prune", "--keep", "2020-01-01"], [["import", "items.jsonl", "--source", "archive"], ["age"]]),
    "reindex": (["reindex"], [["import", "items.jsonl", "--source", "archive"]]),
    "retag": (
        ["retag", "--apply"],
        [["import", "lunch.jsonl", "--source", "lunch"], ["import", "items.jsonl", "--source", "archive"], ["untag"]],
    ),
    "backup": (["backup", "data/copy.db"], [["import", "items.jsonl", "--source", "archive"]]),
    "digest": (["digest", "--lang", "zh"], [["import", "items.jsonl", "--source", "archive"]]),
    "export": (["export", "all.jsonl"], [["import", "items.jsonl", "--source", "archive"]]),
    "import of an export": (
        ["import", "all.jsonl"],
        [["import", "items.jsonl", "--source", "archive"], ["export", "all.jsonl"], ["erase"]],
    ),
    "repair": (
        ["doctor", "--repair"],
        [["import", "items.jsonl", "--source", "archive"], ["backup"], ["hurt"]],
    ),
    "restore": (
        ["restore", "safe.db"],
        [["import", "items.jsonl", "--source", "archive"], ["backup", "safe.db"], ["prune", "--keep", "2999-01-01"]],
    ),
}


#: Those of one transaction, or of none.
SHORT = ("digest", "export", "import of an export", "repair")


def prepare(name: str, world: Any, home: Path, chipreel: Callable[..., Any], items: str) -> list[str]:
    """A home as it is before the killed command; returns that command."""
    command, steps = SCENARIOS[name]
    world.write_home(home)
    (home / "items.jsonl").write_text(items, encoding="utf-8")
    lunch = [{"id": str(n), "title": f"午餐吃什么 {n}", "text": "Noodles again. 今天吃面条。"} for n in range(100)]
    (home / "lunch.jsonl").write_text("\n".join(map(json.dumps, lunch)), encoding="utf-8")
    for step in steps:
        if step == ["age"]:
            change(home, "update articles set first_seen = '2019-01-01T00:00:00Z' where id % 3")
        elif step == ["erase"]:
            (home / "data/chipreel.db").unlink()
        elif step == ["hurt"]:
            # SQLite finds the list of free pages wrong: damage that costs no row.
            change(home, "pragma journal_mode = delete")
            with (home / "data/chipreel.db").open("r+b") as handle:
                handle.seek(36)
                handle.write((3).to_bytes(4, "big"))
        elif step == ["untag"]:
            # As if other rules had found no company and had let in what does not belong.
            change(
                home,
                "update articles set annotated_by = 'old', companies = '[]'",
                "delete from quotes",
                "update articles set relevant = 1, story = (select min(id) from stories) where source = 'lunch'",
                "update stories set articles = (select count(*) from articles a where a.story = stories.id) "
                "where merged_into is null",
            )
        elif step[0] == "prune":
            change(home, "delete from articles where id % 2")
        else:
            done = chipreel(*step, cwd=home)
            assert done.returncode == 0, done.stderr
    return command


def change(home: Path, *statements: str) -> None:
    import sqlite3

    db = sqlite3.connect(home / "data/chipreel.db", isolation_level=None)
    db.execute("pragma foreign_keys = on")
    for statement in statements:
        db.execute(statement)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()


def kill(
    home: Path, scratch: Path, command: list[str], kills: int, *options: str, mails: Path | None = None
) -> list[dict[str, Any]]:
    """What came of every kill; `options` are those of the driver."""
    if mails is not None:
        options = (*options, "--mails", str(mails))
    call = [sys.executable, str(DRIVER), *options, str(home), str(scratch), str(kills), "--", *command]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_clean(rows: list[dict[str, Any]], kills: int) -> None:
    assert len(rows) == kills
    assert [row for row in rows if row["wrong"]] == []
    assert sum(row["alive"] for row in rows) >= kills / 3, "most kills must hit a run that is at work"


@pytest.mark.parametrize("name", ["daily", "import", "prune"])
def test_a_kill_now_and_then(name: str, world: Any, tmp_path: Path, chipreel: Any, items: Any) -> None:
    """A few of each kind, in every quick run of the tests."""
    world.lay(4, 8)
    command = prepare(name, world, tmp_path / "home", chipreel, items(60))
    rows = kill(tmp_path / "home", tmp_path / "scratch", command, 2, *(["--tear"] if name != "daily" else []))

    assert [row for row in rows if row["wrong"]] == []


@pytest.mark.parametrize(
    ("name", "kills"),
    [("import", 2), *(pytest.param(name, 15, marks=pytest.mark.slow) for name in ("first fetch", "daily", "import"))],
)
@pytest.mark.parametrize("victim", ["the run", "the second process"])
def test_a_kill_with_work_in_a_second_process(
    name: str, victim: str, kills: int, world: Any, tmp_path: Path, chipreel: Any, items: Any
) -> None:
    """The run killed: nothing lost, and nobody survives it. Only the second process killed: the run goes on alone."""
    world.lay(6, 10)
    command = prepare(name, world, tmp_path / "home", chipreel, items(100))
    options = ["--beside", *(["--helper"] if victim == "the second process" else [])]
    rows = kill(tmp_path / "home", tmp_path / "scratch", command, kills, *options)

    assert [row for row in rows if row["wrong"]] == []
    assert kills < 10 or sum(row["alive"] for row in rows) >= kills / 3


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_hundreds_of_kills(name: str, world: Any, tmp_path: Path, chipreel: Any, items: Any) -> None:
    """Thirty of each kind, a dozen of those that do little, at random moments."""
    world.lay(10, 20)
    command = prepare(name, world, tmp_path / "home", chipreel, items(400))
    if name == "fetch of revisions":
        world.files.update({path: body.replace(b"$7 billion", b"$8 billion") for path, body in world.files.items()})
    kills = 12 if name in SHORT else 30
    is_clean(kill(tmp_path / "home", tmp_path / "scratch", command, kills), kills)


def test_a_kill_while_an_edition_is_printed(tmp_path: Path, chipreel: Any, items: Any) -> None:
    """The file is there; how much was read nobody knows, so it is said, and the edition is not printed again."""
    default = {"channels": ["file", "stdout"], "stories": 200, "per_source": 200, "minutes": 600}
    settings = {"language": "zh", "profiles": {"default": default}}
    (tmp_path / "feeds.yaml").write_text(yaml.safe_dump({"settings": settings, "sources": []}), encoding="utf-8")
    (tmp_path / "items.jsonl").write_text(items(100), encoding="utf-8")
    assert chipreel("import", "items.jsonl", cwd=tmp_path).returncode == 0
    reading, writing = os.pipe()
    # The edition does not fit into the pipe: the run waits for a reader.
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    printed = subprocess.Popen([sys.executable, "-m", "chipreel", "daily"], cwd=tmp_path, stdout=writing)
    os.close(writing)
    shown = os.read(reading, 100).decode("utf-8", "replace")
    printed.kill()
    printed.wait()
    os.close(reading)
    later = [chipreel("daily", cwd=tmp_path) for _ in range(2)]

    assert "chipreel 简报" in shown
    assert "nobody knows whether it arrived" in later[0].stderr
    assert not any("chipreel 简报" in one.stdout for one in later)
    assert chipreel("deliveries", cwd=tmp_path).stdout.count("unknown") == 1
    assert len(list((tmp_path / "data/digests").glob("*"))) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["first fetch", "import", "prune", "reindex", "retag"])
def test_power_cuts(name: str, world: Any, tmp_path: Path, chipreel: Any, items: Any) -> None:
    """After half of the kills the log loses its end, anywhere."""
    world.lay(10, 20)
    command = prepare(name, world, tmp_path / "home", chipreel, items(400))
    is_clean(kill(tmp_path / "home", tmp_path / "scratch", command, 20, "--tear"), 20)


class PostOffice:
    """Notes each mail that it has taken, then takes its time to say so."""

    def __init__(self, log: Path) -> None:
        self._log = log

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        with self._log.open("a", encoding="utf-8") as log:
            log.write(email.message_from_bytes(envelope.content)["Message-ID"] + "\n")
        await asyncio.sleep(0.15)
        return "250 OK"


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_mail_is_sent_or_not_or_nobody_knows_and_never_twice(
    world: Any, tmp_path: Path, chipreel: Any, items: Any, kills: int
) -> None:
    """A real server counts: a delivery that was killed is confirmed with one mail, or unknown and never repeated."""
    home = world.write_home(tmp_path / "home")
    mails = tmp_path / "mails"
    mails.write_text("")
    server = Controller(PostOffice(mails), hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    server.start()
    try:
        mail = {"kind": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none"}
        mail |= {"from": "reel@example.org", "to": "you@example.org"}
        settings = {"channels": {"mail": mail}, "profiles": {"default": {"channels": ["mail", "file"]}}}
        (home / "feeds.yaml").write_text(yaml.safe_dump({"settings": settings, "sources": []}), encoding="utf-8")
        (home / "items.jsonl").write_text(items(30), encoding="utf-8")
        assert chipreel("import", "items.jsonl", cwd=home).returncode == 0
        rows = kill(home, tmp_path / "scratch", ["daily"], kills, mails=mails)
    finally:
        server.stop()

    assert [row for row in rows if row["wrong"]] == []
    assert sum(row["alive"] for row in rows) >= kills / 3
    if kills > 10:
        assert {"confirmed", "unknown"} == {state for row in rows for state in row["states"]}
