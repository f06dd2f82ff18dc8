"""Quotes and sums across articles: what is the same is told once, what is not stays apart."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.decide import content_hash
from chipreel.model import Annotation, Evidence, Item, Mention, Money, Person, Quote, Source
from chipreel.model.lexicon import Company, Lexicon
from chipreel.store import articles
from chipreel.store.annotations import save_annotation
from chipreel.store.database import open_database, transaction
from chipreel.store.facts import QuotesWanted, load_quotes
from chipreel.store.figures import MoneyWanted, load_figures
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.sources import save_source
from chipreel.store.stories import create_story, save_membership

NOW = datetime(2024, 2, 20, 8, tzinfo=UTC)
LEXICON = Lexicon(
    "1",
    (Company("softbank", "SoftBank", "软银", "capital", ()), Company("openai", "OpenAI", "OpenAI", "lab", ())),
    (Person("masayoshi-son", "Masayoshi Son", "孙正义", (), (("softbank", None, None),)),),
)
SON = "Masayoshi Son"


class World:
    """Puts articles with chosen facts into a database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.count = db, 0

    def story(self) -> int:
        with transaction(self.db):
            return create_story(self.db, NOW)

    def add(
        self,
        story: int | None,
        *,
        quotes: tuple[Quote, ...] = (),
        money: tuple[Money, ...] = (),
        days: int = 0,
        about: str = "softbank",
    ) -> int:
        self.count += 1
        item = Item(str(self.count), f"Article {self.count}", text="…", published=NOW - timedelta(days=days))
        new = articles.NewArticle(item, "alpha", content_hash(item), None, None, background=False, lang="en")
        mention = Mention(about, 0.9, (Evidence("title", 0, 1, "A"),), primary=True)
        with transaction(self.db):
            number = articles.save_article(self.db, new, NOW)
            found = Annotation("en", (mention,), relevant=True, relevance=0.9, quotes=quotes, money=money)
            save_annotation(self.db, number, found, day=NOW.date(), to_usd=lambda amount, *_: amount, version="1")
            save_membership(self.db, number, story)
        return number


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty database with two companies and a person."""
    with open_database(tmp_path / "a.db") as db:
        with transaction(db):
            sync_lexicon(db, LEXICON)
            save_source(db, Source("alpha", "Alpha", "feed", "https://alpha.example/feed"))
        yield World(db)


def _quote(text: str, speaker: str = SON, person: str | None = "masayoshi-son") -> Quote:
    return Quote("text", 0, len(text), text, "direct", speaker, person, "said")


def _sum(amount: float, role: str | None = None, owner: str | None = None, high: float | None = None) -> Money:
    return Money("text", 0, 5, f"${amount / 1e9:g} billion", amount, "USD", high, None, owner, role)


def test_the_same_words_are_one_quote_with_many_sightings(world: World) -> None:
    """Case, width and punctuation aside, and a part of a longer wording too."""
    for words in ("Chips are the new oil.", "chips are the new oil", "“Chips are the new oil” and I have a well"):
        world.add(None, quotes=(_quote(words),))
    world.add(None, quotes=(_quote("Chips are the new oil", "OpenAI", "openai"),))

    found = load_quotes(world.db, QuotesWanted(by=SON))

    assert [len(one.sightings) for one in found] == [3]
    assert {one.company for one in load_quotes(world.db, QuotesWanted())} == {None, "openai"}


@pytest.mark.parametrize("name", ["masayoshi-son", "Masayoshi Son", "孙正义", "孫正義"])
def test_a_speaker_is_found_by_any_name(world: World, name: str) -> None:
    """By id, and by the name in either script."""
    world.add(None, quotes=(_quote("芯片就是新的石油"),))

    assert [one.person for one in load_quotes(world.db, QuotesWanted(by=name))] == ["masayoshi-son"]
    assert load_quotes(world.db, QuotesWanted(by="somebody else")) == []


def test_quotes_are_narrowed_by_subject_and_time(world: World) -> None:
    """About a company, and since a day."""
    world.add(None, quotes=(_quote("the first thing said"),), about="openai", days=10)
    world.add(None, quotes=(_quote("the second thing said"),))

    assert [q.text for q in load_quotes(world.db, QuotesWanted(about="openai"))] == ["the first thing said"]
    assert [q.text for q in load_quotes(world.db, QuotesWanted(since=NOW - timedelta(days=1)))] == [
        "the second thing said"
    ]


def test_the_same_sum_of_one_deal_is_one_figure(world: World) -> None:
    """Told of the company, of who speaks for it, of nobody; in its story, and elsewhere in its articles."""
    story, other = world.story(), world.story()
    world.add(story, money=(_sum(1e11, "seeking", "softbank"),))
    world.add(story, money=(_sum(1e11, "seeking", "masayoshi-son"),))
    world.add(story, money=(_sum(1e11),))
    world.add(other, money=(_sum(1e11),))

    (found,) = load_figures(world.db, MoneyWanted(company="软银"))

    assert (found.company, found.role, len(found.sightings)) == ("softbank", "seeking", 4)


def test_what_outlets_tell_apart_is_a_range(world: World) -> None:
    """Two outlets, two sums near each other, one deal."""
    story = world.story()
    world.add(story, money=(_sum(6e9, "raised", "openai"),), about="openai")
    world.add(story, money=(_sum(6.6e9, "raised", "openai"),), about="openai")

    (found,) = load_figures(world.db, MoneyWanted(role="raised"))

    assert (found.usd, found.usd_high) == (6e9, 6.6e9)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_sum(2e10, "revenue", "openai"), _sum(2.2e10, "revenue", "openai")),
        (_sum(1e10, "raised", "openai"), _sum(1e10, "valued", "openai")),
        (_sum(1e10, "raised", "openai"), _sum(1e10, "raised", "softbank")),
    ],
    ids=["two quarters in one article", "two roles", "two owners"],
)
def test_different_sums_stay_apart(world: World, first: Money, second: Money) -> None:
    """One article that names both means two; and who and what for must not differ."""
    world.add(world.story(), money=(first, second))

    assert len(load_figures(world.db, MoneyWanted())) == 2


def test_sought_and_raised_are_one_deal(world: World) -> None:
    """One paper has the round still open, two have it closed: one figure, as most of them tell it."""
    story = world.story()
    for role in ("seeking", "raised", "raised"):
        world.add(story, money=(_sum(1e10, role, "openai"),), about="openai")

    (found,) = load_figures(world.db, MoneyWanted())

    assert (found.role, len(found.sightings)) == ("raised", 3)


def test_sums_are_sorted_by_size_or_day(world: World) -> None:
    """Largest first, or newest first."""
    world.add(None, money=(_sum(1e9, "raised", "openai"),), days=0)
    world.add(None, money=(_sum(5e9, "raised", "softbank"),), days=3)

    assert [f.usd for f in load_figures(world.db, MoneyWanted())] == [5e9, 1e9]
    assert [f.usd for f in load_figures(world.db, MoneyWanted(sort="date"))] == [1e9, 5e9]
