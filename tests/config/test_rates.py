"""The table of exchange rates: read, refused, and used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chipreel.config.rates import load_rates, parse_rates
from chipreel.errors import ConfigError
from chipreel.model.rates import Rates, to_usd


def test_the_shipped_table_covers_the_race() -> None:
    """From 2023 to the end of 2026, the currencies that the race is told in."""
    rates = load_rates()
    assert rates.days[0] <= date(2023, 1, 1)
    assert rates.days[-1] >= date(2026, 10, 1)
    for currency in "CNY EUR GBP JPY KRW TWD HKD INR SGD CHF CAD AUD ILS AED SAR".split():
        assert all(row[currency] > 0 for row in rates.rows)


@pytest.mark.parametrize(
    ("amount", "currency", "day", "usd"),
    [
        (5.0, "USD", date(1999, 1, 1), 5.0),
        (14.0, "CNY", date(2024, 2, 21), 2.0),
        (14.0, "CNY", date(2024, 4, 1), 1.0),
        (14.0, "CNY", None, 1.0),
        (14.0, "CNY", date(2023, 12, 31), 2.0),
        (14.0, "CNY", date(1999, 1, 1), None),
        (14.0, "CNY", date(2030, 1, 1), None),
        (14.0, "XXX", date(2024, 2, 21), None),
        (14.0, None, date(2024, 2, 21), None),
        (0.0, "CNY", date(2024, 2, 21), 0.0),
    ],
)
def test_a_sum_is_converted_at_the_rate_of_its_day(
    amount: float, currency: str | None, day: date | None, usd: float | None
) -> None:
    """The row in force on the day; None rather than a stale or missing rate."""
    rates = Rates((date(2024, 1, 1), date(2024, 4, 1)), ({"CNY": 7.0}, {"CNY": 14.0}))
    assert to_usd(amount, currency, day, rates) == usd


def test_an_empty_table_converts_dollars_only() -> None:
    """No rates, no guesses."""
    assert to_usd(1.0, "USD", None, Rates((), ())) == 1.0
    assert to_usd(1.0, "CNY", None, Rates((), ())) is None


def test_rows_may_come_in_any_order_and_cells_may_be_empty(tmp_path: Path) -> None:
    """A user's own table: notes, spaces, gaps, a byte order mark."""
    path = tmp_path / "rates.csv"
    path.write_text("\ufeff# ours\n\nday, CNY,EUR\n2024-04-01,7.2,\n2024-01-01,7.1,0.9\n", encoding="utf-8")
    rates = load_rates(path)
    assert rates.days == (date(2024, 1, 1), date(2024, 4, 1))
    assert rates.rows == ({"CNY": 7.1, "EUR": 0.9}, {"CNY": 7.2})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("# only a note\n", None),
        ("day,CNY\n", None),
        ("date,CNY\n2024-01-01,7\n", 1),
        ("day,yuan\n2024-01-01,7\n", 1),
        ("day,CNY\n2024-13-01,7\n", 2),
        ("day,CNY\n2024-01-01,seven\n", 2),
        ("day,CNY\n2024-01-01,0\n", 2),
        ("day,CNY\n2024-01-01,nan\n", 2),
        ("day,CNY\n2024-01-01,inf\n", 2),
        ("day,CNY\n2024-01-01,7,8\n", 2),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_line(text: str, line: int | None) -> None:
    """The error says where and what to write instead."""
    with pytest.raises(ConfigError) as caught:
        parse_rates(text, "rates.csv")
    assert (caught.value.path, caught.value.line) == ("rates.csv", line)
    assert "day,CNY" in (caught.value.hint or "")


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    """The user's file, so a ConfigError."""
    with pytest.raises(ConfigError):
        load_rates(tmp_path / "none.csv")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        load_rates(binary)
