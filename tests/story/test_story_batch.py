"""Grouping a batch: one event is one story, in whatever language, and whatever the order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import pytest

from chipreel.model.story import StoryItem, StoryKnowledge
from chipreel.story import cluster, explain

Tell = Callable[..., StoryItem]


def parts(stories: Mapping[str, str]) -> set[frozenset[str]]:
    """The groups, without their names."""
    groups: dict[str, set[str]] = defaultdict(set)
    for item, story in stories.items():
        groups[story].add(item)
    return {frozenset(group) for group in groups.values()}


def is_one(items: Iterable[StoryItem], knowledge: StoryKnowledge) -> bool:
    return len(set(cluster(items, knowledge).values())) == 1


def test_one_event_in_two_languages_is_one_story(
    week: dict[str, tuple[StoryItem, ...]], knowledge: StoryKnowledge
) -> None:
    """Four events told in English and Chinese, one also in Traditional characters, are four stories."""
    items = [item for event in week.values() for item in event]
    expected = {frozenset(item.id for item in event) for event in week.values()}
    assert expected == parts(cluster(items, knowledge))


def test_order_of_arrival_does_not_matter(week: dict[str, tuple[StoryItem, ...]], knowledge: StoryKnowledge) -> None:
    """Twenty shuffles give the same stories under the same keys."""
    items = [item for event in week.values() for item in event]
    expected = cluster(items, knowledge)
    shuffle = random.Random(5)
    for _ in range(20):
        shuffle.shuffle(items)
        assert expected == cluster(items, knowledge)


def test_a_story_is_keyed_by_its_earliest_article(
    week: dict[str, tuple[StoryItem, ...]], knowledge: StoryKnowledge
) -> None:
    assert cluster(reversed(week["funding"]), knowledge) == {"f1": "f1", "f2": "f1"}


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "Nvidia launches H300 accelerator for inference", "Nvidia fined by French antitrust regulator"),
        ("zh", "英伟达发布H300推理加速卡", "英伟达遭法国反垄断机构罚款"),
    ],
)
def test_one_company_alone_is_not_one_event(
    lang: str, one: str, other: str, tell: Tell, knowledge: StoryKnowledge
) -> None:
    """Two pieces of news about one company on one day stay two stories."""
    assert not is_one(
        [
            tell(id, title, lang, companies=("nvidia",), names=(title.split()[0][: 6 if lang == "en" else 3],))
            for id, title in (("a", one), ("b", other))
        ],
        knowledge,
    )


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "Google releases Veo 3 video model", "Google releases Veo 4 video model"),
        ("zh", "谷歌发布Veo 3视频模型", "谷歌发布Veo 4视频模型"),
    ],
)
def test_two_versions_are_two_events(lang: str, one: str, other: str, tell: Tell, knowledge: StoryKnowledge) -> None:
    """The same words about another version are another release."""
    items = [
        tell("a", one, lang, companies=("google",), products=("veo-3",), names=("Veo 3",)),
        tell("b", other, lang, companies=("google",), products=("veo-4",), names=("Veo 4",)),
    ]
    assert not is_one(items, knowledge)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "Samsung reports profit of $9 billion for the quarter", "Micron reports profit of $4 billion"),
        ("zh", "三星二季度净利润90亿美元", "美光二季度净利润40亿美元"),
    ],
)  # fmt: skip
def test_results_of_two_companies_are_two_events(
    lang: str, one: str, other: str, tell: Tell, knowledge: StoryKnowledge
) -> None:
    items = [tell("a", one, lang, companies=("samsung",)), tell("b", other, lang, companies=("micron",))]
    assert not is_one(items, knowledge)


@pytest.mark.parametrize(
    ("lang", "title"),
    [("en", "The week in generative video"), ("zh", "一周生成式视频要闻回顾")],
)
def test_a_weekly_column_is_not_one_story(lang: str, title: str, tell: Tell, knowledge: StoryKnowledge) -> None:
    """One publisher's column under one title a week apart is two stories; two outlets on one day have one."""
    editions = [tell(f"e{number}", title, lang, hours=24 * 7 * number, source="column") for number in range(3)]
    assert len(set(cluster(editions, knowledge).values())) == 3
    copies = [tell("c1", title, lang, source="one"), tell("c2", title, lang, hours=3, source="two")]
    assert is_one(copies, knowledge)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "Player 1.12.27", "Player 1.12.28"),
        ("en", "2026-03-02", "2026-03-03"),
        ("zh", "芯片观察第12期", "芯片观察第13期"),
    ],
)
def test_a_series_of_one_source_is_no_story(
    lang: str, one: str, other: str, tell: Tell, knowledge: StoryKnowledge
) -> None:
    """Short titles of one source that differ in a number only are numbers of a series."""
    assert not is_one([tell("a", one, lang, source="s"), tell("b", other, lang, source="s")], knowledge)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "Daily digest: Nvidia ships; Arm hires", "Nvidia ships its next accelerator"),
        ("zh", "早报：英伟达发布新卡；台积电涨价；可灵上新", "英伟达发布新卡"),
    ],
)
def test_a_roundup_joins_no_story(lang: str, one: str, other: str, tell: Tell, knowledge: StoryKnowledge) -> None:
    """A title that lists several events would tie them together."""
    known = {"companies": ("nvidia",)}
    assert not is_one([tell("a", one, lang, **known), tell("b", other, lang, **known)], knowledge)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_boilerplate_of_one_source_is_no_copy(lang: str, tell: Tell, knowledge: StoryKnowledge) -> None:
    """The same text under two titles is a copy across sources, and the small print within one."""
    lead = "Sign up for our letter and never miss what the makers of chips and of video have to say " * 3
    lead = lead if lang == "en" else "欢迎订阅本刊，第一时间了解芯片与视频行业的最新动向，更多内容请关注我们的频道" * 3
    titles = ("Arm hires a president", "Kling speaks") if lang == "en" else ("安谋聘请总裁", "可灵会说话")
    within = [tell(f"w{at}", title, lang, source="s", lead=lead) for at, title in enumerate(titles)]
    across = [tell(f"x{at}", title, lang, lead=lead) for at, title in enumerate(titles)]
    assert not is_one(within, knowledge)
    assert is_one(across, knowledge)


@pytest.mark.parametrize(
    ("lang", "lead", "other_lead"),
    [
        ("en", "Prices of memory rose while a new video model drew long queues of artists who wanted to try it before "
               "the studios could lock it away behind contracts and lawyers",
         "A quiet day in court ended with a surprise as the judge asked both sides to bring their training records "
         "and to explain in plain words what the model had seen"),
        ("zh", "存储价格继续上涨，新的视频模型吸引了大批创作者排队试用，制片厂忙着把合同条款写得更细，律师整天开会",
         "法庭上平静的一天以意外收场，法官要求双方提交训练记录，并用通俗的语言说明模型究竟看过哪些内容"),
    ],
)  # fmt: skip
def test_a_daily_column_is_told_by_its_text(
    lang: str, lead: str, other_lead: str, tell: Tell, knowledge: StoryKnowledge
) -> None:
    """The same title from the same source a day later is another edition when its text is another."""
    title = "Morning briefing on chips" if lang == "en" else "芯片行业早间简报"
    first = tell("d1", title, lang, source="column", lead=lead)
    assert not is_one([first, tell("d2", title, lang, hours=24, source="column", lead=other_lead)], knowledge)
    assert is_one([first, tell("d3", title, lang, hours=24, source="column", lead=lead)], knowledge)


def test_one_sum_of_one_company_ties_two_languages(tell: Tell, knowledge: StoryKnowledge) -> None:
    """A company and an exact sum are enough across languages; the sum alone is not."""
    words = ("Washington hands GlobalFoundries $1.5 billion for two plants", "格芯拿到美国政府15亿美元")
    known = {"companies": ("globalfoundries",)}
    pair = [
        tell("a", words[0], "en", names=("GlobalFoundries",), **known),
        tell("b", words[1], "zh", hours=8, names=("格芯",), **known),
    ]
    assert is_one(pair, knowledge)
    other = tell("c", "五源资本新基金募得15亿美元", "zh", companies=("5y-capital",), names=("五源资本",))
    assert not is_one([pair[0], other], knowledge)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "CoreWeave signs cloud deal with Meta", "CoreWeave signs cloud deal with Anthropic"),
        ("zh", "CoreWeave与Meta签署云计算协议", "CoreWeave与Anthropic签署云计算协议"),
    ],
)
def test_another_counterpart_is_another_deal(
    lang: str, one: str, other: str, tell: Tell, knowledge: StoryKnowledge
) -> None:
    """One company's deals with two others in one week are two events; the same deal told twice is one."""
    deals = [
        tell("a", one, lang, companies=("coreweave", "meta"), names=("CoreWeave", "Meta")),
        tell("b", other, lang, hours=20, companies=("coreweave", "anthropic"), names=("CoreWeave", "Anthropic")),
    ]
    assert not is_one(deals, knowledge)
    again = tell("c", f"{one}!", lang, hours=2, companies=("coreweave", "meta"), names=("CoreWeave", "Meta"))
    assert is_one([deals[0], again], knowledge)


def test_eight_days_part_two_events(tell: Tell, knowledge: StoryKnowledge) -> None:
    """The same words a week later are a new event, in both scripts."""
    for lang, title in (("en", "Claude is down for many users"), ("zh", "Claude出现大面积宕机故障")):
        pair = [tell("a", title, lang), tell("b", title, lang, hours=24 * 8)]
        assert not is_one(pair, knowledge)


def test_every_item_gets_a_story(tell: Tell, knowledge: StoryKnowledge) -> None:
    """Empty, hostile and undated titles get stories of their own; nothing raises."""
    odd = ["", "\x00\ud800", "…" * 50, "A" * 100_000, "1" * 5000, "（" * 900, "’ ’ ’", "٣٤ ५"]
    items = [tell(f"o{at}", title, "en", published=None) for at, title in enumerate(odd)]
    items.append(StoryItem("bare"))
    assert {item.id for item in items} == cluster(items, knowledge).keys()
    assert cluster([], knowledge) == {}


def test_explain_names_the_evidence_that_adds_up(
    week: dict[str, tuple[StoryItem, ...]], knowledge: StoryKnowledge
) -> None:
    """An edge names what two articles share, and its parts sum to its log-odds."""
    (edge,) = explain(week["funding"], knowledge)
    found = {part.kind: part for part in edge.contributions}
    assert (edge.a, edge.b) == ("f1", "f2")
    assert found["company"].detail == "kuaishou"
    assert "2e+09" in found["amount"].detail
    assert edge.log_odds == pytest.approx(sum(part.value for part in edge.contributions), abs=0.05)


def test_explain_ties_every_article_but_the_oldest(
    week: dict[str, tuple[StoryItem, ...]], knowledge: StoryKnowledge
) -> None:
    edges = explain(week["shutdown"], knowledge)
    assert [edge.b for edge in edges] == ["s2", "s3", "s4"]
    assert all(edge.contributions for edge in edges)
