"""Sums of several parts: ranges ("$52-56 billion", 400亿至420亿美元) and small change (一块二角, 3 GBP 1 pence)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from chipreel.facts.money.amounts import Amount
from chipreel.facts.money.numerals import Number, find_number_after, find_number_before
from chipreel.text.late import late

_DASH = r" ?(?:-|—|~|〜|～|至|到) ?"
_SEPARATOR_BEFORE = re.compile(rf"(?:{_DASH}| to | or )\Z")
_AND_BEFORE = re.compile(r" and \Z")
_BETWEEN = re.compile(r"between \Z")
_SEPARATOR_AFTER = re.compile(rf"(?:{_DASH}| to )(?=\d)")
_BETWEEN_PARTS = re.compile(rf"(?:{_DASH}| to )")
_DASHED = re.compile(r" ?[-—~〜] ?")
_JOINED_BY_AND = re.compile(r" and |和|与|、")
#: Before the first end: it rose "from 3 to 4", which is a change and no range.
_CHANGE = re.compile(r"(?:\bfrom|由|从|自)[^,;。]{0,12}\Z")
_RANGE_WORD = re.compile(r"(?:between|rang\w+ (?:of|from)|介于|在)[^,;。]{0,12}\Z")
_CHANGE_ROOM, _SMALL_ROOM = 24, 40
_CHINESE_CHANGE = late(
    r"(?:又|零)?(?P<tenth>[\d一二三四五六七八九两])(?P<unit>角|毛|毫|分钱|"
    r"分)?(?P<hundredth>[\d一二三四五六七八九半])?分?(?![\u4e00-\u9fff\d.,](?<![至到以和]))"
)
_CENTS = re.compile(r"(?:,? and |[ ,]+)(?=[\da-z])")
_CENT_WORD = re.compile(r" ?(?:cents?|pence|p|c|sens?|kopiykas?|kopeks?|paise)(?![a-z\d])")
_END = re.compile(r" ?(?:[.,;!?]|\Z)(?!\d)")
_HAN_DIGIT = dict(zip("一二三四五六七八九两半", [1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 5], strict=True))


def join_parts(amounts: Iterable[Amount], folded: str) -> Iterator[Amount]:
    """Join the ends of each range and the small change of each sum; what is not joined passes unchanged."""
    last: Amount | None = None
    for amount in amounts:
        amount = _with_small_change(_with_second_number(amount, folded), folded)
        if last is None:
            last = amount
            continue
        if amount.start < last.end:  # its number was the upper end or the small change of the last
            last = replace(last, end=max(last.end, amount.end))
            continue
        joined = _join_range(last, amount, folded) or _join_minor(last, amount, folded)
        if joined is None:
            yield last
        last = joined or amount
    if last is not None:
        yield last


def _with_second_number(amount: Amount, folded: str) -> Amount:
    """One currency for two numbers, on either side: "$3-4bn", 400亿至420亿美元, "10 to 20 dollars"."""
    if amount.end > amount.number.end:
        return _with_lower(amount, folded)
    return _with_upper(amount, folded)


def _with_lower(amount: Amount, folded: str) -> Amount:
    number = amount.number
    separator = _SEPARATOR_BEFORE.search(folded, max(0, number.start - 4), number.start)
    separator = separator or _AND_BEFORE.search(folded, max(0, number.start - 5), number.start)
    low = find_number_before(folded, separator.start()) if separator else None
    if low and separator and "d" in separator.group() and not _BETWEEN.search(folded, max(0, low.start - 9), low.start):
        return amount
    if separator is None or low is None or (low.weak and low.digital):
        return amount
    ends = _ends(low, number, amount.unit.factor)
    if ends is None or folded[max(0, low.start - 1) : low.start] in tuple("$€£¥"):
        return amount
    if amount.start < number.start:  # the currency stands before the upper number: that is another sum
        return amount
    if _is_change(folded, low.start):
        return amount
    return replace(amount, start=low.start, value=ends[0], high=ends[1])


def _with_upper(amount: Amount, folded: str) -> Amount:
    separator = _SEPARATOR_AFTER.match(folded, amount.end)
    high = find_number_after(folded, separator.end()) if separator else None
    if separator is None or high is None or not high.digital:
        return amount
    if " to " in separator.group() and high.scale == 1:
        return amount
    following = folded[high.end : high.end + 2]
    if (following[:1].isascii() and following[:1].isalpha()) or (
        following[:1] == "-" and following[1:].isalpha() and high.scale == 1
    ):
        return amount
    ends = _ends(amount.number, high, amount.unit.factor)
    return replace(amount, end=high.end, value=ends[0], high=ends[1]) if ends else amount


def _ends(low: Number, high: Number, factor: float) -> tuple[float, float] | None:
    """Both ends in major units; a small number without a scale takes the scale of the upper end."""
    value = low.value * high.scale if low.scale == 1 and low.value < 1000 else low.value
    if value >= high.value:
        value = low.value
    return (value * factor, high.value * factor) if 0 < value < high.value else None


def _is_change(folded: str, start: int) -> bool:
    before = folded[max(0, start - _CHANGE_ROOM) : start]
    return bool(_CHANGE.search(before)) and not _RANGE_WORD.search(before)


def _join_range(low: Amount, high: Amount, folded: str) -> Amount | None:
    gap = folded[low.end : high.start]
    if low.high is not None or high.high is not None or len(gap) > 6 or low.unit.factor != high.unit.factor:
        return None
    before = folded[max(0, low.start - _CHANGE_ROOM) : low.start]
    by_and = _JOINED_BY_AND.fullmatch(gap) and (_RANGE_WORD.search(before) and (gap != "、"))
    if not by_and and (
        not _BETWEEN_PARTS.fullmatch(gap) or (not _DASHED.fullmatch(gap) and _is_change(folded, low.start))
    ):
        return None
    if low.currency != high.currency and not (low.unit.open or high.unit.open):
        return None
    ends = _ends(low.number, high.number, low.unit.factor)
    if ends is None or (high.value, low.value) != (
        high.number.value * high.unit.factor,
        low.number.value * low.unit.factor,
    ):
        ends = (low.value, high.value)
    if not 0 < ends[0] < ends[1]:
        return None
    known = high if low.unit.open and not high.unit.open else low
    return replace(known, start=low.start, end=high.end, number=high.number, value=ends[0], high=ends[1])


def _join_minor(major: Amount, minor: Amount, folded: str) -> Amount | None:
    """ "3 dollars 40 cents", 两美元又三美分: the second is part of the first."""
    if major.unit.factor != 1 or minor.unit.factor == 1 or minor.value >= 1 or major.high or minor.high:
        return None
    gap = folded[major.end : minor.start]
    if gap.strip() not in ("", "and", "又", "零") or major.unit.kind == "sign" or major.number.scale > 1:
        return None
    return replace(major, end=minor.end, value=round(major.value + minor.value, 4))


def _with_small_change(amount: Amount, folded: str) -> Amount:
    if amount.high is not None or amount.unit.factor != 1 or amount.number.scale > 1 or amount.number.mantissa % 1:
        return _with_tenths(amount, folded)
    if amount.unit.kind == "han":
        return _with_tenths(amount, folded)
    return _with_cents(amount, folded)


def _with_tenths(amount: Amount, folded: str) -> Amount:
    """一块二角, 五蚊七毫八, 五块半: the digits behind the unit."""
    if (
        amount.unit.kind != "han"
        or amount.high is not None
        or amount.number.scale > 1
        or amount.end == amount.number.end
    ):
        return amount
    match = _CHINESE_CHANGE.match(folded, amount.end)
    stop = folded[amount.end : amount.end + 1]
    if match is None and stop == "半" and folded[amount.end - 1] in "块蚊":
        return replace(amount, end=amount.end + 1, value=amount.value + 0.5)
    if match is None or (match["unit"] is None and not amount.unit.shy):
        return amount
    first = 0.01 if (match["unit"] or "").startswith("分") else 0.1 * amount.unit.factor
    value = amount.value + first * _digit(match["tenth"])
    if match["hundredth"]:
        value += first / 10 * _digit(match["hundredth"])
    return replace(amount, end=match.end(), value=round(value, 4))


def _digit(char: str) -> int:
    return _HAN_DIGIT[char] if char in _HAN_DIGIT else int(char)


def _with_cents(amount: Amount, folded: str) -> Amount:
    """ "twenty dollars and 43", "$20 43": two figures at the end of the clause, or named as cents."""
    joint = _CENTS.match(folded, amount.end)
    number = find_number_after(folded, joint.end()) if joint else None
    if number is None or number.scale != 1 or number.value >= 100 or number.value % 1:
        return amount
    named = _CENT_WORD.match(folded, number.end)
    if named is None and (number.value < 10 or not _END.match(folded, number.end)):
        return amount
    return replace(amount, end=named.end() if named else number.end, value=round(amount.value + number.value / 100, 4))
