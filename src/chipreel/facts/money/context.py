"""What an open currency means in this text: "$" is USD and "元" CNY unless text or neighbour says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from chipreel.facts.money.amounts import Amount
from chipreel.text.late import late
from chipreel.text.traditional import TRADITIONAL

_TRADITIONAL = frozenset(TRADITIONAL)
_HAN = late("[\u4e00-\u9fff]")
#: How much of a text is looked at for its script and country.
_LOOK = 4000
_TAIWAN = re.compile(r"新?台币|nt\$|台湾|台北|台积电|联发科|鸿海|新竹|台股|经济部|行政院|立法院|金管会")
_HONG_KONG = re.compile(r"港元|港币|港纸|hk\$|hkd|香港|港交所|港股|恒生|九龙|金管局")
_MAINLAND = re.compile(r"人民币|rmb|中国大陆|大陆|北京|上海|深圳|央行")
_JAPAN = re.compile(r"japan|tokyo|\byen\b|softbank|jpy|nikkei|日本|日元|东京|円")
_CHINA = re.compile(r"chin(?:a|ese)|yuan|rmb|renminbi|beijing|shanghai|shenzhen|cny|alibaba|tencent|bytedance")
_STATED = re.compile(
    r"(?:figures|amounts|sums|prices|values|dollars)[^.;]{0,24}\b(?:in|are)\b[^.;]{0,12}"
    r"\b(canadian|australian|hong kong|singapore|new zealand) dollars"
)
_STATED_AS = {"canadian": "CAD", "australian": "AUD", "hong kong": "HKD", "singapore": "SGD", "new zealand": "NZD"}
#: Places where money is called 元 among themselves: a neighbour in one of these speaks for a bare 元 behind it.
_OWN_YUAN = frozenset({"HKD", "TWD", "SGD", "MOP"})


class Defaults:
    """What the open signs of one text mean. Each is found out when it is first asked for: most sums say whose they are.

    `lang` None = Chinese when the text has Chinese characters.
    """

    def __init__(self, text: str, folded: str, lang: str | None) -> None:
        self._head, self._look, self._lang = text[:_LOOK], folded[:_LOOK], lang

    @cached_property
    def dollar(self) -> str:
        """The currency of "$"."""
        stated = _STATED.search(self._look) if " dollars" in self._look else None
        return _STATED_AS[stated[1]] if stated else "USD"

    @cached_property
    def yen(self) -> str:
        """The currency of "¥"."""
        is_chinese = self._lang == "zh" or (self._lang is None and self._has_han)
        return _yen(self._look, "zh" if is_chinese else self._lang)

    @cached_property
    def yuan(self) -> str:
        """The currency of "元"."""
        return _yuan(self._head, self._look) if self._has_han else "CNY"

    @cached_property
    def _has_han(self) -> bool:
        return _HAN.search(self._head) is not None


def _yen(look: str, lang: str | None) -> str:
    if lang == "ja":
        return "JPY"
    if lang == "zh":
        return "CNY"
    return "CNY" if len(_CHINA.findall(look)) > len(_JAPAN.findall(look)) else "JPY"


def _yuan(head: str, look: str) -> str:
    """TWD in a Taiwanese text, HKD in one of Hong Kong: in Traditional, and it names the place most."""
    if len(_TRADITIONAL.intersection(head)) < max(2, len(head) // 200):
        return "CNY"
    votes = {
        "TWD": len(_TAIWAN.findall(look)),
        "HKD": len(_HONG_KONG.findall(look)),
        "CNY": len(_MAINLAND.findall(look)),
    }
    best = max(votes, key=lambda currency: votes[currency])
    return best if votes[best] else "CNY"


def resolve_currencies(amounts: Sequence[Amount], folded: str, defaults: Defaults) -> list[str | None]:
    """The currency of every amount, in order: open ones take what a neighbour or the text says."""
    found: list[str | None] = []
    for place, amount in enumerate(amounts):
        found.append(_resolve(amount, amounts[place - 1] if place else None, folded, defaults))
    return found


def _resolve(amount: Amount, before: Amount | None, folded: str, defaults: Defaults) -> str | None:
    if not amount.unit.open:
        return amount.currency
    if amount.currency == "CNY":
        return _neighbour(amount, before, folded) or defaults.yuan
    return defaults.dollar if amount.currency == "USD" else defaults.yen


def _neighbour(amount: Amount, before: Amount | None, folded: str) -> str | None:
    """HKD for the second sum of 营收48亿港元,利润5亿元: same sentence, and nothing converts one into the other."""
    if before is None or before.unit.open or before.currency not in _OWN_YUAN:
        return None
    gap = folded[before.end : amount.start]
    converts = re.search(r"[。\n(（]|人民币|约合|折合|相当于|合约?", gap)
    return None if converts or len(gap) > 60 else before.currency
