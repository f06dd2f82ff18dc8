"""Growth: what a day costs on a small database and on a large one.

    python -m bench growth [--days 500] [--articles 2000] [--db FILE] [--json FILE]

Day after day the same number of new articles comes in through the pipeline itself, and the digest of the day is made
and delivered. What a day costs around the ten thousandth, the hundred thousandth and the millionth article is compared:
the middle of five days each. Times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
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


def live_days(days: int, articles: int, folder: Path) -> list[Day]:
    """Day after day in one database."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = folder / "feeds.yaml"
    feeds.write_text("settings: {timezone: Asia/Shanghai}\nsources: []\n")
    rooms = Rooms(Places(feeds, find_default("data/companies.yaml"), folder / "data/chipreel.db", folder))
    channel = Channel("none", lambda _digest, number: [Message(str(number), "", "")], lambda _message: None)
    found = []
    with open_for_run(rooms.places.db) as db:
        for day in range(days):
            now = START + timedelta(days=day)
            batches = [items_of(day, source, articles // SOURCES) for source in range(SOURCES)]

            def live(batches: list[list[Item]] = batches, now: datetime = now) -> None:
                with transaction(db):
                    sync_lexicon(db, rooms.lexicon)
                    for origin in ORIGINS:
                        save_source(db, origin)
                for origin, batch in zip(ORIGINS, batches, strict=True):
                    take_in(db, Harvest(origin, batch, now), rooms)
                group_new(db, rooms, now)

            wanted = wanted_for(db, rooms, rooms.audiences.profiles[0], "en", now)
            options = SearchOptions(now=now, zone=rooms.zone, limit=20)
            row = Day(
                (day + 1) * articles,
                timed(live),
                timed(lambda wanted=wanted: publish(db, wanted, {"none": channel})),
                timed(lambda options=options: search(db, parse_query("英伟达 OR nvidia"), options)),
                round(rooms.places.db.stat().st_size / 1e6, 1),
            )
            print(json.dumps(asdict(row)), file=sys.stderr, flush=True)
            found.append(row)
    return found


def compare(days: list[Day]) -> list[Day]:
    """The middle of five days around each of the marks that were reached."""
    marks = [number for number in MARKS if number <= days[-1].articles]
    found = []
    for mark in marks:
        at = next(number for number, day in enumerate(days) if day.articles >= mark)
        some = days[max(0, min(at - 2, len(days) - 5)) :][:5]
        middle = {name: statistics.median(getattr(day, name) for day in some) for name in COSTS}
        found.append(Day(articles=mark, megabytes=some[-1].megabytes, **middle))
    return found


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
    """Live so many days, print what they cost."""
    parser = argparse.ArgumentParser(prog="python -m bench growth", description=__doc__)
    parser.add_argument("--days", type=int, default=500)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--db", type=Path, help="A folder in which the database is kept.")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chipreel-growth-") as folder:
        days = live_days(given.days, given.articles, given.db or Path(folder))
    found = compare(days)
    print(table(found))
    if given.json:
        rows = [asdict(day) for day in days]
        given.json.write_text(json.dumps({"days": rows, "compared": [asdict(day) for day in found]}, indent=1))
