"""What belongs in the tracker, and to which beat: the shipped weights on sentences written for this test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.model import Item
from chipreel.tag import Tagger
from chipreel.tag.tagger import Tags


@pytest.fixture(scope="module")
def full_tag() -> Callable[[str], Tags]:
    tagger = Tagger(load_lexicon(find_default("data/companies.yaml")), load_tag_model())
    return lambda text: tagger.tag(Item(id="t", text=text))


@pytest.mark.parametrize(
    ("english", "chinese", "beats"),
    [
        ("Runway releases a text-to-video model with longer shots", "Runway发布文生视频模型，镜头更长", ("video",)),
        ("Kling 3.0 renders a minute of video from one photo", "可灵3.0用一张照片生成一分钟视频", ("video",)),
        ("TSMC raises prices for advanced packaging", "台积电上调先进封装价格", ("chips",)),
        ("SK hynix sells out its HBM for next year", "SK海力士明年HBM产能售罄", ("chips",)),
        ("Washington widens export controls on AI chips", "美国扩大AI芯片出口管制", ("chips",)),
        ("OpenAI hires a new chief financial officer", "OpenAI任命新的首席财务官", ()),
        ("Anthropic raises money at a higher valuation", "Anthropic以更高估值融资", ()),
    ],
)
def test_news_of_the_race_stays(full_tag: Callable[[str], Tags], english: str, chinese: str, beats: tuple[str]) -> None:
    """Video, chips, and the models, money and people of the labs are relevant, with their beat, in both languages."""
    for text in (english, chinese):
        tags = full_tag(text)
        assert tags.relevant, text
        assert tags.beats == beats, text


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Grandmother's apple pie wins the village fair", "外婆的苹果派在庙会上夺冠"),
        ("Heavy rain closes schools along the coast", "沿海暴雨，学校停课"),
        ("The striker scores twice as the home team wins the league", "前锋梅开二度，主队夺得联赛冠军"),
        ("Best iPhone cases on sale this weekend", "周末iPhone手机壳优惠汇总"),
        ("Tesla recalls cars over a door handle", "特斯拉因门把手召回汽车"),
        ("New drama series tops the streaming charts", "新剧登顶流媒体榜单"),
    ],
)
def test_the_rest_of_the_newspaper_goes(full_tag: Callable[[str], Tags], english: str, chinese: str) -> None:
    """Fruit, weather, sport, bargains, recalls and shows are not relevant, even where a tracked company is named."""
    for text in (english, chinese):
        tags = full_tag(text)
        assert not tags.relevant, text
        assert tags.beats == (), text


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("A question of taste: the philosophy of machine music", {"meta", "microsoft", "apple"}),
        ("员工可灵活安排时间，花样年华为何动人", {"kuaishou", "huawei"}),
        ("The Vera Rubin Observatory maps the southern sky", {"nvidia"}),
        ("高通胀让小米粥也涨了价", {"qualcomm", "xiaomi"}),
    ],
)
def test_words_that_only_begin_or_end_like_a_name(full_tag: Callable[[str], Tags], text: str, absent: set[str]) -> None:
    """No part of a longer word is a name."""
    assert not absent & {mention.id for mention in full_tag(text).companies}
