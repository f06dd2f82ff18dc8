"""Numbers as they stand before and behind a currency: digits, scales, English and Chinese numerals.

Everything here reads the folded text (half width, lower case, Simplified) and looks at a bounded window, so that no run
of digits, however long, costs more than a few microseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chipreel.text.late import late

#: Code points looked at on either side of a currency; the longest written-out number of the labelled set has 31.
WINDOW = 72

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "million": 1e6, "mn": 1e6,
    "mln": 1e6, "mio": 1e6, "m": 1e6, "mm": 1e6, "crore": 1e7, "crores": 1e7, "cr": 1e7, "billion": 1e9, "bn": 1e9,
    "bln": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "trn": 1e12, "t": 1e12, "quadrillion": 1e15,
}  # fmt: skip
_DIGITS_HAN = dict(
    zip("零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖", [0, 0, *range(1, 10), 2, *range(1, 10)], strict=True)
)
_SMALL_HAN = {"十": 10.0, "拾": 10.0, "廿": 20.0, "卅": 30.0, "百": 100.0, "佰": 100.0, "千": 1000.0, "仟": 1000.0}
_BIG_HAN = {"万": 1e4, "亿": 1e8, "兆": 1e12}
_UNITS_EN = dict(zip("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
                     "sixteen seventeen eighteen nineteen".split(), map(float, range(20)), strict=True))  # fmt: skip
_TENS_EN = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))

_FRACTIONS = {"half": 0.5, "quarter": 0.25}

#: Digits with groups (also Indian 1,00,000), a decimal part, and the spaced point of tokenised text.
_DIGITAL = (
    r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:\.\d{3}){2,}|\d+(?:,\d{1,2}(?!\d))?)(?:\.\d+|"
    r" \. \d+(?= [mbt]illion)| [1-7]/[248](?!\d))?"
)
_WORD_SCALE = r"(?:hundred |lakh )?(?:thousand|million|billion|trillion|quadrillion|lakhs?|lac|crores?)|hundred"
_SHORT_SCALE = r"mln|mio|mn|mm|bln|bn|trn|tn|cr|[kmbt]"
_SCALE = rf"[ -]?(?:{_WORD_SCALE})(?![a-z])|(?:{_SHORT_SCALE})(?![a-z\d])| (?:{_SHORT_SCALE})(?![a-z\d-])"
_ENGLISH = rf"(?P<digits>{_DIGITAL})(?P<scale>{_SCALE})?"
_HAN = "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾廿卅百佰千仟万亿兆"
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.·]\d+)?"
_CHINESE = (
    rf"(?P<han>(?:(?<![a-z\d])(?<!\d[.,]){_FIGURE} ?(?=[{_HAN}多余来几])|(?<![\d.]))[{_HAN}多余来几数半]"
    rf"(?:[{_HAN}多余来几数半]|个(?=[万亿])|{_FIGURE}(?=[{_HAN}]|\Z))*)"
)
_WORD = "|".join([*_UNITS_EN, *_TENS_EN, "half", "quarters?", "dozen", "hundred", "thousand", "million", "billion",
                  "trillion", "lakh", "crore"])  # fmt: skip
_WORDS = rf"(?P<words>(?:(?:an?|{_WORD})[ -](?:and |of )?)*(?:{_WORD}))(?![a-z])"
_START = r"(?<![a-z\d])(?<!\d[.,])"
_BEFORE = late(rf"(?:{_CHINESE}|{_START}(?:{_ENGLISH}|{_WORDS}))[ -]?\Z")
_AFTER = late(rf"(?:{_CHINESE}|{_ENGLISH})")
#: What a Chinese number holds besides numerals, its scale, one that leaves open which of two it is, and its pieces.
_LOOSE = late("[多余来个 ]")
_BIG_SCALE = late("[万亿兆]+$")
_VAGUE = late("[一二三四五六七八九两]{2}[十百千万亿兆]")
_PIECE = late(r"[\d.·,]+|[零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖]+|.")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text: `folded[start:end]`."""

    start: int
    end: int
    value: float
    #: The number without its scale, and the scale: 52 and 1e9 in "52 billion".
    mantissa: float
    scale: float = 1.0
    #: "over" for 多 and 余, "about" for 来; None otherwise.
    bound: str | None = None
    #: A lone Chinese numeral without a digit ("二元结构"), or a scale alone ("亿元"): not money without more evidence.
    weak: bool = False
    #: Written with digits.
    digital: bool = True


def find_number_before(folded: str, end: int) -> Number | None:
    """The number that ends at `end` (a space or hyphen may follow it), or None."""
    low = max(0, end - WINDOW)
    match = _BEFORE.search(folded, low, end)
    return _read(match) if match else None


def find_number_after(folded: str, start: int) -> Number | None:
    """The number that begins at `start`, or None."""
    stop = start + WINDOW
    match = _AFTER.match(folded, start, stop)
    if match is None or (match.end() == stop and folded[stop : stop + 1].isdigit()):
        return None
    return _read(match)


def _read(match: re.Match[str]) -> Number | None:
    groups = match.groupdict()
    if groups["han"] is not None:
        return _read_chinese(match.start("han"), groups["han"])
    if groups["digits"] is not None:
        end = match.end("scale") if groups["scale"] else match.end("digits")
        mantissa, scale = _digits_value(groups["digits"]), _scale_value(groups["scale"] or "")
        return Number(match.start("digits"), end, mantissa * scale, mantissa, scale)
    value = parse_english(groups["words"])
    return Number(match.start("words"), match.end("words"), value, value, digital=False) if value else None


def _digits_value(digits: str) -> float:
    digits, _, fraction = digits.replace(" . ", ".").partition(" ")
    if fraction:  # 43 1/4
        return _digits_value(digits) + int(fraction[0]) / int(fraction[2])
    if digits.count(".") > 1:  # 1.234.567
        return float(digits.replace(".", ""))
    head, comma, tail = digits.rpartition(",")
    if comma and len(tail) < 3:  # 1,5 million
        digits = f"{head}.{tail}"
    return float(digits.replace(",", ""))


def _scale_value(scale: str) -> float:
    value = 1.0
    for word in scale.replace("-", " ").split():
        value *= _SCALES[word]
    return value


def parse_english(words: str) -> float | None:
    """The value of English number words, or None where they name no number ("million", "a").

    >>> parse_english("two and a half billion"), parse_english("half a million")
    (2500000000.0, 500000.0)
    """
    total, section, article = 0.0, 0.0, False
    for word in words.replace("-", " ").split():
        if word in ("a", "an"):
            article = True
        elif word == "quarters":
            section *= 0.25
        elif word in _FRACTIONS:
            section += _FRACTIONS[word]
        elif word in _UNITS_EN or word in _TENS_EN:
            section += _UNITS_EN.get(word, _TENS_EN.get(word, 0.0))
        elif word in _SCALES or word == "dozen":
            if not section and not article:
                return None
            section = (section or 1.0) * (12.0 if word == "dozen" else _SCALES[word])
            if word not in ("hundred", "dozen"):
                total, section, article = total + section, 0.0, True
    return total + section or None


def _read_chinese(start: int, run: str) -> Number | None:
    """A run such as 3.5亿, 一百二十亿, 30多亿, 千亿; None for vague ones (数十亿, 七八百万)."""
    skipped = len(run) - len(run.lstrip("多余来"))
    run, start = run[skipped:], start + skipped
    bound = "over" if set(run) & {"多", "余"} else "about" if "来" in run else None
    plain = _LOOSE.sub("", run)
    value = parse_chinese(plain)
    if value is None or value <= 0:
        return None
    big = _BIG_SCALE.search(plain)
    scale = 1.0
    for char in big.group() if big else "":
        scale *= _BIG_HAN[char]
    weak = not any(char.isdigit() and char.isascii() for char in plain) and len(plain) == 1
    return Number(start, start + len(run), value, value / scale, scale, bound, weak, any(c.isdigit() for c in plain))


def parse_chinese(run: str) -> float | None:
    """The value of Chinese numerals, also mixed with digits; None where it is vague or no number.

    >>> parse_chinese("1.78万亿"), parse_chinese("一兆二千亿"), parse_chinese("千亿"), parse_chinese("数十亿")
    (1780000000000.0, 1200000000000.0, 100000000000.0, None)
    """
    if not run or "几" in run or "数" in run or _VAGUE.search(run):
        return None
    parts: list[float] = []
    section, number, last = 0.0, None, 1.0
    pieces = _PIECE.findall(run)
    for place, piece in enumerate(pieces):
        if piece[0].isdigit():
            number = _plain_float(piece)
            if number is None:
                return None
        elif piece[0] in _DIGITS_HAN:
            number = _positional(piece, last if place == len(pieces) - 1 else 1.0)
        elif piece in _SMALL_HAN:
            section += _SMALL_HAN[piece] * (1.0 if number is None else number)
            number, last = None, _SMALL_HAN[piece]
        elif piece in _BIG_HAN:
            last = _BIG_HAN[piece]
            amount = section + (number or 0.0)
            while parts and parts[-1] < last:
                amount += parts.pop()
            parts.append((amount or 1.0) * last)
            section, number = 0.0, None
        elif piece == "半":
            section += last / 2 if last > 1 else 0.5
        else:
            return None
    return sum(parts) + section + (number or 0.0)


def _positional(digits: str, last: float) -> float:
    """Chinese digits in a row: 二〇二六 is 2026; behind a scale one digit counts a tenth of it (一万二 is 12,000)."""
    value = 0.0
    for char in digits:
        value = value * 10 + _DIGITS_HAN[char]
    return value * last / 10 if last >= 100 and len(digits) == 1 and digits not in "零〇" and value else value


def _plain_float(figure: str) -> float | None:
    try:
        return float(figure.replace(",", "").replace("·", "."))
    except ValueError:
        return None
