"""Killed at any moment, a run loses nothing, doubles nothing, and says what it does not know."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

_ROUNDS = Path(__file__).with_name("endless_rounds.py")


def _start(folder: Path, rounds: int) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, str(_ROUNDS), str(folder), str(rounds)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def _kill_at_random(folder: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        child = _start(folder, -1)
        time.sleep(chance.uniform(0, 0.06))
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _finish(folder: Path) -> None:
    """One last round, in peace, with nothing new."""
    child = _start(folder, 1)
    assert child.wait(60) == 0
    assert child.stdout is not None
    child.stdout.close()


def _check(folder: Path) -> Counter[str]:
    """Everything that must hold; returns how many deliveries ended in which state."""
    db = sqlite3.connect(folder / "news.db")
    try:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("pragma foreign_key_check").fetchall() == []
        told = Counter(row[0] for row in db.execute("select story from digest_entries where state = 'new'"))
        stories = {row[0] for row in db.execute("select distinct story from articles")}
        rows = db.execute("select digest, channel, state, parts_done from deliveries order by id").fetchall()
        contents = dict(db.execute("select id, content from digests"))
    finally:
        db.close()
    assert set(told) == stories, "every story is in an edition"
    assert set(told.values()) == {1}, "and in one only"
    log = Counter(tuple(map(int, line.split()[:2])) for line in (folder / "log").read_text().splitlines())
    for digest, channel, state, done in rows:
        if channel == "file":
            assert state == "confirmed"
            assert json.loads((folder / "editions" / f"{digest}.json").read_text()) == json.loads(contents[digest])
        elif state == "confirmed":
            assert (log[digest, 1], log[digest, 2]) == (1, 1)
        else:
            assert state == "unknown"
            assert log[digest, done + 1] in (0, 1), "what is unknown was tried once"
            assert all(log[digest, part] == (part <= done) for part in (1, 2) if part != done + 1)
    return Counter(state for _, _, state, _ in rows)


def test_a_run_killed_at_random_moments_delivers_everything_once(tmp_path: Path) -> None:
    """Three kills, then one quiet round: the files are whole, the log has no line twice."""
    _kill_at_random(tmp_path, 3, seed=1)
    _finish(tmp_path)

    states = _check(tmp_path)

    assert states["confirmed"] > 0


@pytest.mark.slow
def test_a_run_killed_many_times_delivers_everything_once(tmp_path: Path) -> None:
    """Eighty kills."""
    _kill_at_random(tmp_path, 80, seed=2)
    _finish(tmp_path)

    states = _check(tmp_path)

    assert states["confirmed"] > 20


def test_two_runs_at_once_deliver_once(tmp_path: Path) -> None:
    """Without any lock between them: the database alone keeps one of two editions."""
    _finish(tmp_path)
    children = [_start(tmp_path, 6) for _ in range(2)]
    for child in children:
        child.wait(60)
        assert child.stdout is not None
        child.stdout.close()
    _finish(tmp_path)

    _check(tmp_path)


def test_the_log_is_what_was_meant(tmp_path: Path) -> None:
    """The checks above look at real lines."""
    child = _start(tmp_path, 3)
    assert child.wait(60) == 0
    assert child.stdout is not None
    child.stdout.close()

    assert re.fullmatch(r"(\d+ [12] s\d+:new\n){4}", (tmp_path / "log").read_text())
