"""What is old goes and stays away; what is left holds together."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.cli import main
from chipreel.keep.doctor import examine
from chipreel.model import Item, Source
from chipreel.pipeline.importing import import_rows
from chipreel.pipeline.pruning import prune
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import transaction
from chipreel.store.retention import drop_empty_stories

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
OLD = NOW - timedelta(days=500)


def count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def well(path: Path) -> list[str]:
    """What the doctor finds wrong."""
    return [f"{one.check}: {one.message}" for one in examine(path, NOW) if one.state == "problem"]


def again(db: sqlite3.Connection, rooms: Rooms, *, url: str, guid: str, source: str = "archive") -> int:
    """Articles that come when an old one is offered once more."""
    item = Item(guid, "Nvidia orders chips for $7 billion", url, text="Many chips.", published=OLD)
    return import_rows(db, rooms, Source(source, source.title(), "import", "", "mul"), [item], NOW).new


def test_what_is_old_goes_with_all_that_hangs_on_it(open_db: sqlite3.Connection, path: Path) -> None:
    """Words, quotes, sums and tags of deleted articles are gone; the rest is untouched."""
    done = prune(open_db, NOW - timedelta(days=400), NOW)

    assert done.articles == 10
    assert count(open_db, "select count(*) from articles") == 20
    assert count(open_db, "select min(first_seen) > '2024-02-15' from articles") == 1
    assert count(open_db, "select count(*) from tombstones") == 10
    assert well(path) == []


def test_twice_is_once(open_db: sqlite3.Connection) -> None:
    """A second pruning finds nothing."""
    prune(open_db, NOW - timedelta(days=400), NOW)

    assert prune(open_db, NOW - timedelta(days=400), NOW).articles == 0


def test_what_was_deleted_does_not_come_back(open_db: sqlite3.Connection, rooms: Rooms) -> None:
    """Neither under its old identity, nor under a new one, nor from another source."""
    prune(open_db, NOW - timedelta(days=400), NOW)
    url = f"https://archive.example/{OLD:%j}/0"

    assert again(open_db, rooms, url=url, guid=f"{OLD:%j}-0") == 0
    assert again(open_db, rooms, url=url, guid="other", source="mirror") == 0
    assert again(open_db, rooms, url=f"{url}?utm_source=x", guid="third", source="mirror") == 0
    assert again(open_db, rooms, url="https://archive.example/new", guid="new") == 1


def test_a_deleted_home_page_bars_nobody(open_db: sqlite3.Connection, rooms: Rooms) -> None:
    """Items without an address of their own give the address of the site: that one says nothing."""
    for guid in ("a", "b"):
        item = Item(guid, f"Nvidia note {guid}", "https://notes.example/", published=OLD)
        import_rows(open_db, rooms, Source("notes", "Notes", "import", "", "mul"), [item], OLD)
    prune(open_db, NOW - timedelta(days=400), NOW)

    assert again(open_db, rooms, url="https://notes.example/", guid="c", source="notes") == 1


def test_digests_and_deliveries_outlive_their_articles(open_db: sqlite3.Connection, path: Path) -> None:
    """What was told stays told, although everything is deleted."""
    kept = [open_db.execute(f"select * from {table}").fetchall() for table in ("digests", "deliveries")]
    prune(open_db, NOW + timedelta(days=1), NOW)

    assert [open_db.execute(f"select * from {table}").fetchall() for table in ("digests", "deliveries")] == kept
    assert count(open_db, "select count(*) from articles") == 0
    assert well(path) == []


def test_numbers_are_never_given_twice(open_db: sqlite3.Connection, rooms: Rooms) -> None:
    """After everything is deleted, the next article and the next story have new numbers."""
    last = [count(open_db, f"select max(id) from {table}") for table in ("articles", "stories")]
    prune(open_db, NOW + timedelta(days=1), NOW)
    again(open_db, rooms, url="https://archive.example/new", guid="new")
    row = open_db.execute("select id, story from articles").fetchone()

    assert row["id"] > last[0]
    assert row["story"] is None or row["story"] > last[1]


def test_a_story_is_told_by_what_is_left_of_it(open_db: sqlite3.Connection, path: Path) -> None:
    """Half of a story deleted: its number of articles and its headline are those of the other half."""
    with transaction(open_db):
        story = count(open_db, "select story from articles where story is not null order by id desc limit 1")
        open_db.execute("update articles set story = ?, relevant = 1", (story,))
        drop_empty_stories(open_db, [row["id"] for row in open_db.execute("select id from stories")])
    prune(open_db, NOW - timedelta(days=400), NOW)

    assert count(open_db, f"select articles from stories where id = {story}") == 20
    assert well(path) == []


@pytest.mark.parametrize("keep", ["never", "-3d", "2999-01-01", ""])
def test_what_is_no_span_is_refused(path: Path, keep: str) -> None:
    """A typing error deletes nothing."""
    assert main(["prune", "--keep", keep, "--db", str(path)]) == 2


@pytest.mark.parametrize("keep", ["99999y", "1000年", "201y", "0001-01-01", "1800"])
def test_what_reaches_back_further_than_anything_is_refused(
    path: Path, keep: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No other day is taken in silence for the one that was meant."""
    assert main(["prune", "--keep", keep, "--dry-run", "--db", str(path)]) == 2
    assert f"--keep: {keep!r} reaches back more than 200 years" in capsys.readouterr().err


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles"])
def test_the_day_is_told_as_it_was_given(
    path: Path, zone: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """East of Greenwich midnight is the day before in UTC."""
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(f"settings: {{timezone: {zone}}}\nsources: []\n")
    assert main(["prune", "--keep", "1999-01-01", "--dry-run", "--db", str(path), "--feeds", str(feeds)]) == 0
    assert capsys.readouterr().err == "0 articles came before 1999-01-01\n"


def test_the_command_asks_first_and_gives_space_back(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--dry-run changes nothing; --compact makes the file smaller."""
    size = path.stat().st_size
    assert main(["prune", "--keep", "1d", "--dry-run", "--db", str(path)]) == 0
    assert path.stat().st_size == size
    assert main(["prune", "--keep", "1d", "--everything", "--compact", "--db", str(path)]) == 0

    assert capsys.readouterr().err.splitlines()[0].startswith("30 articles")
    assert path.stat().st_size < size
