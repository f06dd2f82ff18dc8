"""How soon every command that needs no network answers, on a small database of both languages.

    python -m bench starts [--rounds 5] [--json FILE]

The best of some starts of each, seconds of the wall, beside the start of Python itself on the same machine in the same
run. What takes its time because it works (reindexing, evaluating) has next to nothing to do here, so it is the start
that is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Seconds in which every one of them should answer on a machine where Python starts in a fiftieth of one.
AIM_S = 0.3
#: One line for each command, as people type it.
LINES = """
--version
--help
search --help
search 芯片
search 'nvidia OR softbank' --newest --json
stories
show s1
trends
quotes
money
digest
digest --lang zh --format html
explain 1
fix 1 --not apple
companies
companies suggest
rates show
sources
schedule show
deliveries
evaluate tags tags.jsonl
retag
restory
reindex
export all.jsonl
import items.jsonl --source archive
backup copy.db
doctor
parse feed.xml
extract page.html
annotate item.jsonl
cluster items.jsonl
"""


def make_home(folder: Path) -> None:
    """A followed world: the sample items in a database, and small files for the filters."""
    run(folder, ["demo", "--db", "data/chipreel.db"])
    run(folder, ["init", "."])
    item = {"id": "1", "title": "英伟达 Nvidia raises $7 billion", "text": "黄仁勋说：“我们要造芯片。”"}
    (folder / "item.jsonl").write_text(json.dumps(item, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = [dict(item, id=str(number), published="2024-02-21") for number in range(5)]
    (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    labelled = {"id": "1", "lang": "en", "text": "Nvidia ships chips", "companies": ["nvidia"], "allowed": []}
    (folder / "tags.jsonl").write_text(json.dumps(labelled | {"beats": ["chips"], "relevant": 1}) + "\n")
    (folder / "feed.xml").write_text("<rss version='2.0'><channel><item><title>芯片</title></item></channel></rss>")
    (folder / "page.html").write_text("<html><title>芯片</title><article><p>Nvidia ships chips.</p></article></html>")


def run(folder: Path, arguments: list[str]) -> None:
    """One command; whatever it says of its input, it must not break."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CHIPREEL_")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "chipreel", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environ)
    if "Traceback" in done.stderr or done.returncode not in (0, 1):
        raise SystemExit(f"chipreel {shlex.join(arguments)}: {done.returncode}\n{done.stderr[-2000:]}")


def best_s(folder: Path, arguments: list[str], rounds: int) -> float:
    """Seconds of the quickest start."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run(folder, arguments)
        times.append(time.perf_counter() - started)
    return min(times)


def python_s(rounds: int) -> float:
    """Seconds in which Python starts and ends."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        times.append(time.perf_counter() - started)
    return min(times)


def main(arguments: list[str]) -> None:
    """Measure every line, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench starts", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    floor = python_s(2 * given.rounds)
    with tempfile.TemporaryDirectory(prefix="chipreel-starts-") as place:
        make_home(Path(place))
        found = {line: best_s(Path(place), shlex.split(line), given.rounds) for line in LINES.split("\n") if line}
    print(f"Python alone: {floor:.3f} s\n\n| command | seconds | times Python |\n|---|--:|--:|")
    for line, seconds in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"| `{line}` | {seconds:.3f} | {seconds / floor:.0f} |")
    if given.json:
        given.json.write_text(json.dumps({"python": floor, "commands": found}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
