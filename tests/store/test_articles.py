"""Articles, sightings, revisions, tombstones, and the index that goes with them."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.decide import content_hash
from chipreel.errors import ConfigError, NotFoundError
from chipreel.model import Item, KnownItem, Source
from chipreel.store import articles, index
from chipreel.store.database import open_database, transaction
from chipreel.store.search import SearchOptions, search
from chipreel.store.sources import save_source
from chipreel.text.query import FIELDS, parse_query

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
EN = Item(
    "en-1", "Nvidia passes Amazon", "https://a.example/1", text="Chips made it worth $1.78 trillion.", published=NOW
)
ZH = Item("zh-1", "軟銀籌措1000億美元造芯", "https://b.example/1", text="孙正义要为芯片筹钱。", published=NOW)


VALUES = dict.fromkeys(FIELDS, "x") | {
    "since": "7d",
    "until": "2024-03",
    "has": "money",
    "story": "s1",
    "kind": "post",
    "role": "press",
    "beat": "chips",
    "topic": "funding",
    "lang": "ja",
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database with two sources."""
    with open_database(tmp_path / "a.db") as connection:
        with transaction(connection):
            for name, language in (("alpha", "en"), ("beta", "zh")):
                save_source(connection, Source(name, name.title(), "feed", f"https://{name}.example/feed", language))
        yield connection


def _save(db: sqlite3.Connection, item: Item, source: str = "alpha") -> int:
    new = articles.NewArticle(item, source, content_hash(item), item.url, None, background=False, lang=None)
    with transaction(db):
        return articles.save_article(db, new, NOW)


def _find(db: sqlite3.Connection, query: str) -> list[int]:
    return [hit.id for hit in search(db, parse_query(query), SearchOptions(now=NOW, zone=UTC))]


def test_an_article_is_known_by_its_source_and_guid(db: sqlite3.Connection) -> None:
    """The same guid of another source is another article."""
    number = _save(db, EN)

    assert articles.find_known(db, "alpha", ["en-1", "en-2"]) == {"en-1": KnownItem(number, content_hash(EN))}
    assert articles.find_known(db, "beta", ["en-1"]) == {}


@pytest.mark.parametrize(
    ("query", "item"), [("芯片", ZH), ("软银", ZH), ("芯", ZH), ("chip", EN), ("nvidia amazon", EN)]
)
def test_what_is_stored_is_found(db: sqlite3.Connection, query: str, item: Item) -> None:
    """By one character, by Simplified for Traditional, by stem."""
    numbers = {one.id: _save(db, one) for one in (EN, ZH)}

    assert _find(db, query) == [numbers[item.id]]


def test_a_revision_keeps_the_old_words_and_finds_the_new(db: sqlite3.Connection) -> None:
    """The index forgets the old words, the table of revisions keeps them."""
    number = _save(db, ZH)
    changed = replace(ZH, title="软银否认造芯", text="公司说没有此事。")
    with transaction(db):
        new = articles.NewArticle(changed, "alpha", content_hash(changed), ZH.url, None, background=False, lang=None)
        articles.save_revision(db, number, new, NOW)

    assert _find(db, "筹钱") == []
    assert _find(db, "否认") == [number]
    row = db.execute("select * from revisions").fetchone()
    assert (row["title"], row["text"], row["changed"]) == (ZH.title, ZH.text, "title text")
    assert articles.find_known(db, "alpha", ["zh-1"])["zh-1"].revisions == 1
    db.execute("insert into articles_fts(articles_fts) values ('integrity-check')")


def test_what_was_deleted_stays_away(db: sqlite3.Connection) -> None:
    """A tombstone outlives the row, and its words leave the index."""
    number = _save(db, EN)
    with transaction(db):
        articles.delete_article(db, number, NOW)

    assert articles.find_deleted(db, "alpha", ["en-1"]) == {"en-1"}
    assert _find(db, "nvidia") == []
    with pytest.raises(NotFoundError):
        articles.get_article(db, number)


def test_the_index_can_be_written_again(db: sqlite3.Connection) -> None:
    """Any doubt ends with a rebuild that finds the same."""
    numbers = [_save(db, one) for one in (EN, ZH)]
    with transaction(db):
        assert index.rebuild_index(db) == 2

    assert (_find(db, "trillion"), _find(db, "孙正义")) == ([numbers[0]], [numbers[1]])
    assert index.is_current(db)


@pytest.mark.parametrize(
    "query", ["since:someday", "has:cake", "story:x", "kind:x", "role:x", "beat:x", "topic:芯片", "lang:英语"]
)
def test_a_filter_that_means_nothing_says_what_to_write(db: sqlite3.Connection, query: str) -> None:
    """A clear message instead of an SQL error."""
    with pytest.raises(ConfigError, match="write "):
        _find(db, query)


@pytest.mark.parametrize(
    "query",
    [*(f"{field}:{value}" for field, value in VALUES.items()), "has:quote", "-company:x", "a -b OR c*"],
)
def test_every_field_is_a_valid_search(db: sqlite3.Connection, query: str) -> None:
    """Each field of the search language runs, alone and with words."""
    _save(db, EN)
    _find(db, query)
    _find(db, f"nvidia {query}")


def test_filters_narrow(db: sqlite3.Connection) -> None:
    """Source and time leave what they name."""
    first, second = _save(db, EN), _save(db, ZH, "beta")

    assert _find(db, "source:beta") == [second]
    assert _find(db, "-source:beta") == [first]
    assert _find(db, "since:2024-02-18") == []
    assert sorted(_find(db, "since:2024-02-17 until:2024-02-17")) == [first, second]
