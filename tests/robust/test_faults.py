"""Told to stop, read no further, hindered by others, long at work: a clear message, the right code, nothing lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.store.database import open_database
from processes import ENVIRON, articles, helpers_of, start, survivors


def count(folder: Path) -> int:
    """How many articles are stored at this moment, for waiting."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'data/chipreel.db'}?mode=ro", uri=True)) as db:
            return int(db.execute("select count(*) from articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_run_that_is_told_to_stop_stops_cleanly(world: Any, chipreel: Any, tmp_path: Path) -> None:
    """One sentence, the exit code that shells expect, nobody left behind, and the next run does the rest."""
    world.lay(100, 12)
    for number in (signal.SIGINT, signal.SIGTERM):
        home = world.write_home(tmp_path / f"home-{number}")
        process = start("fetch", cwd=home)
        deadline = time.monotonic() + 20
        # Where there are two cores, a hundred new sources start a second process: then it is in the middle of its work.
        while process.poll() is None and not (second := helpers_of(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        _, told = process.communicate(timeout=20)

        assert process.returncode == 128 + number
        assert told.splitlines() == ["chipreel: stopped; the database is whole"]
        assert second or os.cpu_count() == 1
        assert survivors(second) == []
        assert articles(home) < 100 * 12
    assert chipreel("fetch", cwd=home).returncode == 0
    assert articles(home) == 100 * 12


def test_a_reader_that_goes_away_is_no_error(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """`chipreel export | head -1` ends without a word."""
    (tmp_path / "items.jsonl").write_text(items(400), encoding="utf-8")
    chipreel("import", "items.jsonl", "--db", "a.db", cwd=tmp_path)
    for command in (["export"], ["search", "--json", "--limit", "0", "芯片 OR nvidia OR kling OR 可灵"]):
        process = start(*command, "--db", "a.db", cwd=tmp_path)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert (process.wait(timeout=20), process.stderr.read()) == (0, ""), command
        process.stderr.close()


@pytest.mark.slow
def test_a_digest_whose_reader_went_away_is_unknown_and_not_repeated(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """`chipreel daily | head -1`: nobody knows how far it was read; the next run says so and prints nothing again."""
    settings = "settings: {profiles: {default: {channels: [stdout], stories: 200, per_source: 200, minutes: 600}}}"
    (tmp_path / "feeds.yaml").write_text(f"{settings}\nsources: []\n")
    (tmp_path / "items.jsonl").write_text(items(400), encoding="utf-8")
    chipreel("import", "items.jsonl", cwd=tmp_path)
    process = start("daily", cwd=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr is not None
    with process.stderr:
        assert "Traceback" not in process.stderr.read()
    later = chipreel("daily", cwd=tmp_path)

    assert "nobody knows whether it arrived" in later.stderr
    assert "可灵" not in later.stdout
    assert "可灵" not in chipreel("daily", cwd=tmp_path).stdout


@pytest.mark.slow
def test_a_run_that_hangs_is_named_and_its_lock_dies_with_it(world: Any, chipreel: Any, tmp_path: Path) -> None:
    """By its process number, which a person may kill; then the next run works. Cron's own run leaves it alone."""
    world.lay(15, 200)
    home = world.write_home(tmp_path / "home")
    process = start("fetch", cwd=home)
    deadline = time.monotonic() + 20
    while count(home) < 1 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGSTOP)
    second, by_cron = chipreel("fetch", cwd=home), chipreel("run", cwd=home)
    process.kill()
    process.communicate(timeout=20)

    assert second.returncode == 1
    assert f"another run of chipreel (process {process.pid}) is working on" in second.stderr
    assert (by_cron.returncode, f"process {process.pid}" in by_cron.stdout) == (0, True)
    assert chipreel("fetch", "--all", cwd=home).returncode == 0
    assert articles(home) == 15 * 200


def test_a_database_that_others_write_is_waited_for_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, items: Any
) -> None:
    """Another program in the middle of a transaction: one sentence, and nothing half done."""
    monkeypatch.setattr("chipreel.store.database.BUSY_S", 0.2)
    (tmp_path / "items.jsonl").write_text(items(5), encoding="utf-8")
    arguments = ["import", str(tmp_path / "items.jsonl"), "--db", str(tmp_path / "a.db")]
    with open_database(tmp_path / "a.db") as other:
        other.execute("begin immediate")
        assert main(arguments) == 1
        assert "another program is writing" in capsys.readouterr().err
        other.execute("rollback")
    assert main(arguments) == 0


ROUNDS = """
import gc, sys, threading
from pathlib import Path
from chipreel.cli import main
for number in range(int(sys.argv[1])):
    assert main(["--quiet", "fetch", "--all"]) == 0
    gc.unfreeze()  # what a run holds fast for its speed ends with its process
    gc.collect()
    memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4
    print(len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), memory, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [30])
def test_a_very_long_run_does_not_grow(world: Any, tmp_path: Path, rss: Any, rounds: int) -> None:
    """Round after round in one process, each with news: open files and threads stay, and memory nearly so."""
    world.lay(4, 5)
    home = world.write_home(tmp_path / "home")
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", ROUNDS, str(rounds)]
    seen: list[tuple[int, ...]] = []
    with subprocess.Popen(command, cwd=home, env=ENVIRON, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(rounds):
            seen.append(tuple(map(int, process.stdout.readline().split())))
            world.files["/0"] = rss(0, range(number, number + 5), datetime.now(UTC))
            process.stdin.write("\n")
            process.stdin.flush()

    assert process.returncode == 0
    assert {one[:2] for one in seen[2:]} == {seen[2][:2]}
    assert seen[-1][2] - seen[rounds // 4][2] < 8_000, [one[2] for one in seen]  # KiB
