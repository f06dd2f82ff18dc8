"""What looks like a sum and is none: pounds that weigh, a rapper's cents, 元宇宙, blocks of chips, bare units."""

from __future__ import annotations

import re

from chipreel.facts.money.currencies import COUNTRIES, Unit, currency_of_country
from chipreel.facts.money.numerals import Number

_ADJECTIVE = re.compile(
    r"(?<![a-z])(" + "|".join(sorted(map(re.escape, COUNTRIES), key=len, reverse=True)) + r")[ -]\Z"
)
#: Codes that are also written in lower case; the others only in capitals.
_LOWER_CODES = frozenset(
    "usd rmb eur gbp cny jpy hkd aud cad inr btc krw twd ntd sgd chf eth qar sar aed dm sfr".split()
)
_WEIGHT = re.compile(
    r"weigh|weight|\blbs?\b|\bkg\b|kilogram|ounces?|body|heav|lighter|lost|losing|gained|"
    r"thrust|force"
)
_WEIGHT_NEXT = re.compile(
    r" (?:of (?!debt|cash|investment|funding|taxpayer|public)|per square|heavier|lighter|overweight)"
)
_RAPPER_NEXT = re.compile(r"[,' ]*(?:\(?(?:the )?rapper|s? (?:album|song|track|raps?|sings?|tour))")
#: Behind 元 and its like, another word begins: 元宇宙, 元宝, 元旦, 元素, 马克杯, 块芯片 …
_OTHER_WORD = re.compile(
    r"(?<=元)(?:宇宙|宝|旦|素|件|勋|年|音|组|器|老|帅|首(?!付|年))|(?<=马克)杯|(?<=[毛])[利衣笔发病]|(?<=毫)[米升克安秒瓦]"
)
_BOUND_BEFORE = "上过近逾破超达约够"
_FREE_NEXT = "钱的起以左整一每等和或买至到、两二三四五六七八九零半多"


def is_plausible_prefixed(folded: str, number: Number) -> bool:
    """A number behind a sign or code is a sum unless letters or a year's 年 hang on to it: $4090ti, 人民币2026年."""
    if number.weak or not (number.digital or number.scale > 1):
        return False
    following = folded[number.end : number.end + 1]
    glued = number.scale == 1 and following.isascii() and following.isalpha()
    return not glued and following not in ("年", "月", "%", "_")


def is_plausible_code(text: str, folded: str, start: int, end: int) -> bool:
    """A code stands alone and, where it could be a word, in capitals."""
    following = folded[end : end + 1]
    if following.isascii() and following.isalpha():
        return False
    return text[start:end].isupper() or folded[start:end] in _LOWER_CODES


def is_plausible_word(text: str, folded: str, start: int, end: int) -> bool:
    """A unit written as a word stands alone and is not of weight, nor a person or a team."""
    if start == 0 or (folded[start - 1].isalnum() and not folded[start - 1].isdigit()):
        return False
    if folded[end : end + 1].isalnum():
        return False
    word = folded[start:end]
    if word.startswith("pound"):
        return not _is_weight(folded, start, end)
    if word in ("cent", "cents"):
        return (
            text[start] != "C"
            and not _RAPPER_NEXT.match(folded, end)
            and "rapper" not in folded[max(0, start - 24) : start]
        )
    if word == "bucks":
        return text[start] != "B" or text[start:end].isupper()
    return not (
        word == "dollars" and re.search(r"(?:in|constant) (?:19|20)\d\d \Z", folded[max(0, start - 14) : start])
    )


def _is_weight(folded: str, start: int, end: int) -> bool:
    before = folded[max(0, start - 48) : start]
    if re.search(r"(?:illion|[mb]n|\d[mb]) \Z", before):
        return False
    if folded[start - 1] == "-" and folded[start:end] == "pound":
        return True
    return bool(_WEIGHT.search(before) or _WEIGHT.search(folded, end, end + 24) or _WEIGHT_NEXT.match(folded, end))


def read_adjective(folded: str, start: int, end: int) -> tuple[int, str | None]:
    """Where the number must end, and the currency an adjective tells: "125 million australian dollars"."""
    match = _ADJECTIVE.search(folded, max(0, start - 16), start)
    currency = currency_of_country(folded[start:end], match[1]) if match else None
    return (match.start(), currency) if match and currency else (start, None)


def is_plausible_han(folded: str, number: Number, end: int, unit: Unit) -> bool:
    """A Chinese unit behind a number is a sum unless it begins another word or the number is a scale alone."""
    following = folded[end : end + 1]
    is_han_next = "\u4e00" <= following <= "\u9fff"
    if _OTHER_WORD.match(folded, end):
        return False
    if unit.shy and (following.isalnum() or folded[end : end + 2].lstrip().isalpha()):
        return following in tuple("零多左起以至到一二三四五六七八九0123456789半")
    if folded[max(0, number.start - 3) : number.start].rstrip(":：( ").endswith("单位"):
        return False
    if not number.weak:
        return True
    if folded[number.start] in "百千万亿兆佰仟":
        return folded[max(0, number.start - 1) : number.start] in tuple(_BOUND_BEFORE)
    return not unit.open or not is_han_next or following in _FREE_NEXT
