"""The one file: whose it is, what it refuses, what it says."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from chipreel.errors import BusyError, StoreError
from chipreel.store.database import APPLICATION_ID, Batch, explained, open_database, transaction
from chipreel.store.lock import run_lock
from chipreel.store.migrations import LATEST


def test_a_new_database_is_ours_and_up_to_date(tmp_path: Path) -> None:
    """WAL, foreign keys, application id and schema version are set when the file is made."""
    with open_database(tmp_path / "deep" / "a.db") as db:
        facts = [
            db.execute(f"pragma {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode", "foreign_keys")
        ]

    assert facts == [APPLICATION_ID, LATEST, "wal", 1]


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    """The schema of a database opened again is the same to the letter."""
    schemas = []
    for _ in range(2):
        with open_database(tmp_path / "a.db") as db:
            schemas.append([tuple(row) for row in db.execute("select name, sql from sqlite_master order by name")])

    assert schemas[0] == schemas[1]


def test_a_stranger_is_refused(tmp_path: Path) -> None:
    """A database of another program is neither changed nor read."""
    path = tmp_path / "other.db"
    db = sqlite3.connect(path)
    db.execute("create table notes (text)")
    db.close()
    before = path.read_bytes()

    with pytest.raises(StoreError, match="another program"), open_database(path):
        pass
    assert path.read_bytes() == before


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """What a newer chipreel made is left to it."""
    path = tmp_path / "a.db"
    with open_database(path) as db:
        db.execute(f"pragma user_version = {LATEST + 1}")

    with pytest.raises(StoreError, match="newer chipreel"), open_database(path):
        pass


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to look at" * 50, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    """What is not SQLite, or no longer, is one clear sentence."""
    path = tmp_path / "a.db"
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"a\.db"), open_database(path):
        pass


def test_reading_makes_no_database(tmp_path: Path) -> None:
    """A command that only reads never leaves an empty file behind."""
    with pytest.raises(StoreError, match="no such database"), open_database(tmp_path / "a.db", write=False):
        pass
    assert not (tmp_path / "a.db").exists()


def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer is waited for, then named."""
    path = tmp_path / "a.db"
    monkeypatch.setattr("chipreel.store.database.BUSY_S", 0.05)
    with (
        open_database(path) as first,
        transaction(first),
        pytest.raises(StoreError, match="another program is writing"),
        open_database(path) as second,
    ):
        second.execute("begin immediate")


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """An error inside takes back everything inside."""
    with open_database(tmp_path / "a.db") as db:
        with contextlib.suppress(RuntimeError), transaction(db):
            db.execute("insert into meta values ('a', '1')")
            raise RuntimeError
        assert db.execute("select count(*) from meta where key = 'a'").fetchone()[0] == 0


def test_a_bug_is_not_dressed_up(tmp_path: Path) -> None:
    """Wrong SQL is our fault and escapes as it is."""
    with pytest.raises(sqlite3.OperationalError), explained(tmp_path), open_database(tmp_path / "a.db") as db:
        db.execute("select nothing from nowhere")


def test_two_runs_never_overlap(tmp_path: Path) -> None:
    """The second run is told which process works; after the first it may work."""
    path = tmp_path / "a.db"
    with run_lock(path), pytest.raises(BusyError, match=r"process [0-9]+"), run_lock(path):
        pass
    with run_lock(path):
        pass


def test_a_batch_is_kept_when_it_holds_enough(tmp_path: Path) -> None:
    """Committed by weight, by age, or when asked; what fails inside takes the batch with it and nothing before."""
    with open_database(tmp_path / "a.db") as db, contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as reader:

        def seen() -> int:
            return int(reader.execute("select count(*) from meta where key like 'k%'").fetchone()[0])

        batch = Batch(db, most=3, within_s=60)
        for number, visible in enumerate((0, 0, 3, 3)):
            with batch.writing():
                db.execute("insert into meta values (?, '')", (f"k{number}",))
            assert seen() == visible
        with pytest.raises(sqlite3.IntegrityError), batch.writing():
            db.executemany("insert into meta values (?, '')", [("k9",), ("k9",)])
        batch.commit()
        assert seen() == 3
        with Batch(db, most=99, within_s=0).writing():
            db.execute("insert into meta values ('k9', '')")
        assert seen() == 4
