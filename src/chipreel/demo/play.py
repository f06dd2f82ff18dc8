"""Playing the sample world: a real server, the real fetcher, a real database, by the sample's own clock."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chipreel.config.places import Places, find_default
from chipreel.errors import StoreError
from chipreel.model.profile import Profile
from chipreel.pipeline.audience import wanted_for
from chipreel.pipeline.editions import Channel, publish
from chipreel.pipeline.harvest import Order, fetch_due
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.visiting import Report
from chipreel.store.database import open_database
from chipreel.store.lock import run_lock

#: Makes the channels over which the editions go.
Channels = Callable[[sqlite3.Connection, Rooms], dict[str, Channel]]


@dataclass(frozen=True, slots=True)
class Step:
    """One time step of the sample world, played."""

    number: int
    moment: datetime
    report: Report


def play(db: Path, *, lang: str, channels: Channels, tell: Callable[[Step], None]) -> None:
    """Play every step into `db`, which is emptied first; `tell` is called before each step's digest is delivered.

    Raises StoreError when `db` holds something that is not a chipreel database.
    """
    from chipreel.demo.world import SampleWorld

    world = SampleWorld(find_default("data/sample"))
    with run_lock(db), tempfile.TemporaryDirectory(prefix="chipreel-demo-") as folder:
        empty(db)
        with world.serve() as server, open_database(db) as connection:
            feeds = Path(folder) / "feeds.yaml"
            feeds.write_text(world.feeds_yaml(server.base_url, language=lang), encoding="utf-8")
            rooms = Rooms(Places(feeds, find_default("data/companies.yaml"), db, db.parent))
            for number in world.steps:
                server.step = number
                moment = world.clock(number).astimezone(UTC)
                report = fetch_due(connection, rooms, Order(moment, everything=True), environ={})
                tell(Step(number, moment, report))
                wanted = wanted_for(connection, rooms, Profile(), lang, moment)
                publish(connection, wanted, channels(connection, rooms))


def empty(db: Path) -> None:
    """Remove a database of ours, so that the next one begins empty; anything else stays and is an error."""
    if not db.exists():
        return
    try:
        with open_database(db):
            pass
    except StoreError as error:
        raise StoreError(f"{error}; name another file with --db") from error
    for suffix in ("", "-wal", "-shm"):
        db.with_name(db.name + suffix).unlink(missing_ok=True)
