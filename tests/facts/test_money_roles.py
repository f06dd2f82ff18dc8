"""Whose sum it is and what for: null rather than a guess."""

from __future__ import annotations

import pytest

from chipreel.facts.money import ROLES, find_money

_NAMES = {
    "openai": ("OpenAI",),
    "softbank": ("SoftBank", "软银"),
    "nvidia": ("Nvidia", "英伟达", "輝達"),
    "anthropic": ("Anthropic",),
    "google": ("Google", "谷歌"),
    "cerebras": ("Cerebras",),
    "graphcore": ("Graphcore",),
    "intel": ("Intel", "英特尔"),
}
_PEOPLE = {"sam-altman": ("Altman", "奥特曼"), "masayoshi-son": ("Son ", "孙正义")}


def _spans(text: str, names: dict[str, tuple[str, ...]]) -> list[tuple[str, int, int]]:
    places = [(key, name, text.find(name)) for key, all_names in names.items() for name in all_names]
    return [(key, place, place + len(name.rstrip())) for key, name, place in places if place >= 0]


def _told(text: str) -> list[tuple[str | None, str | None]]:
    found = find_money(text, companies=_spans(text, _NAMES), people=_spans(text, _PEOPLE))
    return [(m.role, m.owner) for m in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("OpenAI's Altman is seeking $7 trillion for chip plants.", [("seeking", "openai")]),
        ("OpenAI首席执行官奥特曼正寻求7万亿美元造芯片。", [("seeking", "openai")]),
        ("Altman wants to raise as much as $7 trillion.", [("seeking", "sam-altman")]),
        ("奥特曼计划筹集“7万亿美元”。", [("seeking", "sam-altman")]),
        ("SoftBank's founder Son is looking to raise $100 billion for a chip venture.", [("seeking", "softbank")]),
        ("软银集团创始人孙正义宣布筹措1000亿美元，成立芯片企业。", [("seeking", "softbank")]),
        ("Nvidia's market value reached $1.78 trillion.", [("market-value", "nvidia")]),
        ("市占领先的英伟达，上周市值达到1.78万亿美元。", [("market-value", "nvidia")]),
        ("OpenAI raised $6.6bn at a $157bn valuation.", [("raised", "openai"), ("valued", "openai")]),
        ("Anthropic完成35亿美元融资，估值615亿美元。", [("raised", "anthropic"), ("valued", "anthropic")]),
        ("Cerebras, Graphcore and others raised $6 billion.", [("raised", None)]),
        ("包括Cerebras、Graphcore等，融资总额超过60亿美元。", [("raised", None)]),
        ("Nvidia will invest $100 billion in OpenAI.", [("invested", "nvidia")]),
        ("英伟达向OpenAI投资1000亿美元。", [("invested", "nvidia")]),
        ("英特尔获软银20亿美元投资。", [("raised", "intel")]),
        ("Nvidia posted revenue of $57bn and profit of $31bn.", [("revenue", "nvidia"), ("profit", "nvidia")]),
        ("輝達營收570億美元，淨利319億美元。", [("revenue", "nvidia"), ("profit", "nvidia")]),
        ("Google expects capital expenditures of $75 billion.", [("capex", "google")]),
        ("谷歌资本开支为750亿美元。", [("capex", "google")]),
        ("Regulators fined Google €2.95 billion.", [("fine", "google")]),
        ("欧盟对谷歌罚款29.5亿欧元。", [("fine", "google")]),
        ("It costs $20 a month.", [("price", None)]),
        ("会员每月79元。", [("price", None)]),
        ("Nvidia won orders worth $5bn.", [("order", "nvidia")]),
        ("英伟达获得50亿美元订单。", [("order", "nvidia")]),
        ("Intel posted a loss of $1.6 billion.", [(None, None)]),
        ("英特尔亏损16亿美元。", [(None, None)]),
        ("SoftBank and Nvidia will invest $5 billion.", [("invested", None)]),
        ("软银、英伟达将投资50亿美元。", [("invested", None)]),
        ("OpenAI met Nvidia. A $5bn figure was named.", [(None, None)]),
        ("Google plans to spend 7 billion euros ($8bn) on data centres.", [("capex", "google"), ("capex", "google")]),
    ],
)
def test_a_sum_has_the_role_and_owner_that_its_clause_tells(
    text: str, told: list[tuple[str | None, str | None]]
) -> None:
    """The nearest cue in the clause, never across another sum; two possible owners are none."""
    assert _told(text) == told


def test_without_names_there_is_no_owner() -> None:
    """The owner comes from the names handed in, never from the text alone."""
    assert [m.owner for m in find_money("OpenAI raised $6bn. OpenAI融资60亿美元。")] == [None, None]


def test_every_role_is_one_of_the_list() -> None:
    """What find_money calls a role is what the rest of the program has words for."""
    text = "It raised $1bn, sought $2bn, invested $3bn, was fined $4bn; revenue of $5bn; 估值6亿元，订单7亿元。"
    assert {m.role for m in find_money(text)} <= set(ROLES)
