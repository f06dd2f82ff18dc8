"""A month on loopback, day by day: late, undated, revised, vanished and copied news in two languages, and kill -9."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from loopback import Asked, Reply, serving

_PROGRAM = Path(__file__).with_name("at_moment.py")
_START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
_DAYS = 30
_SOURCES = {"wire": "en", "ledger": "en", "parade": "en", "caijing": "zh", "chaoxin": "zh"}
#: What happens, in both languages; an event is one of these with a company, a number and a place.
_EVENTS = (
    ("{en} raises ${n} million for AI chips in {place}", "{zh}为AI芯片融资{n}百万美元，地点{place_zh}"),
    ("{en} opens an AI chip laboratory with {n} engineers in {place}", "{zh}在{place_zh}开设AI芯片实验室，工程师{n}名"),
    ("{en} cuts {n} jobs at its AI unit in {place}", "{zh}{place_zh}人工智能部门裁员{n}人"),
    ("{en} signs a {n} megawatt AI data centre deal in {place}", "{zh}在{place_zh}签下{n}兆瓦AI数据中心协议"),
)
_COMPANIES = (
    ("Nvidia", "英伟达"),
    ("AMD", "AMD"),
    ("Intel", "英特尔"),
    ("SoftBank", "软银"),
    ("OpenAI", "OpenAI"),
    ("Huawei", "华为"),
    ("Cerebras", "Cerebras"),
    ("Samsung", "三星"),
    ("Moore Threads", "摩尔线程"),
    ("Runway", "Runway"),
)
_PLACES = (
    ("Austin", "奥斯汀"),
    ("Dresden", "德累斯顿"),
    ("Osaka", "大阪"),
    ("Shenzhen", "深圳"),
    ("Toronto", "多伦多"),
    ("Haifa", "海法"),
    ("Seoul", "首尔"),
    ("Lyon", "里昂"),
)


@dataclass(frozen=True)
class _Item:
    guid: str
    title: str
    text: str
    #: None = the feed does not say.
    date: datetime | None
    #: Days on which the feed has it.
    first: int
    last: int = 99
    #: (day, title) from which on it is called otherwise.
    revised: tuple[int, str] | None = None


@dataclass
class _World:
    """What every source publishes on every day, and what the readers' service has been sent."""

    items: dict[str, list[_Item]] = field(default_factory=lambda: defaultdict(list))
    day: int = 0
    #: Sources that answer 500 today.
    down: frozenset[str] = frozenset()
    received: list[str] = field(default_factory=list)
    port: int = 0

    def feed(self, source: str) -> bytes:
        rows = []
        for item in self.items[source]:
            if item.first <= self.day <= item.last:
                is_revised = item.revised is not None and self.day >= item.revised[0]
                title = item.revised[1] if is_revised and item.revised else item.title
                date = f"<pubDate>{item.date:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if item.date else ""
                rows.append(
                    f"<item><guid>{item.guid}</guid><title>{escape(title)}</title>{date}"
                    f"<link>https://{source}.example/{item.guid}</link>"
                    f"<description>{escape(item.text)}</description></item>"
                )
        return f"<rss version='2.0'><channel><title>{source}</title>{''.join(rows)}</channel></rss>".encode()


def _a_month(seed: int) -> _World:
    chance, world = random.Random(seed), _World()
    kinds = [(event, company, place) for event in _EVENTS for company in _COMPANIES for place in _PLACES]
    chance.shuffle(kinds)
    number = 0
    for day in range(_DAYS):
        for _ in range(chance.randint(1, 4)):
            (english, chinese), (en, zh), (place, place_zh) = kinds.pop()
            values = {"en": en, "zh": zh, "n": 100 + 7 * number, "place": place, "place_zh": place_zh}
            for source in chance.sample(sorted(_SOURCES), chance.randint(1, 4)):
                number += 1
                title = (chinese if _SOURCES[source] == "zh" else english).format(**values)
                world.items[source].append(_an_item(chance, f"g{number}", title, day))
    return world


def _an_item(chance: random.Random, guid: str, title: str, day: int) -> _Item:
    now = _START + timedelta(days=day, hours=chance.uniform(0, 6))
    item = _Item(guid, title, f"{title}.", now, day)
    match chance.choice("plain plain plain plain late undated old revised vanishing future".split()):
        case "late":
            return replace(item, first=day + chance.randint(1, 3))
        case "undated":
            return replace(item, date=None)
        case "old":
            return replace(item, date=now - timedelta(days=400))
        case "future":
            return replace(item, date=now + timedelta(days=40))
        case "revised":
            return replace(item, revised=(day + 2, f"{title} — {'已更正' if title > '一' else 'corrected'}"))
        case "vanishing":
            return replace(item, last=day + 1)
    return item


@pytest.fixture
def world() -> Iterator[_World]:
    """Served on loopback, with a service that takes messages."""
    found = _a_month(seed=5)

    def answer(asked: Asked) -> Reply:
        if asked.method == "POST":
            found.received.append(json.loads(asked.body)["message"])
            time.sleep(0.3)  # long enough to be killed while the answer is awaited
            return Reply()
        source = asked.path.strip("/")
        return Reply(500 if source in found.down else 200, found.feed(source), {"Content-Type": "application/rss+xml"})

    with serving(answer) as base:
        found.port = int(base.rpartition(":")[2])
        yield found


def _settings(world: _World) -> str:
    sources = "".join(
        f"  - {{id: {name}, title: {name}, kind: feed, url: 'http://127.0.0.1:{world.port}/{name}', language: {lang},"
        f" role: press, publisher: {name}, interval: 1h, all_relevant: true}}\n"
        for name, lang in _SOURCES.items()
    )
    return f"""\
settings:
  timezone: UTC
  allow_private_addresses: true
  min_delay_s: 0
  profiles:
    default: {{hour: "07:00", channels: [file, phone], minutes: 600, stories: 1000, per_source: 1000,
      per_company: 1000, floor: -100}}
  channels:
    phone: {{kind: push, url: PUSH_URL, format: text, max_bytes: 100000}}
sources:
{sources}"""


class _Cron:
    """Calls `run` at a moment, and kills it now and then."""

    def __init__(self, folder: Path, world: _World) -> None:
        self._folder, self._environ = folder, {"PUSH_URL": f"json://127.0.0.1:{world.port}/hook", "PATH": "/usr/bin"}

    def run(self, moment: datetime, *, kill_after_s: float | None = None) -> None:
        command = [sys.executable, str(_PROGRAM), moment.isoformat(), "-q", "run"]
        log = (self._folder / "log").open("ab")
        child = subprocess.Popen(command, cwd=self._folder, env=self._environ, stdout=log, stderr=log)
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            child.kill()
        code = child.wait(120)
        log.close()
        assert kill_after_s is not None or code == 0, (self._folder / "log").read_text()


def _live(folder: Path, world: _World, seed: int) -> int:
    """The month: two runs a day, a third of them killed somewhere; returns how many were."""
    chance, cron, killed = random.Random(seed), _Cron(folder, world), 0
    for day in range(_DAYS):
        world.day = day
        world.down = frozenset(chance.sample(sorted(_SOURCES), 1)) if chance.random() < 0.2 else frozenset()
        for hour in (7.1, 15.3):
            moment = _START + timedelta(days=day, hours=hour)
            while chance.random() < 0.35:
                cron.run(moment, kill_after_s=chance.uniform(0.3, 1.3))
                killed += 1
                moment += timedelta(minutes=15)
            if chance.random() < 0.9:
                cron.run(moment)
    for day in range(_DAYS, _DAYS + 4):
        world.day, world.down = day, frozenset()
        cron.run(_START + timedelta(days=day, hours=7.1))
    return killed


@pytest.mark.slow
def test_a_month_delivers_every_relevant_story_exactly_once(tmp_path: Path, world: _World) -> None:
    """In order of a ranking that adds up; a delivery that was interrupted is unknown, never doubled, never lost."""
    (tmp_path / "feeds.yaml").write_text(_settings(world), encoding="utf-8")
    killed = _live(tmp_path, world, seed=6)
    db = sqlite3.connect(tmp_path / "data/chipreel.db")
    db.row_factory = sqlite3.Row
    try:
        _check_database(db)
        _check_stories(db)
        _check_deliveries(db, tmp_path, world)
        articles = db.execute("select count(*) from articles").fetchone()[0]
        editions = db.execute("select count(*) from digests").fetchone()[0]
    finally:
        db.close()

    assert killed > 10
    assert articles > 100
    assert editions > 20


def _check_database(db: sqlite3.Connection) -> None:
    assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert db.execute("pragma foreign_key_check").fetchall() == []
    assert db.execute("select count(*) from articles where relevant = 1 and story is null").fetchone()[0] == 0


def _check_stories(db: sqlite3.Connection) -> None:
    """Every story that has news was told as new, once, whatever its dates; it came back only with reasons."""
    contents = [json.loads(row["content"]) for row in db.execute("select content from digests order by id")]
    told: Counter[int] = Counter()
    for content in contents:
        entries = content["entries"]
        assert [entry["score"] for entry in entries] == sorted((e["score"] for e in entries), reverse=True)
        for entry in entries:
            assert sum(points for _, points in entry["score_parts"]) == pytest.approx(entry["score"])
            if entry["state"] == "new":
                told.update(entry["covered"])
            else:
                assert entry["reasons"]
    rows = db.execute("select id, story from articles where relevant and not background")
    news = {row["id"]: row["story"] for row in rows}
    rows = db.execute("select a.story from digest_articles d join articles a on a.id = d.article")
    given = {row["story"] for row in rows}
    assert max(told.values()) == 1, "no article was told as new twice"
    assert set(news.values()) <= given, "no story was lost"


def _check_deliveries(db: sqlite3.Connection, folder: Path, world: _World) -> None:
    rows = db.execute(
        "select d.*, g.made_at, g.content from deliveries d join digests g on g.id = d.digest order by d.id"
    ).fetchall()
    messages = Counter(world.received)
    assert not messages or max(messages.values()) == 1, "no message was sent twice"
    unknown = 0
    for row in rows:
        if row["channel"] == "file":
            assert row["state"] == "confirmed"
            name = f"{row['made_at'][:10]}-default-{row['digest']}.md"
            assert (folder / "data/digests" / name).read_text(encoding="utf-8").startswith("# chipreel digest")
        else:
            assert row["state"] in ("confirmed", "unknown")
            unknown += row["state"] == "unknown"
    confirmed = sum(row["channel"] == "phone" and row["state"] == "confirmed" for row in rows)
    assert confirmed <= sum(messages.values()) <= confirmed + unknown
