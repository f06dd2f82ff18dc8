"""Where sums stand: a cheap look for currencies, then the number beside each.

An Aho-Corasick pass finds every spelling of a currency; only there is a number looked for, in a bounded window. Text
without money costs one pass, and no text costs more than its length times a constant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from chipreel.facts.money.currencies import Unit, get_units
from chipreel.facts.money.numerals import Number, find_number_after, find_number_before
from chipreel.facts.money.plausible import (
    is_plausible_code,
    is_plausible_han,
    is_plausible_prefixed,
    is_plausible_word,
    read_adjective,
)

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

#: The text is scanned in slices of so many code points, so that a hostile text makes no list of millions of matches.
SLICE = 65_536
#: Spellings are shorter than this; slices overlap by it.
_LONGEST = 24
#: So many currencies in a row without a number beside them are no language either.
_PATIENCE = 20_000
#: A text with more sums than this is a table, not news: what follows is not read.
MOST_AMOUNTS = 2_000

_SURROGATES = re.compile("[\ud800-\udfff]")
_NUMERAL = frozenset("0123456789零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾廿卅百佰千仟万亿兆多余来半")
_SIGN_NEXT = re.compile(r" ?(?:[$€£¥₩₹]|usd|rmb|eur|cny)(?![ a-z]?\d)")
_UNIT_NEXT = re.compile(
    r" ?(?:[$€£¥₩₹]|(?:usd|rmb|eur|cny|gbp|dollars?|euros?|pounds?|yuan|yen|rupees?|cents?|pence|kop\w+|paise|"
    r"sens?)(?![a-z]))"
    r"(?![ a-z]?\d)"
)
_SCALE_BEFORE = re.compile(r"(?:[a-z]{3} ?|\d[kmbt]n?)\Z")
_CODE_NEXT = re.compile(
    r" ?(usd|aud|cad|hkd|sgd|nzd|twd|us dollars|(?:人民币|港币|新?台币|美金|美元|加元|澳元|rmb|cny))(?![a-z\d])"
)
_OWN_UNIT = re.compile(r"元(?:人民币|港币|新?台币|rmb)?|圆|块钱?")
_SCALED_CODE = {"m": 1e6, "k": 1e3, "b": 1e9}


@dataclass(frozen=True, slots=True)
class Amount:
    """One sum, or one end of it: `folded[start:end]`, number and currency together."""

    start: int
    end: int
    number: Number
    #: Major units.
    value: float
    unit: Unit
    currency: str | None
    #: The upper end of a range.
    high: float | None = None


@cache
def _automaton() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    # The largest of its tables, 1 MB made in 3 ms, reads a text twice as fast as the one it would take by itself.
    return AhoCorasick(list(get_units()), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)


@cache
def _numbered_units() -> tuple[Unit, ...]:
    return tuple(get_units().values())


def _iter_anchors(folded: str) -> Iterator[tuple[int, int, Unit]]:
    units = _numbered_units()
    for base in range(0, len(folded), SLICE):
        piece = folded[base : base + SLICE + _LONGEST]
        for index, start, end in _find_spellings(piece):
            if start >= SLICE:
                break
            yield base + start, base + end, units[index]


def _find_spellings(piece: str) -> list[tuple[int, int, int]]:
    try:
        return _automaton().find_matches_as_indexes(piece)
    except UnicodeEncodeError:  # lone surrogates: no letters, and the automaton reads UTF-8
        return _automaton().find_matches_as_indexes(_SURROGATES.sub(" ", piece))


def iter_amounts(text: str, folded: str) -> Iterator[Amount]:
    """Every sum in `folded` (the folded form of `text`), left to right, not overlapping."""
    done = count = idle = 0
    for start, end, unit in _iter_anchors(folded):
        if start < done:
            continue
        found = _READERS[unit.kind](text, folded, start, end, unit)
        if found is not None and found.start >= done:
            yield found
            done, count, idle = found.end, count + 1, 0
        idle += 1
        if count >= MOST_AMOUNTS or idle >= _PATIENCE:
            return


def _has_numeral_before(folded: str, start: int) -> bool:
    place = start - 2 if start > 1 and folded[start - 1] in " -" else start - 1
    return place >= 0 and (folded[place] in _NUMERAL or folded[place].isdigit())


def _number_after(folded: str, end: int) -> Number | None:
    """The number right behind a sign or code, one space allowed."""
    start = end + 1 if folded[end : end + 1] == " " else end
    if folded[start : start + 1] not in _NUMERAL or not folded[start : start + 1]:
        return None
    return find_number_after(folded, start)


def _behind(folded: str, start: int, end: int, unit: Unit) -> Amount | None:
    """The sum whose number stands before `folded[start:end]`, the currency."""
    may = _has_numeral_before(folded, start) or (
        unit.kind == "sign" and _SCALE_BEFORE.search(folded, max(0, start - 10), start)
    )
    number = find_number_before(folded, start) if may else None
    return _amount(number.start, end, number, unit) if number else None


def _before(folded: str, start: int, end: int, unit: Unit) -> Amount | None:
    """The sum whose number stands behind the currency."""
    number = _number_after(folded, end)
    if number is None or not is_plausible_prefixed(folded, number):
        return None
    return _amount(start, number.end, number, unit)


def _amount(start: int, end: int, number: Number, unit: Unit, currency: str | None = None) -> Amount:
    return Amount(start, end, number, number.value * unit.factor, unit, currency or unit.currency)


def _read_sign(text: str, folded: str, start: int, end: int, unit: Unit) -> Amount | None:
    if folded[start].isalpha() and start and folded[start - 1].isascii() and folded[start - 1].isalpha():
        if folded[end - 1] not in get_units():
            return None
        start, unit = end - 1, get_units()[folded[end - 1]]  # "gas$5": the letters belong to a word
    if folded[start : start + 2] in ("rs", "rm") and not _is_letter_sign(text, folded, start, end):
        return None
    found = _before(folded, start, end, unit)
    if found is None:
        return _behind(folded, start, end, unit) if unit.behind else None
    if unit.behind and _SIGN_NEXT.match(folded, found.end):  # "10 $ 30 $"
        found = _behind(folded, start, end, unit) or found
    return _with_code(folded, found) if unit.open else found


def _is_letter_sign(text: str, folded: str, start: int, end: int) -> bool:
    """Rs 500, 20 rs and RM 42 are sums; "RS 500" is a car and "rm" a command."""
    following = folded[end : end + 1]
    if (following.isascii() and following.isalpha()) or following in ("-", "_"):
        return False
    return text[start : start + 2] == "RM" if folded[start + 1] == "m" else text[start : start + 2] in ("Rs", "rs")


def _with_code(folded: str, found: Amount) -> Amount:
    """ "$5 million AUD": the code behind the number says whose dollars."""
    match = _CODE_NEXT.match(folded, found.end)
    if match is None:
        return found
    unit = get_units().get(match[1], get_units()["usd"])
    return _amount(found.start, match.end(), found.number, unit)


def _read_code(text: str, folded: str, start: int, end: int, unit: Unit) -> Amount | None:
    scale = 1.0
    if start and folded[start - 1].isascii() and folded[start - 1].isalpha():  # "48.5 MGBP"
        scale = _SCALED_CODE.get(folded[start - 1], 0.0)
        if not scale or (start > 1 and folded[start - 2].isascii() and folded[start - 2].isalnum()):
            return None
    if not is_plausible_code(text, folded, start, end):
        return None
    wide = start - 1 if scale > 1 else start
    ahead, back = _before(folded, wide, end, unit), _behind(folded, wide, end, unit)
    if ahead and back:
        is_year = back.number.scale == 1 and 1900 <= back.value <= 2100
        scaled = back.number.scale > 1 or folded[start - 1].isdigit()
        tight = folded[end].isdigit() and not folded[start - 1].isdigit()
        prefers_back = not is_year and not tight and (scaled or _UNIT_NEXT.match(folded, ahead.end) is not None)
        found: Amount | None = back if prefers_back else ahead
    else:
        found = back or ahead
    if found is None or scale == 1:
        return found
    return Amount(found.start, found.end, found.number, found.value * scale, unit, unit.currency)


def _read_word(text: str, folded: str, start: int, end: int, unit: Unit) -> Amount | None:
    if not is_plausible_word(text, folded, start, end):
        return None
    stop, currency = read_adjective(folded, start, end)
    number = find_number_before(folded, stop)
    if number is None or number.weak:
        return _before(folded, stop, end, unit) if unit.before else None
    if unit.shy and not _is_large(folded, number):
        return None
    return _amount(number.start, end, number, unit, currency)


def _is_large(folded: str, number: Number) -> bool:
    """Large or exact enough for a unit that is also a verb: 1,300 won, 5 billion won, 1.5338 marks; not "42 won"."""
    grouped = "," in folded[number.start : number.end]
    return number.scale >= 1e5 or number.mantissa % 1 != 0 or number.value >= 2100 or grouped


def _read_han(_text: str, folded: str, start: int, end: int, unit: Unit) -> Amount | None:
    found = _behind(folded, start, end, unit)
    if found is not None:
        if not is_plausible_han(folded, found.number, end, unit):
            return None
        own = _OWN_UNIT.match(folded, start) if unit.open else None
        if own and own.end() > end:  # 40元人民币
            named = get_units().get(own.group()[1:])
            return _amount(found.start, own.end(), found.number, named or unit)
        return found
    found = _before(folded, start, end, unit) if unit.before else None
    own = _OWN_UNIT.match(folded, found.end) if found else None
    if found and own:  # 人民币3亿元
        return _amount(start, own.end(), found.number, unit)
    return found


_READERS = {"sign": _read_sign, "code": _read_code, "word": _read_word, "han": _read_han}
