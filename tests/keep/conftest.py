"""A small database with everything in it: articles in both scripts, stories, quotes, sums, digests, deliveries."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chipreel.config.places import Places, find_default
from chipreel.model import Item, Source
from chipreel.pipeline.audience import wanted_for
from chipreel.pipeline.editions import Channel, publish
from chipreel.pipeline.importing import import_rows
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms
from chipreel.store.transfer import iter_rows, list_tables

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
TEXTS = (
    (
        "Nvidia orders chips for $7 billion",
        '"We will need many more chips," said Jensen Huang, chief executive of Nvidia.',
    ),
    ("英伟达以70亿美元订购芯片", "英伟达首席执行官黄仁勋说：“我们还需要更多芯片。”"),
    ("Kling makes longer video", "Kuaishou says its Kling model now makes two minutes of video."),
    ("可灵可以生成更长的视频", "快手称，可灵模型现在可以生成两分钟的视频。"),
    ("華為發表新晶片", "華為表示，新晶片將於下半年出貨。"),
)


def make_rooms(folder: Path) -> Rooms:
    """The packaged lexicon; feeds.yaml of no sources."""
    feeds = folder / "feeds.yaml"
    feeds.write_text("settings: {timezone: Asia/Shanghai}\nsources: []\n", encoding="utf-8")
    return Rooms(Places(feeds, find_default("data/companies.yaml"), folder / "data/chipreel.db", folder))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """A database of three days, of which a digest was delivered; made once."""
    rooms = make_rooms(tmp_path_factory.mktemp("filled"))
    with open_for_run(rooms.places.db) as db:
        for days in (500, 1, 0):
            fill(db, rooms, NOW - timedelta(days=days))
        sent: list[str] = []
        channel = Channel("test", _one_message, lambda message: sent.append(message.key), is_idempotent=True)
        publish(db, wanted_for(db, rooms, rooms.audiences.profiles[0], "en", NOW), {"test": channel})
        assert sent
    return rooms


@pytest.fixture
def rooms(tmp_path: Path, filled: Rooms) -> Rooms:
    """Rooms of a folder of this test; what costs time to load is shared."""
    rooms = make_rooms(tmp_path)
    vars(rooms).update({name: getattr(filled, name) for name in ("lexicon", "annotator", "knowledge")})
    return rooms


def fill(db: sqlite3.Connection, rooms: Rooms, day: datetime, count: int = 10, source: str = "archive") -> None:
    """Take in `count` articles on a day, in one source."""
    items = [
        Item(
            f"{day:%j}-{n}",
            f"{title} ({day:%j}/{n})",
            f"https://{source}.example/{day:%j}/{n}",
            text=text,
            published=day - timedelta(hours=1),
        )
        for n in range(count)
        for title, text in [TEXTS[n % len(TEXTS)]]
    ]
    import_rows(db, rooms, Source(source, source.title(), "import", "", "mul", keep="full"), items, day)


@pytest.fixture
def path(rooms: Rooms, filled: Rooms) -> Path:
    """The filled database, to do with as one likes."""
    rooms.places.db.parent.mkdir()
    shutil.copy(filled.places.db, rooms.places.db)
    return rooms.places.db


def _one_message(_digest: Any, number: int) -> list[Any]:
    from chipreel.model.delivery import Message

    return [Message(f"m{number}", "title", "body")]


@pytest.fixture
def contents() -> Callable[[Path], dict[str, list[dict[str, Any]]]]:
    """Every row of every table of a file."""
    return rows_of


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of a file."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        found = {table: list(iter_rows(db, table)) for table in list_tables(db)}
        found["sqlite_sequence"] = sorted(iter_rows(db, "sqlite_sequence"), key=lambda row: str(row["name"]))
    finally:
        db.close()
    return found


@pytest.fixture
def open_db(path: Path) -> Iterator[sqlite3.Connection]:
    """The filled database, open for writing."""
    with open_for_run(path) as db:
        yield db
