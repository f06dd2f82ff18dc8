"""Visits over real HTTP on loopback."""

from __future__ import annotations

import base64
import gzip
import hashlib
import threading
import time
import zlib
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from chipreel.fetch.fetcher import UNCONDITIONAL_EVERY, Fetcher
from chipreel.fetch.kinds import Request
from chipreel.fetch.memory import Memory
from chipreel.model import Failed, Fetched, FetchState, NotModified, Settings, Source

SETTINGS = Settings(allow_private_addresses=True, min_delay_s=0, timeout_s=5)


def test_a_visit_brings_bytes_validators_and_a_hash(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(headers={"ETag": 'W/"a b"', "Last-Modified": "Wed, 21 Feb 2024 10:00:00 GMT"})
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Fetched)
    assert got.body_hash == hashlib.sha256(got.body).hexdigest()
    assert (got.etag, got.last_modified) == ('W/"a b"', "Wed, 21 Feb 2024 10:00:00 GMT")
    assert (got.status, got.final_url, got.moved_to, got.unchanged) == (200, world.url(), None, False)


def test_validators_go_back_exactly_as_they_came_and_nothing_is_invented(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(304)
    state = replace(fresh, etag='W/"a b"', last_modified="yesterday, more or less")
    got = fetcher.fetch(source_at(world.url()), state, now)
    assert isinstance(got, NotModified)
    assert world.seen[0].headers["if-none-match"] == 'W/"a b"'
    assert world.seen[0].headers["if-modified-since"] == "yesterday, more or less"
    world.routes["/feed"] = reply()
    fetcher.fetch(source_at(world.url()), fresh, now)
    assert not {"if-none-match", "if-modified-since"} & world.seen[1].headers.keys()


@pytest.mark.parametrize("tag", ['"café"', '"芯片"', '"a\x01b"', '"a\tb"', "", '"' + "x" * 60_000 + '"'])
def test_a_validator_that_no_header_can_hold_is_none(world, reply, fetcher, source_at, fresh, now, tag):
    """It would make every later visit fail; the body tells by its hash that nothing has changed."""
    raw = {"ETag": tag, "Last-Modified": "昨天"}
    world.routes["/feed"] = reply(headers={name: value.encode().decode("latin-1") for name, value in raw.items()})
    first = fetcher.fetch(source_at(world.url()), fresh, now)
    second = fetcher.fetch(source_at(world.url()), replace(fresh, etag=tag, body_hash=first.body_hash), now)

    assert (type(first), first.etag, first.last_modified) == (Fetched, None, None)
    assert (type(second), second.unchanged) == (Fetched, True)
    assert all("if-none-match" not in seen.headers for seen in world.seen)


@pytest.mark.parametrize("secret", ["s3cr3t\r\nX-Evil: 1", "s3cr3t密钥", " s3cr3t", "s3cr3t\0"])
def test_a_secret_cannot_add_a_header(world, reply, source_at, fresh, now, secret):
    """A line break in an environment variable is said, without its value, and nothing is sent."""
    world.routes["/feed"] = reply()
    source = source_at(world.url(), options={"secret_headers": {"Authorization": "DESK_TOKEN"}})
    with Fetcher(SETTINGS, environ={"DESK_TOKEN": secret}) as fetcher:
        got = fetcher.fetch(source, fresh, now)

    assert got.reason == "config"
    assert "DESK_TOKEN holds what no header can hold" in got.message
    assert "s3cr3t" not in got.message
    assert world.seen == []


def test_a_304_brings_new_validators(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(304, headers={"ETag": '"new"'})
    got = fetcher.fetch(source_at(world.url()), replace(fresh, etag='"old"'), now)
    assert isinstance(got, NotModified)
    assert got.etag == '"new"'


def test_a_304_to_an_unconditional_request_is_a_failure(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(304)
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed)
    assert (got.reason, got.status) == ("http", 304)


def test_now_and_then_a_visit_is_unconditional_because_a_304_can_lie(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply()
    state = replace(fresh, etag='"x"', conditional_run=UNCONDITIONAL_EVERY)
    got = fetcher.fetch(source_at(world.url()), state, now)
    assert isinstance(got, Fetched)
    assert got.unconditional
    assert "if-none-match" not in world.seen[0].headers


def test_the_same_body_is_known_by_its_hash(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply()
    first = fetcher.fetch(source_at(world.url()), fresh, now)
    second = fetcher.fetch(source_at(world.url()), replace(fresh, body_hash=first.body_hash), now)
    assert second.unchanged


def test_validators_of_an_answer_that_must_not_be_kept_are_not_kept(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(headers={"ETag": '"x"', "Expires": "0"})
    assert fetcher.fetch(source_at(world.url()), fresh, now).etag is None


def test_the_user_agent_is_honest_and_names_the_contact(world, reply, source_at, fresh, now):
    world.routes["/feed"] = reply()
    with Fetcher(replace(SETTINGS, contact="desk@example.org")) as fetcher:
        fetcher.fetch(source_at(world.url()), fresh, now)
    agent = world.seen[0].headers["user-agent"]
    assert agent.startswith("chipreel/")
    assert "desk@example.org" in agent
    assert "Mozilla" not in agent


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("gzip", lambda body: gzip.compress(body[:50]) + gzip.compress(body[50:])),
    ],
    ids=["gzip", "zlib", "raw deflate", "gzip in two members"],
)
def test_compressed_bodies_are_unpacked(world, reply, fetcher, source_at, fresh, now, encoding, packed):
    body = b"<rss><channel><title>\xe5\x8f\xaf\xe7\x81\xb5</title></channel></rss>" * 50
    world.routes["/feed"] = reply(body=packed(body), headers={"Content-Encoding": encoding})
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Fetched), got
    assert got.body == body


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"x" * 200_000, {}),
        (gzip.compress(b"\0" * 30_000_000), {"Content-Encoding": "gzip"}),
        (gzip.compress(gzip.compress(b"\0" * 30_000_000)), {"Content-Encoding": "gzip, gzip"}),
    ],
    ids=["large", "bomb", "bomb in a bomb"],
)
def test_a_body_past_the_limit_is_refused(world, reply, source_at, fresh, now, body, headers):
    world.routes["/feed"] = reply(body=body, headers=headers)
    with Fetcher(replace(SETTINGS, max_bytes=100_000)) as fetcher:
        got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason == ("encoding" if "," in headers.get("Content-Encoding", "") else "too-large")
    assert "max_bytes" in got.message or "was not asked for" in got.message


def test_a_damaged_body_is_one_clear_line(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(body=b"not gzip at all", headers={"Content-Encoding": "gzip"})
    assert fetcher.fetch(source_at(world.url()), fresh, now).reason == "encoding"


def test_a_slow_drip_ends_with_the_visit(world, reply, source_at, fresh, now):
    world.routes["/feed"] = reply(drip=(b"<rss>",) * 200, pause_s=0.05)
    started = time.monotonic()
    with Fetcher(replace(SETTINGS, timeout_s=0.5)) as fetcher:
        got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason == "timeout"
    assert time.monotonic() - started < 2


def test_a_server_that_never_answers_ends_with_the_visit(world, reply, source_at, fresh, now):
    world.routes["/feed"] = reply(wait_s=2)
    with Fetcher(replace(SETTINGS, timeout_s=0.3)) as fetcher:
        got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert got.reason == "timeout"


def test_a_connection_that_dies_in_the_body_is_a_failure(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(claim=5000)
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason == "connect"


def test_nobody_listening_is_one_clear_line(fetcher, source_at, fresh, now, world):
    world.close()
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason == "connect"
    assert "\n" not in got.message


@pytest.mark.parametrize(
    ("status", "reason", "gone"),
    [(404, "http", False), (410, "http", True), (500, "http", False), (403, "http", False), (204, "http", False)],
)
def test_statuses_have_their_reason(world, reply, fetcher, source_at, fresh, now, status, reason, gone):
    world.routes["/feed"] = reply(status, b"")
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert isinstance(got, Failed), got
    assert (got.reason, got.status, got.gone) == (reason, status, gone)


def test_a_403_of_a_source_that_used_to_answer_counts_as_a_limit(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(403, b"no")
    got = fetcher.fetch(source_at(world.url()), replace(fresh, last_good=now), now)
    assert got.reason == "rate-limited"


def test_a_429_holds_for_the_whole_service(world, reply, fetcher, source_at, fresh, now):
    world.routes |= {"/a": reply(429, b"", {"Retry-After": "120"}), "/b": reply()}
    first = fetcher.fetch(source_at(world.url("/a")), fresh, now)
    second = fetcher.fetch(source_at(world.url("/b")), fresh, now)
    assert (first.reason, first.retry_after_s) == ("rate-limited", 120)
    assert second.reason == "rate-limited"
    assert 100 < second.retry_after_s <= 121
    assert [seen.path for seen in world.seen] == ["/a"]


def test_a_pause_that_a_service_asked_for_holds_in_the_next_run_too(world, reply, source_at, fresh, now):
    world.routes |= {"/a": reply(429, b"", {"Retry-After": "3600"}), "/b": reply()}
    with Fetcher(SETTINGS) as fetcher:
        fetcher.fetch(source_at(world.url("/a")), fresh, now)
        kept = fetcher.memory().to_json(now)
    for later, expected in ((timedelta(minutes=15), "Failed"), (timedelta(minutes=61), "Fetched")):
        with Fetcher(SETTINGS, memory=Memory.from_json(kept)) as fetcher:
            assert type(fetcher.fetch(source_at(world.url("/b")), fresh, now + later)).__name__ == expected


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"robots": [[1]], "pauses": 3}', '{"robots": [], "pauses": [["x", "soon"]]}']
)
def test_a_damaged_memory_is_no_memory(text):
    assert Memory.from_json(text) == Memory()


def test_a_wall_is_named(world, reply, fetcher, source_at, fresh, now):
    page = b"<!doctype html><html><head><title>Just a moment...</title></head></html>"
    world.routes["/feed"] = reply(403, page, {"Cf-Mitigated": "challenge"})
    got = fetcher.fetch(source_at(world.url()), fresh, now)
    assert (got.reason, got.message) == ("blocked", "Cloudflare challenge")


def test_an_empty_body_with_200_is_a_failure(world, reply, fetcher, source_at, fresh, now):
    world.routes["/feed"] = reply(body=b" \r\n")
    assert fetcher.fetch(source_at(world.url()), fresh, now).message == "answered 200 with an empty body"


def test_secrets_come_from_the_environment_and_go_to_their_server_only(world, other, reply, source_at, fresh, now):
    world.routes["/feed"] = reply(302, b"", {"Location": other.url()})
    other.routes["/feed"] = reply()
    source = source_at(world.url(), options={"secret_headers": {"X-Token": "DESK_TOKEN"}})
    with Fetcher(SETTINGS) as fetcher:
        missing = fetcher.fetch(source, fresh, now)
    assert missing.reason == "config"
    assert "DESK_TOKEN" in missing.message
    with Fetcher(SETTINGS, environ={"DESK_TOKEN": "s3cret"}) as fetcher:
        got = fetcher.fetch(source, fresh, now)
    assert isinstance(got, Fetched)
    assert world.seen[-1].headers["x-token"] == "s3cret"
    assert "x-token" not in other.seen[-1].headers


def test_the_proxy_of_the_environment_is_not_obeyed(world, reply, fetcher, source_at, fresh, now, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    world.routes["/feed"] = reply()
    assert isinstance(fetcher.fetch(source_at(world.url()), fresh, now), Fetched)


def test_a_kind_that_asks_several_questions_brings_several_bodies(world, reply, fetcher, source_at, fresh, now):
    world_reply = reply(body=b'{"hits": []}')
    source = source_at(world.url("/search"), "hackernews", options={"queries": ["Sora", "可灵"]})
    world.routes = _any_path(world_reply)
    got = fetcher.fetch(source, fresh, now)
    assert isinstance(got, Fetched), got
    assert (len(world.seen), len(got.more)) == (2, 1)
    again = fetcher.fetch(source, replace(fresh, body_hash=got.body_hash), now)
    assert again.unchanged


def test_a_contact_is_asked_for_where_the_platform_wants_one(world, reply, fetcher, source_at, fresh, now):
    source = source_at(world.url(), "edgar", options={"cik": "0001045810", "forms": ["8-K"]})
    got = fetcher.fetch(source, fresh, now)
    assert got.reason == "config"
    assert "settings.contact" in got.message
    assert world.seen == []


def test_one_question_outside_the_rhythm(world, reply, fetcher, source_at, now):
    world.routes["/feed?paged=2"] = reply()
    got = fetcher.fetch_request(source_at(world.url()), Request(world.url("/feed?paged=2")), now)
    assert isinstance(got, Fetched)


def test_many_sources_each_come_once_and_in_parallel(world, other, reply, source_at, now):
    """Two hosts, each slow: two workers serve both at a time, and one host never sees two at once."""
    for server in (world, other):
        server.routes = _any_path(reply(wait_s=0.1))
    sources = [
        Source(f"s{number}", "S", "feed", server.url(f"/{number}")) for number in range(4) for server in (world, other)
    ]
    with Fetcher(SETTINGS) as fetcher:
        started = time.monotonic()
        got = list(fetcher.fetch_many([(source, FetchState(source.id)) for source in sources], now))
        took = time.monotonic() - started
    assert sorted(source.url for source, _ in got) == sorted(source.url for source in sources)
    assert all(isinstance(outcome, Fetched) for _, outcome in got)
    assert (world.most_running, other.most_running) == (1, 1)
    assert took < 0.75, "one after the other would take 0.8 s"


def test_more_connections_to_one_host_when_settings_say_so(world, reply, now):
    barrier = threading.Barrier(4, timeout=5)

    def meet(seen):
        barrier.wait()
        return reply()

    world.routes = _any_path(meet)
    sources = [Source(f"s{number}", "S", "feed", world.url(f"/{number}")) for number in range(4)]
    with Fetcher(replace(SETTINGS, connections_per_host=4)) as fetcher:
        got = list(fetcher.fetch_many([(source, FetchState(source.id)) for source in sources], now))
    assert [type(outcome) for _, outcome in got] == [Fetched] * 4


def test_requests_to_one_host_keep_their_distance(world, reply, now):
    world.routes = _any_path(reply())
    sources = [Source(f"s{number}", "S", "feed", world.url(f"/{number}")) for number in range(3)]
    with Fetcher(replace(SETTINGS, min_delay_s=0.2)) as fetcher:
        list(fetcher.fetch_many([(source, FetchState(source.id)) for source in sources], now))
    moments = [seen.at for seen in world.seen]
    assert all(later - earlier > 0.19 for earlier, later in pairwise(moments))


def test_no_worker_waits_at_a_slow_host_while_another_is_free(world, other, reply, now):
    """Eight visits to one slow host and one to a quick one: the quick one does not queue behind them."""
    world.routes = _any_path(reply(wait_s=0.1))
    other.routes = _any_path(reply())
    slow = [Source(f"slow{number}", "S", "feed", world.url(f"/{number}")) for number in range(8)]
    quick = Source("quick", "Q", "feed", other.url("/q"))
    visits = [(source, FetchState(source.id)) for source in (*slow, quick)]
    with Fetcher(replace(SETTINGS, workers=2)) as fetcher:
        order = [source.id for source, _ in fetcher.fetch_many(visits, now)]
    assert order.index("quick") < 3


def test_leaving_early_starts_nothing_more(world, reply, now):
    world.routes = _any_path(reply(wait_s=0.05))
    visits = [(Source(f"s{n}", "S", "feed", world.url(f"/{n}")), FetchState(f"s{n}")) for n in range(50)]
    with Fetcher(SETTINGS) as fetcher:
        next(found := fetcher.fetch_many(visits, now))
        found.close()
        time.sleep(0.2)
        asked = len(world.seen)
        time.sleep(0.2)
    assert len(world.seen) == asked
    assert asked < 10


def test_articles_are_fetched_with_manners(world, reply, fetcher, source_at, now):
    world.robots = reply(body=b"User-agent: *\nDisallow: /private/\n")
    world.routes = {"/a": reply(body=b"<html><p>text</p></html>"), "/private/b": reply()}
    source = source_at(world.url(), "page")
    got = {
        url: outcome
        for _, url, outcome in fetcher.fetch_articles(
            [(source, world.url("/a")), (source, world.url("/private/b"))], now
        )
    }
    assert isinstance(got[world.url("/a")], Fetched)
    assert got[world.url("/private/b")].reason == "robots"
    assert [seen.path for seen in world.seen] == ["/a"]


def test_articles_of_a_slow_host_are_left_for_the_next_run(world, other, reply, source_at, now):
    """A Crawl-delay of half a second and half a second for all: one or two are fetched, the rest is told apart."""
    world.robots = reply(body=b"User-agent: *\nCrawl-delay: 0.5\n")
    world.routes = other.routes = _any_path(reply(body=b"<html><p>text</p></html>"))
    slow, quick = source_at(world.url(), "page"), source_at(other.url(), "page", id="quick")
    articles = [(slow, world.url(f"/{n}")) for n in range(8)] + [(quick, other.url(f"/{n}")) for n in range(8)]
    with Fetcher(SETTINGS) as fetcher:
        started = time.monotonic()
        got = list(fetcher.fetch_articles(articles, now, within_s=0.7))
        took = time.monotonic() - started
    assert sorted(url for _, url, _ in got) == sorted(url for _, url in articles), "each comes exactly once"
    left = [outcome for source, _, outcome in got if source is slow and isinstance(outcome, Failed)]
    assert {outcome.reason for outcome in left} == {"busy"}
    assert 5 <= len(left) <= 7
    assert all(isinstance(outcome, Fetched) for source, _, outcome in got if source is quick)
    assert took < 2


def _any_path(answer):
    class Everything(dict):
        def get(self, path, default=None):
            return answer

    return Everything()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/feed?q=芯片", "/feed?q=%E8%8A%AF%E7%89%87"),
        ("/订阅/feed.xml", "/%E8%AE%A2%E9%98%85/feed.xml"),
        ("/feed?q=%E8%8A%AF&b=a<b", "/feed?q=%E8%8A%AF&b=a%3Cb"),
        ("/feed?a=b#part", "/feed?a=b"),
    ],
)
def test_an_address_is_spelt_the_way_the_wire_wants(world, reply, fetcher, source_at, fresh, now, path, asked):
    """Other characters are escaped, what is escaped stays so, and a fragment is the reader's own."""
    world.routes[asked.split("?")[0]] = reply()
    fetcher.fetch(source_at(world.url(path)), fresh, now)
    assert world.seen[-1].path == asked


def test_a_password_in_an_address_is_told_as_a_header(world, reply, fetcher, source_at, fresh, now):
    """As browsers do it; the other characters of the address reach the server unchanged."""
    world.routes["/feed"] = reply()
    source = source_at(world.url().replace("http://", "http://desk:%E8%8A%AF@"))
    assert isinstance(fetcher.fetch(source, fresh, now), Fetched)
    assert world.seen[-1].headers["authorization"] == "Basic " + base64.b64encode("desk:芯".encode()).decode()
    assert world.seen[-1].headers["host"] == f"127.0.0.1:{world.port}"
