"""Runs of the program in the background, the processes that they have started, and what they have stored."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

#: The environment without what would point chipreel elsewhere.
ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("CHIPREEL_")}


def start(*arguments: str, cwd: Path, **options: Any) -> subprocess.Popen[str]:
    """A run in the background."""
    command = [sys.executable, "-m", "chipreel", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, stdout=pipe, stderr=pipe, text=True, env=ENVIRON, **options)


def articles(folder: Path) -> int:
    """How many articles are stored, whole."""
    path = folder / "data/chipreel.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert db.execute("pragma foreign_key_check").fetchall() == []
        if not db.execute("select count(*) from sqlite_master where name = 'articles'").fetchone()[0]:
            return 0
        return int(db.execute("select count(*) from articles").fetchone()[0])


def helpers_of(run: int) -> list[int]:
    """The second processes, which annotate, that a run has started."""
    told = subprocess.run(
        ["pgrep", "-P", str(run), "-f", "pipeline.workbench"], capture_output=True, text=True, check=False
    )
    return [int(line) for line in told.stdout.split()]


def is_alive(process: int) -> bool:
    """Whether it is there and not merely waits to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def survivors(processes: list[int], within_s: float = 20) -> list[int]:
    """Those that are still alive after so long."""
    deadline = time.monotonic() + within_s
    while (left := [one for one in processes if is_alive(one)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left
