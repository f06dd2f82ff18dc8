"""What a run holds in memory: one lexicon for two processes, and nothing of what is over."""

from __future__ import annotations

import gc
import os
import sqlite3
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.config.places import Places, find_default
from chipreel.errors import ConfigError
from chipreel.model import Item, Lexicon, Source
from chipreel.pipeline import workbench
from chipreel.pipeline.annotating import annotate_items
from chipreel.pipeline.grouping import Grouper
from chipreel.pipeline.harvest import prepare
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.leftovers import give_memory_back
from chipreel.pipeline.rooms import Rooms, read_lexicon
from chipreel.pipeline.workbench import Task, Workbench
from chipreel.store.database import open_database, transaction
from chipreel.store.sources import save_source

NOW = datetime(2024, 2, 22, 8, tzinfo=UTC)
SOURCE = Source("alpha", "Alpha", "import", "https://alpha.example/", "mul", keep="full")
ITEMS = (
    Item("1", "Nvidia passes Amazon in market value", "https://alpha.example/1", published=NOW),
    Item("2", "英伟达市值超过亚马逊", "https://alpha.example/2", published=NOW),
)


def make_rooms(home: Path, companies: Path | None = None) -> Rooms:
    """The packaged files, or another companies.yaml."""
    places = Places(find_default("feeds.yaml"), companies or find_default("data/companies.yaml"), home / "x.db", home)
    return Rooms(places)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database with two articles that wait for their stories."""
    rooms = make_rooms(tmp_path)
    with open_database(tmp_path / "a.db") as connection:
        prepare(connection, rooms)
        with transaction(connection):
            save_source(connection, SOURCE)
        take_in(connection, Harvest(SOURCE, ITEMS, NOW), rooms)
        yield connection


def test_what_grouping_remembered_goes_with_it(db: sqlite3.Connection, tmp_path: Path) -> None:
    """A process that groups again and again does not grow."""
    grouper = Grouper(db, make_rooms(tmp_path), NOW)
    assert grouper.group_waiting() == 2
    window = weakref.ref(grouper._index)

    del grouper
    gc.collect()

    assert window() is None


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a core for a second process."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_only_the_second_process_holds_the_lexicon(tmp_path: Path, two_cores: None) -> None:
    """What this one had loaded goes when the other starts; it still gets the lexicon by asking."""
    rooms = make_rooms(tmp_path)
    assert rooms.annotator.version
    with Workbench(rooms, expected=workbench.WORTH) as bench:
        task = Task(annotate_items, (SOURCE, ITEMS, NOW), len(ITEMS), needs_lexicon=True)
        bench.submit(task)
        found = bench.ask(read_lexicon, needs_lexicon=True)
        while not task.is_done:
            bench.help(until=lambda: task.is_done)

        assert not {"lexicon", "annotator"} & vars(rooms).keys()
    assert isinstance(found, Lexicon)
    assert found == rooms.lexicon
    assert [{mention.id for mention in one.annotation.companies} for one in task.outcome] == [{"nvidia", "amazon"}] * 2


@pytest.mark.parametrize("expected", [0, workbench.WORTH], ids=["alone", "two processes"])
def test_an_error_in_companies_yaml_is_told_by_whoever_asks(tmp_path: Path, two_cores: None, expected: int) -> None:
    """The same error, with file and line, whichever process came upon it."""
    broken = tmp_path / "companies.yaml"
    broken.write_text("companies:\n  - id: 芯片\n", encoding="utf-8")
    with (
        Workbench(make_rooms(tmp_path, broken), expected) as bench,
        pytest.raises(ConfigError, match=r"companies\.yaml:2"),
    ):
        bench.ask(read_lexicon, needs_lexicon=True)


def test_memory_is_given_back_without_harm() -> None:
    """What is in use stays as it is."""
    held = ["芯片" * 10_000 for _ in range(500)]
    del held[::2]

    give_memory_back()

    assert set(held) == {"芯片" * 10_000}
