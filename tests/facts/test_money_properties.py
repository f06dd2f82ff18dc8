"""What holds for every text: offsets, finite amounts, no exception, no hang."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chipreel.facts.money import find_money
from chipreel.facts.money.numerals import parse_chinese, parse_english

_PIECES = st.sampled_from(
    [
        *"$ US$ HK$ € £ ¥ ₹ 元 亿 万 兆 千 十 一 两 半 多 余 几 块 毛 角 分 美元 人民币".split(),
        *"至 到 - — ~ to and between".split(),
        *"1 2.5 1,000 １ ． ， 。 , . ( ) million bn k half a dollars cents RMB USD won pounds".split(),
        *"raised 估值 融资".split(),
        *"İ ﬁ \ud800 \x00 ² ٣ ௧ ½".split(),
        *(" ", "\n", "0" * 80, "9" * 400),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=24).map("".join), st.lists(_PIECES, max_size=24).map(" ".join)))
def test_every_sum_is_a_piece_of_its_text_and_a_plain_number(text: str) -> None:
    """Offsets match the surface, sums do not overlap, amounts are finite and not negative, ranges ascend."""
    done = 0
    for money in find_money(text, companies=[("x", 0, 1)]):
        assert text[money.start : money.end] == money.surface != ""
        assert money.start >= done
        done = money.end
        assert math.isfinite(money.amount)
        assert money.amount >= 0
        assert money.amount_high is None or money.amount < money.amount_high < math.inf


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="零〇一二三四五六七八九两十百千万亿兆半0123456789.,几数", max_size=30))
def test_chinese_numerals_never_raise(run: str) -> None:
    """A value, or None for what is no number."""
    value = parse_chinese(run)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("一百零五", 105.0),
        ("两千三百万", 2.3e7),
        ("一万二", 12000.0),
        ("3亿5000万", 3.5e8),
        ("1.78万亿", 1.78e12),
        ("一兆两千亿", 1.2e12),
        ("壹佰贰拾万", 1.2e6),
        ("二〇二六", 2026.0),
        ("百亿", 1e10),
        ("一亿半", 1.5e8),
        ("数十亿", None),
        ("七八百万", None),
        ("", None),
    ],
)
def test_chinese_numerals_have_their_value(run: str, value: float | None) -> None:
    """Mixed with digits, formal, positional; vague ones are none."""
    assert parse_chinese(run) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("thirteen", 13.0),
        ("two hundred and fifty", 250.0),
        ("two and a half billion", 2.5e9),
        ("a quarter of a million", 2.5e5),
        ("three quarters of a million", 7.5e5),
        ("nine thousand and one", 9001.0),
        ("million", None),
    ],
)
def test_english_number_words_have_their_value(words: str, value: float | None) -> None:
    """A scale alone is no number."""
    assert parse_english(words) == value


@pytest.mark.parametrize(
    "text",
    ["7" * 10_000_000, "$" * 2_000_000, "亿元" * 500_000, "1元" * 500_000, "$1 " * 500_000, "1," * 1_000_000 + "元"],
    ids=["digits", "signs", "bare units", "sums", "dollars", "commas"],
)
def test_a_hostile_text_costs_no_more_than_seconds(text: str) -> None:
    """Runs of digits, signs and units are read in bounded windows."""
    start = time.process_time()
    find_money(text)
    assert time.process_time() - start < 5
