"""What an answer says about time: how long it may be kept, when to come again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

#: Longest time that a cache header may keep us away: some servers say a year.
MAX_AGE_CAP_S = 24 * 3600
#: Servers refuse requests whose headers are longer than some 8,000 bytes.
_HEADER_VALUE = re.compile(r"(?! )[\x20-\x7e]{1,4000}(?<! )")
#: Longest wait that a Retry-After may ask for.
RETRY_AFTER_CAP_S = 7 * 24 * 3600


def find_max_age_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds the answer stays fresh by Cache-Control, else Expires; capped at a day; None = not said."""
    cache_control = headers.get("cache-control", "").lower()
    if "no-store" in cache_control or "no-cache" in cache_control:
        return None
    if match := re.search(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", cache_control):
        return min(max(0, int(match[1]) - _age_s(headers)), MAX_AGE_CAP_S)
    expires = _seconds_until(headers.get("expires", ""), now)
    return min(expires, MAX_AGE_CAP_S) if expires is not None and expires > 0 else None


def keeps_validators(headers: Mapping[str, str]) -> bool:
    """False when the server says that nothing may be kept (`Expires: 0`, `no-store`): then its ETag is not trusted."""
    return headers.get("expires", "").strip() != "0" and "no-store" not in headers.get("cache-control", "").lower()


def find_validator(value: str | None) -> str | None:
    """A validator that can go back in a header as it came; None = there is none, or it holds what no header may.

    Without it the answer is told from the last one by its hash.
    """
    return value if value and is_header_value(value) else None


def is_header_value(text: str) -> bool:
    """Whether a text can stand in a header of a request: printable ASCII, not long, no space around it."""
    return _HEADER_VALUE.fullmatch(text) is not None


def find_retry_after_s(value: str | None, now: datetime) -> int | None:
    """Seconds of a Retry-After (seconds or a date), at least 0, capped at a week; None = absent or garbage."""
    text = (value or "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
        return min(int(float(text)), RETRY_AFTER_CAP_S)
    wait = _seconds_until(text, now)
    return None if wait is None else min(max(0, wait), RETRY_AFTER_CAP_S)


def _age_s(headers: Mapping[str, str]) -> int:
    age = headers.get("age", "").strip()
    return int(age) if re.fullmatch(r"\d{1,9}", age) else 0


def _seconds_until(date: str, now: datetime) -> int | None:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return int((moment - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
