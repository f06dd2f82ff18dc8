"""Stories that grow while a run goes on: new ones are told at once, grown ones at its end, or by the next run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.config.places import Places, find_default
from chipreel.model import Item, Source
from chipreel.pipeline import grouping
from chipreel.pipeline.grouping import Grouper
from chipreel.pipeline.harvest import Order, fetch_due, prepare
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.rooms import Rooms
from chipreel.store import stories
from chipreel.store.database import open_database, transaction
from chipreel.store.inspection import find_odd_stories
from chipreel.store.meta import save_meta
from chipreel.store.sources import save_source

NOW = datetime(2024, 2, 22, 8, tzinfo=UTC)
SOURCES = tuple(
    Source(name, name.title(), "import", f"https://{name}.example/", "mul", keep="full") for name in ("alpha", "beta")
)
#: The first two begin a story each, the third and fourth make them grow.
TOLD = (
    ("Nvidia passes Amazon in market value after record earnings", "alpha"),
    ("OpenAI 发布视频模型 Sora,可生成一分钟视频", "alpha"),
    ("Nvidia passes Amazon in market value after record earnings", "beta"),
    ("OpenAI 发布视频模型 Sora,可生成一分钟视频", "beta"),
)


def make_rooms(home: Path) -> Rooms:
    """The packaged lexicon, and no source that a run would visit."""
    feeds = home / "feeds.yaml"
    feeds.write_text("settings: {timezone: Asia/Shanghai}\nsources: []\n")
    return Rooms(Places(feeds, find_default("data/companies.yaml"), home / "a.db", home))


def rows_of(db: sqlite3.Connection) -> list[tuple[str | None, int]]:
    """(headline, articles) of the stories."""
    return [tuple(row) for row in db.execute("select headline, articles from stories order by id")]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A run that was killed when it had grouped two articles, and then the two that follow them."""
    rooms = make_rooms(tmp_path)
    with open_database(tmp_path / "a.db") as connection:
        prepare(connection, rooms)
        with transaction(connection):
            for source in SOURCES:
                save_source(connection, source)
        monkeypatch.setattr(grouping, "SOME", 2)
        grouper = Grouper(connection, rooms, NOW)
        for low in (0, 2):
            for number, (title, source) in enumerate(TOLD[low : low + 2], low):
                item = Item(str(number), title, f"https://{source}.example/{number}", published=NOW)
                origin = next(one for one in SOURCES if one.id == source)
                take_in(connection, Harvest(origin, [item], NOW + timedelta(hours=low)), rooms)
            assert grouper.group_some() == 2
        yield connection


def test_a_new_story_is_told_at_once_and_what_it_grows_by_later(db: sqlite3.Connection, tmp_path: Path) -> None:
    assert [articles for _, articles in rows_of(db)] == [1, 1]
    assert all(headline for headline, _ in rows_of(db))
    assert stories.load_untold(db) == {1, 2}

    assert Grouper(db, make_rooms(tmp_path), NOW).group_waiting() == 0

    assert [articles for _, articles in rows_of(db)] == [2, 2]
    assert stories.load_untold(db) == set()


def test_the_next_run_tells_what_a_killed_one_left_though_it_brings_nothing(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch_due(db, make_rooms(tmp_path), Order(NOW), environ={})

    assert [articles for _, articles in rows_of(db)] == [2, 2]
    assert stories.load_untold(db) == set()


@pytest.mark.parametrize("spoilt", ["", "{", "7", '[1, "二"]', "null"])
def test_only_what_no_run_knows_of_is_a_fault(db: sqlite3.Connection, spoilt: str) -> None:
    """`doctor` is silent about stories that the next run tells; where the note of them is spoilt, it finds them."""
    assert find_odd_stories(db) == []

    with transaction(db):
        save_meta(db, "untold_stories", spoilt)

    assert stories.load_untold(db) == set()
    assert find_odd_stories(db) == [1, 2]
