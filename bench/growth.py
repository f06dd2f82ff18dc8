"""Growth: what a day costs on a small database and on a large one.

    python -m bench growth [--days 500] [--articles 2000] [--rounds 9] [--db FOLDER] [--json FILE]

Day after day the same number of new articles comes in through the pipeline itself, and the digest of the day is made
and delivered. At ten thousand, a hundred thousand and a million articles the database is copied; then days of all
copies are taken in turn, so that an hour in which the machine is slow counts for all of them. Of the days of each copy
the one in the middle counts. Times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.world import make_entry
from chipreel.config.places import Places, find_default
from chipreel.model import Item, Source
from chipreel.model.delivery import Message
from chipreel.pipeline.audience import wanted_for
from chipreel.pipeline.editions import Channel, publish
from chipreel.pipeline.grouping import group_new
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import transaction
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.search import SearchOptions, search
from chipreel.store.sources import save_source
from chipreel.text.query import parse_query

START = datetime(2024, 1, 1, 8, tzinfo=UTC)
#: Articles at which the cost of a day is looked at.
MARKS = (10_000, 100_000, 1_000_000)
COSTS = ("taking_in", "digest", "search")
#: Outlets that report.
SOURCES = 20
ORIGINS = tuple(
    Source(f"s{n}", f"Outlet {n}", "feed", f"https://s{n}.example/", "mul", keep="full") for n in range(SOURCES)
)


@dataclass(frozen=True)
class Day:
    """What one day cost, in seconds of the processor."""

    articles: int
    taking_in: float
    digest: float
    search: float
    megabytes: float


class Archive:
    """A database that grows by a day at a time."""

    def __init__(self, folder: Path, articles: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        feeds = folder / "feeds.yaml"
        feeds.write_text("settings: {timezone: Asia/Shanghai}\nsources: []\n")
        self._rooms = Rooms(Places(feeds, find_default("data/companies.yaml"), folder / "data/chipreel.db", folder))
        self._articles = articles

    def live(self, first: int, days: int) -> Iterator[Day]:
        """So many days, the first of which has that number."""
        with open_for_run(self._rooms.places.db) as db:
            for day in range(first, first + days):
                yield self._live_day(db, day)

    def copy_to(self, folder: Path) -> None:
        """A copy, page by page."""
        copy = folder / "data/chipreel.db"
        copy.parent.mkdir(parents=True)
        with closing(sqlite3.connect(self._rooms.places.db)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)

    def _live_day(self, db: sqlite3.Connection, day: int) -> Day:
        now = START + timedelta(days=day)
        rooms = self._rooms
        batches = [items_of(day, source, self._articles // SOURCES) for source in range(SOURCES)]
        channel = Channel("none", lambda _digest, number: [Message(str(number), "", "")], lambda _message: None)

        def take_in_all() -> None:
            with transaction(db):
                sync_lexicon(db, rooms.lexicon)
                for origin in ORIGINS:
                    save_source(db, origin)
            for origin, batch in zip(ORIGINS, batches, strict=True):
                take_in(db, Harvest(origin, batch, now), rooms)
            group_new(db, rooms, now)

        taking_in = timed(take_in_all)
        wanted = wanted_for(db, rooms, rooms.audiences.profiles[0], "en", now)
        digest = timed(lambda: publish(db, wanted, {"none": channel}))
        options = SearchOptions(now=now, zone=rooms.zone, limit=20)
        searching = timed(lambda: search(db, parse_query("英伟达 OR nvidia"), options))
        megabytes = round(rooms.places.db.stat().st_size / 1e6, 1)
        return Day((day + 1) * self._articles, taking_in, digest, searching, megabytes)


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    started = time.process_time()
    work()
    return time.process_time() - started


def items_of(day: int, source: int, count: int) -> list[Item]:
    """New articles of an outlet on a day."""
    now = START + timedelta(days=day)
    found = []
    for number in range(count):
        title, text = make_entry(random.Random((day * SOURCES + source) * 10_007 + number), f"{day}-{source}-{number}")
        url = f"https://s{source}.example/{day}/{number}"
        found.append(Item(f"{day}-{number}", title, url, text=text, published=now - timedelta(minutes=number)))
    return found


def grow(folder: Path, days: int, articles: int) -> dict[int, int]:
    """Live so many days, and copy the archive at each mark into a folder of its own; articles of a copy → its days."""
    archive = Archive(folder / "whole", articles)
    copied: dict[int, int] = {}
    day = 0
    for mark in dict.fromkeys([*(one for one in MARKS if one <= days * articles), days * articles]):
        upto = -(-mark // articles)
        for row in archive.live(day, upto - day):
            report("growing", row)
        day = upto
        if mark in MARKS:
            archive.copy_to(folder / str(mark))
            copied[mark] = day
    return copied


def in_turn(folder: Path, copied: dict[int, int], articles: int, rounds: int) -> dict[int, list[Day]]:
    """Days of all copies, one of each in every round; the first round warms up and does not count."""
    found: dict[int, list[Day]] = {mark: [] for mark in copied}
    with ExitStack() as open_archives:
        lives = {
            mark: open_archives.enter_context(closing(Archive(folder / str(mark), articles).live(day, rounds + 1)))
            for mark, day in copied.items()
        }
        for number in range(rounds + 1):
            for mark, days in lives.items():
                row = next(days)
                report(f"round {number}", row)
                if number:
                    found[mark].append(row)
    return found


def report(when: str, day: Day) -> None:
    """One line of JSON on standard error."""
    print(json.dumps({"when": when} | asdict(day)), file=sys.stderr, flush=True)


def middle(found: dict[int, list[Day]]) -> list[Day]:
    """For each mark the middle of its days."""
    return [
        Day(mark, *(statistics.median(getattr(day, name) for day in days) for name in (*COSTS, "megabytes")))
        for mark, days in found.items()
    ]


def table(found: list[Day]) -> str:
    """The marks as Markdown, and how much more the last costs than the first."""
    head = f"| a day | {' | '.join(f'at {day.articles:,}' for day in found)} | last by first |"
    lines = [head, "|---|" + "--:|" * (len(found) + 1)]
    for name in COSTS:
        costs = [getattr(day, name) for day in found]
        told = " | ".join(f"{cost:.3f} s" for cost in costs)
        lines.append(f"| {name.replace('_', ' ')} | {told} | {costs[-1] / costs[0]:.2f} |")
    lines.append(f"| database, MB | {' | '.join(f'{day.megabytes:.0f}' for day in found)} | |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Grow, take days in turn, print what they cost."""
    parser = argparse.ArgumentParser(prog="python -m bench growth", description=__doc__)
    parser.add_argument("--days", type=int, default=500)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--db", type=Path, help="A folder in which the databases are kept.")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chipreel-growth-") as temporary:
        folder = given.db or Path(temporary)
        copied = grow(folder, given.days, given.articles)
        found = in_turn(folder, copied, given.articles, given.rounds)
    print(table(middle(found)))
    if given.json:
        rows = {str(mark): [asdict(day) for day in days] for mark, days in found.items()}
        given.json.write_text(json.dumps(rows, indent=1))
