"""When to come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from chipreel.fetch.rhythm import (
    LONGEST_S,
    PASSING_S,
    Harvested,
    items_were_missed,
    next_state,
    next_visit,
)
from chipreel.model import Failed, Fetched, FetchState, NotModified, Source

NOW = datetime(2024, 2, 21, 12, 0, tzinfo=UTC)  # a Wednesday
FEED = Source("s", "S", "feed", "https://example.com/feed")
HALF_HOUR, HOUR, DAY = 1800, 3600, 86400


@dataclass(frozen=True)
class Says:
    """What a feed says of when to read it."""

    ttl_s: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    update_period_s: int | None = None


def fetched(**values):
    answer = Fetched("s", FEED.url, FEED.url, 200, b"x", "ab", None, '"e"', None, 5)
    return replace(answer, **values)


def failed(reason="http", **values):
    return Failed("s", FEED.url, reason, "…", **values)


def wait_s(state):
    return (state.next_at - NOW).total_seconds()


STEADY = FetchState("s", last_good=NOW - timedelta(seconds=HALF_HOUR), interval_s=HALF_HOUR)


def test_the_first_visit_leads_to_the_usual_interval_with_a_little_spread():
    state = next_state(FEED, FetchState("s"), fetched(), Harvested(10, 10, 0), NOW)
    assert state.interval_s == HALF_HOUR
    assert HALF_HOUR <= wait_s(state) <= 1.1 * HALF_HOUR
    assert (state.last_good, state.failures, state.etag, state.body_hash) == (NOW, 0, '"e"', "ab")


@pytest.mark.parametrize(
    ("new", "known", "expected"),
    [(0, 10, HALF_HOUR * 1.5), (3, 7, HALF_HOUR * 1.5), (5, 5, HALF_HOUR), (8, 2, HALF_HOUR / 1.5)],
)
def test_mostly_known_slows_down_mostly_new_speeds_up(new, known, expected):
    state = next_state(FEED, STEADY, fetched(), Harvested(new + known, new, known), NOW)
    assert state.interval_s == expected


def test_a_304_and_the_same_body_count_as_known():
    for outcome in (NotModified("s", FEED.url, 5), fetched(unchanged=True)):
        assert next_state(FEED, STEADY, outcome, None, NOW).interval_s == HALF_HOUR * 1.5


def test_after_a_pause_the_interval_stays_because_it_says_nothing_of_the_rhythm():
    state = replace(STEADY, last_good=NOW - timedelta(days=3))
    assert next_state(FEED, state, fetched(), Harvested(50, 50, 0), NOW).interval_s == HALF_HOUR


def test_the_interval_stays_within_bounds_however_often_it_changes():
    state = STEADY
    for _ in range(50):
        state = next_state(FEED, replace(state, last_good=NOW), NotModified("s", FEED.url, 5), None, NOW)
    assert state.interval_s == 8 * HALF_HOUR
    for _ in range(50):
        state = next_state(FEED, replace(state, last_good=NOW), fetched(), Harvested(9, 9, 0), NOW)
    assert state.interval_s == HALF_HOUR / 3


def test_an_interval_the_user_gave_is_never_undercut():
    source = replace(FEED, interval_s=6 * HOUR)
    state = FetchState("s", last_good=NOW - timedelta(hours=6), interval_s=6 * HOUR)
    assert next_state(source, state, fetched(), Harvested(9, 9, 0), NOW).interval_s == 6 * HOUR


@pytest.mark.parametrize(
    ("max_age", "says", "least", "most"),
    [
        (None, Says(), HALF_HOUR, 2000),
        (2 * HOUR, Says(), 2 * HOUR, 2.2 * HOUR),
        (None, Says(ttl_s=3 * HOUR), 3 * HOUR, 3.3 * HOUR),
        (None, Says(update_period_s=7 * DAY), DAY, 1.1 * DAY),
        (HOUR, Says(ttl_s=2 * HOUR, update_period_s=HOUR), 2 * HOUR, 2.2 * HOUR),
        (365 * DAY, Says(), LONGEST_S, 1.1 * LONGEST_S),
        (5, Says(ttl_s=0), HALF_HOUR, 2000),
    ],
)
def test_the_longest_wish_wins_up_to_a_day(max_age, says, least, most):
    wait = (next_visit(FEED, HALF_HOUR, max_age, says, NOW) - NOW).total_seconds()
    assert least <= wait <= most


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (Says(skip_hours=(12, 13)), datetime(2024, 2, 21, 14, tzinfo=UTC)),
        (Says(skip_days=("wednesday",)), datetime(2024, 2, 22, tzinfo=UTC)),
        (Says(skip_days=("wednesday",), skip_hours=(0, 1)), datetime(2024, 2, 22, 2, tzinfo=UTC)),
    ],
)
def test_hours_and_days_to_skip_are_skipped(says, expected):
    assert next_visit(FEED, HALF_HOUR, None, says, NOW) == expected


def test_a_feed_that_wants_every_hour_skipped_is_mistaken():
    moment = next_visit(FEED, HALF_HOUR, None, Says(skip_hours=tuple(range(24))), NOW)
    assert moment - NOW < timedelta(hours=1)


def test_failures_back_off_exponentially_up_to_a_day_and_are_forgotten_after_a_success():
    state, waits = STEADY, []
    for _ in range(12):
        state = next_state(FEED, state, failed("timeout"), None, NOW)
        waits.append(wait_s(state))
    assert waits[:4] == [PASSING_S, 2 * PASSING_S, 4 * PASSING_S, 8 * PASSING_S]
    assert waits[-1] == LONGEST_S
    assert state.failures == 12
    assert next_state(FEED, state, fetched(), Harvested(1, 0, 1), NOW).failures == 0


def test_what_does_not_pass_by_itself_waits_longer():
    assert wait_s(next_state(FEED, STEADY, failed("http", status=404), None, NOW)) == HOUR
    assert wait_s(next_state(FEED, STEADY, failed("http", status=503), None, NOW)) == PASSING_S


@pytest.mark.parametrize("retry", [1, 7200, 3 * DAY])
def test_retry_after_is_obeyed(retry):
    state = next_state(FEED, STEADY, failed("rate-limited", status=429, retry_after_s=retry), None, NOW)
    assert wait_s(state) == max(retry, PASSING_S)


def test_410_switches_off():
    state = next_state(FEED, STEADY, failed("http", status=410, gone=True), None, NOW)
    assert state.disabled
    assert state.next_at is None


def test_a_mistake_in_the_users_file_is_tried_again_at_once():
    assert next_state(FEED, STEADY, failed("config"), None, NOW).next_at == NOW
    assert next_state(FEED, STEADY, failed("config"), None, NOW).failures == 0


def test_youtubes_outages_are_not_held_against_a_channel():
    source = Source("s", "S", "youtube", "https://www.youtube.com/feeds/videos.xml?channel_id=UC" + "a" * 22)
    for status in (404, 500):
        state = next_state(source, STEADY, failed(status=status), None, NOW)
        assert state.failures == 0
        assert wait_s(state) == 2 * HOUR


def test_validators_survive_a_failure():
    state = replace(STEADY, etag='"x"', last_modified="y", body_hash="z")
    after = next_state(FEED, state, failed("timeout"), None, NOW)
    assert (after.etag, after.last_modified, after.body_hash) == ('"x"', "y", "z")


def test_a_304_keeps_or_renews_validators():
    state = replace(STEADY, etag='"x"', last_modified="y")
    after = next_state(FEED, state, NotModified("s", FEED.url, 5, etag='"n"'), None, NOW)
    assert (after.etag, after.last_modified, after.conditional_run) == ('"n"', "y", 1)


def test_a_move_is_stored_when_the_new_address_brings_entries():
    outcome = fetched(moved_to="https://example.com/new")
    assert next_state(FEED, STEADY, outcome, Harvested(3, 0, 3), NOW).moved_to == "https://example.com/new"
    assert next_state(FEED, STEADY, outcome, Harvested(0, 0, 0), NOW).moved_to is None


def test_conditional_visits_are_counted_until_an_unconditional_one():
    state = replace(STEADY, conditional_run=5)
    assert next_state(FEED, state, fetched(), Harvested(1, 0, 1), NOW).conditional_run == 6
    assert next_state(FEED, state, fetched(unconditional=True), Harvested(1, 0, 1), NOW).conditional_run == 0


@pytest.mark.parametrize(
    ("state", "harvested", "missed"),
    [
        (STEADY, Harvested(20, 20, 0), True),
        (STEADY, Harvested(20, 19, 1), False),
        (STEADY, Harvested(2, 2, 0), False),
        (FetchState("s"), Harvested(20, 20, 0), False),
    ],
)
def test_no_overlap_means_that_items_were_probably_missed(state, harvested, missed):
    assert items_were_missed(state, harvested) is missed
