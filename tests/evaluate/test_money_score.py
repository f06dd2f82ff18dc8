"""The scorer of sums, by hand-made rows."""

from __future__ import annotations

from chipreel.evaluate.money import score_money

_LABEL = {
    "start": 0,
    "end": 6,
    "surface": "7万亿美元",
    "value": 7e12,
    "currency": "USD",
    "role": "seeking",
    "owner": "openai",
}
_SUM = {"start": 0, "end": 6, "amount": 7e12, "currency": "USD", "role": "seeking", "owner": None}


def test_right_extra_and_missed_are_counted_by_language() -> None:
    """A wrong currency is one extra and one missed; a role counts only where the sum is right."""
    gold = [
        {"id": "a", "lang": "zh", "expected": [_LABEL]},
        {"id": "b", "lang": "en", "expected": [_LABEL]},
        {"id": "c", "lang": "en", "expected": [_LABEL]},
    ]
    pred = [{"id": "a", "money": [_SUM]}, {"id": "b", "money": [{**_SUM, "currency": "CNY"}]}]
    scores = score_money(gold, pred)
    assert (scores["zh"].sums.right, scores["zh"].roles_right, scores["zh"].owners_right) == (1, 1, 0)
    assert (scores["en"].sums.right, scores["en"].sums.extra, scores["en"].sums.missed) == (0, 1, 2)
    assert (scores["all"].sums.precision, scores["all"].sums.recall) == (0.5, 1 / 3)
    assert scores["all"].sums.f1 == 0.4


def test_neutral_spans_and_other_ends_of_ranges_count_nothing() -> None:
    """What is too vague to label is neither right nor wrong, and either end of a range is right."""
    label = {"start": 0, "end": 9, "value": 3e9, "value_high": 4e9, "currency": "USD"}
    gold = [{"id": "a", "lang": "en", "expected": [label], "ignore": [{"start": 20, "end": 30}]}]
    money = [
        {"start": 0, "end": 9, "amount": 4e9, "currency": "USD"},
        {"start": 0, "end": 3, "amount": 3.0, "currency": "USD"},
        {"start": 22, "end": 26, "amount": 1.0, "currency": "USD"},
    ]
    scores = score_money(gold, [{"id": "a", "money": money}])
    assert (scores["en"].sums.right, scores["en"].sums.extra, scores["en"].sums.missed) == (1, 0, 0)


def test_nothing_scores_nothing() -> None:
    """No rows, no division by zero."""
    assert score_money([], [])["all"].sums.f1 == 0.0
