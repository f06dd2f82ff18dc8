"""Exchange rates to the dollar by day, and the one sum that is done with them."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: A rate serves this long before its first and behind its last day; beyond that it would be a guess.
MOST_STALE_DAYS = 400


@dataclass(frozen=True, slots=True)
class Rates:
    """Reference rates: `rows[i]` holds from `days[i]` to the day before `days[i + 1]`."""

    #: Ascending.
    days: tuple[date, ...]
    #: Units of each currency (ISO 4217) that one dollar buys, per day of `days`.
    rows: tuple[Mapping[str, float], ...]


def to_usd(amount: float, currency: str | None, day: date | None, rates: Rates) -> float | None:
    """`amount` in dollars at the rate of `day` (None = the newest), or None where no rate is known for it.

    >>> to_usd(7.0, "CNY", date(2024, 2, 21), Rates((date(2024, 1, 1),), ({"CNY": 7.0},)))
    1.0
    """
    if currency == "USD":
        return amount
    if currency is None or not rates.days:
        return None
    place = len(rates.days) - 1 if day is None else max(0, bisect_right(rates.days, day) - 1)
    if day is not None and abs((day - rates.days[place]).days) > MOST_STALE_DAYS:
        return None
    rate = rates.rows[place].get(currency)
    usd = amount / rate if rate else None
    return usd if usd is not None and math.isfinite(usd) else None
