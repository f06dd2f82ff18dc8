"""robots.txt: whose rules count where, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chipreel.fetch.fetcher import Fetcher
from chipreel.fetch.memory import Memory
from chipreel.fetch.robots import Robots, RobotsRecord, names_agent
from chipreel.model import Failed, Fetched, Settings

NOW = datetime(2024, 2, 21, 12, 0, tzinfo=UTC)
ORIGIN = "https://example.com"
ALL_OUT = "User-agent: *\nDisallow: /\n"
NEVER = "never asked"


def verdict(text, scope, *, status=200, path="/news/1", age=timedelta(0)):
    record = RobotsRecord(ORIGIN, NOW - age, status, text)
    return Robots([record]).get_verdict(ORIGIN + path, ORIGIN, scope, NOW, lambda: pytest.fail(NEVER))


@pytest.mark.parametrize(
    ("text", "crawler", "reader"),
    [
        ("", True, True),
        (ALL_OUT, False, True),
        ("User-agent: chipreel\nDisallow: /\n", False, False),
        ("User-Agent: ChipReel\nDisallow: /news/\n", False, False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: chipreel\nAllow: /\n", True, True),
        ("User-agent: GPTBot\nDisallow: /\n", True, True),
        ("User-agent: *\nDisallow: /private/\n", True, True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/1\n", True, True),
        ("not robots at all <html>", True, True),
    ],
)
def test_a_crawler_obeys_all_rules_and_a_reader_those_that_name_it(text, crawler, reader):
    assert verdict(text, "crawler").allowed is crawler
    assert verdict(text, "reader").allowed is reader
    assert verdict(text, "api").allowed


@pytest.mark.parametrize(
    ("status", "crawler", "reader"),
    [
        (200, False, True),
        (404, True, True),
        (401, True, True),
        (403, True, True),
        (500, False, True),
        (503, False, True),
        (429, False, True),
        (0, False, True),
    ],
)
def test_4xx_allows_and_what_cannot_be_read_waits(status, crawler, reader):
    text = ALL_OUT if status == 200 else ""
    assert verdict(text, "crawler", status=status).allowed is crawler
    assert verdict(text, "reader", status=status).allowed is reader


def test_crawl_delay_counts_in_both_scopes_and_has_a_cap():
    assert verdict("User-agent: *\nCrawl-delay: 10\n", "reader").delay_s == 10
    assert verdict("User-agent: *\nCrawl-delay: 9999\n", "crawler").delay_s == 60


@pytest.mark.parametrize(
    ("status", "age", "fresh"),
    [
        (200, timedelta(hours=23), True),
        (200, timedelta(hours=25), False),
        (404, timedelta(hours=23), True),
        (500, timedelta(minutes=59), True),
        (500, timedelta(minutes=61), False),
        (0, timedelta(minutes=61), False),
    ],
)
def test_an_answer_is_believed_for_a_day_and_a_failure_for_an_hour(status, age, fresh):
    assert RobotsRecord(ORIGIN, NOW - age, status).is_fresh(NOW) is fresh


def test_naming_is_by_whole_word():
    assert names_agent("user-agent:chipreel")
    assert not names_agent("User-agent: chipreelbot\n")
    assert not names_agent("# User-agent: chipreel")


def test_robots_is_asked_for_once_a_host_and_remembered_for_the_next_run(world, reply, source_at, fresh, now):
    world.robots = reply(body=b"User-agent: *\nCrawl-delay: 0.1\n")
    world.routes = {"/a": reply(), "/b": reply()}
    settings = Settings(allow_private_addresses=True, min_delay_s=0)
    with Fetcher(settings) as fetcher:
        for path in ("/a", "/b"):
            fetcher.fetch(source_at(world.url(path)), fresh, now)
        memory = Memory.from_json(fetcher.memory().to_json(now))
    with Fetcher(settings, memory=memory) as fetcher:
        fetcher.fetch(source_at(world.url("/a")), fresh, now)
        assert len(world.robots_seen) == 1
        fetcher.fetch(source_at(world.url("/a")), fresh, now + timedelta(hours=25))
    assert len(world.robots_seen) == 2
    assert world.seen[1].at - world.seen[0].at > 0.09


def test_a_page_is_not_fetched_against_robots_and_a_feed_is(world, reply, fetcher, source_at, fresh, now):
    world.robots = reply(body=ALL_OUT.encode())
    world.routes = {"/list": reply(body=b"<html><a href=/1>x</a></html>"), "/feed": reply()}
    page = fetcher.fetch(source_at(world.url("/list"), "page", options={"pattern": "x"}), fresh, now)
    assert isinstance(page, Failed)
    assert page.reason == "robots"
    assert isinstance(fetcher.fetch(source_at(world.url("/feed")), fresh, now), Fetched)
    assert [seen.path for seen in world.seen] == ["/feed"]


def test_robots_that_redirects_is_followed(world, reply, fetcher, source_at, fresh, now):
    world.robots = reply(301, b"", {"Location": "/elsewhere/robots"})
    world.routes = {"/elsewhere/robots": reply(body=ALL_OUT.encode()), "/list": reply()}
    got = fetcher.fetch(source_at(world.url("/list"), "page", options={"pattern": "x"}), fresh, now)
    assert got.reason == "robots"


def test_a_robots_file_that_hangs_does_not_take_the_feed_with_it(world, reply, source_at, fresh, now):
    world.robots = reply(wait_s=3)
    world.routes = {"/feed": reply()}
    with Fetcher(Settings(allow_private_addresses=True, min_delay_s=0, timeout_s=2.5)) as fetcher:
        got = fetcher.fetch(replace(source_at(world.url("/feed"))), fresh, now)
    assert isinstance(got, Fetched), got
