"""Where the time of a first run goes, stage by stage, in one process and its main thread.

    python -m bench profile [--feeds 200] [--json FILE]

Seconds are of the thread's processor; a stage does not count what a stage within it takes. What is left over is the
start of the program and handing things from one to the other; waiting for the network takes no processor.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from bench.ingest import served, write_home

#: What people call it → where it is: module, and function or Class.method.
STAGES = (
    ("reading feeds", "chipreel.pipeline.reading", "read"),
    ("addresses, keys, hashes of items", "chipreel.pipeline.visiting", "read_visit"),
    ("what is known already", "chipreel.pipeline.intake", "decided"),
    ("tags", "chipreel.tag.tagger", "Tagger.tag"),
    ("language", "chipreel.annotate", "find_language"),
    ("quotes", "chipreel.annotate", "_quotes"),
    ("sums", "chipreel.annotate", "_money"),
    ("what grouping remembers", "chipreel.story.fingerprint", "FingerprintMaker.make"),
    ("rows", "chipreel.pipeline.intake", "save_seen"),
    ("the index of words", "chipreel.store.articles", "add_to_index"),
    ("commits", "chipreel.store.database", "Batch.commit"),
    ("stories: comparing", "chipreel.story.online", "StoryIndex.assign"),
    ("stories: told anew", "chipreel.pipeline.grouping", "refresh_stories"),
    ("lexicon, sources", "chipreel.pipeline.harvest", "bring_sources"),
    ("lexicon, sources", "chipreel.pipeline.harvest", "bring_lexicon"),
)


class Stopwatch:
    """Seconds by stage; the innermost stage that runs is the one that counts."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._since = time.thread_time()

    def turn(self, stage: str | None) -> None:
        """A stage begins, or (None) the innermost ends."""
        now = time.thread_time()
        self.seconds[self._running[-1] if self._running else "the rest"] += now - self._since
        self._since = now
        if stage is None:
            self._running.pop()
        else:
            self._running.append(stage)

    def watch(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, with its time counted for a stage."""

        @wraps(work)
        def watched(*arguments: Any, **options: Any) -> Any:
            self.turn(stage)
            try:
                return work(*arguments, **options)
            finally:
                self.turn(None)

        return watched


def watch_all(stopwatch: Stopwatch) -> None:
    """Put the stopwatch around every stage."""
    for stage, module, path in STAGES:
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for part in owners:
            owner = getattr(owner, part)
        setattr(owner, name, stopwatch.watch(stage, getattr(owner, name)))


def measure(feeds: int) -> dict[str, float]:
    """Seconds by stage of a first run over so many feeds of thirty entries."""
    from chipreel.cli import main as chipreel
    from chipreel.pipeline import workbench

    workbench.WORTH = sys.maxsize
    with tempfile.TemporaryDirectory(prefix="chipreel-profile-") as place, served(feeds, 30, Path(place)) as base:
        write_home(Path(place), base, feeds)
        os.chdir(place)
        stopwatch = Stopwatch()
        watch_all(stopwatch)
        if chipreel(["--quiet", "fetch", "--all"]):
            raise SystemExit("the run failed")
        stopwatch.turn("end")
    return dict(stopwatch.seconds)


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench profile", description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    found = measure(given.feeds)
    whole = sum(found.values())
    print("| stage | seconds | share |\n|---|--:|--:|")
    for stage, seconds in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"| {stage} | {seconds:.2f} | {seconds / whole:.0%} |")
    print(f"| together | {whole:.2f} | |")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))
