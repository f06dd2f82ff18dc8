"""`rates update` and `rates show`: a table that is checked, found first, and used for what is already stored."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.cli import main
from chipreel.config.places import find_default
from chipreel.decide import content_hash
from chipreel.model import Annotation, Item, Money, Source
from chipreel.pipeline import repricing
from chipreel.store import articles
from chipreel.store.annotations import save_annotation
from chipreel.store.database import open_database, transaction
from chipreel.store.sources import save_source

PUBLISHED = datetime(2024, 2, 20, 8, tzinfo=UTC)
TABLE = "# mine\nday,CNY,JPY\n2024-01-01,10,\n2024-02-20,5,200\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with feeds.yaml and a database: 7 billion yuan, 400 to 500 billion yen, 3 dollars."""
    (tmp_path / "feeds.yaml").write_text("sources: []\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    item = Item("1", "投资70亿元", text="…", published=PUBLISHED)
    sums = (
        Money("title", 2, 6, "70亿元", 7e9, "CNY"),
        Money("text", 0, 1, "4000亿至5000亿日元", 4e11, "JPY", 5e11),
        Money("text", 0, 1, "$3", 3.0, "USD"),
    )
    with open_database(tmp_path / "data" / "chipreel.db") as db, transaction(db):
        save_source(db, Source("alpha", "Alpha", "feed", "https://alpha.example/feed"))
        new = articles.NewArticle(item, "alpha", content_hash(item), None, None, background=False, lang="zh")
        number = articles.save_article(db, new, PUBLISHED)
        found = Annotation("zh", (), relevant=True, relevance=0.9, money=sums)
        save_annotation(db, number, found, day=PUBLISHED.date(), to_usd=lambda *_: 1.0, version="1")
    return tmp_path


def _dollars(home: Path) -> list[tuple[float | None, float | None]]:
    with open_database(home / "data" / "chipreel.db", write=False) as db:
        return [tuple(row) for row in db.execute("select usd, usd_high from money order by id")]


def test_another_table_gives_stored_sums_other_dollars(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the rate of the day of the article; what was written stays; the table is found first from now on."""
    (home / "mine.csv").write_text(TABLE, encoding="utf-8")

    assert main(["rates", "update", "mine.csv"]) == 0
    assert _dollars(home) == [(1.4e9, None), (2e9, 2.5e9), (3.0, None)]
    assert (home / "data" / "rates.csv").read_text(encoding="utf-8") == TABLE
    capsys.readouterr()
    assert main(["rates", "show", "--json"]) == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert shown == [{"day": "2024-01-01", "CNY": 10.0}, {"day": "2024-02-20", "CNY": 5.0, "JPY": 200.0}]


@pytest.mark.parametrize(
    "table", ["", "day,CNY\n", "tag,CNY\n2024-01-01,7\n", "day,CNY\n2024-01-01,-7\n", "day,CNY\nx,7\n"]
)
def test_what_is_no_table_changes_nothing(home: Path, table: str) -> None:
    """Refused with exit code 2 before anything is written."""
    before = _dollars(home)
    (home / "bad.csv").write_text(table, encoding="utf-8")

    assert main(["rates", "update", "bad.csv"]) == 2
    assert _dollars(home) == before
    assert not (home / "data" / "rates.csv").exists()


def test_the_shipped_table_serves_where_there_is_no_other(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of one's own is not needed."""
    assert main(["rates", "show"]) == 0
    assert str(find_default("data/rates.csv")) in capsys.readouterr().err


def test_an_interrupted_update_goes_on_where_it_stopped(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is whole, and what is written is not done again."""
    (home / "mine.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(repricing, "BATCH", 1)
    real, asked = repricing.reprice_money, []

    def once(db: sqlite3.Connection, after: int, to_usd: object, *, most: int) -> tuple[int, int]:
        asked.append(after)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(db, after, to_usd, most=most)  # type: ignore[arg-type]

    monkeypatch.setattr(repricing, "reprice_money", once)
    assert main(["rates", "update", "mine.csv"]) != 0
    assert _dollars(home)[:2] == [(1.4e9, None), (1.0, 1.0)]

    assert main(["rates", "update", "mine.csv"]) == 0
    assert asked == [0, 1, 1, 2, 3]
    assert _dollars(home) == [(1.4e9, None), (2e9, 2.5e9), (3.0, None)]
