"""A clock that is wrong or put right, and days of 23 and of 25 hours: everything is told once, at its hour."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from chipreel.cli import main
from chipreel.model.profile import Profile
from chipreel.pipeline.editions import Wanted, is_due
from chipreel.store.database import open_database, transaction
from chipreel.store.digests import save_looked
from processes import articles


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", date(2024, 3, 31)),  # 02:00 becomes 03:00
        ("Europe/Berlin", date(2024, 10, 27)),  # 03:00 becomes 02:00
        ("America/New_York", date(2024, 3, 10)),
        ("America/New_York", date(2024, 11, 3)),
        ("America/Santiago", date(2024, 9, 8)),  # midnight becomes one o'clock
        ("Asia/Shanghai", date(2024, 2, 17)),
        ("Pacific/Apia", date(2011, 12, 30)),  # a day that there was not
    ],
)
@pytest.mark.parametrize("hour", [time(0), time(0, 30), time(2, 30), time(7), time(23, 45)])
def test_every_day_has_one_digest(tmp_path: Path, zone: str, day: date, hour: time) -> None:
    """Asked every 15 minutes over three days around the change: one a day, none before its hour."""
    start = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC) - timedelta(hours=36)
    made: list[datetime] = []
    with open_database(tmp_path / "a.db") as db:
        for step in range(4 * 72):
            now = start + timedelta(minutes=15 * step)
            wanted = Wanted(Profile("p", hour=hour), "en", zone, now, timedelta(hours=48))
            if is_due(db, wanted):
                made.append(now.astimezone(ZoneInfo(zone)))
                with transaction(db):
                    save_looked(db, "p", now)
    days = [moment.date() for moment in made]

    assert len(set(days)) == len(days)
    assert all(moment.time() >= hour for moment in made)
    lived = {(start + timedelta(minutes=15 * step)).astimezone(ZoneInfo(zone)).date() for step in range(4 * 72)}
    assert len(days) >= len(lived) - 1, "the last day may end before its hour"


def test_a_clock_that_ran_ahead_does_not_stop_the_fetching(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the clock is put right nothing is put off for years, and nothing is lost or told twice."""
    world.lay(3, 4)
    monkeypatch.chdir(world.write_home(tmp_path / "home"))
    real, years = datetime.now(UTC), timedelta(days=3650)
    for moment, visited, new in ((real, 3, 12), (real + years, 3, 0), (real, 3, 1), (real, 0, 0), (real - years, 3, 0)):
        if new == 1:
            item = "<item><guid>late</guid><title>SoftBank raises funds to make chips with Arm</title></item>"
            world.files["/0"] = world.files["/0"].replace(b"</channel>", f"{item}</channel>".encode())
        with time_machine.travel(moment, tick=True):
            assert main(["daily", "--lang", "en"]) == 0
        told = capsys.readouterr()
        assert f"fetched {visited} sources: {new} new" in told.err, moment
        assert ("Nothing new" in told.out) == (new == 0), moment
    assert articles(Path()) == 13


@pytest.mark.slow
@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_is_put_right_in_the_middle_of_a_run(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jump: timedelta
) -> None:
    """Every look at the clock shows it further off: what is told is what would have been told, and once."""
    from chipreel.cli import context

    told = []
    for step in (timedelta(0), jump):
        looks: list[int] = []

        def now(step: timedelta = step, looks: list[int] = looks) -> datetime:
            looks.append(0)
            return datetime.now(UTC) + step * (len(looks) - 1)

        world.lay(2, 4)
        monkeypatch.chdir(world.write_home(tmp_path / f"home-{len(told)}"))
        assert main(["daily"]) == 0
        world.lay(2, 8)
        with monkeypatch.context() as patched:
            patched.setattr(context, "now", now)
            assert main(["fetch", "--all"]) == 0
            assert main(["daily", "--lang", "zh"]) == 0
            assert len(looks) > 2
            capsys.readouterr()
            assert main(["daily"]) == 0
        assert "Nothing new" in capsys.readouterr().out
        with closing(sqlite3.connect("data/chipreel.db")) as db:
            assert db.execute("select max(id) from articles").fetchone()[0] == 16
            told.append(sorted(db.execute("select article, count(*) from digest_articles group by 1").fetchall()))
    assert told[0] == told[1]
    assert {count for _, count in told[1]} == {1}


def test_a_pruning_that_would_take_everything_asks_for_it(
    tmp_path: Path, items: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clock years ahead must not empty an archive by way of a nightly `prune --keep 400d`."""
    db = str(tmp_path / "a.db")
    (tmp_path / "items.jsonl").write_text(items(5), encoding="utf-8")
    main(["import", str(tmp_path / "items.jsonl"), "--db", db])
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3650), tick=True):
        assert main(["prune", "--keep", "400d", "--db", db]) == 2
        assert "every article" in capsys.readouterr().err
        assert main(["prune", "--keep", "400d", "--everything", "--db", db]) == 0
