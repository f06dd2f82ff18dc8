"""Standard output that is full, closed, or cannot write Chinese: one sentence, exit 1, and no digest lost in it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("digest", "--lang", "zh"),
    ("search", "可灵", "--csv"),
    ("export",),
    ("doctor",),
    ("annotate", "items.jsonl"),
    ("parse", "feed.xml"),
    ("stories", "--json"),
    ("sources",),
    ("trends", "--json"),
    ("--help",),
    ("run",),
)
#: Those of every quick run of the tests.
QUICK = (0, 2)


def ended(*arguments: str, cwd: Path, shell: str, environ: dict[str, str] | None = None) -> tuple[int, bytes, str]:
    """Exit code, standard output and standard error of a run whose streams `shell` arranges (`>&-`, `> /dev/full`)."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHIPREEL_")}
    command = ["sh", "-c", f'exec "$@" {shell}', "sh", sys.executable, "-m", "chipreel", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False, timeout=60, env=clean | (environ or {}))
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, news that nobody was told yet, and files for the filters."""
    from chipreel.cli import main

    folder = tmp_path_factory.mktemp("streams")
    rows = [{"id": str(n), "title": f"英伟达发布第{n}款芯片 Nvidia ships chip {n}"} for n in range(300)]
    (folder / "items.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "feed.xml").write_text("<rss><channel><item><title>可灵</title></item></channel></rss>", encoding="utf-8")
    (folder / "feeds.yaml").write_text("sources: []\n")
    assert main(["--quiet", "--feeds", str(folder / "feeds.yaml"), "import", str(folder / "items.jsonl")]) == 0
    return folder


@pytest.fixture
def home(tmp_path: Path, made: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.mark.parametrize(
    "number", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in range(len(COMMANDS))]
)
@pytest.mark.parametrize(
    ("shell", "reason"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")]
)
def test_output_that_takes_nothing_is_one_sentence(home: Path, number: int, shell: str, reason: str) -> None:
    """The disk of the log is full, or cron was told to close it: no traceback, and not exit 0."""
    assert ended(*COMMANDS[number], cwd=home, shell=shell)[::2] == (1, f"chipreel: standard output: {reason}\n")


@pytest.mark.slow
def test_a_digest_that_could_not_be_printed_is_not_delivered(home: Path) -> None:
    """It is told by the next run that has somewhere to tell it, and then no more."""
    for shell in (">/dev/full", ">&-"):
        code, _, told = ended("daily", "--lang", "zh", cwd=home, shell=shell)
        assert code == 1
        assert "delivery 2 over stdout failed: standard output: " in told
    code, printed, told = ended("daily", cwd=home, shell="")
    assert code == 0, told
    assert "英伟达".encode() in printed
    assert b"Nothing new" in ended("daily", cwd=home, shell="")[1]


def test_a_closed_stream_is_no_door_into_a_file(home: Path) -> None:
    """The number of a closed stream would go to the next file that is opened, and what is printed into that."""
    for command in (("run",), ("backup", "copy.db")):
        ended(*command, cwd=home, shell="<&- >&- 2>&-")
    for path in (home / "data/chipreel.db", home / "copy.db"):
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    assert (home / "data/chipreel.db.lock").read_text().strip().isdecimal()


@pytest.mark.parametrize("shell", ["2>&-", "2>/dev/full"])
def test_remarks_that_nobody_can_hear_stop_no_work(home: Path, shell: str) -> None:
    """Standard error is for people; where it takes nothing the run goes on and its exit code is what it would be."""
    assert ended("search", "nowhere-to-be-found", cwd=home, shell=shell) == (0, b"", "")
    assert ended("search", "nowhere:", "--limit", "-1", cwd=home, shell=shell)[0] == 2


def test_a_closed_input_is_an_empty_one(home: Path) -> None:
    """A filter without one has nothing to do."""
    assert ended("annotate", cwd=home, shell="<&-") == (0, b"", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_results_are_utf8_whatever_the_locale_says(home: Path, encoding: str) -> None:
    """Every character of both languages comes out of a pipe, also on a machine whose locale is older than Unicode."""
    code, printed, told = ended("annotate", "items.jsonl", cwd=home, shell="", environ={"PYTHONIOENCODING": encoding})
    assert (code, told) == (0, "")
    assert json.loads(printed.splitlines()[0])["title"].startswith("英伟达发布第0款芯片")


def test_a_terminal_without_chinese_gets_question_marks(home: Path) -> None:
    """On a terminal its own encoding holds, and what it cannot show ends nothing."""
    command = f"{sys.executable} -m chipreel stories --limit 1"
    environ: dict[str, Any] = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "100"}
    try:
        done = subprocess.run(
            ["script", "-qec", command, "/dev/null"], cwd=home, env=environ, capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("there is no `script` to make a terminal with")

    assert done.returncode == 0, done.stdout.decode("ascii", "replace")
    assert b"?" in done.stdout
    assert b"Nvidia ships chip" in done.stdout
