"""A story of months: told by its first and its newest articles, counted by all of them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from tests.pipeline.conftest import NOW, Newsroom

from chipreel.pipeline import grouping
from chipreel.pipeline.grouping import MOST_TOLD, refresh_stories
from chipreel.store import stories
from chipreel.store.database import transaction
from chipreel.store.rows import to_text

MORE = 30


@pytest.fixture
def story(newsroom: Newsroom) -> int:
    """A story that one outlet began in Chinese, that many reported in between, and that two report now."""
    number = newsroom.story()
    newsroom.source("nan")
    newsroom.source("shan")
    for n in range(MOST_TOLD + MORE):
        source, title = ("nan", f"英伟达第{n}轮") if n == 0 else ("shan", f"Nvidia in between {n}")
        if n > MORE:
            source, title = "press", f"Nvidia raises again, part {n}"
        published = NOW - timedelta(days=MOST_TOLD + MORE - n)
        newsroom.article(title, story=number, source=source, published=published)
    return number


def row_of(db: sqlite3.Connection, number: int) -> sqlite3.Row:
    with transaction(db):
        refresh_stories(db, {number})
    found: sqlite3.Row = db.execute("select * from stories where id = ?", (number,)).fetchone()
    return found


def test_everybody_counts_though_not_everything_is_read(newsroom: Newsroom, story: int) -> None:
    """Articles, outlets, the first source and both moments are those of the whole story; the headline is of now."""
    row = row_of(newsroom.db, story)

    assert row["articles"] == MOST_TOLD + MORE
    assert row["outlets"] == 3, "also the one whose articles are neither the first nor the newest"
    assert row["first_source"] == "nan"
    assert row["headline"].startswith("Nvidia raises again")
    assert (row["first_seen"], row["last_seen"]) == (to_text(NOW), to_text(NOW))


def test_it_is_told_as_if_all_were_read_while_it_is_small(
    newsroom: Newsroom, story: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outlets and articles of a story are the same on both ways."""
    told = dict(row_of(newsroom.db, story))
    monkeypatch.setattr(grouping, "MOST_TOLD", 10_000)
    whole = dict(row_of(newsroom.db, story))

    assert {name for name in told if told[name] != whole[name]} <= {"headline", "languages"}


def test_a_story_of_thousands_is_read_no_further(newsroom: Newsroom, story: int) -> None:
    """What is read of it does not grow with it."""
    asked: list[str] = []
    newsroom.db.set_trace_callback(asked.append)
    refresh_stories(newsroom.db, {story})
    newsroom.db.set_trace_callback(None)

    texts = [line for line in asked if "substr(coalesce(nullif(a.text" in line]
    assert len(texts) == 1
    assert len(stories.members(newsroom.db, story)) == MOST_TOLD + MORE
    assert texts[0].partition("where a.id in (")[2].count(",") + 1 == MOST_TOLD
