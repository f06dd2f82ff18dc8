"""Two years of five sources on loopback, brought once: by the API, by pages, by sitemap, by search and by cursor."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from chipreel.config.places import Places
from chipreel.pipeline.backfilling import Span, backfill, can_go_back
from chipreel.pipeline.harvest import Order, fetch_due
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms
from chipreel.store.sources import list_sources

_SPEC = spec_from_file_location("past_world", Path(__file__).with_name("past_world.py"))
past = module_from_spec(_SPEC)
sys.modules["past_world"] = past
_SPEC.loader.exec_module(past)

SOURCES = ("journal", "bulletin", "gazette", "forum", "voice")


@pytest.fixture
def rooms_at(tmp_path, project):
    def made(world):
        (tmp_path / "feeds.yaml").write_text(world.feeds_yaml(), encoding="utf-8")
        places = Places(tmp_path / "feeds.yaml", project / "data/companies.yaml", tmp_path / "news.db", tmp_path)
        return Rooms(places)

    return made


def titles_of(db):
    rows = db.execute("select source, coalesce(title, text) as words, published from articles")
    return Counter((row["source"], row["published"]) for row in rows)


def expected(*sources, since=past.START, until=past.NOW):
    return Counter(
        (name, f"{one.at:%Y-%m-%dT%H:%M:%SZ}")
        for name in sources or SOURCES
        for one in past.pieces(name)
        if since <= one.at < until
    )


def test_every_item_of_two_years_comes_once_and_is_background(rooms_at):
    """Twice is once: the second run asks nothing. First met now, published then, in stories of their own weeks."""
    with past.serve_past() as world:
        rooms = rooms_at(world)
        wanted = rooms.feeds.sources
        assert all(map(can_go_back, wanted))
        with open_for_run(rooms.places.db) as db:
            done = backfill(db, rooms, wanted, Span(past.NOW, past.START), environ={})
            asked = len(world.asked)
            again = backfill(db, rooms, wanted, Span(past.NOW, past.START), environ={})

            assert {name: (one.way, one.state) for name, one in done.walks.items()} == {
                "journal": ("wordpress-api", "done"),
                "bulletin": ("wordpress", "done"),
                "gazette": ("sitemap", "done"),
                "forum": ("search", "done"),
                "voice": ("cursor", "done"),
            }
            assert titles_of(db) == expected()
            assert (again.new, len(world.asked)) == (0, asked)
            facts = db.execute(
                """select count(*) as n, sum(background) as background, sum(story is null) as alone,
                     min(first_seen) as first from articles"""
            ).fetchone()
            assert tuple(facts) == (done.new, done.new, 0, "2026-02-01T00:00:00Z")
            spans = db.execute(
                """select max(julianday(b.published) - julianday(a.published)) from articles a
                   join articles b on a.story = b.story"""
            ).fetchone()[0]
            assert spans < 60
            reach = {row["id"]: row["oldest"][:7] for row in list_sources(db)}
            assert set(reach.values()) == {"2024-02"}


def test_a_daily_run_after_a_backfill_brings_nothing_new_and_revises_nothing(rooms_at):
    """The API tells a post in other words than the feed: that is no revision, and no news."""
    with past.serve_past() as world:
        rooms = rooms_at(world)
        with open_for_run(rooms.places.db) as db:
            only = [source for source in rooms.feeds.sources if source.id in ("journal", "bulletin")]
            span = Span(past.NOW, past.NOW - timedelta(days=120), past.NOW)
            new = backfill(db, rooms, only, span, environ={}).new
            report = fetch_due(db, rooms, Order(past.NOW, only=frozenset({"journal", "bulletin"})), environ={})

            assert new > 20
            assert (report.new, report.revised, report.failures) == (0, 0, [])


def test_a_source_that_fails_goes_on_where_it_was(rooms_at):
    """A failure is told and remembered with the place; others do not suffer; the next run asks only for the rest."""
    with past.serve_past() as world:
        rooms = rooms_at(world)
        world.broken = {"/bulletin/feed/?paged=4": 404, "/voice/": 500}
        two = [source for source in rooms.feeds.sources if source.id in ("journal", "voice")]
        with open_for_run(rooms.places.db) as db:
            first = backfill(db, rooms, two, Span(past.NOW, past.START), environ={})
            assert (first.walks["voice"].state, first.walks["journal"].state) == ("failed", "done")
            assert "500" in first.walks["voice"].note
            world.broken = {}
            world.asked.clear()
            later = Span(past.NOW + timedelta(days=1), past.START)
            second = backfill(db, rooms, two, later, environ={})

            assert second.walks["voice"].state == "done"
            assert titles_of(db) == expected("journal", "voice")
            assert not [path for path in world.asked if path.startswith("/journal")]


def test_only_the_span_that_was_asked_for_is_taken(rooms_at):
    """Since is the first moment, until the first that is no longer wanted."""
    since, until = datetime(2024, 11, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
    with past.serve_past() as world:
        rooms = rooms_at(world)
        with open_for_run(rooms.places.db) as db:
            backfill(db, rooms, rooms.feeds.sources, Span(past.NOW, since, until), environ={})
            assert titles_of(db) == expected(since=since, until=until)


def test_a_source_without_a_past_says_so(rooms_at):
    """A kind that has none, and a feed that leads nowhere."""
    with past.serve_past() as world:
        rooms = rooms_at(world)
        feed = next(source for source in rooms.feeds.sources if source.id == "journal")
        none = replace(feed, options={"paging": "none"})
        with open_for_run(rooms.places.db) as db:
            done = backfill(db, rooms, [none], Span(past.NOW, past.START), environ={})
            assert (done.walks["journal"].state, done.walks["journal"].note) == (
                "failed",
                "offers no way back that is known",
            )
    assert not can_go_back(replace(feed, kind="youtube"))


def _served(feeds: Path) -> subprocess.Popen:
    folder = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {folder!r}); import past_world; past_world.main({str(feeds)!r})"
    server = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 20
    while not feeds.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return server


@pytest.mark.slow
def test_killed_again_and_again_every_item_comes_once(tmp_path, project):
    """kill -9 at many moments of a real run, then one that may end: nothing is lost, nothing comes twice."""
    feeds = tmp_path / "feeds.yaml"
    server = _served(feeds)
    db = tmp_path / "news.db"
    command = [sys.executable, "-m", "chipreel", "backfill", "all", "--since", "2024-02-01", "--until", "2026-02-01"]
    common = ["--db", str(db), "--feeds", str(feeds), "--companies", str(project / "data/companies.yaml")]
    try:
        for pause in (0.9, 1.3, 1.6, 2.0, 2.4):
            run = subprocess.Popen([*command, *common], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            time.sleep(pause)
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
        last = subprocess.run([*command, "--json", *common], capture_output=True, text=True, timeout=120)
    finally:
        server.kill()
        server.wait()
    assert last.returncode == 0, last.stderr
    rows = [json.loads(line) for line in last.stdout.splitlines()]
    assert {row["source"]: row["state"] for row in rows} == dict.fromkeys(SOURCES, "done")
    from chipreel.store.database import open_database

    with open_database(db) as connection:
        assert titles_of(connection) == expected()
        assert connection.execute("select count(*) from articles where story is null").fetchone()[0] == 0
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_the_chart_of_two_years_is_right(rooms_at):
    """Month by month what was published then; the three months in which a voice was silent are zeros, not gaps."""
    from chipreel.store.months import load_months

    with past.serve_past() as world:
        rooms = rooms_at(world)
        voice = [source for source in rooms.feeds.sources if source.id == "voice"]
        with open_for_run(rooms.places.db) as db:
            backfill(db, rooms, voice, Span(past.NOW, past.START), environ={})
            found = load_months(db, datetime(2023, 12, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC))

    published = Counter(f"{one.at:%Y-%m}" for one in past.pieces("voice"))
    nvidia = next(one for one in found.companies if one.company == "nvidia")
    shown = dict(zip(found.months, nvidia.counts, strict=True))
    assert (shown["2023-12"], shown["2024-01"]) == (None, None)
    assert [shown[month] for month in ("2024-07", "2024-08", "2024-09")] == [0, 0, 0]
    assert {month: count for month, count in shown.items() if count} == {
        month: count for month, count in published.items() if month <= "2026-01"
    }
