"""A gate against growing slow: ratios of our cost to the cost of a floor in the same run, never seconds.

    python -m bench gate [--json FILE]

Each limit is about one and a half times what was measured when it was set; the machine's speed cancels out. Exits with
1 when a ratio is above its limit.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.world import make_feed
from chipreel.config.places import Places, find_default
from chipreel.model import Item, Source
from chipreel.parse import parse_feed
from chipreel.pipeline.grouping import group_new
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import transaction
from chipreel.store.sources import save_source
from chipreel.text.segment import segment

FEEDS = 12
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Ratio:
    """One cost beside its floor."""

    what: str
    floor: str
    ratio: float
    limit: float


def best_s(work: Callable[[], object], rounds: int = 3) -> float:
    """Seconds of the processor of the best round."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def measure() -> list[Ratio]:
    """Every ratio."""
    bodies = [make_feed(feed, 30) for feed in range(FEEDS)]
    items = [parse_feed(body).items for body in bodies]
    flat = [item for some in items for item in some]
    with tempfile.TemporaryDirectory(prefix="chipreel-gate-") as place:
        rooms = Rooms(
            Places(Path("feeds.yaml"), find_default("data/companies.yaml"), Path(place) / "a.db", Path(place))
        )
        floor_s = best_s(lambda: insert(flat))
        annotate_s = best_s(lambda: [rooms.annotator.annotate(item) for item in flat])
        intake_s, group_s, again_s = live(rooms, items)
    parse_s = best_s(lambda: [parse_feed(body) for body in bodies])
    index, program = "bare inserts with an index", ("-m", "chipreel", "--version")
    costs = (
        ("parse", "lxml over the same bytes", parse_s / scan_s(bodies)),
        ("annotate", index, annotate_s / floor_s),
        ("take in, annotation aside", index, (intake_s - annotate_s) / floor_s),
        ("group", "annotate", group_s / annotate_s),
        ("take in what is known", "take in what is new", again_s / intake_s),
        ("start of the program", "start of Python", start_s(*program) / start_s("-c", "pass")),
    )
    return [Ratio(what, floor, round(ratio, 3), LIMITS[what]) for what, floor, ratio in costs]


#: What may not be exceeded.
LIMITS = {
    "parse": 13.0,
    "annotate": 4.8,
    "take in, annotation aside": 8.5,
    "group": 0.95,
    "take in what is known": 0.08,
    "start of the program": 16.0,
}


def insert(items: list[Item]) -> None:
    """The bare inserts of rows and of their words."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("create table articles (id integer primary key, title text, url text, text text)")
    db.execute("create virtual table fts using fts5(title, text, content='', tokenize='porter unicode61')")
    db.execute("begin")
    db.executemany("insert into articles(title, url, text) values (?,?,?)", ((i.title, i.url, i.text) for i in items))
    words = ((segment(i.title or ""), segment(i.text or "")) for i in items)
    db.executemany("insert into fts(title, text) values (?,?)", words)
    db.execute("commit")
    db.close()


def scan_s(bodies: list[bytes]) -> float:
    """What reading the same bytes into a tree costs."""
    from lxml import etree

    return best_s(lambda: [etree.fromstring(body) for body in bodies])


def live(rooms: Rooms, harvests: list[tuple[Item, ...]]) -> tuple[float, float, float]:
    """Cost of taking in what is new, of grouping it, and of taking in the same again."""
    costs = []
    for number in range(2):
        with open_for_run(rooms.places.db.with_name(f"{number}.db")) as db:
            sources = [
                Source(f"s{n}", f"s{n}", "feed", f"https://s{n}.example/", "mul", keep="full") for n in range(FEEDS)
            ]
            with transaction(db):
                for source in sources:
                    save_source(db, source)
                from chipreel.store.lexicon import sync_lexicon

                sync_lexicon(db, rooms.lexicon)
            pairs = [
                Harvest(source, some, NOW + timedelta(hours=1)) for source, some in zip(sources, harvests, strict=True)
            ]
            new = best_s(lambda pairs=pairs, db=db: [take_in(db, one, rooms) for one in pairs], 1)
            group = best_s(lambda db=db: group_new(db, rooms, NOW), 1)
            again = best_s(lambda pairs=pairs, db=db: [take_in(db, one, rooms) for one in pairs], 1)
            costs.append((new, group, again))
    return min(cost[0] for cost in costs), min(cost[1] for cost in costs), min(cost[2] for cost in costs)


def start_s(*arguments: str) -> float:
    """The quickest of five starts, seconds of the wall."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return min(times)


def main(arguments: list[str]) -> None:
    """Measure, tell, and refuse what is too slow."""
    parser = argparse.ArgumentParser(prog="python -m bench gate", description=__doc__)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    found = measure()
    print("| cost | beside | ratio | limit |\n|---|---|--:|--:|")
    for one in found:
        print(f"| {one.what} | {one.floor} | {one.ratio:.2f} | {one.limit:.2f} |")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=1))
    if slow := [one.what for one in found if one.ratio > one.limit]:
        sys.exit(f"slower than allowed: {', '.join(slow)}")
