"""A story of months: told by its first and its newest articles, counted by all of them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from tests.pipeline.conftest import NOW, Newsroom, Reader

from chipreel.pipeline import grouping
from chipreel.pipeline.grouping import MOST_TOLD, refresh_stories
from chipreel.store import candidates, stories
from chipreel.store.database import transaction
from chipreel.store.digests import Reach, current_reach, last_reach
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


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """A digest reads three old articles of a story."""
    monkeypatch.setattr(candidates, "MOST_OLD", 3)
    return 3


def read_by(newsroom: Newsroom, reader: Reader) -> list[list[int]]:
    """The articles of each story that the next edition weighs; it is delivered."""
    db, profile = newsroom.db, newsroom.profile.name
    after = last_reach(db, profile) or Reach(0, 0)
    found = candidates.load_candidates(db, profile, after, current_reach(db), newsroom.now)
    newsroom.daily(reader)
    return [[article.id for article in candidate.articles] for candidate in found]


def test_a_digest_reads_the_first_and_the_newest_of_what_was_given(
    newsroom: Newsroom, reader: Reader, few: int
) -> None:
    """All that is new comes along, however much; an old article does that says something else now."""
    number = newsroom.story()
    old = [newsroom.article(f"英伟达第{n}轮 Nvidia round {n}", story=number) for n in range(8)]
    assert read_by(newsroom, reader) == [old], "nothing of it was there before"

    new = [newsroom.article(f"Nvidia again {n}", story=number) for n in range(5)]
    newsroom.revise(old[3], title="英伟达第三轮取消 Nvidia round 3 is off")

    assert read_by(newsroom, reader) == [[old[0], old[3], *old[6:], *new]]
    assert reader.told[0] == (f"s{number}", "new")
    assert {state for _, state in reader.told[1:]} <= {"update"}, "what was given is never news again"


def test_what_was_passed_over_does_not_pile_up(newsroom: Newsroom, reader: Reader, few: int) -> None:
    """A story that goes on without a reason to be told: each edition reads as much of it as the one before."""
    number = newsroom.story()
    newsroom.article("软银投资 SoftBank invests", story=number)
    read_by(newsroom, reader)
    sizes = []
    for day in range(6):
        for n in range(2):
            newsroom.article(f"软银 SoftBank day {day} {n}", story=number)
        newsroom.article(f"Something else of day {day}", companies=("openai",))
        sizes.append(max(len(articles) for articles in read_by(newsroom, reader)))

    assert sizes[-3:] == [1 + few + 2] * 3
    assert [story for story, _ in reader.told].count(f"s{number}") == 1
