"""Dates: every way in which feeds and pages write a moment, in both scripts, and the honesty of the notes."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chipreel.text.dates import parse_date

NOW = datetime(2024, 2, 22, 3, 0, tzinfo=UTC)
BEIJING = ZoneInfo("Asia/Shanghai")
FEBRUARY_21 = datetime(2024, 2, 21, 6, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "Wed, 21 Feb 2024 14:27:00 +0800",
        "21 Feb 24 14:27 +0800",
        "Wed,21 Feb 2024 06:27:00 GMT",
        "Wed, 21 Feb 2024 06:27:00 Z",
        "Wednesday, 21-Feb-24 01:27:00 EST",
        "Tue, 20 Feb 2024 22:27:00 PST",
        "Wed, 21 Feb 2024 14:27:00 GMT+0800 (China Standard Time)",
        "Wed Feb 21 14:27:00 +0800 2024",
        "February 21, 2024 1:27 AM EST",
        "mercredi 21 février 2024 06:27 GMT",
        "2024-02-21T14:27:00+08:00",
        "2024-02-21T14:27:00.000+08:00[Asia/Shanghai]",
        "2024-02-21T06:27:00Z",
        "2024-02-21 14:27:00 +0800",
        "2024-02-21 06:27:00 UTC",
        "20240221T062700Z",
        "2024-W08-3T06:27:00Z",
        "2024-052T06:27:00Z",
        "1708496820",
        "1708496820000",
        "星期三, 21 二月 2024 14:27:00 +0800",
        "周三, 21 2月 2024 14:27:00 +0800",
        "2024年2月21日 14:27（北京时间）",
        "2024-02-21 14:27 (GMT+8)",
        "２０２４年２月２１日 14：27 北京时间",
    ],
)
def test_a_date_with_a_zone_is_plain(raw: str) -> None:
    """However it is written, a moment that names its zone needs neither now nor a zone, and no note."""
    assert parse_date(raw) == (FEBRUARY_21, None)


@pytest.mark.parametrize(
    "raw",
    [
        "2024-02-21 14:27",
        "2024/2/21 14:27",
        "2024.02.21 14:27",
        "21.02.2024 14:27",
        "Feb. 21, 2024, 2:27 pm",
        "Wed Feb 21 14:27:00 2024",
        "2024年2月21日 14:27",
        "2024年02月21日14时27分",
        "2024年2月21日 星期三 下午2:27",
        "2024年2月21日(水) 14:27",
        "2024년 2월 21일 오후 2시 27분",
        "二〇二四年二月二十一日 14:27",
    ],
)
def test_a_date_without_a_zone_is_the_sources_or_is_noted(raw: str) -> None:
    """The source's zone decides; without one the moment is taken as UTC and says so."""
    assert parse_date(raw, NOW, BEIJING) == (FEBRUARY_21, None)
    assert parse_date(raw, NOW) == (FEBRUARY_21.replace(hour=14), "no zone")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("昨天 15:58", (2024, 2, 21, 7, 58)),
        ("今天 08:05", (2024, 2, 22, 0, 5)),
        ("前天 23:00", (2024, 2, 20, 15, 0)),
        ("昨日 9:30", (2024, 2, 21, 1, 30)),
        ("4小时前", (2024, 2, 21, 23, 0)),
        ("4小時前", (2024, 2, 21, 23, 0)),
        ("半小时前", (2024, 2, 22, 2, 30)),
        ("3天前", (2024, 2, 19, 3, 0)),
        ("刚刚", (2024, 2, 22, 3, 0)),
        ("剛剛", (2024, 2, 22, 3, 0)),
        ("4 hours ago", (2024, 2, 21, 23, 0)),
        ("an hour ago", (2024, 2, 22, 2, 0)),
        ("Yesterday at 3:58 PM", (2024, 2, 21, 7, 58)),
        ("4時間前", (2024, 2, 21, 23, 0)),
        ("4시간 전", (2024, 2, 21, 23, 0)),
        ("2月21日 14:27", (2024, 2, 21, 6, 27)),
        ("02-21 14:27", (2024, 2, 21, 6, 27)),
        ("12月30日", (2023, 12, 29, 16, 0)),
    ],
)
def test_words_that_lean_on_today_are_read_with_now_and_noted(raw: str, expected: tuple[int, ...]) -> None:
    """Relative words need a now; a month without a year is the last one. Each says "relative"."""
    assert parse_date(raw, NOW, BEIJING) == (datetime(*expected, tzinfo=UTC), "relative")  # type: ignore[misc]


@pytest.mark.parametrize("raw", ["昨天 15:58", "4小时前", "刚刚", "yesterday"])
def test_relative_words_without_now_are_not_guessed(raw: str) -> None:
    """Without a now nothing is invented."""
    assert parse_date(raw, None, BEIJING) == (None, "relative")


def test_a_wall_clock_without_zone_says_both() -> None:
    """昨天 15:58 of nobody's zone is relative and zoneless."""
    assert parse_date("昨天 15:58", NOW)[1] == "relative; no zone"


@pytest.mark.parametrize(
    "raw",
    ["rubbish", "03/04/2024", "Wed, 31 Feb 2024 10:00:00 GMT", "2024-13-01", "25:61", "1970-01-01T00:00:00Z", "不详",
     "0001-01-01T00:00:00", "9999999999999999999999", "晚上8点", "x" * 10_000],
)  # fmt: skip
def test_what_cannot_be_known_is_unreadable(raw: str) -> None:
    """Ambiguous (03/04), impossible, epoch and nonsense dates give no moment and keep what was written."""
    moment, note = parse_date(raw, NOW, BEIJING)
    assert moment is None
    assert note is not None
    assert note.startswith("unreadable: ")
    assert len(note) < 100


@pytest.mark.parametrize("raw", [None, "", "  \n"])
def test_nothing_is_undated(raw: str | None) -> None:
    """No date is a state of its own, not an error."""
    assert parse_date(raw, NOW) == (None, "undated")


def test_a_future_date_is_kept_and_noted() -> None:
    """Ten minutes of a fast clock are forgiven, more is noted; whoever stores it decides."""
    assert parse_date("2024-02-22T03:09:00Z", NOW)[1] is None
    assert parse_date("2024-02-22T03:11:00Z", NOW) == (datetime(2024, 2, 22, 3, 11, tzinfo=UTC), "future")


def test_cst_is_two_zones() -> None:
    """CST is Beijing for a Chinese source, Chicago by RFC 822, and noted where nobody told."""
    raw = "Wed Feb 21 14:27:00 CST 2024"
    assert parse_date(raw, NOW, BEIJING) == (FEBRUARY_21, None)
    assert parse_date(raw, NOW) == (datetime(2024, 2, 21, 20, 27, tzinfo=UTC), "ambiguous zone CST")
    assert parse_date(raw, NOW, ZoneInfo("America/Chicago")) == (datetime(2024, 2, 21, 20, 27, tzinfo=UTC), None)


def test_an_offset_that_no_place_has_is_no_zone() -> None:
    """+9900 is a slip, not a zone."""
    assert parse_date("Wed, 21 Feb 2024 14:27:00 +9900", NOW) == (FEBRUARY_21.replace(hour=14), "no zone")


def test_midnight_may_be_written_24() -> None:
    """24:00 is the next day's beginning; a leap second is the second before."""
    assert parse_date("Wed, 21 Feb 2024 24:00:00 GMT")[0] == datetime(2024, 2, 22, tzinfo=UTC)
    assert parse_date("Wed, 21 Feb 2024 14:27:60 GMT")[0] == datetime(2024, 2, 21, 14, 27, 59, tzinfo=UTC)


def test_it_never_raises() -> None:
    """Forty thousand random strings of the characters that dates are made of end in a moment or a note."""
    chance = random.Random(7)
    alphabet = "0123456789-/:. TZ+年月日时分前昨天今二十小GMTFebaWe,()[]\x00٣"
    for _ in range(40_000):
        raw = "".join(chance.choices(alphabet, k=chance.randrange(1, 24)))
        moment, note = parse_date(raw, NOW, BEIJING)
        assert moment is None or moment.tzinfo is UTC
        assert moment is not None or note is not None
