"""Forty-odd sources of one run misbehave in every way a server can: each ends as it should, and none harms another."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from chipreel.fetch.fetcher import Fetcher
from chipreel.fetch.rhythm import Harvested, next_state
from chipreel.model import Failed, Fetched, FetchState, NotModified, Settings, Source

CHINESE = "<rss><channel><item><title>可灵发布</title></item></channel></rss>"
HTML = b"<!doctype html><html><head><title>%s</title></head><body>%s</body></html>"
WALL = HTML % (b"Just a moment...", b"")
LOGIN = HTML % (b"Sign in", b"<input type='password'>")
SEEN = {"etag": '"x"', "last_modified": "Wed, 21 Feb 2024 10:00:00 GMT"}


@dataclass(frozen=True)
class Case:
    """One source: what its server does, what must come of it."""

    name: str
    #: Keyword arguments of the answer, or a function of (reply, world) that sets routes itself.
    answer: dict[str, Any] | Callable[..., None]
    #: "fetched", "not-modified", or the reason of the failure.
    ends: str
    kind: str = "feed"
    state: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    robots: bytes | None = None
    private: bool = True
    #: Part of the sentence a person reads.
    says: str = ""


def redirect(*targets: str, status: int = 302) -> Callable[..., None]:
    def lay(reply: Any, world: Any) -> None:
        for path, target in zip(["/feed", *targets], targets, strict=False):
            world.routes[path] = reply(status, b"", {"Location": target})
        if targets[-1].startswith("/end"):
            world.routes[targets[-1]] = reply()

    return lay


CASES = [
    Case("well behaved", {}, "fetched"),
    Case(
        "gb18030", {"body": CHINESE.encode("gb18030"), "headers": {"Content-Type": "text/xml; charset=gbk"}}, "fetched"
    ),
    Case("served as html", {"headers": {"Content-Type": "text/html"}}, "fetched"),
    Case("no type at all", {"headers": {"Content-Type": ""}}, "fetched"),
    Case("not modified", {"status": 304}, "not-modified", state=SEEN),
    Case("changed etag on 304", {"status": 304, "headers": {"ETag": '"y"'}}, "not-modified", state=SEEN),
    Case("304 unasked", {"status": 304}, "http", says="304"),
    Case("gzip", {"body": gzip.compress(CHINESE.encode()), "headers": {"Content-Encoding": "gzip"}}, "fetched"),
    Case("gzip cut", {"body": gzip.compress(b"x" * 9000)[:20], "headers": {"Content-Encoding": "gzip"}}, "http"),
    Case("brotli unasked", {"headers": {"Content-Encoding": "br"}}, "encoding", says="not asked for"),
    Case(
        "gzip bomb", {"body": gzip.compress(b"\0" * 20_000_000), "headers": {"Content-Encoding": "gzip"}}, "too-large"
    ),
    Case("too long", {"body": b"x" * 2_000_000}, "too-large", says="max_bytes"),
    Case("endless", {"drip": (b"x" * 90_000,) * 30}, "too-large"),
    Case("slow drip", {"drip": (b"x",) * 100, "pause_s": 0.1}, "timeout"),
    Case("silent", {"wait_s": 3}, "timeout"),
    Case("dies in the body", {"claim": 9999}, "connect"),
    Case("empty", {"body": b""}, "http", says="empty body"),
    Case("spaces only", {"body": b"\xef\xbb\xbf \r\n"}, "http", says="empty body"),
    Case("home page", {"body": HTML % ("首页".encode(), b"")}, "blocked", says="HTML where a feed was expected"),
    Case("cloudflare", {"status": 403, "body": WALL}, "blocked", says="Cloudflare challenge"),
    Case("cloudflare with 200", {"body": WALL}, "blocked", says="Cloudflare challenge"),
    Case("login page", {"body": LOGIN}, "blocked", says="login page"),
    Case(
        "json wall",
        {"body": WALL},
        "blocked",
        "json",
        options={"items": "", "fields": {"title": "t", "url": "u"}},
        says="Cloudflare challenge",
    ),
    Case("404", {"status": 404, "body": b"no"}, "http", says="404"),
    Case("410", {"status": 410}, "http", says="gone for good"),
    Case("500", {"status": 500, "body": b""}, "http", says="500"),
    Case("503 for a while", {"status": 503, "body": b"", "headers": {"Retry-After": "60"}}, "rate-limited"),
    Case("429 garbage", {"status": 429, "body": b"", "headers": {"Retry-After": "soon"}}, "rate-limited"),
    Case("429 a year", {"status": 429, "body": b"", "headers": {"Retry-After": "31536000"}}, "rate-limited"),
    Case("429 negative", {"status": 429, "body": b"", "headers": {"Retry-After": "-1"}}, "rate-limited"),
    Case("403 to a stranger", {"status": 403, "body": b"no"}, "http"),
    Case("403 to a friend", {"status": 403, "body": b"no"}, "rate-limited", state={"failures": 0}),
    Case("moved", redirect("/end", status=301), "fetched"),
    Case("lent", redirect("/end", status=307), "fetched"),
    Case("circle", redirect("/a", "/feed"), "redirects", says="circle"),
    Case("too far", redirect("/1", "/2", "/3", "/4", "/5", "/end"), "redirects", says="5"),
    Case("to a file", redirect("file:///etc/passwd"), "address"),
    Case("to nowhere", redirect("http://"), "redirects"),
    Case("to a port zero", redirect("http://127.0.0.1:0/"), "address"),
    Case("private", {}, "private-address", private=False),
    Case(
        "robots forbids a page",
        {"body": HTML % (b"x", b"")},
        "robots",
        "page",
        options={"pattern": "x"},
        robots=b"User-agent: *\nDisallow: /",
    ),
    Case("robots forbids a feed", {}, "fetched", robots=b"User-agent: *\nDisallow: /"),
    Case("robots forbids us by name", {}, "robots", robots=b"User-agent: chipreel\nDisallow: /"),
    Case("robots is a mess", {}, "fetched", robots=b"\xff\xfe\x00 Disallow \x00" * 100),
    Case("headers without end", {"headers": {f"X-{n}": "x" * 1000 for n in range(150)}}, "connect"),
    Case("a secret nobody set", {}, "config", options={"secret_headers": {"X": "NOBODY_SET_THIS"}}, says="NOBODY_SET"),
    Case("edgar without a contact", {}, "config", "edgar", options={"cik": "0001045810", "forms": ["8-K"]}),
]


@pytest.fixture
def worlds():
    from collections import defaultdict

    opened: dict[str, Any] = defaultdict()
    yield opened
    for world in opened.values():
        world.close()


def test_every_source_of_a_bad_world_ends_as_it_should(worlds, world, reply, now):
    """A server of its own for each: what one does must not touch another's politeness or pauses."""
    sources, states = {}, {}
    for number, case in enumerate(CASES):
        server = worlds[case.name] = type(world)()
        if callable(case.answer):
            case.answer(reply, server)
        else:
            server.routes["/feed"] = reply(**case.answer)
        if case.robots is not None:
            server.robots = reply(body=case.robots)
        source = Source(
            f"s{number}", case.name, case.kind, server.url(), options=case.options, allow_private_addresses=case.private
        )
        known = {"last_good": now - timedelta(hours=1)} if case.state else {}
        sources[source.id], states[source.id] = case, FetchState(source.id, **{**known, **case.state})
        case_source = source
        sources[source.id] = (case, case_source)

    settings = Settings(min_delay_s=0, timeout_s=1.5, max_bytes=1_000_000, workers=16)
    with Fetcher(settings) as fetcher:
        visits = [(source, states[source.id]) for _, source in sources.values()]
        outcomes = {source.id: outcome for source, outcome in fetcher.fetch_many(visits, now)}

    assert len(CASES) >= 40
    assert outcomes.keys() == sources.keys(), "nothing is lost"
    wrong = []
    for source_id, (case, source) in sources.items():
        outcome = outcomes[source_id]
        ended = outcome.reason if isinstance(outcome, Failed) else _NAMES[type(outcome)]
        if ended != case.ends or case.says not in getattr(outcome, "message", ""):
            wrong.append(f"{case.name}: {ended} instead of {case.ends}: {getattr(outcome, 'message', '')}")
        _check_what_is_remembered(source, states[source_id], outcome, now)
    assert wrong == []


_NAMES = {Fetched: "fetched", NotModified: "not-modified"}


def _check_what_is_remembered(source, state, outcome, now):
    """On every path there is a next moment or an end, validators survive failures, and messages are one line."""
    harvested = Harvested(1, 0, 1) if isinstance(outcome, Fetched) else None
    after = next_state(source, state, outcome, harvested, now)
    assert after.disabled or after.next_at is not None
    assert after.next_at is None or after.next_at - now <= timedelta(days=8)
    if isinstance(outcome, Failed):
        assert (after.etag, after.body_hash) == (state.etag, state.body_hash)
        assert "\n" not in outcome.message
        assert 0 < len(outcome.message) < 300
    assert replace(after, next_at=None) == replace(next_state(source, state, outcome, harvested, now), next_at=None)
