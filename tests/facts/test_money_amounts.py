"""Sums in every dress they come in, both scripts side by side."""

from __future__ import annotations

import pytest

from chipreel.facts.money import find_money


def _sums(text: str, lang: str | None = None) -> list[tuple[str, float, float | None, str | None]]:
    return [(m.surface, m.amount, m.amount_high, m.currency) for m in find_money(text, lang=lang)]


@pytest.mark.parametrize(
    ("text", "surface", "amount", "currency"),
    [
        ("a bill of $1.78 trillion", "$1.78 trillion", 1.78e12, "USD"),
        ("市值1.78万亿美元", "1.78万亿美元", 1.78e12, "USD"),
        ("a US$100bn fund", "US$100bn", 1e11, "USD"),
        ("一千亿美元的基金", "一千亿美元", 1e11, "USD"),
        ("a £27m lease", "£27m", 27e6, "GBP"),
        ("兩千七百萬英鎊", "兩千七百萬英鎊", 27e6, "GBP"),
        ("spent $ 280 million on it", "$ 280 million", 280e6, "USD"),
        ("spent 280 million dollars", "280 million dollars", 280e6, "USD"),
        ("RMB 3 billion in cash", "RMB 3 billion", 3e9, "CNY"),
        ("USD 5m in cash", "USD 5m", 5e6, "USD"),
        ("5 billion yuan", "5 billion yuan", 5e9, "CNY"),
        ("人民币３．５亿元", "人民币３．５亿元", 3.5e8, "CNY"),
        ("3.5亿元人民币", "3.5亿元人民币", 3.5e8, "CNY"),
        ("一兆兩千億日圓", "一兆兩千億日圓", 1.2e12, "JPY"),
        ("1.2兆円", "1.2兆円", 1.2e12, "JPY"),
        ("NT$1,200億", "NT$1,200億", 1.2e11, "TWD"),
        ("新台幣三百萬元", "新台幣三百萬元", 3e6, "TWD"),
        ("HK$48億", "HK$48億", 4.8e9, "HKD"),
        ("市值破千億港元", "千億港元", 1e11, "HKD"),
        ("₩9.4 trillion", "₩9.4 trillion", 9.4e12, "KRW"),
        ("9.4万亿韩元", "9.4万亿韩元", 9.4e12, "KRW"),
        ("₹10,300 crore", "₹10,300 crore", 1.03e11, "INR"),
        ("5 lakh rupees", "5 lakh rupees", 5e5, "INR"),
        ("Rs 20,000 crore", "Rs 20,000 crore", 2e11, "INR"),
        ("€4.9 billion", "€4.9 billion", 4.9e9, "EUR"),
        ("4.9亿欧元", "4.9亿欧元", 4.9e8, "EUR"),
        ("A$300m", "A$300m", 3e8, "AUD"),
        ("C$2.4bn", "C$2.4bn", 2.4e9, "CAD"),
        ("S$5m", "S$5m", 5e6, "SGD"),
        ("125 million Australian dollars", "125 million Australian dollars", 125e6, "AUD"),
        ("$5 million AUD", "$5 million AUD", 5e6, "AUD"),
        ("half a billion dollars", "half a billion dollars", 5e8, "USD"),
        ("two and a half billion dollars", "two and a half billion dollars", 2.5e9, "USD"),
        ("壹佰贰拾万元整", "壹佰贰拾万元", 1.2e6, "CNY"),
        ("两美元", "两美元", 2.0, "USD"),
        ("一块二角", "一块二角", 1.2, "CNY"),
        ("3 GBP 1 pence", "3 GBP 1 pence", 3.01, "GBP"),
        ("48.5 MGBP", "48.5 MGBP", 48.5e6, "GBP"),
        ("64.2 cents", "64.2 cents", 0.642, "USD"),
        ("5毛钱", "5毛钱", 0.5, "CNY"),
        ("300万美金", "300万美金", 3e6, "USD"),
        ("2000万瑞士法郎", "2000万瑞士法郎", 2e7, "CHF"),
        ("5亿卢比", "5亿卢比", 5e8, "INR"),
        ("1,300 won", "1,300 won", 1300.0, "KRW"),
        ("100块钱", "100块钱", 100.0, "CNY"),
    ],
)
def test_a_sum_is_read_whole(text: str, surface: str, amount: float, currency: str) -> None:
    """One sum, its whole span, its value in major units and its currency."""
    found = find_money(text)
    assert [(m.surface, m.currency) for m in found] == [(surface, currency)]
    assert found[0].amount == pytest.approx(amount)
    assert text[found[0].start : found[0].end] == surface


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("$52-56 billion", 52e9, 56e9, "USD"),
        ("$3-4bn", 3e9, 4e9, "USD"),
        ("between $3 billion and $4 billion", 3e9, 4e9, "USD"),
        ("$1.5 to $2 million", 1.5e6, 2e6, "USD"),
        ("US$1.2 billion-US$1.5 billion", 1.2e9, 1.5e9, "USD"),
        ("between 10 and 20 dollars", 10, 20, "USD"),
        ("400億至420億美元", 40e9, 42e9, "USD"),
        ("3万-5万元", 3e4, 5e4, "CNY"),
        ("70美元到90美元之间", 70, 90, "USD"),
        ("人民币100到150亿元", 100e8, 150e8, "CNY"),
    ],
)
def test_a_range_is_one_sum_with_two_ends(text: str, low: float, high: float, currency: str) -> None:
    """A small first number takes the scale of the second."""
    (found,) = find_money(text)
    assert (found.amount, found.amount_high, found.currency) == (pytest.approx(low), pytest.approx(high), currency)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("rose from $3 billion to $4 billion", [3e9, 4e9]),
        ("费用从30元到50元", [30, 50]),
        ("50 dollar 50 dollar", [50, 50]),
        ("380 billion yuan ($53 billion)", [380e9, 53e9]),
        ("涨了5，100元", [100]),
        ("2元提高到4元", [2, 4]),
    ],
)
def test_two_sums_stay_two(text: str, amounts: list[float]) -> None:
    """A change, a conversion and a list are no range."""
    found = find_money(text)
    assert [m.amount for m in found] == amounts
    assert [m.amount_high for m in found] == [None] * len(amounts)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and the H100 in 2026 on a 3nm node",
        "175 billion parameters, 15 trillion tokens, 100,000 GPUs",
        "参数1750亿，15万亿token，10万块GPU",
        "50 Cent sings; 50 cents (the rapper) too",
        "$NVDA and $AMD gained 3%",
        "元宇宙、元旦、二元结构、单元测试、多元化",
        "五块芯片，2048块H800",
        "it weighs 3,000 pounds",
        "she won 42 won games",
        "Euro 2028 and the year 2026",
        "billions of dollars, several million euros",
        "数十亿美元，几百万元，单位：亿元",
        "人民币业务与美元指数，兑美元7.1",
        "penny-wise and pound-foolish",
        "the RS 500 car, rm -rf",
        "call 400-820-0000 or +1 555 0142",
        "AMD 5 ships; TRY 2 of ALL 5",
        "$4090ti",
    ],
)
def test_what_only_looks_like_money_is_none(text: str) -> None:
    """Models, years, classifiers, tickers, weights, vague sums."""
    assert find_money(text) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("up to $40 billion", "under"),
        ("as much as $7 trillion", "under"),
        ("at least $5m", "over"),
        ("more than $2 million", "over"),
        ("$100 million-plus", "over"),
        ("about $3bn", "about"),
        ("exactly $3bn", None),
        ("不超过40亿元", "under"),
        ("超60亿美元", "over"),
        ("逾60億美元", "over"),
        ("30多亿元", "over"),
        ("10亿余元", "over"),
        ("上亿元", "over"),
        ("近10亿元", "about"),
        ("10亿元左右", "about"),
        ("10亿元以上", "over"),
        ("10亿元", None),
    ],
)
def test_the_words_around_a_sum_bound_it(text: str, bound: str | None) -> None:
    """About, over, under; None as said."""
    assert [m.bound for m in find_money(text)] == [bound]


@pytest.mark.parametrize(
    ("text", "lang", "currencies"),
    [
        ("it costs $5", "en", ["USD"]),
        ("All figures are in Canadian dollars; it costs $5", "en", ["CAD"]),
        ("收费5元", "zh", ["CNY"]),
        ("台積電與聯發科在新竹的營收達五千億元", "zh", ["TWD"]),
        ("香港團隊向港交所披露，開支為五百萬元", "zh", ["HKD"]),
        ("北京團隊的開支為五百萬元人民幣，另付三百萬元", "zh", ["CNY", "CNY"]),
        ("營收48億港元，利潤5億元", "zh", ["HKD", "HKD"]),
        ("8亿港元（约7.4亿元）", "zh", ["HKD", "CNY"]),
        ("¥500", "zh", ["CNY"]),
        ("¥500", "ja", ["JPY"]),
        ("Tokyo paid ¥500 million", "en", ["JPY"]),
        ("Beijing's ¥500 million plan for Chinese chips", "en", ["CNY"]),
    ],
)
def test_an_open_sign_means_what_the_text_says(text: str, lang: str, currencies: list[str]) -> None:
    """ "$" is USD and "元" CNY unless the text or a neighbour says otherwise."""
    assert [m.currency for m in find_money(text, lang=lang)] == currencies


def test_the_field_is_the_one_that_was_named() -> None:
    """Offsets count in the field the caller names."""
    (found,) = find_money("估值300亿美元", field="title")
    assert (found.field, found.start, found.end, found.role) == ("title", 2, 8 + 0, "valued")
