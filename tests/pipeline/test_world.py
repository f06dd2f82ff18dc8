"""A world of loopback sources that misbehave, visited again and again by a clock that the test moves, into one database.

Each source is one case with a server of its own: what it does at every visit, and how it must stand in the end.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chipreel.config.places import Places, find_default
from chipreel.fetch.fetcher import UNCONDITIONAL_EVERY
from chipreel.pipeline.harvest import Order, fetch_due
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database

START = datetime(2024, 2, 21, 12, 0, tzinfo=UTC)
#: Visits of every source, and the hours between them.
VISITS, STEP_H = 4, 6

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Ask:
    """What a case knows when it answers: which visit it is, and how its server was asked."""

    round: int
    now: datetime
    path: str
    headers: dict[str, str]
    base: str


def entry(
    key: str,
    *,
    at: datetime | str | None,
    base: str,
    guid: str | None = "",
    title: str = "",
    text: str = "",
    link: str = "",
) -> str:
    """One item of RSS; `guid=""` is its key, None leaves it out."""
    dated = format_datetime(at) if isinstance(at, datetime) else at
    parts = [
        f"<title>{title or '可灵与 Sora 的第 ' + key + ' 条新闻'}</title>",
        f"<link>{(link or f'{base}/news/{key}').replace('&', '&amp;')}</link>" if link != "none" else "",
        f"<guid isPermaLink='false'>{guid or key}</guid>" if guid is not None else "",
        f"<pubDate>{dated}</pubDate>" if dated else "",
        f"<description>{text or f'Kling news {key}'}</description>",
    ]
    return f"<item>{''.join(parts)}</item>"


def rss(*entries: str, head: str = "") -> bytes:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{head}{''.join(entries)}</channel></rss>".encode()


def feed(*entries: str, head: str = "", status: int = 200, **headers: str) -> Reply:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, rss(*entries, head=head)


def steady(ask: Ask, **values: Any) -> bytes:
    """A feed that behaves: one new entry at every visit, five kept."""
    kept = range(ask.round + 1, max(0, ask.round - 4), -1)
    return rss(
        *(entry(str(n), at=START + timedelta(hours=STEP_H * (n - 2) + 5), base=ask.base, **values) for n in kept)
    )


def page(status: int, body: str, **headers: str) -> Callable[[Ask], Reply]:
    return lambda ask: (status, {k.replace("_", "-"): v for k, v in headers.items()}, body.encode())


@dataclass(frozen=True)
class Case:
    """One source of the world."""

    name: str
    answer: Callable[[Ask], Reply]
    health: str = "ok"
    #: Articles in the end.
    articles: int = 0
    #: Outcome of every visit, oldest first; None = not looked at.
    outcomes: tuple[str, ...] | None = None
    #: Part of what some visit or the verdict says.
    says: str = ""
    #: Further lines of the source in feeds.yaml.
    yaml: str = ""
    #: What else must hold: gets the database, the id, and what the server was asked.
    then: Callable[[Any, str, list[Ask]], bool] | None = None
    #: Kind of source.
    kind: str = "feed"
    #: Not visited when it is not due: the clock decides, not the test.
    due_only: bool = False
    private: bool = True


def lying_304(ask: Ask) -> Reply:
    """Answers 304 to every conditional request though its content has changed."""
    if "if-none-match" in ask.headers:
        return 304, {}, b""
    return 200, {"ETag": '"same"'}, steady(ask)


def answer_then(first: Callable[[Ask], Reply], later: Callable[[Ask], Reply]) -> Callable[[Ask], Reply]:
    return lambda ask: (first if ask.round == 0 else later)(ask)


def good(ask: Ask) -> Reply:
    return 200, {"Content-Type": "application/rss+xml"}, steady(ask)


def one(ask: Ask, **values: Any) -> Reply:
    return feed(entry("1", at=START - timedelta(hours=1), base=ask.base, **values))


def column(sql: str) -> Callable[[Any, str, list[Ask]], Any]:
    return lambda db, source, asked: db.execute(sql, (source,)).fetchone()[0]


def holds(sql: str, value: Any) -> Callable[[Any, str, list[Ask]], bool]:
    """`sql` (with the id of the source) gives `value`."""
    return lambda db, source, asked: column(sql)(db, source, asked) == value


def moving(status: int) -> Callable[[Ask], Reply]:
    return lambda ask: good(ask) if ask.path == "/new" else (status, {"Location": "/new"}, b"")


def late(ask: Ask) -> Reply:
    time.sleep(1.5)
    return good(ask)


def whole_ids_change(ask: Ask) -> Reply:
    kept = range(ask.round + 1, 0, -1)
    return feed(*(entry(str(n), at=START, base=ask.base, guid=f"v{ask.round}-{n}") for n in kept))


def no_overlap(ask: Ask) -> Reply:
    first = ask.round * 10
    return feed(*(entry(str(first + n), at=ask.now - timedelta(hours=1), base=ask.base) for n in range(5)))


def same_id(ask: Ask) -> Reply:
    kept = range(ask.round + 4, 0, -1)
    return feed(*(entry(str(n), at=START - timedelta(hours=n), base=ask.base, guid=ask.base) for n in kept))


def no_id(ask: Ask) -> Reply:
    kept = range(ask.round + 4, 0, -1)
    return feed(*(entry(str(n), at=START - timedelta(hours=n), base=ask.base, guid=None, link="none") for n in kept))


def rewritten(ask: Ask) -> Reply:
    """Atom whose <updated> is always now."""
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><updated>{ask.now:%Y-%m-%dT%H:%M:%SZ}</updated>
<entry><id>a</id><title>可灵 Kling</title><link href="{ask.base}/news/1"/><published>2024-02-21T09:00:00Z</published>
<updated>{ask.now:%Y-%m-%dT%H:%M:%SZ}</updated><summary>Same words.</summary></entry></feed>"""
    return 200, {}, body.encode()


def wall_clock(ask: Ask) -> Reply:
    return feed(entry("1", at="2024-02-21 15:58:00", base=ask.base))


def truncated(ask: Ask) -> Reply:
    return 200, {}, steady(ask)[: -len("</channel></rss>") - 10]


DATE = "select date_note from articles where source = ?"
PUBLISHED = "select published from articles where source = ?"
CHALLENGE = "<!doctype html><title>Just a moment...</title>"
FAILED = ("failed",) * VISITS
OLD = "Mon, 02 Jan 2023 10:00:00 GMT"

CASES = [
    Case("well behaved", good, articles=4, outcomes=("new",) * 4),
    Case("truncated xml", truncated, articles=4),
    Case("304 that lies", lying_304, articles=1, outcomes=("new", "unchanged", "unchanged", "unchanged")),
    Case("304 never asked for", lambda ask: (304, {}, b""), "degraded", outcomes=FAILED, says="304"),
    Case("same body", one, articles=1, outcomes=("new", "unchanged", "unchanged", "unchanged"), says="same content"),
    Case("empty 200", lambda ask: (200, {}, b""), "degraded", outcomes=FAILED, says="empty body"),
    Case("empty list", lambda ask: feed(head=f"<x>{ask.round}</x>"), "degraded", says="no entries"),
    Case("empty list and same", lambda ask: feed(), says="no entries"),
    Case("html", page(200, "<!doctype html><html><body>首页</body></html>"), "blocked", says="HTML where a feed"),
    Case("cloudflare", page(403, CHALLENGE, cf_mitigated="challenge"), "blocked", says="Cloudflare challenge"),
    Case("login", page(200, "<html><input type=password></html>"), "blocked", says="login page"),
    Case("wall after a good visit", answer_then(good, page(200, CHALLENGE)), "blocked", 1, says="Cloudflare"),
    Case("no xml at all", page(200, "hello, 世界"), "degraded", outcomes=FAILED, says="parse"),
    Case("frozen", lambda ask: feed(entry("1", at=OLD, base=ask.base), head=f"<x>{ask.round}</x>"), "stale", 1, says="2023-01-02"),
    Case(
        "silent",
        lambda ask: feed(*(entry(str(n), at=START - timedelta(days=30 + n), base=ask.base) for n in range(8))),
        "silent",
        8,
        says="its own rhythm",
    ),
    Case("moved 301", moving(301), "moved", 4, says="/new", then=holds("select moved_to like '%/new' from sources where id = ?", 1)),
    Case("moved 308", moving(308), "moved", 4, says="/new"),
    Case("lent 302", moving(302), articles=4, then=holds("select moved_to from sources where id = ?", None)),
    Case("lent 307", moving(307), articles=4, then=holds("select moved_to from sources where id = ?", None)),
    Case("circle", lambda ask: (302, {"Location": "/feed"}, b""), "degraded", outcomes=FAILED, says="redirects"),
    Case("endless way", lambda ask: (302, {"Location": ask.path + "x"}, b""), "degraded", outcomes=FAILED, says="5 redirects"),
    Case("gone", answer_then(good, page(410, "")), "gone", 1, ("new", "failed"), says="410", due_only=True),
    Case("limit", page(429, "", Retry_After="7200"), "degraded", outcomes=FAILED, says="429"),
    Case(
        "limit for days",
        page(429, "", Retry_After=str(4 * 86400)),
        outcomes=("failed",),
        due_only=True,
        then=lambda db, source, asked: len(asked) == 1,
    ),
    Case("busy", page(503, "", Retry_After="60"), "degraded", outcomes=FAILED, says="503"),
    Case("refused at last", answer_then(good, page(403, "no")), "degraded", 1, says="most likely a limit"),
    Case("not found", page(404, "no"), "degraded", outcomes=FAILED, says="404"),
    Case("broken server", page(500, "no"), "degraded", outcomes=FAILED, says="500"),
    Case("broken for a while", lambda ask: good(ask) if ask.round != 1 else (500, {}, b""), articles=4),
    Case("dies in the body", lambda ask: (200, {"Content-Length": "99999"}, steady(ask)), "degraded", says="broke the connection"),
    Case("slow", late, "degraded", outcomes=FAILED, says="timeout"),
    Case("bomb", lambda ask: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 9_000_000)), "degraded", says="too-large"),
    Case("too large", lambda ask: (200, {}, b"x" * 600_000), "degraded", says="max_bytes"),
    Case("private", good, "degraded", outcomes=FAILED, says="private-address", private=False),
    Case("to the metadata", lambda ask: (302, {"Location": "http://[::ffff:169.254.169.254]/"}, b""), "degraded", says="private-address", private=False),
    Case("to a file", lambda ask: (302, {"Location": "file:///etc/passwd"}, b""), "degraded", says="address"),
    Case("robots forbids", good, "blocked", kind="page", yaml="pattern: news\n    text: page", says="robots"),
    Case("robots breaks", good, "blocked", kind="page", yaml="pattern: news\n    text: page", says="robots"),
    Case("one id for all", same_id, articles=7, says="ids repeat"),
    Case("no ids at all", no_id, articles=7, says="neither id nor address"),
    Case("all ids change", whole_ids_change, articles=4),
    Case("no overlap", no_overlap, articles=20, says="items were probably missed"),
    Case("updated is now", rewritten, articles=1, then=holds(PUBLISHED, "2024-02-21T09:00:00Z")),
    Case("undated", lambda ask: feed(entry("1", at=None, base=ask.base)), articles=1, then=holds(DATE, "undated")),
    Case("future", lambda ask: feed(entry("1", at=START + timedelta(days=90), base=ask.base)), articles=1, then=holds(DATE, "future")),
    Case("no zone", wall_clock, articles=1, then=holds(DATE, "no zone; future")),
    Case("zone of the source", wall_clock, articles=1, yaml="timezone: Asia/Shanghai", then=holds(PUBLISHED, "2024-02-21T07:58:00Z")),
    Case("yesterday", lambda ask: feed(entry("1", at="昨天 15:58", base=ask.base)), articles=1, yaml="timezone: Asia/Shanghai", then=holds(PUBLISHED, "2024-02-20T07:58:00Z")),
    Case("nonsense date", lambda ask: feed(entry("1", at="soon", base=ask.base)), articles=1, then=lambda db, s, a: column(DATE)(db, s, a).startswith("unreadable")),
    Case("title changes", lambda ask: one(ask, title=f"可灵 {ask.round}"), articles=1, then=holds("select revisions from articles where source = ?", 3)),
    Case("a link only", lambda ask: one(ask, text="可灵。" * 400), articles=1, yaml="keep: link", then=holds("select coalesce(text, '') || coalesce(summary, '') from articles where source = ?", "")),
    Case("a summary", lambda ask: one(ask, text="可灵。" * 400), articles=1, yaml="keep: summary", then=holds("select length(text) <= 600 from articles where source = ?", 1)),
    Case("all of it", lambda ask: one(ask, text="可灵。" * 400), articles=1, yaml="keep: full", then=holds("select length(text) from articles where source = ?", 1200)),
    Case("ttl of a day", lambda ask: feed(entry("1", at=START, base=ask.base), head="<ttl>1440</ttl>"), articles=1, outcomes=("new",), due_only=True),
    Case(
        "skips the evening",
        lambda ask: feed(entry("1", at=START, base=ask.base), head="<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(12, 24)) + "</skipHours>"),
        articles=1,
        outcomes=("new", "unchanged"),
        due_only=True,
    ),
    Case("max-age a day", lambda ask: feed(entry("1", at=START, base=ask.base), Cache_Control="max-age=86400"), articles=1, outcomes=("new",), due_only=True),
    Case("a gone page returns", lambda ask: good(ask) if ask.round in (0, 3) else (404, {}, b""), articles=4),
    Case("nul and lone surrogate", lambda ask: one(ask, title="可灵\x00 &#xD800; Kling"), articles=1),
    Case("entities twice", lambda ask: one(ask, title="Kling &amp;amp; Sora"), articles=1),
]  # fmt: skip


class Server:
    """The server of one case."""

    def __init__(self, case: Case, clock: list[tuple[int, datetime]]) -> None:
        self.asked: list[Ask] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                ask = Ask(*clock[0], self.path, headers, outer.base)
                if self.path == "/robots.txt":
                    answer = _ROBOTS.get(case.name, (404, {}, b""))
                else:
                    outer.asked.append(ask)
                    answer = case.answer(ask)
                self._send(*answer)

            def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.close_connection = True
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
                    self.send_header(name, value)
                try:
                    self.end_headers()
                    self.wfile.write(body if status != 304 else b"")
                except OSError:
                    pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


_ROBOTS = {
    "robots forbids": (200, {}, b"User-agent: *\nDisallow: /"),
    "robots breaks": (500, {}, b""),
}


@dataclass
class Lived:
    """What is left after the visits."""

    db: Any
    asked: dict[str, list[Ask]] = field(default_factory=dict)


def _source_yaml(number: int, case: Case, base: str) -> str:
    more = f"\n    {case.yaml}" if case.yaml else ""
    interval = "\n    interval: 6h" if case.kind == "feed" else ""
    return (
        f"  - id: s{number}\n    title: Case {number}\n    kind: {case.kind}\n    url: {base}/feed\n    language: zh\n"
        f"    role: press\n    publisher: p{number}\n    allow_private_addresses: {str(case.private).lower()}{interval}{more}\n"
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Four visits, six hours apart, by the clock of the test."""
    home: Path = tmp_path_factory.mktemp("world")
    clock = [(0, START)]
    servers = [Server(case, clock) for case in CASES]
    settings = "settings: {min_delay_s: 0, timeout_s: 1, max_bytes: 500000, workers: 16, timezone: UTC}\nsources:\n"
    text = settings + "".join(_source_yaml(n, case, servers[n].base) for n, case in enumerate(CASES))
    (home / "feeds.yaml").write_text(text, encoding="utf-8")
    places = Places(home / "feeds.yaml", find_default("data/companies.yaml"), home / "chipreel.db", home)
    always = frozenset(f"s{n}" for n, case in enumerate(CASES) if not case.due_only)
    with open_database(places.db) as db:
        for number in range(VISITS):
            clock[0] = (number, START + timedelta(hours=STEP_H * number))
            fetch_due(db, Rooms(places), Order(clock[0][1], only=always), environ={})
            fetch_due(db, Rooms(places), Order(clock[0][1]), environ={})
        yield Lived(db, {f"s{n}": server.asked for n, server in enumerate(servers)})
    for server in servers:
        server.close()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_each_source_stands_as_it_should_after_four_visits(lived: Lived, number: int) -> None:
    """Health, visits, articles, and what a person is told."""
    case, name = CASES[number], f"s{number}"
    row = lived.db.execute("select * from sources where id = ?", (name,)).fetchone()
    visits = lived.db.execute("select * from fetches where source = ? order by id", (name,)).fetchall()
    told = " | ".join(str(text) for text in (row["health_note"], *(visit["note"] for visit in visits)))

    assert row["health"] == case.health, told
    assert case.says in told
    assert lived.db.execute("select count(*) from articles where source = ?", (name,)).fetchone()[0] == case.articles, (
        told
    )
    assert case.outcomes is None or tuple(visit["outcome"] for visit in visits) == case.outcomes, told
    assert case.then is None or case.then(lived.db, name, lived.asked[name])


def test_every_source_knows_when_it_is_visited_next_or_that_it_never_is(lived: Lived) -> None:
    """On every path, failures included."""
    lost = lived.db.execute("select id from sources where next_at is null and gone = 0").fetchall()
    assert [tuple(row) for row in lost] == []
    assert len(CASES) >= 40


def _runs(
    home: Path, answers: dict[str, Callable[[Ask], Reply]], visits: int, then: Callable[[Any], Any], **more: str
) -> Any:
    """Visit well-named sources `visits` times, six hours apart; what `then` says of the database."""
    clock = [(0, START)]
    cases = [Case(name, answer, yaml=more.get(name, "keep: full")) for name, answer in answers.items()]
    servers = [Server(case, clock) for case in cases]
    text = "settings: {min_delay_s: 0, timeout_s: 5, timezone: UTC}\nsources:\n"
    text += "".join(_source_yaml(n, case, servers[n].base) for n, case in enumerate(cases))
    (home / "feeds.yaml").write_text(text, encoding="utf-8")
    places = Places(home / "feeds.yaml", find_default("data/companies.yaml"), home / "chipreel.db", home)
    rooms = Rooms(places)
    try:
        with open_database(places.db) as db:
            for number in range(visits):
                clock[0] = (number, START + timedelta(hours=STEP_H * number))
                fetch_due(db, rooms, Order(clock[0][1], everything=True), environ={})
            return then(db)
    finally:
        for server in servers:
            server.close()


def test_what_a_lying_304_hides_is_found_by_the_visit_that_asks_unconditionally(tmp_path: Path) -> None:
    """The server says "unchanged" whenever it is asked conditionally, and has something new each time."""
    visits = UNCONDITIONAL_EVERY + 2
    outcomes = _runs(
        tmp_path,
        {"liar": lying_304},
        visits,
        lambda db: [row[0] for row in db.execute("select outcome from fetches order by id")],
    )
    assert outcomes.count("new") == 2
    assert outcomes[0] == "new"
    assert set(outcomes[1:]) == {"unchanged", "new"}


def test_a_page_with_a_clock_in_it_is_revised_24_times_and_no_more(tmp_path: Path) -> None:
    """A text that tells the time is new at every visit; after 24 times nobody believes it."""
    found = _runs(
        tmp_path,
        {"clock": lambda ask: one(ask, text=f"可灵现在是 {ask.now:%H:%M %d}")},
        28,
        lambda db: (
            db.execute("select revisions from articles").fetchone()[0],
            db.execute("select count(*) from revisions").fetchone()[0],
            db.execute("select sum(revised) from fetches").fetchone()[0],
        ),
    )
    assert found == (24, 24, 24)


def test_mirrors_and_tracking_parameters_make_one_article_with_two_sightings(tmp_path: Path) -> None:
    """Two sources name one page, one by http with a fragment and parameters of a newsletter."""

    def named(link: str) -> Callable[[Ask], Reply]:
        return lambda ask: one(ask, link=link, title="可灵发布新模型 Kling 3")

    counts = _runs(
        tmp_path,
        {
            "plain": named("https://news.example.com/2024/kling?a=1&b=2"),
            "newsletter": named("http://news.example.com/2024/kling?b=2&utm_source=x&a=1&fbclid=y#top"),
        },
        2,
        lambda db: (
            db.execute("select count(*) from articles").fetchone()[0],
            db.execute("select count(distinct source) from sightings where article = 1").fetchone()[0],
        ),
    )
    assert counts == (1, 2)


def test_posts_are_posts_and_their_author_is_the_speaker(tmp_path: Path) -> None:
    """What a person of the lexicon writes is a quote of that person; a stranger's has a name and no id."""
    post = """<item><guid>{0}</guid><link>https://social.example/@a/{0}</link><pubDate>Wed, 21 Feb 2024 10:00:00 GMT</pubDate>
<description>{1}</description></item>"""
    words = "Sora and Kling will not learn physics from pixels alone; a world model has to plan in another space."

    def posts(ask: Ask) -> Reply:
        return (
            (200, {}, rss(post.format("1", words)).replace(b"<title>T<", b"<title>Yann LeCun<"))
            if ask.path.endswith(".rss")
            else (404, {}, b"")
        )

    clock = [(0, START)]
    server = Server(Case("posts", posts), clock)
    yaml = (
        "settings: {min_delay_s: 0, allow_private_addresses: true}\nsources:\n  - id: lecun\n    title: Yann LeCun\n"
        f"    kind: mastodon\n    url: {server.base}/@ylecun\n    language: en\n    role: commentary\n"
    )
    (tmp_path / "feeds.yaml").write_text(yaml, encoding="utf-8")
    places = Places(tmp_path / "feeds.yaml", find_default("data/companies.yaml"), tmp_path / "chipreel.db", tmp_path)
    with open_database(places.db) as db:
        fetch_due(db, Rooms(places), Order(START), environ={})
        rows = db.execute(
            "select a.kind, a.author, q.speaker, q.person, q.text from articles a left join quotes q on q.article = a.id"
        ).fetchall()
    server.close()
    assert [tuple(row) for row in rows] == [("post", "Yann LeCun", "Yann LeCun", "yann-lecun", words)]


def test_nothing_is_doubled(lived: Lived) -> None:
    """No address and no id stands for two articles of one source."""
    doubled = lived.db.execute(
        "select source, canonical_url, count(*) from articles where canonical_url is not null group by 1, 2 having count(*) > 1"
    ).fetchall()
    assert [tuple(row) for row in doubled] == []
