"""How much quicker chipreel reads a folder of feeds than feedparser does: the same bytes, the same process, in turns.

    python bench/stage_parse.py FOLDER [--rounds 3]

Every file below FOLDER that is not a table (.tsv, .csv, .md) is read once from disk and then parsed in memory: by
`parse_feed` with everything it does (decoding, extraction, plain text, dates, ids), and by feedparser as it comes
(it decodes, sanitises and resolves, but makes no plain text). The best of the rounds counts for each, in processor
time, so that a busy machine disturbs the ratio little.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import feedparser

from chipreel.errors import ParseError
from chipreel.parse import parse_feed

NO_FEEDS = frozenset({".tsv", ".csv", ".md", ".py"})


def with_chipreel(bodies: list[bytes]) -> int:
    """Number of entries found."""
    entries = 0
    for body in bodies:
        try:
            entries += len(parse_feed(body).items)
        except ParseError:
            continue
    return entries


def with_feedparser(bodies: list[bytes]) -> int:
    """Number of entries found."""
    return sum(len(feedparser.parse(BytesIO(body)).entries) for body in bodies)


def timed(read: Callable[[list[bytes]], int], bodies: list[bytes]) -> tuple[float, int]:
    """(seconds of processor time, entries)."""
    start = time.process_time()
    entries = read(bodies)
    return time.process_time() - start, entries


def main() -> None:
    """Print both times, the entries each found, and the ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    paths = [path for path in sorted(asked.folder.rglob("*")) if path.is_file() and path.suffix not in NO_FEEDS]
    bodies = [path.read_bytes() for path in paths]
    megabytes = sum(map(len, bodies)) / 1e6
    rounds = [(timed(with_chipreel, bodies), timed(with_feedparser, bodies)) for _ in range(asked.rounds)]
    for name, runs in zip(("chipreel", "feedparser"), zip(*rounds, strict=True), strict=True):
        seconds, entries = min(runs)
        print(f"{name:10} {seconds:7.3f} s  {megabytes / seconds:6.1f} MB/s  {entries} entries")
    ours, theirs = (min(runs)[0] for runs in zip(*rounds, strict=True))
    peer = f"feedparser {feedparser.__version__}"
    print(f"{len(bodies)} files, {megabytes:.1f} MB: {theirs / ours:.1f} times as fast as {peer}")


if __name__ == "__main__":
    main()
