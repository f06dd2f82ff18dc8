"""What headers say about time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chipreel.fetch.cache_headers import (
    MAX_AGE_CAP_S,
    RETRY_AFTER_CAP_S,
    find_max_age_s,
    find_retry_after_s,
    keeps_validators,
)

NOW = datetime(2024, 2, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("1.5", 1),
        ("Wed, 21 Feb 2024 12:01:40 GMT", 100),
        ("Wed, 21 Feb 2024 11:00:00 GMT", 0),
        ("Fri, 21 Feb 2025 12:00:00 GMT", RETRY_AFTER_CAP_S),
        ("99999999999", RETRY_AFTER_CAP_S),
        ("-5", None),
        ("soon", None),
        ("明天", None),
        ("Wed, 99 Feb 2024 99:99:99 GMT", None),
        ("9" * 500, None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_every_form(value, expected):
    assert find_retry_after_s(value, NOW) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, s-maxage=5, max-age=600"}, 600),
        ({"cache-control": "Max-Age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=31536000"}, MAX_AGE_CAP_S),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": "max-age=lots"}, None),
        ({"expires": "Wed, 21 Feb 2024 13:00:00 GMT"}, 3600),
        ({"expires": "Wed, 21 Feb 2024 11:00:00 GMT"}, None),
        ({"expires": "Sat, 21 Feb 2026 13:00:00 GMT"}, MAX_AGE_CAP_S),
        ({"expires": "0"}, None),
        ({"expires": "-1", "cache-control": "max-age=60"}, 60),
        ({}, None),
    ],
)
def test_how_long_an_answer_stays_fresh(headers, expected):
    assert find_max_age_s(headers, NOW) == expected


def test_nothing_is_kept_of_what_must_not_be_kept():
    assert keeps_validators({})
    assert keeps_validators({"expires": "Wed, 21 Feb 2024 11:00:00 GMT"})
    assert not keeps_validators({"expires": "0"})
    assert not keeps_validators({"cache-control": "no-cache, no-store"})
