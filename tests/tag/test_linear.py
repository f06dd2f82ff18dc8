"""Sums of named weights."""

from __future__ import annotations

import pytest

from chipreel.model import LinearModel
from chipreel.tag.linear import contributions, probability

MODEL = LinearModel(bias=-1.0, weights={"芯片": 2.0, "fruit": -3.0})


@pytest.mark.parametrize(
    ("features", "expected"),
    [({}, 0.2689), ({"芯片": 1.0}, 0.7311), ({"芯片": 1.0, "fruit": 1.0}, 0.1192), ({"unknown": 9.0}, 0.2689)],
)
def test_a_probability_is_the_squeezed_sum(features: dict[str, float], expected: float) -> None:
    """Known features add their weights to the bias, unknown ones nothing."""
    assert probability(MODEL, features) == pytest.approx(expected, abs=1e-4)


def test_huge_sums_stay_probabilities() -> None:
    """No feature value overflows."""
    assert 0 < probability(MODEL, {"fruit": 1e9}) < probability(MODEL, {"芯片": 1e9}) < 1


def test_contributions_are_the_weightiest_first_and_hold_the_bias() -> None:
    """What a reader sees first is what mattered most."""
    assert contributions(MODEL, {"芯片": 1.0, "fruit": 1.0}) == (("fruit", -3.0), ("芯片", 2.0), ("bias", -1.0))
