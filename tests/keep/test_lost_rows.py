"""Rows and tables that were deleted: a repair brings back what it can, and keeps the old file before it loses any."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.errors import DamagedError
from chipreel.keep.backup import backup, default_backup
from chipreel.keep.doctor import examine
from chipreel.model import Item, Source
from chipreel.pipeline.importing import import_rows
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.retagging import retag
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.upkeep import mend
from chipreel.store.database import open_database
from chipreel.text.segment import phrase

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
Contents = Callable[[Path], dict[str, list[dict[str, Any]]]]


def problems(path: Path, rooms: Rooms | None = None) -> list[str]:
    found = examine(path, NOW, rooms.lexicon if rooms else None)
    return [f"{one.check}: {one.message}" for one in found if one.state == "problem"]


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def count(path: Path, query: str) -> int:
    with open_database(path, write=False) as db:
        return int(db.execute(f"select count(*) from {query}").fetchone()[0])


def kept_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.before-*"))


def take_in(path: Path, rooms: Rooms, title: str, text: str) -> None:
    with open_for_run(path) as db:
        import_rows(
            db, rooms, Source("late", "late", "import", "", "mul", keep="full"), [Item("1", title, text=text)], NOW
        )


@pytest.mark.parametrize("table", ["companies", "people", "products"])
def test_names_that_were_deleted_come_back_and_with_them_nothing_is_lost(
    path: Path, rooms: Rooms, contents: Contents, table: str
) -> None:
    """The lexicon has them; afterwards tagging anew and taking in what names them work."""
    before = contents(path)
    change(path, f"delete from {table}")

    assert any(one.startswith("names: ") and table in one for one in problems(path, rooms))
    told = mend(path, NOW, lexicon=rooms.lexicon).told
    assert not any(line.startswith("lost") for line in told)
    assert kept_aside(path) == []
    after = contents(path)
    assert {name: after[name] for name in ("mentions", "quotes", "money")} == {
        name: before[name] for name in ("mentions", "quotes", "money")
    }
    assert problems(path, rooms) == []
    with open_for_run(path) as db:
        retag(db, rooms, NOW, apply=True)
    take_in(path, rooms, "Nvidia and 輝達 and Sora", "Jensen Huang of Nvidia spoke; 黃仁勳表示，輝達將擴產。")
    assert mend(path, NOW, lexicon=rooms.lexicon).told == []


def test_names_nobody_mentions_are_missed_too(path: Path, rooms: Rooms) -> None:
    """No reference is broken, and yet the next article about one of them could not be stored."""
    change(path, "delete from companies where id not in (select company from mentions where company is not null)")
    with open_database(path) as db:
        db.execute("pragma foreign_keys = off")
        db.execute("delete from people where company not in (select id from companies)")

    assert any(one.startswith("names: ") for one in problems(path, rooms))
    mend(path, NOW, lexicon=rooms.lexicon)
    assert problems(path, rooms) == []


def test_a_lexicon_that_was_only_edited_is_no_fault(path: Path, rooms: Rooms) -> None:
    """The next run brings the tables to it."""
    from dataclasses import replace

    change(path, "delete from people where id not in (select person from mentions where person is not null)")
    edited = replace(rooms.lexicon, version="another")

    assert [one.state for one in examine(path, NOW, edited) if one.check == "names"] == ["ok"]


def test_without_a_lexicon_companies_come_back_with_the_names_that_were_met(path: Path) -> None:
    """A mention is worth more than a tidy table, and the next run brings the rest."""
    before = count(path, "mentions")
    change(path, "delete from companies", "delete from people")
    mend(path, NOW)

    assert count(path, "mentions") == before
    assert problems(path) == []


def test_sources_that_were_deleted_come_back_and_no_article_is_lost(
    path: Path, rooms: Rooms, contents: Contents
) -> None:
    """As they are in feeds.yaml, or else with their id alone; what they did last is taken from their visits."""
    with open_for_run(path) as db:
        source = Source("wire", "通讯社", "feed", "https://wire.example/feed", "zh", role="official")
        import_rows(db, rooms, source, [Item("1", "華為發表新晶片", text="華為表示。")], NOW)
        db.execute(
            "insert into fetches (source, at, outcome, ms) values ('wire', '2024-02-16T07:00:00Z', 'nothing-new', 5)"
        )
    before = contents(path)
    change(path, "delete from sources")
    told = mend(path, NOW, sources=(source,)).told

    assert told == [
        "1 sources came back from feeds.yaml",
        "1 sources came back with nothing but their id: they are not in feeds.yaml",
    ]
    after = contents(path)
    assert {name for name in before if after[name] != before[name]} <= {"sources", "meta"}
    assert [(row["id"], row["title"], row["kind"], row["role"], row["last_good"]) for row in after["sources"]] == [
        ("archive", "archive", "import", "press", None),
        ("wire", "通讯社", "feed", "official", "2024-02-16T07:00:00Z"),
    ]
    assert problems(path) == []


def test_what_others_name_comes_back_from_the_backup(path: Path, contents: Contents) -> None:
    """Sources, stories, articles: the same rows; nothing that nobody missed."""
    backup(path, default_backup(path, NOW))
    before = contents(path)
    change(path, "delete from sources", "delete from stories", "delete from articles where id % 2")
    told = mend(path, NOW).told

    assert sorted(line.split(" came back from")[0] for line in told) == sorted(
        ("15 rows of articles", "1 rows of sources", f"{len(before['stories'])} rows of stories")
    )
    after = contents(path)
    assert {name for name in before if after[name] != before[name]} <= {"meta"}
    assert problems(path) == []


def test_before_rows_are_taken_away_the_old_file_is_kept_and_the_loss_is_told(path: Path, contents: Contents) -> None:
    """By table and number; the copy holds what was there, however it was broken."""
    change(path, "delete from articles where id <= 3")
    before = contents(path)
    lost = {
        table: sum(row["article"] <= 3 for row in before[table])
        for table in ("mentions", "sightings", "quotes", "digest_articles")
    }
    told = mend(path, NOW).told

    (aside,) = kept_aside(path)
    assert told[0] == f"what was there before is kept as {aside}"
    for table, number in lost.items():
        assert number == 0 or f"lost: {number} rows of {table} named what is gone" in told
    assert told[-1] == "there is no backup to take from"
    assert contents(aside) == before
    assert problems(path) == []


def test_a_full_disk_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the old file cannot be kept, nothing is taken away."""
    change(path, "delete from articles where id <= 3")
    before = count(path, "mentions")
    (path.parent / f"{path.name}.before-{NOW:%Y%m%dT%H%M%SZ}").mkdir()
    with pytest.raises(Exception, match="cannot be written"):
        mend(path, NOW)

    assert count(path, "mentions") == before


@pytest.mark.parametrize(
    "table",
    [
        "articles",
        "quotes",
        "mentions",
        "sources",
        "stories",
        "companies",
        "sightings",
        "digests",
        "meta",
        "fingerprints",
    ],
)
def test_a_table_that_was_dropped_is_named_and_comes_from_the_backup(
    path: Path, rooms: Rooms, contents: Contents, table: str
) -> None:
    """With its indexes; no row is another than before."""
    backup(path, default_backup(path, NOW))
    before = contents(path)
    change(path, f"drop table {table}")

    assert problems(path)[0].startswith(f"tables: the table {table} is missing")
    told = mend(path, NOW, lexicon=rooms.lexicon).told
    assert any(f"the table {table} was missing; {len(before[table])} rows of it came from" in line for line in told)
    assert problems(path, rooms) == []
    after = contents(path)
    assert {name for name in before if after[name] != before[name]} <= {"meta", "sqlite_sequence"}
    assert mend(path, NOW, lexicon=rooms.lexicon).told == []


@pytest.mark.parametrize(
    "table", ["articles", "quotes", "sources", "stories", "companies", "digests", "deliveries", "meta"]
)
def test_without_a_backup_a_dropped_table_is_made_anew_and_the_loss_told(path: Path, rooms: Rooms, table: str) -> None:
    """The program goes on, and what was there is kept."""
    change(path, f"drop table {table}")
    told = mend(path, NOW, lexicon=rooms.lexicon).told

    assert f"lost: the table {table} was missing; there is no backup" in "\n".join(told)
    assert len(kept_aside(path)) == 1
    assert problems(path, rooms) == []
    take_in(path, rooms, "Kling makes longer video, again", "快手稱，可靈模型更新。Kuaishou says so.")
    assert problems(path, rooms) == []


def test_a_number_that_a_lost_article_had_is_not_given_again(path: Path, rooms: Rooms) -> None:
    """A digest that covers articles up to a number would never tell of the new ones below it."""
    last = count(path, "articles")
    change(path, "drop table articles")
    mend(path, NOW)
    take_in(path, rooms, "英伟达发布新芯片", "英伟达表示。")

    with open_database(path, write=False) as db:
        assert [row["id"] for row in db.execute("select id from articles")] == [last + 1]


@pytest.mark.parametrize(
    "fault",
    ["drop table articles_fts", "drop table articles_fts_data", "drop table articles_fts_idx",
     "drop table articles_fts_docsize"],
)  # fmt: skip
def test_a_search_index_of_which_a_table_is_gone_is_made_anew(path: Path, fault: str) -> None:
    """Even where it cannot be opened any more to be thrown away."""
    change(path, fault)

    assert problems(path) == ["tables: the search index is missing"]
    assert mend(path, NOW).told == ["the search index was written again: 30 articles"]
    assert problems(path) == []
    with open_database(path, write=False) as db:
        rows = db.execute("select rowid from articles_fts where articles_fts match ?", (phrase("芯片"),))
        assert len(rows.fetchall()) > 0


def test_indexes_that_were_dropped_are_made_again(path: Path, contents: Contents) -> None:
    """Some queries name theirs and die without; the others only become slow."""
    before = contents(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        rows = db.execute(
            "select name from sqlite_master where type = 'index' and sql is not null and tbl_name != ?",
            ("_sqlite_migrations",),
        )
        names = [row[0] for row in rows]
    change(path, *(f"drop index {name}" for name in names), "drop trigger role_of_articles")

    assert [one.split(":")[0] for one in problems(path)] == ["tables"]
    assert mend(path, NOW).told == [f"{len(names) + 1} indexes and triggers were made again"]
    assert problems(path) == []
    assert contents(path) == before


def test_a_column_that_is_gone_is_damage(path: Path) -> None:
    """What the others hold is taken into a new file."""
    change(path, "alter table articles drop column summary")

    assert problems(path) == ["integrity: the table articles has lost its column summary"]
    mend(path, NOW)
    assert problems(path) == []
    assert count(path, "articles") == 30


def test_a_database_of_an_earlier_schema_that_lacks_a_table_is_rescued(path: Path) -> None:
    """A step of the way to the latest schema cannot be taken; the rest is worth the same."""
    change(
        path,
        "drop table companies",
        "pragma user_version = 3",
        "delete from _sqlite_migrations where name like 'm004%'",
    )
    for table in ("people", "products"):
        change(path, f"alter table {table} drop column names")
    with pytest.raises(DamagedError, match="doctor --repair"), open_database(path):
        pass
    mend(path, NOW)

    assert problems(path) == []
    assert count(path, "articles") == 30


def test_a_backup_that_lacks_a_table_is_no_good_one(path: Path) -> None:
    """A repair would build on it, a restore would put it in the place of a whole one."""
    change(path, "drop table quotes")
    with pytest.raises(DamagedError, match="the table quotes is missing"):
        backup(path, default_backup(path, NOW))


def test_the_doctor_does_not_send_a_newer_database_to_a_repair_that_refuses_it(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Upgrading is the only way."""
    change(path, "pragma user_version = 99")
    assert main(["doctor", "--db", str(path)]) == 1

    told = capsys.readouterr()
    assert "upgrade chipreel" in told.out
    assert "--repair" not in told.out + told.err


def test_every_command_says_the_same_of_an_empty_file(
    tmp_path: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run begins anew in it; until then nobody calls it old, damaged, or tells to move it away."""
    path.write_bytes(b"")
    for command in (["search", "芯片"], ["stories"], ["doctor"], ["doctor", "--repair"]):
        assert main([*command, "--db", str(path)]) == 1
        told = capsys.readouterr()
        assert "the file is empty" in told.out + told.err
        assert "`chipreel fetch` begins anew in it" in told.out + told.err
        assert path.read_bytes() == b""
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps({"id": "1", "title": "华为发布新芯片"}, ensure_ascii=False), encoding="utf-8")
    assert main(["import", str(items), "--db", str(path)]) == 0
    assert problems(path) == []
