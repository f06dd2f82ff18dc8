"""Years on a company's page: a month that nobody looked at is a gap, not silence."""

from chipreel.browse.charts import GAP, by_month
from chipreel.store.months import MonthTrend, MonthTrends

MONTHS = ("2024-02", "2024-03", "2024-04", "2024-05")


def _trends(*counts: int | None) -> MonthTrends:
    company = MonthTrend("softbank", "SoftBank", "软银", counts)
    return MonthTrends(MONTHS[: len(counts)], (1,) * len(counts), (), (company,))


def test_a_gap_is_drawn_and_silence_is_not() -> None:
    """A month without articles is empty; one that no source's history reaches is grey and says so."""
    chart = by_month(_trends(4, 0, None, 2), "softbank", "无人收集")

    assert chart is not None
    assert [(box.colour, box.title) for box in chart.boxes] == [
        (0, "2024-02: 4"),
        (GAP, "2024-04: 无人收集"),
        (0, "2024-05: 2"),
    ]
    assert [box.height for box in chart.boxes if box.colour == 0] == [100.0, 50.0]


def test_a_company_nobody_named_has_no_chart() -> None:
    """Nor has one with less than three months of history."""
    assert by_month(_trends(1, 2, 3), "nvidia", "nobody looked") is None
    assert by_month(_trends(1, 2), "softbank", "nobody looked") is None
