"""A backup is a whole copy or nothing, and a restore gives back exactly what it held."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chipreel.errors import BusyError, ConfigError, StoreError
from chipreel.keep.backup import backup, default_backup, newest_backup, restore
from chipreel.store.database import open_database, transaction
from chipreel.store.lock import run_lock

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
Contents = Callable[[Path], dict[str, list[dict[str, Any]]]]


def test_a_backup_holds_the_same_and_stands_alone(path: Path, tmp_path: Path, contents: Contents) -> None:
    """One file without a log beside it, equal row by row."""
    target = tmp_path / "safe" / "copy.db"
    size = backup(path, target)

    assert contents(target) == contents(path)
    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]
    assert size == target.stat().st_size


def test_a_backup_is_taken_while_others_write(path: Path, tmp_path: Path) -> None:
    """What is not committed is not in it, and the writer goes on."""
    with open_database(path) as db, transaction(db):
        db.execute("delete from quotes")
        backup(path, tmp_path / "copy.db")
        db.execute("delete from money")
    counts = []
    for file in (tmp_path / "copy.db", path):
        with open_database(file, write=False) as db:
            counts.append(db.execute("select count(*) from quotes").fetchone()[0])

    assert counts[0] > 0
    assert counts[1] == 0


def test_a_backup_ends_although_somebody_writes_without_a_pause(
    path: Path, tmp_path: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the state of its first moment; a commit between two pages does not begin it anew."""
    monkeypatch.setattr("chipreel.store.copies._PAGES", 5)
    saved, steps = contents(path), []
    with open_database(path) as writer:

        def write(done: int, _of: int) -> None:
            steps.append(done)
            assert len(steps) < 500, "it begins anew for ever"
            writer.execute("insert or replace into meta values ('busy', ?)", (str(done),))

        backup(path, tmp_path / "copy.db", progress=write)

    assert steps == sorted(steps)
    assert len(steps) > 10
    assert contents(tmp_path / "copy.db") == saved
    assert contents(path) != saved


def test_a_restore_brings_back_what_was_and_keeps_what_is(path: Path, tmp_path: Path, contents: Contents) -> None:
    """The old content is beside the new one, and is whole."""
    backup(path, tmp_path / "copy.db")
    saved = contents(path)
    with open_database(path) as db, transaction(db):
        db.execute("delete from articles where id % 2")
    changed = contents(path)
    done = restore(path, tmp_path / "copy.db", NOW)

    assert contents(path) == saved
    assert done.aside is not None
    assert contents(done.aside) == changed


def test_a_reader_of_before_goes_on_after_a_restore(path: Path, tmp_path: Path) -> None:
    """Datasette keeps the file open: it sees the old content or the new, and no error."""
    backup(path, tmp_path / "copy.db")
    with open_database(path) as db, transaction(db):
        db.execute("delete from articles")
    reader = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    before = reader.execute("select count(*) from articles").fetchone()[0]
    restore(path, tmp_path / "copy.db", NOW)
    after = reader.execute("select count(*) from articles").fetchone()[0]
    reader.close()

    assert (before, after) == (0, 30)


def test_a_restore_replaces_a_file_that_is_no_database_any_more(path: Path, tmp_path: Path, contents: Contents) -> None:
    """The damaged file is kept as it is."""
    backup(path, tmp_path / "copy.db")
    saved = contents(path)
    path.write_bytes(b"\0" * 10_000)
    done = restore(path, tmp_path / "copy.db", NOW)

    assert contents(path) == saved
    assert done.aside is not None
    assert done.aside.read_bytes() == b"\0" * 10_000


def test_a_restore_makes_a_database_where_there_is_none(path: Path, tmp_path: Path, contents: Contents) -> None:
    """Moving to another machine is one command."""
    backup(path, tmp_path / "copy.db")
    new = tmp_path / "elsewhere" / "chipreel.db"

    assert restore(new, tmp_path / "copy.db", NOW).aside is None
    assert contents(new) == contents(path)


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_backup_is_refused_and_nothing_changes(
    path: Path, tmp_path: Path, contents: Contents, content: bytes
) -> None:
    """Looked at before anything is touched."""
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    saved = contents(path)
    with pytest.raises(StoreError, match=r"bad\.db"):
        restore(path, bad, NOW)

    assert contents(path) == saved
    assert not list(path.parent.glob("*.before-*"))


def test_a_damaged_backup_is_refused(path: Path, tmp_path: Path, contents: Contents) -> None:
    """A copy that the disk has spoilt is named before it replaces anything."""
    bad = tmp_path / "bad.db"
    backup(path, bad)
    raw = bytearray(bad.read_bytes())
    raw[4096 * 6 : 4096 * 9] = b"\xaa" * (4096 * 3)
    bad.write_bytes(raw)
    saved = contents(path)
    with pytest.raises(StoreError):
        restore(path, bad, NOW)

    assert contents(path) == saved


def test_a_strangers_file_is_never_overwritten(path: Path, tmp_path: Path) -> None:
    """A typing error must not cost a document; the database is not its own backup."""
    letter = tmp_path / "letter.txt"
    letter.write_text("dear all")
    for target in (letter, tmp_path, path):
        with pytest.raises(ConfigError):
            backup(path, target)

    assert letter.read_text() == "dear all"


def test_a_broken_backup_keeps_the_one_of_before(
    path: Path, tmp_path: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday's copy is replaced at the last moment only."""
    target = tmp_path / "copy.db"
    backup(path, target)
    saved = contents(target)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(path, target, progress=broken)

    assert contents(target) == saved
    assert not (tmp_path / "copy.db.part").exists()


def test_the_newest_whole_backup_is_found(path: Path) -> None:
    """A spoilt one is passed over."""
    first, second = default_backup(path, NOW), default_backup(path, NOW + timedelta(days=1))
    backup(path, first)
    backup(path, second)
    second.write_bytes(b"spoilt")

    assert newest_backup(path) == first


def test_no_restore_while_a_run_works(path: Path, tmp_path: Path) -> None:
    """The lock of the run is the lock of the restore."""
    from chipreel.cli import main

    backup(path, tmp_path / "copy.db")
    with run_lock(path):
        assert main(["restore", str(tmp_path / "copy.db"), "--db", str(path)]) == BusyError.exit_code
    assert main(["restore", str(tmp_path / "copy.db"), "--db", str(path)]) == 0
