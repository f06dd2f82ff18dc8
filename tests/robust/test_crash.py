"""Killed at any moment, the database is whole and the next run ends what was begun: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).with_name("crash_driver.py")
#: What is killed, and what must be there before: the command, and the commands that prepare its home.
SCENARIOS: dict[str, tuple[list[str], list[list[str]]]] = {
    "first fetch": (["fetch", "--all"], []),
    "fetch of revisions": (["fetch", "--all"], [["fetch", "--all"]]),
    "daily": (["daily", "--lang", "zh"], []),
    "import": (["import", "items.jsonl", "--source", "archive"], []),
    "prune": (["prune", "--keep", "2020-01-01"], [["import", "items.jsonl", "--source", "archive"], ["age"]]),
    "reindex": (["reindex"], [["import", "items.jsonl", "--source", "archive"]]),
    "retag": (["retag", "--apply"], [["import", "items.jsonl", "--source", "archive"], ["untag"]]),
    "backup": (["backup", "data/copy.db"], [["import", "items.jsonl", "--source", "archive"]]),
    "restore": (
        ["restore", "safe.db"],
        [["import", "items.jsonl", "--source", "archive"], ["backup", "safe.db"], ["prune", "--keep", "2999-01-01"]],
    ),
}


def prepare(name: str, world: Any, home: Path, chipreel: Callable[..., Any], items: str) -> list[str]:
    """A home as it is before the killed command; returns that command."""
    command, steps = SCENARIOS[name]
    world.write_home(home)
    (home / "items.jsonl").write_text(items, encoding="utf-8")
    for step in steps:
        if step == ["age"]:
            change(home, "update articles set first_seen = '2019-01-01T00:00:00Z' where id % 3")
        elif step == ["untag"]:
            change(home, "update articles set annotated_by = 'old', companies = '[]'", "delete from quotes")
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


def kill(home: Path, scratch: Path, command: list[str], kills: int, *, tear: bool = False) -> list[dict[str, Any]]:
    """What came of every kill."""
    options = ["--tear"] if tear else []
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
    world.lay(6, 12)
    command = prepare(name, world, tmp_path / "home", chipreel, items(150))
    rows = kill(tmp_path / "home", tmp_path / "scratch", command, 4, tear=name != "daily")

    assert [row for row in rows if row["wrong"]] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_hundreds_of_kills(name: str, world: Any, tmp_path: Path, chipreel: Any, items: Any) -> None:
    """Thirty of each kind, at random moments."""
    world.lay(10, 20)
    command = prepare(name, world, tmp_path / "home", chipreel, items(400))
    if name == "fetch of revisions":
        world.files.update({path: body.replace(b"$7 billion", b"$8 billion") for path, body in world.files.items()})
    is_clean(kill(tmp_path / "home", tmp_path / "scratch", command, 30), 30)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["first fetch", "import", "prune", "reindex", "retag"])
def test_power_cuts(name: str, world: Any, tmp_path: Path, chipreel: Any, items: Any) -> None:
    """After half of the kills the log loses its end, anywhere."""
    world.lay(10, 20)
    command = prepare(name, world, tmp_path / "home", chipreel, items(400))
    is_clean(kill(tmp_path / "home", tmp_path / "scratch", command, 20, tear=True), 20)
