"""Told to stop, by the terminal, the system or somebody impatient: every command ends at once, in one sentence."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("import", "more.jsonl", "--source", "more"),
    ("export", "all.jsonl"),
    ("backup", "copy.db"),
    ("retag", "--apply"),
    ("prune", "--keep", "400d", "--everything"),
    ("reindex",),
    ("doctor", "--repair"),
    ("daily",),
    ("digest",),
    ("annotate", "more.jsonl"),
    ("cluster", "items.jsonl"),
    ("demo", "--db", "demo.db"),
    ("publish", "public.db"),
    ("search", "芯片", "--json", "--limit", "0"),
    ("archive", "more.jsonl", "--out", "archive"),
    ("browse", "--port", "0", "--no-open"),
)
STOPPED = "chipreel: stopped; the database is whole\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, and a file of thousands of items more."""
    from chipreel.cli import main

    folder = tmp_path_factory.mktemp("signals")
    for name, count in (("items", 200), ("more", 4000)):
        rows = [{"id": f"{name}-{n}", "title": f"英伟达发布第{n}款芯片 Nvidia ships chip {n}"} for n in range(count)]
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "feeds.yaml").write_text("sources: []\n")
    assert main(["--quiet", "--feeds", str(folder / "feeds.yaml"), "import", str(folder / "items.jsonl")]) == 0
    return folder


def start(home: Path, command: tuple[str, ...]) -> subprocess.Popen[str]:
    """A run in a session of its own, which nobody but us interrupts."""
    out = (home / "out").open("wb")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHIPREEL_")}
    call = [sys.executable, "-m", "chipreel", *command]
    with out:
        return subprocess.Popen(
            call, cwd=home, stdout=out, stderr=subprocess.PIPE, text=True, env=clean, start_new_session=True
        )


def half_done(home: Path) -> list[str]:
    """Files that a run began and did not name."""
    return [path.name for path in home.rglob("*") if path.suffix in (".part", ".rescue", ".restored")]


@pytest.mark.parametrize(
    "command",
    [one if place in (0, 1, 9) else pytest.param(one, marks=pytest.mark.slow) for place, one in enumerate(COMMANDS)],
)
def test_a_command_that_is_told_to_stop_stops(made: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Whatever it is at: the exit code that shells expect, no traceback, no half file, and soon."""
    for moment_s, number in ((0.5, signal.SIGINT), (0.9, signal.SIGTERM)):
        home = Path(shutil.copytree(made, tmp_path / f"home-{number}"))
        run = start(home, command)
        time.sleep(moment_s)
        run.send_signal(number)
        _, told = run.communicate(timeout=20)

        ended = run.returncode == 0 or (run.returncode == 128 + number and told.endswith(STOPPED))
        # Stopped before the first or after the last line of the program: the system ends it.
        assert ended or (run.returncode == -number and "Traceback" not in told), (command, number, run.returncode, told)
        assert half_done(home) == []


#: A program that is told to stop when its work is done, before it has said that from now on it just ends.
TOO_LATE = """
import os, signal, sys
from chipreel import cli

answer = cli._answer_signals

def answer_late(how):
    cli._answer_signals = answer
    os.kill(os.getpid(), int(sys.argv[1]))
    answer(how)

def work():
    cli._answer_signals = answer_late
    return 0

cli.main = work
cli.run()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_after_the_work_is_done_shows_no_traceback(number: int) -> None:
    """Between the end of a command and the end of the program."""
    done = subprocess.run(
        [sys.executable, "-c", TOO_LATE, str(int(number))], capture_output=True, text=True, check=False, timeout=20
    )

    assert (done.returncode, done.stderr) == (128 + number, STOPPED)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_not_lost_in_an_import_that_may_fail(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """What Datasette would like to have is being loaded when we are told to stop, and gives up at any exception."""
    (tmp_path / "dask.py").write_text(
        "import os, signal, time\n"
        "try:\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        "    time.sleep(0.2)\n"
        "except BaseException:\n"
        "    pass\n"
        "raise ImportError\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    home = Path(shutil.copytree(made, tmp_path / "home"))
    run = start(home, ("browse", "--port", "0", "--no-open"))

    _, told = run.communicate(timeout=20)

    assert (run.returncode, told) == (128 + number, STOPPED)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_somebody_impatient_sees_no_traceback(made: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Told again while it puts things away, it ends as it is; the next run finds a whole database."""
    chance = random.Random(str(command))
    home = Path(shutil.copytree(made, tmp_path / "home"))
    for _ in range(3):
        run = start(home, command)
        time.sleep(chance.uniform(0.5, 1))
        for _ in range(3):
            run.send_signal(chance.choice([signal.SIGINT, signal.SIGTERM]))
            time.sleep(chance.uniform(0, 0.01))
        _, told = run.communicate(timeout=20)
        assert run.returncode in (0, 130, 143, -signal.SIGINT, -signal.SIGTERM), told
        (home / "public.db").unlink(missing_ok=True)
        assert "Traceback" not in told
    done = subprocess.run(
        [sys.executable, "-m", "chipreel", "doctor"], cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_helpers_end_with_the_run_that_started_them(made: Path, tmp_path: Path, number: int) -> None:
    """The processes that sift an archive do not outlive it, nor make it wait for the end of a large file."""
    home = Path(shutil.copytree(made, tmp_path / "home"))
    large = (home / "more.jsonl").read_text("utf-8").splitlines() * 20
    (home / "large.jsonl").write_text("\n".join(large), encoding="utf-8")
    run = start(home, ("archive", "large.jsonl", "more.jsonl", "--out", "archive"))
    while len(members(run.pid)) < 3:
        time.sleep(0.05)
        assert run.poll() is None
    run.send_signal(number)
    run.communicate(timeout=20)
    deadline = time.monotonic() + 20
    while members(run.pid) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert members(run.pid) == []


def members(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found
