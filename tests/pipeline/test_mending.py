"""Putting right what was tagged and grouped, and tagging anew: corrections hold, twice is once."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.config.places import Places, find_default
from chipreel.errors import ConfigError, NotFoundError
from chipreel.model import Item, Source
from chipreel.pipeline.grouping import group_new
from chipreel.pipeline.harvest import prepare
from chipreel.pipeline.intake import Harvest, take_in
from chipreel.pipeline.mending import fix_tags, merge_stories, split_story
from chipreel.pipeline.regrouping import restory
from chipreel.pipeline.retagging import retag
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database, transaction
from chipreel.store.fixes import labelled_rows
from chipreel.store.inspection import find_odd_stories
from chipreel.store.sources import save_source

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
SOURCE = Source("alpha", "Alpha", "import", "https://alpha.example/", "mul", keep="full")
ITEMS = (
    Item("1", "Nvidia passes Amazon in market value", "https://alpha.example/1", published=NOW),
    Item("2", "英伟达市值超过亚马逊，升至1.78万亿美元", "https://alpha.example/2", published=NOW),
    Item("3", "SoftBank's Son seeks $100 billion for a chip venture", "https://alpha.example/3", published=NOW),
    Item("4", "Apple harvest begins early in Kent", "https://alpha.example/4", published=NOW),
)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """The packaged files."""
    home = tmp_path_factory.mktemp("home")
    return Rooms(Places(find_default("feeds.yaml"), find_default("data/companies.yaml"), home / "x.db", home))


@pytest.fixture
def db(tmp_path: Path, rooms: Rooms) -> Iterator[sqlite3.Connection]:
    """Four articles, taken in and grouped."""
    with open_database(tmp_path / "a.db") as connection:
        prepare(connection, rooms)
        with transaction(connection):
            save_source(connection, SOURCE)
        take_in(connection, Harvest(SOURCE, ITEMS, NOW, all_new=True), rooms)
        group_new(connection, rooms, NOW)
        yield connection


def _companies(db: sqlite3.Connection, article: int) -> set[str]:
    return set(json.loads(db.execute("select companies from articles where id = ?", (article,)).fetchone()[0]))


def _story(db: sqlite3.Connection, article: int) -> int:
    return int(db.execute("select story from articles where id = ?", (article,)).fetchone()[0])


def test_a_correction_survives_retagging(db: sqlite3.Connection, rooms: Rooms) -> None:
    """What a person says holds, is no difference to retag, and can be read as a label."""
    fix_tags(db, rooms, 1, yes=["softbank"], no=["amazon"], now=NOW)
    difference = retag(db, rooms, NOW, apply=True)

    assert _companies(db, 1) == {"nvidia", "softbank"}
    assert difference.changed == 0
    assert [row["id"] for row in labelled_rows(db)] == [1]


@pytest.mark.parametrize("name", ["softbank", "SoftBank", "软银", "軟銀"])
def test_a_correction_may_name_a_company_as_people_do(db: sqlite3.Connection, rooms: Rooms, name: str) -> None:
    """By id or name, in either script; but not as what it is about and as what it is not."""
    fix_tags(db, rooms, 4, yes=[name], no=[], now=NOW)

    assert "softbank" in _companies(db, 4)
    with pytest.raises(ConfigError, match="cannot be both"):
        fix_tags(db, rooms, 4, yes=["softbank"], no=[name], now=NOW)


def test_the_later_of_two_corrections_holds(db: sqlite3.Connection, rooms: Rooms) -> None:
    """A person may change their mind."""
    fix_tags(db, rooms, 1, yes=[], no=["amazon"], now=NOW)
    fix_tags(db, rooms, 1, yes=["amazon"], no=[], now=NOW)

    assert _companies(db, 1) == {"nvidia", "amazon"}


def test_an_unknown_company_or_article_is_refused(db: sqlite3.Connection, rooms: Rooms) -> None:
    """And nothing is noted."""
    with pytest.raises(NotFoundError, match="no company 'acme'"):
        fix_tags(db, rooms, 1, yes=["acme"], no=[], now=NOW)
    with pytest.raises(NotFoundError, match="no article 99"):
        fix_tags(db, rooms, 99, yes=["nvidia"], no=[], now=NOW)
    assert db.execute("select count(*) from fixes").fetchone()[0] == 0


@pytest.mark.parametrize("text", ["names: [Tidewater Video]", "names: [潮汐視頻]"])
def test_a_company_that_came_since_the_last_run_can_be_tagged_at_once(
    db: sqlite3.Connection, tmp_path: Path, text: str
) -> None:
    """By hand and by tagging anew, as the guide shows after `companies add`: no fetch need come between."""
    own = tmp_path / "companies.yaml"
    shipped = find_default("data/companies.yaml").read_text(encoding="utf-8")
    entry = f"- id: tidewater\n  name: Tidewater\n  zh: 潮汐\n  group: video\n  {text}\n"
    own.write_text(shipped.replace("companies:\n", f"companies:\n{entry}", 1), encoding="utf-8")
    later = Rooms(Places(find_default("feeds.yaml"), own, tmp_path / "x.db", tmp_path))
    with transaction(db):
        db.execute("update articles set text = 'Tidewater Video and 潮汐視頻 raise money.' where id = 1")

    retag(db, later, NOW, apply=True)
    assert "tidewater" in _companies(db, 1)
    fix_tags(db, later, 4, yes=["tidewater"], no=[], now=NOW)
    assert "tidewater" in _companies(db, 4)
    assert db.execute("pragma foreign_key_check").fetchall() == []


def test_retag_shows_the_difference_before_it_writes_it(db: sqlite3.Connection, rooms: Rooms) -> None:
    """Without apply nothing changes; with it the difference is gone."""
    with transaction(db):
        db.execute("update articles set companies = '[\"intel\"]', relevant = 0, story = null where id = 2")
    shown = retag(db, rooms, NOW, apply=False)

    assert _companies(db, 2) == {"intel"}
    assert shown.companies["nvidia", "+"] == (1, [ITEMS[1].title])
    assert shown.companies["intel", "-"][0] == 1
    assert shown.relevant == (1, 0)
    assert retag(db, rooms, NOW, apply=True).changed == 1
    assert retag(db, rooms, NOW, apply=True).changed == 0
    assert _companies(db, 2) == {"nvidia", "amazon"}
    assert _story(db, 2) is not None


def test_an_interrupted_retagging_goes_on_where_it_was(
    db: sqlite3.Connection, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written is not done again."""
    monkeypatch.setattr("chipreel.pipeline.retagging.BATCH", 2)
    with transaction(db):
        db.execute("update articles set companies = '[]'")

    class KilledError(Exception):
        pass

    def kill(done: int) -> None:
        if done == 2:
            raise KilledError

    with pytest.raises(KilledError):
        retag(db, rooms, NOW, apply=True, progress=kill)
    rest = retag(db, rooms, NOW, apply=True)

    assert rest.articles == len(ITEMS) - 2
    assert _companies(db, 1) == {"nvidia", "amazon"}
    assert _companies(db, 3) == {"softbank"}


def test_stories_are_true_whenever_a_retagging_is_interrupted(
    db: sqlite3.Connection, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An article that leaves its story is told of by that story at once, not by a run that may never end."""
    monkeypatch.setattr("chipreel.pipeline.retagging.BATCH", 1)
    with transaction(db):
        db.execute("update articles set relevant = 1, story = ? where id = 4", (_story(db, 3),))
        db.execute("update stories set articles = articles + 1 where id = ?", (_story(db, 3),))
    assert find_odd_stories(db) == []

    def stop(done: int) -> None:
        if done == len(ITEMS):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retag(db, rooms, NOW, apply=True, progress=stop)

    assert db.execute("select story from articles where id = 4").fetchone()[0] is None
    assert find_odd_stories(db) == []


def test_one_event_in_two_languages_is_one_story_until_a_person_splits_it(db: sqlite3.Connection, rooms: Rooms) -> None:
    """A split article stands alone, also when everything is grouped anew; both stories tell of what they hold."""
    story = _story(db, 1)
    assert _story(db, 2) == story
    new = split_story(db, story, 2, NOW)

    assert (_story(db, 1), _story(db, 2)) == (story, new)
    assert restory(db, rooms, datetime(2024, 1, 1, tzinfo=UTC), NOW, apply=True) == []
    assert [row[0] for row in db.execute("select articles from stories where id in (?, ?)", (story, new))] == [1, 1]
    with pytest.raises(NotFoundError, match="not in story"):
        split_story(db, story, 2, NOW)


def test_merged_stories_stay_together(db: sqlite3.Connection, rooms: Rooms) -> None:
    """The larger one keeps its id, the other's id leads to it, and grouping anew changes nothing."""
    first, other = _story(db, 1), _story(db, 3)
    kept = merge_stories(db, other, first, NOW)

    assert kept == first
    assert {_story(db, article) for article in (1, 2, 3)} == {first}
    assert restory(db, rooms, datetime(2024, 1, 1, tzinfo=UTC), NOW, apply=False) == []
    with pytest.raises(NotFoundError, match="one story already"):
        merge_stories(db, other, first, NOW)


def test_what_does_not_belong_is_stored_and_in_no_story(db: sqlite3.Connection, rooms: Rooms) -> None:
    """The fruit stays in the database, marked, to be looked at."""
    row = db.execute("select relevant, story from articles where id = 4").fetchone()

    assert tuple(row) == (0, None)
