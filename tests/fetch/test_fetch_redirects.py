"""Where redirects may lead, and what they teach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chipreel.fetch.fetcher import Fetcher
from chipreel.model import Failed, Fetched, Settings

OPEN = Settings(allow_private_addresses=True, min_delay_s=0, timeout_s=5)


@pytest.mark.parametrize(
    ("statuses", "moves"),
    [
        ((301,), True),
        ((308,), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 308), True),
        ((301, 302), False),
        ((302, 301), False),
    ],
)
def test_only_permanent_redirects_move_a_source(world, reply, fetcher, source_at, fresh, now, statuses, moves):
    for step, status in enumerate(statuses):
        world.routes[f"/{step}"] = reply(status, b"", {"Location": f"/{step + 1}"})
    world.routes[f"/{len(statuses)}"] = reply()
    got = fetcher.fetch(source_at(world.url("/0")), fresh, now)
    assert isinstance(got, Fetched), got
    assert got.final_url == world.url(f"/{len(statuses)}")
    assert got.moved_to == (got.final_url if moves else None)


def test_a_moved_source_is_asked_at_its_new_address(world, reply, fetcher, source_at, fresh, now):
    world.routes["/new"] = reply()
    got = fetcher.fetch(source_at(world.url("/old")), replace(fresh, moved_to=world.url("/new")), now)
    assert isinstance(got, Fetched)
    assert got.moved_to is None, "nothing new was learnt"


def test_five_redirects_are_followed_and_not_six(world, reply, fetcher, source_at, fresh, now):
    for step in range(6):
        world.routes[f"/{step}"] = reply(302, b"", {"Location": f"/{step + 1}"})
    world.routes["/6"] = reply()
    assert isinstance(fetcher.fetch(source_at(world.url("/1")), fresh, now), Fetched)
    got = fetcher.fetch(source_at(world.url("/0")), fresh, now)
    assert isinstance(got, Failed)
    assert (got.reason, got.message) == ("redirects", "more than 5 redirects")


def test_a_circle_is_left_at_once(world, reply, fetcher, source_at, fresh, now):
    world.routes |= {"/a": reply(302, b"", {"Location": "/b"}), "/b": reply(302, b"", {"Location": "/a"})}
    got = fetcher.fetch(source_at(world.url("/a")), fresh, now)
    assert got.reason == "redirects"
    assert len(world.seen) == 2


@pytest.mark.parametrize(
    "target",
    [
        "ftp://example.com/feed",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "http://:80/",
        "//[::1",
        "http://example.com:0/",
        "http://exa\tmple.com/",
    ],
)
def test_a_redirect_to_something_else_than_the_web_is_refused(world, reply, fetcher, source_at, fresh, now, target):
    world.routes["/feed"] = reply(302, b"", {"Location": target})
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason in ("address", "dns"), got


def test_the_body_of_a_redirect_is_not_taken_for_the_feed(world, reply, fetcher, source_at, fresh, now):
    world.routes |= {"/feed": reply(302, b"<rss/>" * 50_000, {"Location": "/new"}), "/new": reply()}
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Fetched)
    assert b"Sora" in got.body


def test_a_post_that_is_redirected_becomes_a_get_unless_told_otherwise(world, reply, fetcher, source_at, fresh, now):
    options = {"items": "list", "fields": {"title": "t", "url": "u"}, "form": {"q": "芯片"}}
    world.routes |= {"/302": reply(302, b"", {"Location": "/a"}), "/307": reply(307, b"", {"Location": "/a"})}
    world.routes["/a"] = reply(body=b'{"list": []}')
    for path, expected in (("/302", ["POST", "GET"]), ("/307", ["POST", "POST"])):
        world.seen.clear()
        fetcher.fetch(source_at(world.url(path), "json", options=options), fresh, now)
        assert [seen.method for seen in world.seen] == expected
    assert world.seen[-1].body == b"q=%E8%8A%AF%E7%89%87"


def test_a_redirect_from_a_permitted_source_stays_permitted_and_another_source_gains_nothing(
    world, reply, source_at, fresh, now
):
    """A connection that a permitted source opened is not lent to one that is not."""
    world.routes["/feed"] = reply()
    with Fetcher(replace(OPEN, allow_private_addresses=False)) as fetcher:
        permitted = fetcher.fetch(source_at(world.url(), allow_private_addresses=True), fresh, now)
        refused = fetcher.fetch(source_at(world.url(), id="another"), fresh, now)
    assert isinstance(permitted, Fetched)
    assert isinstance(refused, Failed)
    assert refused.reason == "private-address"
