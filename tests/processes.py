"""Processes that a run of the program has started, seen from outside."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path


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
