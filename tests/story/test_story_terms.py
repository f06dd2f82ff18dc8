"""What a title is compared by: the same terms from both scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chipreel.model import Annotation, Evidence, Item, Mention
from chipreel.model.story import StoryItem, StoryKnowledge
from chipreel.story import StoryIndex, describe, story_item
from chipreel.story.fingerprint import is_roundup, sketch
from chipreel.story.quantities import find_quantities
from chipreel.story.words import stem
from chipreel.text.fold import fold

Tell = Callable[..., StoryItem]


@pytest.mark.parametrize(
    ("en", "zh", "term"),
    [
        ("a $110 billion round", "1100亿美元融资", "n:1.1e+11"),
        ("raises $1.5bn", "融资15亿美元", "n:1.5e+09"),
        ("900M users", "9亿用户", "n:9e+08"),
        ("up 35.1%", "增长35.1%", "n:35.1%"),
        ("6GW of chips", "6吉瓦芯片", "n:6gw"),
        ("on Nov 25", "11月25日", "n:11-25"),
        ("25,000 cards", "2.5万张卡", "n:2.5e+04"),
        ("a $1B fund", "十亿美元基金", "n:1e+09"),
        ("2nm process", "2纳米制程", "n:2nm"),
        ("beat them 4:1", "4:1获胜", "n:4:1"),
        ("beat them 108:106", "108比106获胜", "n:108:106"),
    ],
)
def test_a_quantity_is_the_same_in_both_scripts(en: str, zh: str, term: str) -> None:
    for text in (en, zh):
        assert term in [found for _, _, found in find_quantities(fold(text))]


@pytest.mark.parametrize(
    ("en", "zh", "term"),
    [
        ("OpenAI is shutting Sora down: shutdown in June", "OpenAI关停Sora", "e:shut-down"),
        ("Studios sue", "制片厂状告", "e:sue"),
        ("It raised funding", "完成融资", "e:raise-funding"),
        ("A supply-chain risk", "供应链风险", "t:supply-chain-risk"),
        ("The Pentagon", "五角大樓", "b:pentagon"),
        ("layoffs at the maker", "廠商裁員", "e:fire-layoff"),
        ("A data centre", "資料中心 数据中心", "t:data-center"),
    ],
)
def test_a_glossary_word_is_one_term_in_both_languages(
    en: str, zh: str, term: str, tell: Tell, knowledge: StoryKnowledge
) -> None:
    """Simplified, Traditional and every regular English form give the same term."""
    maker = StoryIndex(knowledge).maker
    assert term in maker.make(tell("a", en, "en")).terms
    assert term in maker.make(tell("b", zh, "zh")).terms


def test_the_longest_glossary_word_wins(tell: Tell, knowledge: StoryKnowledge) -> None:
    """大英百科 is an encyclopedia, not Britain; an open source model is no source."""
    maker = StoryIndex(knowledge).maker
    assert "t:encyclopedia" in maker.make(tell("a", "大英百科起诉", "zh")).terms
    found = maker.make(tell("b", "quantum computing startup", "en")).terms
    assert "t:quantum" in found
    assert "t:computing-power" not in found


def test_a_name_is_no_word(tell: Tell, knowledge: StoryKnowledge) -> None:
    """What the lexicon knows by an id is not counted again by its letters, in either script."""
    maker = StoryIndex(knowledge).maker
    english = maker.make(tell("a", "Stability AI sues Runway", companies=("runway",), names=("Runway",)))
    chinese = maker.make(tell("b", "快手可灵上新", "zh", companies=("kuaishou",), names=("快手", "可灵")))
    assert "w:runway" not in english.terms
    assert not {"z:快手", "z:可灵"} & set(chinese.terms)
    assert "z:手可" not in chinese.terms


def test_a_version_is_found_after_a_han_character(tell: Tell, knowledge: StoryKnowledge) -> None:
    maker = StoryIndex(knowledge).maker
    assert "v:veo-3" in maker.make(tell("a", "谷歌发布Veo 3", "zh")).terms
    assert "v:opus-4.7" in maker.make(tell("b", "Claude Opus 4.7 is out", "en")).terms
    assert not any(term.startswith("v:") for term in maker.make(tell("c", "Top 10 of 2026, up 58%")).terms)


@pytest.mark.parametrize(
    "forms",
    [
        ("launch", "launches", "launched", "launching"),
        ("shut", "shuts", "shutting"),
        ("close", "closes", "closed", "closing"),
        ("deny", "denies", "denied"),
        ("company's", "company"),
        ("sell", "sells", "selling"),
    ],
)
def test_regular_forms_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("早报：英伟达发布新卡；台积电涨价；可灵上新", True),
        ("A公司上市；B公司涨价；C公司裁员", True),
        ("英伟达发布新卡；股价上涨", False),
        ("Morning briefing: Nvidia ships; TSMC raises prices", True),
        ("Nvidia ships its new card; shares rise 4%; AMD falls", False),
    ],
)
def test_a_roundup_is_known_by_its_title(title: str, expected: bool) -> None:
    assert is_roundup(fold(title)) is expected


def test_texts_too_short_have_no_sketch() -> None:
    assert sketch("a few words only") == ()
    assert sketch("只有几个字") == ()


def test_an_item_and_its_annotation_become_what_grouping_sees() -> None:
    """Companies that an item is about come first; only names of the title are spans of the title."""
    place = Evidence("title", 0, 3, "英伟达")
    tags = Annotation(
        lang="zh",
        companies=(
            Mention("amd", 0.9, (Evidence("text", 4, 7, "AMD"),)),
            Mention("nvidia", 0.4, (place,), primary=True),
        ),
        beats=("chips",),
    )
    item = Item(
        "guid", title="英伟达发布新卡", url="http://www.Example.com/a/?utm_source=x", text="文" * 5000, lang="zh-CN",
        published=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    made = story_item(item, tags, id="7", source="ithome", publisher="ithome.com")
    assert (made.id, made.companies, made.named) == ("7", ("nvidia", "amd"), ((0, 3),))
    assert (made.url, made.lang, made.beats) == ("https://example.com/a", "zh", ("chips",))
    assert made.lead is not None
    assert len(made.lead) < 1000


@pytest.mark.parametrize("text", ["Runway ships Gen-6 today\nand more", "可灵今天上新\n还有更多"])
def test_a_post_without_a_title_goes_by_its_first_line(text: str, tell: Tell, knowledge: StoryKnowledge) -> None:
    """A post is told, and found, by the first line of its text."""
    post = story_item(Item("p", text=text, kind="post"))
    assert describe("s1", [post]).headline == text.split("\n")[0]
    (first, second) = StoryIndex(knowledge).assign([post, tell("a", text.split("\n")[0])])
    assert first.story == second.story


def test_names_in_the_text_do_not_stand_for_the_title(knowledge: StoryKnowledge) -> None:
    """A company that only the body names is no evidence of the first rank; one behind a person in the title is."""
    tags = Annotation(
        lang="en",
        companies=(
            Mention("openai", 0.9, (Evidence("title", 0, 6, "Altman"),), primary=True, via="person"),
            Mention("nvidia", 0.2, (Evidence("text", 9, 15, "Nvidia"),)),
        ),
        people=(Mention("sam-altman", 0.9, (Evidence("title", 0, 6, "Altman"),), primary=True),),
    )
    made = story_item(Item("a", title="Altman steps down", text="He once, Nvidia said"), tags)
    assert made.companies == ("nvidia",)
    assert made.in_title == ("c:openai", "p:sam-altman")
    found = StoryIndex(knowledge).maker.make(made)
    assert {"c:openai", "p:sam-altman"} <= set(found.terms)
    assert "c:nvidia" not in found.terms
    assert "c:nvidia" in found.lead
