"""Which names are found, where they begin and end, and which look-alikes are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations

import pytest

from chipreel.model import Item, Lexicon
from chipreel.tag import Tagger
from chipreel.tag.tagger import Tags

Tag = Callable[..., Tags]


def companies(tags: Tags) -> set[str]:
    return {mention.id for mention in tags.companies if mention.via is None}


def products(tags: Tags) -> set[str]:
    return {mention.id for mention in tags.products}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia ships again", {"nvidia"}),
        ("英伟达恢复供货", {"nvidia"}),
        ("輝達恢復供貨", {"nvidia"}),
        ("ＮＶＩＤＩＡ恢复供货", {"nvidia"}),
        ("腾讯Tencent发布新财报", {"tencent"}),
        ("用OpenAI做客服", {"openai"}),
        ("オープンAIが発表", {"openai"}),
        ("오픈AI 발표", {"openai"}),
        ("鹅厂和菊厂签约", {"tencent", "huawei"}),
        ("与amd公司合作建厂", {"amd"}),
        ("用sora做短片，OpenAI给额度", {"openai"}),
        ("metadata standards for museums", set()),
        ("The army marched past the farm", set()),
        ("Shanghai said it was hairy", set()),
        ("员工可灵活安排时间", set()),
        ("出土一批甲骨文字", set()),
        ("亚马逊雨林砍伐加剧", set()),
        ("Fires spread in the Amazon rainforest", set()),
    ],
)
def test_names_stand_as_words_in_both_scripts(tag: Tag, text: str, expected: set[str]) -> None:
    """A name counts in any width, script and spelling, but not inside a longer word."""
    assert companies(tag(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apple unveils a new chip for its data centers", {"apple"}),
        ("苹果发布自研服务器芯片", {"apple"}),
        ("Grandma baked an apple pie with apples from the orchard", set()),
        ("今年苹果丰收，果园里一斤只卖两元", set()),
        ("Arm says its chip royalties doubled", {"arm"}),
        ("He broke his arm while skating", set()),
        ("Meta and Google sign a cloud deal", {"meta", "google"}),
        ("This meta commentary is tiring", set()),
        ("Oracle expands its data centers for OpenAI", {"oracle", "openai"}),
        ("The oracle at Delphi was never wrong", set()),
        ("甲骨文股价大涨，数据中心订单创新高", {"oracle"}),
    ],
)
def test_ambiguous_names_need_evidence(tag: Tag, text: str, expected: set[str]) -> None:
    """A word that is also an ordinary one is a company only where its surroundings say so."""
    assert companies(tag(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sora 2 is out", {"sora-2"}),
        ("Sora 2上线", {"sora-2"}),
        ("可灵2.0发布", {"kling-2-0"}),
        ("可灵 2.0 发布", {"kling-2-0"}),
        ("Gemini 1.5 Pro reads a million tokens", {"gemini-1-5-pro"}),
        ("谷歌推出Gemini 1.5 Pro", {"gemini-1-5-pro"}),
        ("Veo 4 makes longer clips", {"veo-4"}),
        ("OpenAI trains GPT-6", {"gpt-6"}),
        ("OpenAI训练GPT6", {"gpt-6"}),
        ("AMD announces the MI500 accelerator", {"mi500"}),
        ("AMD发布MI500加速卡", {"mi500"}),
        ("Nvidia may sell the H20 chip again", {"h20"}),
        ("英伟达H20芯片恢复销售", {"h20"}),
        ("昇腾910C量产", {"ascend-910c"}),
        ("华为Ascend 910C芯片量产", {"ascend-910c"}),
        ("iPhone17上市", {"iphone-17"}),
    ],
)
def test_versions_of_a_family_have_ids_of_their_own(tag: Tag, text: str, expected: set[str]) -> None:
    """A version nobody wrote into the lexicon is found by its pattern and named by its parts."""
    assert products(tag(text)) == expected


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Veo 2026 roadmap", "veo"),
        ("可灵3分钟生成一支短片", "kling"),
        ("ChatGPT 800 million users", "chatgpt"),
        ("GPT 70B parameters", "gpt"),
        ("可灵2024年收入翻倍", "kling"),
    ],
)
def test_amounts_and_years_are_no_versions(tag: Tag, text: str, family: str) -> None:
    """A number that counts, dates or measures leaves the family as it is."""
    assert products(tag(text)) == {family}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$NVDA up 4%", {"nvidia"}),
        ("$nvda up 4%", {"nvidia"}),
        ("Micron (NASDAQ: MU) reports", {"micron"}),
        ("Mu is a Greek letter, and MU is a course code", set()),
        ("中芯国际（0981.HK）收涨", {"smic"}),
        ("00981.HK收涨", {"smic"}),
        ("科创板688981放量", {"smic"}),
        ("成交2,688981手", set()),
    ],
)
def test_tickers(tag: Tag, text: str, expected: set[str]) -> None:
    """Tickers count as their markets write them, short ones only with a sign of the market."""
    assert companies(tag(text)) == expected


@pytest.mark.parametrize("text", ["Sam Altman spoke in Seoul", "山姆·奥特曼在首尔讲话"])
def test_a_person_gives_the_company_through_the_person(tag: Tag, text: str) -> None:
    """Who speaks for a company gives it `via` the person, apart from its being named."""
    tags = tag(text)
    assert [(m.id, m.via) for m in tags.companies] == [("openai", "person")]
    assert [m.id for m in tags.people] == ["sam-altman"]


@pytest.mark.parametrize("text", ["Sam Altman of OpenAI spoke", "OpenAI的山姆·奥特曼讲话"])
def test_a_named_company_is_not_given_through_its_person(tag: Tag, text: str) -> None:
    """Where the company is named, that is the evidence."""
    assert [(m.id, m.via) for m in tag(text).companies] == [("openai", None)]


@pytest.mark.parametrize(
    ("year", "expected"), [(2021, ["alibaba"]), (2024, []), (2026, ["nvidia"]), (None, ["nvidia"])]
)
def test_people_speak_for_a_company_in_their_years(tag: Tag, year: int | None, expected: list[str]) -> None:
    """The year of the item decides for whom a person speaks; without one, today does."""
    published = datetime(year, 6, 1, tzinfo=UTC) if year else None
    tags = tag("贾扬清谈推理成本", published=published)
    assert [m.id for m in tags.companies] == expected


def test_altman_beside_his_company_is_ultraman_beside_a_monster(tag: Tag) -> None:
    """The same three characters are Altman or Ultraman; the rest of the sentence tells."""
    assert [m.id for m in tag("奥特曼谈OpenAI的芯片计划").people] == ["sam-altman"]
    assert [m.id for m in tag("孩子看了一天奥特曼打怪兽的动画片").people] == []


def test_evidence_stands_where_it_says(tag: Tag) -> None:
    """Offsets count code points of the field, whatever stands before them."""
    title, text = "🎬𠮷İ 輝達與OpenAI", "𝐀𝐈 chips: Ｎｖｉｄｉａ… 台積電；快手可灵2.0"
    tags = tag(text, title=title)
    fields = {"title": title, "text": text}
    places = [place for m in (*tags.companies, *tags.products, *tags.people) for place in m.evidence]
    assert places
    assert [fields[p.field][p.start : p.end] for p in places] == [p.surface for p in places]
    assert companies(tags) == {"nvidia", "openai", "tsmc", "kuaishou"}


@pytest.mark.parametrize("text", ["\ud800Nvidia\udfff", "Nvidia\x00", "\u202eNvidia", "İİİ Nvidia"])
def test_strange_characters_do_not_move_or_hide_names(tag: Tag, text: str) -> None:
    """Lone surrogates, NUL, overrides and letters that grow when lowered leave the offsets whole."""
    (mention,) = tag(text).companies
    (place,) = mention.evidence
    assert text[place.start : place.end] == "Nvidia"


@pytest.mark.parametrize("field", ["", "   ", "\n\n", "🎬"])
def test_nothing_gives_nothing(tag: Tag, field: str) -> None:
    """An item without words has no tags and is no error."""
    tags = tag(field, title=field)
    assert (tags.companies, tags.people, tags.products, tags.beats) == ((), (), (), ())


def test_a_text_of_ten_megabytes_is_read_in_seconds(tag: Tag) -> None:
    """No part of the tagger is slower than the text is long."""
    assert companies(tag("a1.H" * 2_500_000)) == set()
    assert companies(tag("苹果AI " * 50_000 + "http://a.b/c Apple x@y.com " * 50_000 + "Nvidia")) >= {"nvidia"}
    assert companies(tag("a" * 5_000_000 + "@" + "\n" * 100_000)) == set()


def test_the_order_of_the_lexicon_changes_nothing(lexicon: Lexicon, tagger: Tagger) -> None:
    """Companies, people and products in any order give the same tags."""
    items = [
        Item(id="1", title="奥特曼与黄仁勋谈Sora 2", text="Apple, Meta and Arm beside Gemini 3 and the H20."),
        Item(id="2", text="華為昇腾910C对标英伟达H100，苹果观望"),
    ]
    for people in permutations(lexicon.people):
        companies = lexicon.companies[::-1]
        other = Tagger(Lexicon("other", companies, people, lexicon.not_names[::-1]), tagger.model)
        assert [other.tag(item) for item in items] == [tagger.tag(item) for item in items]
