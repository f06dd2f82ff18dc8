"""Shares of attention: days by when things were told, and a cost that the age of the archive does not change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.model import Source
from chipreel.model.lexicon import Company, Lexicon
from chipreel.store.attention import load_attention
from chipreel.store.database import open_database, transaction
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.rows import to_text
from chipreel.store.sources import save_source

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)
#: Thousands of steps of SQLite's machine that the articles of one week take at most.
ENOUGH = 40


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An archive that follows one video company."""
    with open_database(tmp_path / "a.db") as connection:
        with transaction(connection):
            sync_lexicon(connection, Lexicon("1", (Company("kuaishou", "Kuaishou", "快手", "video", ()),), ()))
            save_source(connection, Source("alpha", "Alpha", "feed", "https://alpha.example/feed"))
        yield connection


def add(db: sqlite3.Connection, count: int, seen: datetime, published: datetime | None, *, relevant: bool) -> None:
    """Articles about Kuaishou, all met at one moment."""
    with transaction(db):
        first = db.execute("select coalesce(max(id), 0) + 1 from articles").fetchone()[0]
        ids = range(first, first + count)
        db.executemany(
            """insert into articles (id, title, source, first_seen, published, relevant, content_hash)
               values (?, '可灵 Kling', 'alpha', ?, ?, ?, '')""",
            [(id, to_text(seen), to_text(published), relevant) for id in ids],
        )
        db.executemany(
            """insert into mentions (article, company, is_primary, score, surface, evidence)
               values (?, 'kuaishou', 1, .9, '可灵', '[]')""",
            [(id,) for id in ids],
        )


def steps_of(db: sqlite3.Connection) -> int:
    """Thousands of steps that the last week takes."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    db.set_progress_handler(count, 1000)
    load_attention(db, NOW - WEEK, NOW)
    db.set_progress_handler(None, 0)
    return steps


def test_an_article_counts_on_the_day_it_was_published_or_else_met(db: sqlite3.Connection) -> None:
    """What claims to come from the future counts when it was met; what came before the span, not at all."""
    met = NOW - timedelta(days=2)
    add(db, 1, met, met - timedelta(days=1), relevant=True)
    add(db, 2, met, None, relevant=True)
    add(db, 4, met, NOW + timedelta(days=9), relevant=True)
    add(db, 8, met, NOW - 2 * WEEK, relevant=True)
    add(db, 16, met, met, relevant=False)

    found = {(company, day.isoformat()): count for company, day, count in load_attention(db, NOW - WEEK, NOW)}

    assert found == {("kuaishou", "2024-05-29"): 1, ("kuaishou", "2024-05-30"): 6}


def test_a_week_of_a_large_archive_costs_what_a_week_costs(db: sqlite3.Connection) -> None:
    """Twenty thousand articles of the year before, and what belongs to nobody, are not looked at."""
    add(db, 500, NOW - timedelta(days=2), None, relevant=True)
    alone = steps_of(db)
    add(db, 20_000, NOW - timedelta(days=300), None, relevant=True)
    add(db, 20_000, NOW - timedelta(days=2), None, relevant=False)

    assert steps_of(db) <= alone + 1 <= ENOUGH
