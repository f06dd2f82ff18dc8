"""Who reports on their own: copies, mirrors and pointers do not corroborate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.model.story import StoryItem
from chipreel.story.outlets import count_independent, find_outlets, publisher_of

Tell = Callable[..., StoryItem]
WIRE = {
    "en": "The chip maker said on Tuesday that it would spend three billion dollars on a packaging plant in the north "
    "of the country, where it already employs four thousand people and trains two hundred more each year",
    "zh": "这家芯片公司周二表示，将投入三十亿美元在北部兴建一座封装工厂，该公司在当地已有四千名员工，每年培训二百名",
}
OWN = {
    "en": "Our visit to the town found a railway, a school of engineering and a mayor who has waited nine years for a "
    "plant that two governments promised and that nobody had paid for until this week",
    "zh": "记者走访小镇看到，铁路和工程学校都已建好，镇长为两届政府许诺却一直无人出钱的工厂等了九年，本周才等来消息",
}
TITLE = {"en": "Packaging plant for the north", "zh": "封装工厂落户北部"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_wire_text_on_twenty_sites_counts_once(lang: str, tell: Tell) -> None:
    """Twenty publishers of one text under twenty titles are twenty outlets and one report."""
    copies = [tell(f"w{at}", f"{TITLE[lang]} {at}", lang, hours=at, lead=WIRE[lang]) for at in range(20)]
    outlets = find_outlets(copies)
    assert (len(outlets), count_independent(outlets)) == (20, 1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_report_of_its_own_counts(lang: str, tell: Tell) -> None:
    items = [tell("a", TITLE[lang], lang, lead=WIRE[lang]), tell("b", f"{TITLE[lang]} (2)", lang, lead=OWN[lang])]
    assert count_independent(find_outlets(items)) == 2


def test_one_owner_counts_once(tell: Tell) -> None:
    """Sources of one publisher, and subdomains of one site, are one outlet; its first report stands for it."""
    owned = [tell("a", "One", hours=2, publisher="group"), tell("b", "Two", hours=1, publisher="group")]
    (outlet,) = find_outlets(owned)
    assert outlet.item == "b"
    mirrors = [
        tell("c", "Three", url="https://news.example.com/3", source="x"),
        tell("d", "Four", url="https://cn.example.com/4", source="y"),
    ]
    assert {publisher_of(item) for item in mirrors} == {"example.com"}


def test_a_pointer_to_an_article_is_no_second_report(tell: Tell) -> None:
    """A post that links the same address as an earlier article of somebody else does not corroborate."""
    items = [
        tell("a", "Gen-6 is here", url="https://maker.example/gen-6", publisher="maker"),
        tell("b", "Gen-6", hours=1, url="https://maker.example/gen-6", publisher="forum", kind="post"),
    ]
    assert [outlet.is_copy for outlet in find_outlets(items)] == [False, True]


@pytest.mark.parametrize(
    ("lang", "title", "copied"),
    [
        ("en", "Claude Opus 9", False),
        ("zh", "可灵上新", False),
        ("en", "Kuaishou raises two billion dollars for Kling from a group of five investors", True),
        ("zh", "快手为可灵引入五家投资方共融资二十亿美元", True),
    ],
)
def test_only_a_long_title_is_copied_by_itself(lang: str, title: str, copied: bool, tell: Tell) -> None:
    """Two desks may well choose the same three words; nobody writes the same sentence."""
    outlets = find_outlets([tell("a", title, lang), tell("b", title, lang, hours=1)])
    assert [outlet.is_copy for outlet in outlets] == [False, copied]
