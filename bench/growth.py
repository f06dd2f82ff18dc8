"""Growth: what a day costs on a small database and on a large one.

    python -m bench growth [--days 50] [--articles 2000] [--json FILE]

Day after day the same number of new articles comes in through the pipeline itself, and the digest of the day is made
and delivered. What the days around the tenth thousandth article cost is compared with what the last days cost. Times
are of the processor.
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


def compare(days: list[Day]) -> dict[str, dict[str, float]]:
    """The middle of five days around the tenth thousand of articles, and of the last five days."""
    middle = next((n for n, day in enumerate(days) if day.articles >= 10_000), 0)
    early, late = days[max(0, middle - 2) : middle + 3], days[-5:]
    names = ("taking_in", "digest", "search")
    return {
        name: {
            "early": statistics.median(getattr(day, name) for day in early),
            "late": statistics.median(getattr(day, name) for day in late),
        }
        for name in names
    }


def main(arguments: list[str]) -> None:
    """Live so many days, print what they cost."""
    parser = argparse.ArgumentParser(prog="python -m bench growth", description=__doc__)
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chipreel-growth-") as folder:
        days = live_days(given.days, given.articles, Path(folder))
    found = compare(days)
    print(f"| a day of {given.articles} articles | at 10,000 | at {days[-1].articles:,} | ratio |\n|---|--:|--:|--:|")
    for name, row in found.items():
        early, late = row["early"], row["late"]
        print(f"| {name.replace('_', ' ')} | {early:.3f} s | {late:.3f} s | {late / early:.2f} |")
    print(f"| database | | {days[-1].megabytes:.0f} MB | |")
    if given.json:
        given.json.write_text(json.dumps({"days": [asdict(day) for day in days], "compared": found}, indent=1))
