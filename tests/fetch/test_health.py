"""What the visits to a source tell of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chipreel.fetch.health import NEEDS_ATTENTION, Standing, VisitRow, judge, silence_allowed

NOW = datetime(2024, 2, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY = tuple(NOW - n * DAY for n in range(1, 20))
GOOD = VisitRow(NOW, "nothing-new", entries=10)
NEW = VisitRow(NOW, "new", entries=10, new=2)
EMPTY = VisitRow(NOW, "nothing-new", entries=0)
WALL = VisitRow(NOW, "failed", status=403, note="blocked: Cloudflare challenge")
TIMEOUT = VisitRow(NOW, "failed", note="timeout: example.com did not answer in 30 s")

OFFLINE = VisitRow(NOW, "failed", note="offline: no name server answers")


@pytest.mark.parametrize(
    ("visits", "standing", "name"),
    [
        ([NEW], Standing(newest=NOW, published=DAILY), "ok"),
        ([], Standing(), "new"),
        ([NEW], Standing(enabled=False), "off"),
        ([NEW], Standing(paused=True), "paused"),
        ([WALL], Standing(gone=True), "gone"),
        ([WALL], Standing(), "blocked"),
        ([TIMEOUT, GOOD, GOOD], Standing(), "ok"),
        ([OFFLINE] * 5 + [GOOD], Standing(newest=NOW), "ok"),
        ([OFFLINE, TIMEOUT, OFFLINE, TIMEOUT, TIMEOUT], Standing(), "degraded"),
        ([TIMEOUT, TIMEOUT, TIMEOUT, GOOD], Standing(), "degraded"),
        ([EMPTY, EMPTY, EMPTY], Standing(), "degraded"),
        ([GOOD, EMPTY, EMPTY], Standing(newest=NOW), "ok"),
        ([GOOD], Standing(newest=NOW - 5 * DAY, published=DAILY), "ok"),
        ([GOOD], Standing(newest=NOW - 7 * DAY, published=DAILY), "silent"),
        ([GOOD], Standing(newest=NOW - 300 * DAY, published=DAILY), "stale"),
        ([GOOD], Standing(newest=NOW, moved_to="https://example.com/new"), "moved"),
        ([VisitRow(NOW, "unchanged")], Standing(newest=NOW - 30 * DAY, published=DAILY), "silent"),
    ],
)
def test_the_name_of_how_a_source_is(visits, standing, name):
    health = judge(visits, standing, NOW)
    assert health.name == name
    assert health.needs_attention is (name in NEEDS_ATTENTION)
    assert not health.needs_attention or health.note


def test_a_wall_is_called_by_its_name_and_a_failure_by_its_reason():
    assert judge([WALL], Standing(), NOW).note == "Cloudflare challenge"
    assert "did not answer in 30 s" in judge([TIMEOUT] * 3, Standing(), NOW).note


def test_a_weekly_column_may_pause_a_month_and_a_wire_may_not():
    weekly = [NOW - n * 7 * DAY for n in range(10)]
    hourly = [NOW - n * timedelta(hours=1) for n in range(50)]
    assert silence_allowed(weekly) == 42 * DAY
    assert silence_allowed(hourly) == 4 * DAY
    assert silence_allowed([NOW]) == 60 * DAY


def test_one_long_gap_or_doubled_moments_do_not_change_the_rhythm():
    moments = [*DAILY, NOW - 200 * DAY, *DAILY]
    assert silence_allowed(moments) == silence_allowed(DAILY)
