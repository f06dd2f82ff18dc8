"""How sources are is told after every run, without looking into those that are plainly well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.model import Item, Source
from chipreel.pipeline.health import refresh_health
from chipreel.store import articles, sources
from chipreel.store.database import open_database, transaction

NOW = datetime(2024, 2, 22, 8, tzinfo=UTC)
SOURCE = Source("alpha", "阿尔法 Alpha", "feed", "https://alpha.example/feed", "mul", "press")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A source with an article a day for ten days, visited just now, and judged."""
    with open_database(tmp_path / "a.db") as connection:
        with transaction(connection):
            sources.save_source(connection, SOURCE)
            for day in range(10):
                item = Item(str(day), f"芯片 chips {day}", published=NOW - timedelta(days=10 - day))
                new = articles.NewArticle(item, SOURCE.id, str(day), None, None, background=False, lang="zh")
                articles.save_article(connection, new, NOW)
            visit(connection, "new", NOW)
            refresh_health(connection, [SOURCE.id], NOW)
        yield connection


def visit(db: sqlite3.Connection, outcome: str, now: datetime) -> None:
    """One more visit."""
    row = sources.Visit(SOURCE.id, now, "unchanged", 5, status=304)
    sources.save_visits(db, [replace(row, outcome=outcome, entries=10 if outcome == "new" else 0)])


def health(db: sqlite3.Connection) -> tuple[str, str | None]:
    """(health, when it was told) as it is stored."""
    row = sources.get_source(db, SOURCE.id)
    return row["health"], row["judged_at"]


def test_one_that_was_well_today_is_left_alone(db: sqlite3.Connection) -> None:
    """After an unchanged answer within a day nothing is looked into, nor written."""
    later = NOW + timedelta(hours=6)
    visit(db, "unchanged", later)
    refresh_health(db, [SOURCE.id], later, unchanged={SOURCE.id})

    assert health(db) == ("ok", "2024-02-22T08:00:00Z")


@pytest.mark.parametrize(
    ("days", "told"),
    [(2, ("ok", "2024-02-24T08:00:00Z")), (12, ("silent", "2024-03-05T08:00:00Z"))],
)
def test_silence_is_noticed_within_a_day(db: sqlite3.Connection, days: int, told: tuple[str, str]) -> None:
    """Whatever its answers are, every source is looked into once a day."""
    later = NOW + timedelta(days=days)
    visit(db, "unchanged", later)
    refresh_health(db, [SOURCE.id], later, unchanged={SOURCE.id})

    assert health(db) == told


def test_one_that_fails_is_looked_into_at_once_and_again_when_it_answers(db: sqlite3.Connection) -> None:
    """A note of trouble does not outlive the trouble."""
    for hours, outcome in ((1, "failed"), (2, "unchanged")):
        visit(db, outcome, NOW + timedelta(hours=hours))
        known = {SOURCE.id} if outcome == "unchanged" else set()
        refresh_health(db, [SOURCE.id], NOW + timedelta(hours=hours), unchanged=known)
        note = sources.get_source(db, SOURCE.id)["health_note"]
        assert bool(note) == (outcome == "failed")


def test_a_clock_set_back_looks_into_everything(db: sqlite3.Connection) -> None:
    """What was told in the future is not believed."""
    earlier = NOW - timedelta(days=3)
    refresh_health(db, [SOURCE.id], earlier, unchanged={SOURCE.id})

    assert health(db)[1] == "2024-02-19T08:00:00Z"
