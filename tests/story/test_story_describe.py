"""A story as a whole: headline, outlets, languages, companies, timeline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from chipreel.model.story import StoryItem, StoryKnowledge
from chipreel.story import cluster, describe

Tell = Callable[..., StoryItem]


@pytest.fixture
def story(tell: Tell) -> list[StoryItem]:
    """One acquisition, told by five in two languages."""
    known = {"companies": ("nvidia", "groq"), "beats": ("chips",), "topics": ("acquisition",)}
    return [
        tell("tease", "You won't believe what Nvidia just bought!", hours=0, companies=("nvidia",), names=("Nvidia",)),
        tell("plain", "Nvidia buys Groq for $20 billion", hours=1, names=("Nvidia", "Groq"), **known),
        tell("long", "Why the deal for Groq matters to everyone", hours=2, names=("Groq",), **known),
        tell("zh", "英伟达以200亿美元收购Groq", "zh", hours=3, names=("英伟达", "Groq"), **known),
        tell("zh-tease", "刚刚，老黄出手了！", "zh", hours=4, **known),
    ]


@pytest.mark.parametrize(
    ("lang", "item"), [("en", "plain"), ("zh", "zh"), ("fr", "plain")], ids=["English", "Chinese", "neither"]
)
def test_the_headline_is_the_clearest_in_the_readers_language(lang: str, item: str, story: list[StoryItem]) -> None:
    """Names, a sum and a plain sentence win over being first; a reader of a third language gets the clearest of all."""
    assert describe("s1", story, lang).headline_item == item


def test_a_story_tells_when_who_and_what(story: list[StoryItem]) -> None:
    told = describe("s1", story)
    assert told.items == ("tease", "plain", "long", "zh", "zh-tease")
    assert told.first_seen is not None
    assert told.last_seen == told.first_seen + timedelta(hours=4)
    assert told.first_outlet is not None
    assert (told.first_outlet.item, told.independent) == ("tease", 5)
    assert told.languages == ("en", "zh")
    assert told.companies == ("nvidia", "groq")
    assert (told.beats, told.topics) == (("chips",), ("acquisition",))
    assert [item for _, item in told.timeline] == list(told.items)


def test_the_order_of_articles_does_not_matter(story: list[StoryItem]) -> None:
    expected = describe("s1", story)
    for seed in range(10):
        random.Random(seed).shuffle(story)
        assert describe("s1", story) == expected


def test_a_company_named_once_in_many_is_not_the_storys(tell: Tell) -> None:
    """One article in ten that also names AMD does not make it a story of AMD."""
    items = [tell(f"a{at}", f"Nvidia buys Groq, day {at}", companies=("nvidia", "groq")) for at in range(9)]
    items.append(tell("b", "What AMD could do now", companies=("amd", "nvidia")))
    assert describe("s1", items).companies == ("nvidia", "groq")


def test_undated_and_untitled_articles_are_told_too(tell: Tell) -> None:
    told = describe("s1", [tell("a", "", published=None), StoryItem("b")])
    assert (told.headline, told.first_seen, told.first_outlet, told.timeline) == ("", None, None, ())
    assert told.items == ("a", "b")


def test_a_story_without_articles_is_refused() -> None:
    with pytest.raises(ValueError, match="s7"):
        describe("s7", [])


@pytest.mark.parametrize("title", [" " * 2_000_000, "(a/" * 500_000, "|" * 1_000_000, "芯" * 1_000_000])
def test_a_hostile_title_costs_no_time(title: str, tell: Tell, knowledge: StoryKnowledge) -> None:
    """Titles of megabytes are described and grouped at once."""
    items = [tell("a", title), tell("b", title, "zh", hours=1)]
    begun = time.process_time()
    assert describe("s1", items).items == ("a", "b")
    assert cluster(items, knowledge).keys() == {"a", "b"}
    assert time.process_time() - begun < 1
