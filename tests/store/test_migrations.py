"""From any released schema to the latest with every row, and never half of the way."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chipreel.errors import StoreError
from chipreel.store.copies import find_damage, find_dangling
from chipreel.store.database import APPLICATION_ID, open_database
from chipreel.store.index import rebuild_index
from chipreel.store.inspection import find_index_faults
from chipreel.store.migrations import LATEST, STEPS, migrate
from chipreel.store.transfer import iter_rows, list_tables
from disks import small_disk

TOMORROW = Path(__file__).with_name("migrating.py")
Rows = dict[str, list[dict[str, Any]]]


def populated(path: Path, schema: int) -> None:
    """A database of an earlier schema, made by its own steps, with rows in every table, that name each other."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("pragma journal_mode = wal")
        db.execute(f"pragma application_id = {APPLICATION_ID}")
        migrate(db, schema)
        db.execute("begin")
        db.execute("pragma defer_foreign_keys = on")
        for table in list_tables(db):
            parents = {row["from"]: row["table"] for row in db.execute(f'pragma foreign_key_list("{table}")')}
            columns = db.execute(f'pragma table_info("{table}")').fetchall()
            marks = ", ".join("?" * len(columns))
            for number in range(1, 4):
                values = [_value(db, column, parents.get(column["name"]), number) for column in columns]
                db.execute(f'insert into "{table}" values ({marks})', values)
        rebuild_index(db)
        db.execute("commit")


def _value(db: sqlite3.Connection, column: sqlite3.Row, parent: str | None, number: int) -> Any:
    kind = column["type"].lower()
    if parent is not None:
        kind = next(row["type"].lower() for row in db.execute(f'pragma table_info("{parent}")') if row["pk"])
    if kind == "text":
        # Both the key of one table and what names it in another; words of both scripts, the same in every column.
        return "[]" if column["dflt_value"] == "'[]'" else f"芯片 chip {number}"
    return number if kind == "integer" else number + 0.5


def rows_of(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {table: list(iter_rows(db, table)) for table in list_tables(db)}


def schema_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return sorted((row[0], row[1]) for row in db.execute("select name, sql from sqlite_master where sql not null"))


@pytest.mark.parametrize("schema", range(1, LATEST + 1))
def test_every_row_of_every_earlier_schema_arrives(tmp_path: Path, schema: int) -> None:
    """The next step is tested by this the moment it is added: nothing is lost, and the schema is that of a new file."""
    path = tmp_path / "a.db"
    populated(path, schema)
    before = rows_of(path)
    with open_database(path) as db:
        assert (find_damage(db), find_dangling(db), find_index_faults(db)) == ([], [], [])
        assert db.execute("pragma user_version").fetchone()[0] == LATEST
    with open_database(tmp_path / "new.db"):
        pass

    assert schema_of(path) == schema_of(tmp_path / "new.db")
    kept = rows_of(path)
    lost = [
        (table, row)
        for table, rows in before.items()
        for row in rows
        if not any(row.items() <= other.items() for other in kept.get(table, []))
    ]
    assert lost == []


def test_steps_are_numbered_by_their_place() -> None:
    """m001 leads to schema 1; what was released keeps its place."""
    assert [step.__name__[:4] for step in STEPS] == [f"m{number:03}" for number in range(1, LATEST + 1)]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of today with thousands of rows, before the program of tomorrow opens it."""
    path = tmp_path_factory.mktemp("old") / "a.db"
    populated(path, LATEST)
    with closing(sqlite3.connect(path)) as db:
        db.executemany(
            "insert into articles (title, text, first_seen, source, content_hash) values (?, ?, '', '芯片 chip 1', '')",
            (("可灵 Kling", "芯片 chips " * 150) for _ in range(6000)),
        )
        db.row_factory = sqlite3.Row
        rebuild_index(db)
        db.commit()
        db.execute("pragma wal_checkpoint(truncate)")
    return path


def start(path: Path) -> subprocess.Popen[str]:
    """The program of tomorrow, about to open the database."""
    run = subprocess.Popen([sys.executable, str(TOMORROW), str(path)], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    return run


def ended(path: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, str(TOMORROW), str(path)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()[-1] if done.stdout else done.stderr


def usable(path: Path, before: Rows) -> Iterator[str]:
    """What is wrong with a database that a migration may have left half way."""
    with closing(sqlite3.connect(path)) as db:
        version = db.execute("pragma user_version").fetchone()[0]
        found = find_damage(db) + find_dangling(db)
        names = {row[0] for row in db.execute("select name from sqlite_master")}
    yield from found
    if ("glossary" in names) != (version > LATEST):
        yield f"schema {version} with {'' if 'glossary' in names else 'no '}glossary"
    if version == LATEST:
        with open_database(path) as db:
            yield from find_index_faults(db)
        if rows_of(path) != before:
            yield "rows have changed"


def test_a_program_of_tomorrow_finds_everything(tmp_path: Path, old: Path) -> None:
    """The steps that the other tests interrupt do what they are meant to do."""
    path = Path(shutil.copy(old, tmp_path / "a.db"))
    assert ended(path) == (0, str(LATEST + 2))
    rows = rows_of(path)
    assert len(rows["glossary"]) == len(rows["articles"]) == 6003
    assert {row["more"] for row in rows["money"]} == {"x"}
    with pytest.raises(StoreError, match="newer chipreel"), open_database(path):
        pass


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_migration_killed_at_any_moment_leaves_the_old_database_or_the_new(
    tmp_path: Path, old: Path, kills: int
) -> None:
    """Never half of a step; and the next start ends what was begun."""
    chance, before, path = random.Random(kills), rows_of(old), tmp_path / "a.db"
    shutil.copy(old, path)
    run = start(path)
    began = time.monotonic()
    run.communicate()
    took = time.monotonic() - began
    wrong: list[str] = []
    for _ in range(kills):
        for file in tmp_path.iterdir():
            file.unlink()
        shutil.copy(old, path)
        run = start(path)
        time.sleep(chance.uniform(0, took))
        run.kill()
        run.communicate()
        wrong += usable(path, before)
        if (end := ended(path)) != (0, str(LATEST + 2)):
            wrong.append(f"the next start ended so: {end}")
    assert wrong == []


def test_a_migration_that_fills_the_disk_leaves_the_old_database(tmp_path: Path, old: Path) -> None:
    """One sentence, and the program of before works on with all of its rows."""
    with small_disk(tmp_path / "small", f"{old.stat().st_size * 3 // 2}") as disk:
        path = Path(shutil.copy(old, disk / "a.db"))
        code, told = ended(path)
        assert (code, "the disk is full" in told) == (1, True), told
        assert list(usable(path, rows_of(old))) == []


def test_a_new_database_killed_while_it_is_made_is_made_by_the_next_run(tmp_path: Path) -> None:
    """Whatever the file holds by then: nothing, the mark alone, the table of steps without one."""
    states: dict[str, list[str]] = {
        "nothing": [],
        "the mark": [f"pragma application_id = {APPLICATION_ID}"],
        "the log": ["pragma journal_mode = wal", f"pragma application_id = {APPLICATION_ID}"],
        "no step": [
            f"pragma application_id = {APPLICATION_ID}",
            "create table _sqlite_migrations (id integer primary key, migration_set text, name text, applied_at text)",
        ],
    }
    for name, statements in states.items():
        path = tmp_path / f"{name}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)
        with pytest.raises(StoreError, match=r"older chipreel|file is empty"), open_database(path, write=False):
            pass
        with open_database(path) as opened:
            assert opened.execute("pragma user_version").fetchone()[0] == LATEST
            assert opened.execute("select count(*) from articles").fetchone()[0] == 0
