"""Ingest: three runs over the same feeds by chipreel, by `reader`, and by the floor below both.

    python -m bench ingest [--feeds 500] [--rounds 3] [--json FILE]

First run: everything is new. Second: every answer is 304. Third: one feed in ten has two new entries. Each tool runs
as a process of its own; times are of the wall, memory is the highest of all its processes together. `reader` updates
with eight workers and `scheduled=False`, without which its second run asks nothing. The floor fetches the same
addresses with `curl --parallel` and inserts the same rows, without and with a search index of the same words.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

RUNS = ("first", "second", "third")


@dataclass(frozen=True)
class Run:
    """One run of one tool."""

    tool: str
    run: str
    seconds: float
    cpu_s: float
    peak_mb: float
    #: Entries stored afterwards.
    stored: int
    #: Answers of the server: 200, 304, other.
    asked: tuple[int, int, int]


@contextmanager
def served(feeds: int, entries: int, folder: Path) -> Iterator[str]:
    """The world, in a process of its own."""
    port_file = folder / "port"
    port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.world", str(port_file), "--feeds", str(feeds), "--entries", str(entries)]
    process = subprocess.Popen(command)
    try:
        while not port_file.exists():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port_file.read_text()}"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def measure(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds of the wall, of the processor, and the highest memory in MB of a command with all its processes."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    started = time.perf_counter()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, env=environ)
        watch = Watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{command} failed: {(folder / 'output').read_text()[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, watch.peak_mb()


class Watch:
    """The highest memory of a process and its children together, looked at ten times a second.

    Their own memory, and the files that they have in common (the interpreter, its libraries) once: as the largest of
    them has them. Where the system does not tell, nothing is told.
    """

    def __init__(self, process: int) -> None:
        self._process = process
        self._peak_kb = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def peak_mb(self) -> float:
        """MB; call it when the process has ended."""
        self._ended.set()
        self._thread.join()
        return self._peak_kb / 1024

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            own, files = zip(*map(memory_kb, family(self._process)), strict=True)
            self._peak_kb = max(self._peak_kb, sum(own) + max(files))


def family(process: int) -> list[int]:
    """A process and everybody below it."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return [process]
    return [process, *(one for child in children for one in family(int(child)))]


def memory_kb(process: int) -> tuple[int, int]:
    """Memory of a process: its own, and of files; zeros when it has ended.

    Of counters that the system keeps anyway: going through its pages (smaps) ten times a second holds it up.
    """
    told = {}
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in ("RssAnon", "RssFile"):
                told[name] = int(value.split()[0])
    return told.get("RssAnon", 0), told.get("RssFile", 0)


def ask(base: str, path: str) -> str:
    """What the server says to a question about itself."""
    with urllib.request.urlopen(base + path) as answer:
        return str(answer.read().decode())


def three_runs(tool: str, base: str, folder: Path, command: list[str], stored: Callable[[], int]) -> Iterator[Run]:
    """All three runs of a tool over a fresh world; one that loses entries is not measured."""
    ask(base, "/-/counts")
    for name in RUNS:
        if name == "third":
            ask(base, "/-/news")
        seconds, cpu_s, peak_mb = measure(command, folder)
        told = ask(base, "/-/counts").split()
        asked = (int(told[0]), int(told[1]), int(told[2]))
        kept, served = stored(), int(ask(base, "/-/entries"))
        if kept != served:
            raise SystemExit(f"{tool}, {name} run: stored {kept} of {served} entries")
        yield Run(tool, name, round(seconds, 2), round(cpu_s, 2), round(peak_mb, 1), kept, asked)


def count(db: Path, query: str) -> int:
    """One number of a database."""
    connection = sqlite3.connect(db)
    try:
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def write_home(folder: Path, base: str, feeds: int) -> None:
    """A feeds.yaml that follows every feed of the world."""
    settings = {"allow_private_addresses": True, "min_delay_s": 0, "connections_per_host": 8, "workers": 8}
    sources = [
        {
            "id": f"f{n}",
            "title": f"feed {n}",
            "kind": "feed",
            "url": f"{base}/{n}.xml",
            "role": "press",
            "keep": "full",
            "language": "mul",
        }
        for n in range(feeds)
    ]
    (folder / "feeds.yaml").write_text(json.dumps({"settings": settings, "sources": sources}))


def chipreel_runs(base: str, feeds: int, folder: Path, bare: bool) -> Iterator[Run]:
    """chipreel with everything on, or without tags, quotes, sums and stories."""
    write_home(folder, base, feeds)
    program = ["-m", "bench.bare"] if bare else ["-m", "chipreel"]
    command = [sys.executable, *program, "fetch", "--all"]
    db = folder / "data/chipreel.db"
    tool = "chipreel, annotation off" if bare else "chipreel"
    yield from three_runs(tool, base, folder, command, lambda: count(db, "select count(*) from articles"))


def reader_runs(base: str, feeds: int, folder: Path, search: bool) -> Iterator[Run]:
    """`reader`, with or without its search index."""
    script = folder / "update.py"
    script.write_text(
        "from reader import make_reader\n"
        f"reader = make_reader({str(folder / 'reader.db')!r})\n"
        f"for n in range({feeds}):\n    reader.add_feed(f'{base}/{{n}}.xml', exist_ok=True)\n"
        + ("reader.enable_search()\n" if search else "")
        + "reader.update_feeds(workers=8, scheduled=False)\n"
        + ("reader.update_search()\n" if search else "")
        + "reader.close()\n"
    )
    tool = "reader with search" if search else "reader"
    stored = lambda: count(folder / "reader.db", "select count(*) from entries")  # noqa: E731
    yield from three_runs(tool, base, folder, [sys.executable, str(script)], stored)


def floor_runs(base: str, feeds: int, folder: Path, source: Path) -> Iterator[Run]:
    """What no tool can be quicker than: the same bytes over the wire, the same rows into the database."""
    lines = [f'url = "{base}/{n}.xml"\noutput = "{folder}/{n}.body"' for n in range(feeds)]
    (folder / "curl.txt").write_text("\n".join(lines))
    curl = ["curl", "--silent", "--parallel", "--parallel-max", "8", "--config", str(folder / "curl.txt")]
    insert = [sys.executable, "-m", "bench.floor", str(source), str(folder / "floor.db")]
    for tool, command in (
        ("floor: curl", curl),
        ("floor: rows", insert),
        ("floor: rows, index", [*insert, "--index"]),
    ):
        (folder / "floor.db").unlink(missing_ok=True)
        seconds, cpu_s, peak_mb = measure(command, folder)
        yield Run(tool, "first", round(seconds, 2), round(cpu_s, 2), round(peak_mb, 1), 0, (0, 0, 0))


def measure_all(feeds: int, entries: int, only: str = "") -> list[Run]:
    """Every tool, each over a fresh world of its own."""
    found: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="chipreel-bench-") as place:
        chipreel_db = Path(place) / "chipreel" / "data/chipreel.db"
        makers: dict[str, Callable[[str, Path], Iterator[Run]]] = {
            "chipreel": lambda base, folder: chipreel_runs(base, feeds, folder, bare=False),
            "bare": lambda base, folder: chipreel_runs(base, feeds, folder, bare=True),
            "reader": lambda base, folder: reader_runs(base, feeds, folder, search=False),
            "reader-search": lambda base, folder: reader_runs(base, feeds, folder, search=True),
            "floor": lambda base, folder: floor_runs(base, feeds, folder, chipreel_db),
        }
        for name, make in makers.items():
            if only and name not in only.split(","):
                continue
            folder = Path(place) / name
            folder.mkdir()
            with served(feeds, entries, folder) as base:
                for run in make(base, folder):
                    print(json.dumps(asdict(run)), file=sys.stderr, flush=True)
                    found.append(run)
            if name != "chipreel":
                shutil.rmtree(folder)
    return found


def middle(runs: list[Run]) -> list[Run]:
    """Of each run of each tool the one in the middle, by its seconds; in the order of the first round."""
    rounds: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for one in runs:
        rounds[one.tool, one.run].append(one)
    return [sorted(some, key=lambda one: one.seconds)[len(some) // 2] for some in rounds.values()]


def table(runs: list[Run]) -> str:
    """The runs as Markdown."""
    lines = [
        "| tool | run | seconds | processor s | peak MB | stored | 200 | 304 |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.tool} | {one.run} | {one.seconds:.2f} | {one.cpu_s:.2f} | {one.peak_mb:.0f} | {one.stored} "
        f"| {one.asked[0]} | {one.asked[1]} |"
        for one in runs
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure, print the table, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench ingest", description=__doc__)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=1, help="All of it so many times; the middle one counts.")
    parser.add_argument("--only", default="", help="chipreel,bare,reader,reader-search,floor")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    runs = middle([one for _ in range(given.rounds) for one in measure_all(given.feeds, given.entries, given.only)])
    print(table(runs))
    if given.json:
        given.json.write_text(json.dumps([asdict(run) for run in runs], indent=1))
