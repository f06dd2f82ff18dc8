"""The public copy: what may go out does, and nothing else."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.browse.publishing import LEAD, PUBLIC, publish
from chipreel.errors import ConfigError
from chipreel.model import Item, Source
from chipreel.store.articles import NewArticle, save_article
from chipreel.store.database import open_database, transaction
from chipreel.store.search import SearchOptions, search
from chipreel.store.sources import save_source
from chipreel.text.query import parse_query

NOW = datetime(2024, 2, 20, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A database with something of everything that must stay at home."""
    path = tmp_path / "home.db"
    with open_database(path) as db, transaction(db):
        save_source(db, Source("a", "A", "feed", "https://me:secret@a.example:8443/feed?key=secret", note="secret"))
        db.execute("update sources set health = 'blocked', health_note = 'secret', etag = 'secret'")
        for number, relevant in enumerate((1, 1, 0)):
            item = Item(str(number), f"芯片 {number}", text=("芯片公司。" * 200) + " tail", author="A. Writer")
            article = save_article(db, NewArticle(item, "a", f"h{number}", None, None, False, "zh"), NOW)
            db.execute("update articles set relevant = ? where id = ?", (relevant, article))
        db.execute("insert into fetches (source, at, outcome, ms, note) values ('a', 'x', 'failed', 1, 'secret')")
        db.execute("insert into meta values ('edition.secret', 'secret')")
        db.execute(
            """insert into digests (profile, made_at, lang, after_article, upto_article, after_revision, upto_revision,
                 stories, content) values ('secret', 'x', 'en', 0, 1, 0, 0, 1, 'secret')"""
        )
        db.execute(
            """insert into deliveries (digest, channel, state, created_at, updated_at)
               values (1, 'secret', 'sent', 'x', 'x')"""
        )
    return path


def test_what_is_private_stays_at_home(home: Path, tmp_path: Path) -> None:
    """No byte of a key, a profile, a delivery or an error is in the file, nor in what lies beside it."""
    assert publish(home, tmp_path / "public.db") == 2

    for file in tmp_path.glob("public*"):
        assert b"secret" not in file.read_bytes(), file
    db = sqlite3.connect(tmp_path / "public.db")
    assert db.execute("select url, health from sources").fetchone() == ("https://a.example:8443/feed", "new")
    tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
    filled = {name for name in tables if db.execute(f'select 1 from "{name}" limit 1').fetchone()}
    own = {"meta", "_sqlite_migrations", "sqlite_sequence"}
    assert {name for name in filled if not name.startswith("articles_fts")} <= {*PUBLIC, *own}
    db.close()


def test_texts_go_out_as_beginnings_unless_asked_for(home: Path, tmp_path: Path) -> None:
    """What goes out is also what is found there."""
    publish(home, tmp_path / "lead.db")
    publish(home, tmp_path / "full.db", full_text=True)

    for name, length, tails in (("lead", LEAD, 0), ("full", 1005, 2)):
        with open_database(tmp_path / f"{name}.db", write=False) as db:
            assert db.execute("select max(length(text)) from articles").fetchone()[0] == length
            options = SearchOptions(NOW, UTC)
            assert len(search(db, parse_query("芯片公司"), options)) == 2
            assert len(search(db, parse_query("tail"), options)) == tails


def test_it_comes_with_what_datasette_needs(home: Path, tmp_path: Path) -> None:
    """Titles and the search table, for a Datasette elsewhere."""
    publish(home, tmp_path / "public.db")
    metadata = json.loads((tmp_path / "public-metadata.json").read_text("utf-8"))

    assert metadata["databases"]["public"]["tables"]["articles"]["fts_table"] == "articles_fts"


def test_nothing_is_overwritten(home: Path, tmp_path: Path) -> None:
    """A file that is there is an error, and stays."""
    with pytest.raises(ConfigError, match="there already"):
        publish(home, home)
