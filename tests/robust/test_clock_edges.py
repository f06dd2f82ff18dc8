"""Days of 23 and of 25 hours have one digest each, at its hour."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chipreel.model.profile import Profile
from chipreel.pipeline.editions import Wanted, is_due
from chipreel.store.database import open_database, transaction
from chipreel.store.digests import save_looked


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
