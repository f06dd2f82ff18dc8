"""A repair saves what can be saved of a damaged file, and never takes one for damaged that merely cannot be opened."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.errors import StoreError
from chipreel.keep.backup import backup, default_backup
from chipreel.keep.doctor import examine
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.upkeep import mend
from chipreel.store.database import open_database, transaction

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
PAGE = 4096
Contents = Callable[[Path], dict[str, list[dict[str, Any]]]]
#: Without the rights of root to read and write everything.
UNPRIVILEGED = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []


def problems(path: Path) -> list[str]:
    return [f"{one.check}: {one.message}" for one in examine(path, NOW) if one.state == "problem"]


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma foreign_keys = off")
        for statement in statements:
            db.execute(statement)


def make_single(path: Path) -> bytes:
    """The database as one file; its bytes."""
    change(path, "pragma journal_mode = delete")
    return path.read_bytes()


def hurt(path: Path) -> None:
    """Damage that costs nothing: SQLite finds the list of free pages wrong."""
    raw = bytearray(make_single(path))
    raw[36:40] = (3).to_bytes(4, "big")
    path.write_bytes(raw)


def test_a_file_that_may_not_be_read_is_left_alone(path: Path) -> None:
    """Rights can be put right; an empty database in its place would be the loss of everything."""
    raw = make_single(path)
    path.chmod(0)
    done = subprocess.run(
        [*UNPRIVILEGED, sys.executable, "-m", "chipreel", "doctor", "--repair"],
        cwd=path.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    path.chmod(0o600)

    assert (done.returncode, "who may read it" in done.stderr) == (1, True), done.stderr
    assert path.read_bytes() == raw
    assert not list(path.parent.glob("*damaged*"))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("pragma user_version = 99", "newer chipreel"),
        ("pragma application_id = 7", "another program"),
    ],
)
def test_what_is_newer_or_not_ours_is_left_alone(
    path: Path, fault: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repair by the wrong program would be the damage."""
    change(path, fault)
    raw = make_single(path)

    assert main(["doctor", "--repair", "--db", str(path)]) == 1
    assert reason in capsys.readouterr().err
    assert path.read_bytes() == raw


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """A letter named by mistake is not put away for an empty database."""
    letter = tmp_path / "letter.txt"
    letter.write_text("亲爱的朋友们，dear friends\n" * 100, encoding="utf-8")
    before = letter.read_bytes()
    with pytest.raises(StoreError, match="nothing of it can be read"):
        mend(letter, NOW)

    assert letter.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_strangers_database_is_not_replaced_by_a_restore(path: Path, tmp_path: Path) -> None:
    """Even though it would be kept: `--db` named the wrong file."""
    backup(path, tmp_path / "safe.db")
    stranger = tmp_path / "notes.db"
    change(stranger, "create table notes (text)", "insert into notes values ('记事')")
    before = stranger.read_bytes()

    assert main(["restore", str(tmp_path / "safe.db"), "--db", str(stranger)]) == 1
    assert stranger.read_bytes() == before


def test_a_database_that_another_program_writes_is_not_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody's shell in the middle of a transaction: look again later."""
    monkeypatch.setattr("chipreel.store.database.BUSY_S", 0.1)
    with open_database(path) as other, transaction(other):
        assert main(["doctor", "--repair", "--db", str(path)]) == 1
        assert "another program is writing" in capsys.readouterr().err
        assert main(["doctor", "--db", str(path)]) == 1
        assert "another program is writing" in capsys.readouterr().out
    assert list(path.parent.glob("*damaged*")) == []
    assert problems(path) == []


def test_a_spoilt_row_does_not_cover_the_whole_one_of_the_backup(path: Path, contents: Contents) -> None:
    """Bytes that are no text, values of another type, references into nothing: what the backup holds is better."""
    backup(path, default_backup(path, NOW))
    saved = contents(path)["articles"]
    change(
        path,
        "update articles set title = cast(x'ffe88b' as text) where id = 1",
        "update articles set relevant = 'x' where id = 2",
        "update articles set source = 'nobody' where id = 3",
        "update articles set title = '新标题 new since the backup' where id = 4",
    )
    hurt(path)
    mend(path, NOW)
    kept = contents(path)["articles"]

    assert kept[3]["title"] == "新标题 new since the backup"
    assert kept[:3] + kept[4:] == saved[:3] + saved[4:]


def test_without_a_backup_spoilt_characters_are_told_and_the_rest_of_the_row_is_kept(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite finds nothing wrong; no command could read the row; a text with a hole in it is better than none."""
    change(path, "update articles set title = cast(x'e88ba6ff' as text) where id = 1")
    assert main(["show", "1", "--db", str(path)]) == 1
    assert "doctor --repair" in capsys.readouterr().err
    assert problems(path) == ["integrity: a text in articles is no UTF-8"]
    done = mend(path, NOW)

    assert "1 rows of articles have characters that are lost" in done.told
    with open_database(path, write=False) as db:
        assert db.execute("select title from articles where id = 1").fetchone()[0] == "苦\ufffd"


def test_companies_that_the_damage_took_come_back_from_the_lexicon(path: Path, rooms: Rooms) -> None:
    """And with them the mentions, which would name nothing."""
    with open_database(path, write=False) as db:
        before = db.execute("select count(*) from mentions").fetchone()[0]
    change(
        path,
        "delete from companies",
        "insert into companies (id, name, name_zh, kind) values (null, 'x', 'x', 'x')",
        "delete from people",
    )
    hurt(path)
    mend(path, NOW, lexicon=rooms.lexicon)

    assert problems(path) == []
    with open_database(path, write=False) as db:
        assert db.execute("select count(*) from mentions").fetchone()[0] == before
        assert db.execute("select count(*) from companies where id is null").fetchone()[0] == 0


def test_a_number_out_of_all_proportion_costs_neither_time_nor_memory(path: Path) -> None:
    """Damage may give the last row any number; the gap before it is not walked through."""
    change(path, f"insert into fetches (id, source, at, outcome, ms) values ({2**62}, 'archive', '', 'new', 1)")
    hurt(path)
    started = time.process_time()
    mend(path, NOW)

    assert time.process_time() - started < 10
    with open_database(path, write=False) as db:
        assert db.execute("select max(id) from fetches").fetchone()[0] == 2**62


def test_a_file_that_lost_its_end_gives_what_its_beginning_holds(path: Path) -> None:
    """SQLite itself refuses to read a word of it; cut ever shorter, it gives fewer articles, and not none at once."""
    raw, rescued = make_single(path), []
    for pages in range(len(raw) // PAGE - 1, 0, -4):
        path.write_bytes(raw[: pages * PAGE])
        done = mend(path, NOW)
        assert done.rescue is not None
        assert problems(path) == []
        rescued.append(done.rescue.articles)
        assert rescued[-1] + done.rescue.salvage.lost.get("articles", 0) == 30
        if rescued[-1] < 30:
            break
        done.rescue.aside.unlink()

    assert 0 < rescued[-1] < 30


def test_quotes_and_lists_that_are_wrong_are_named_and_taken_away(path: Path) -> None:
    """A changed bit in a text is no damage to SQLite, and would still put words into somebody's mouth."""
    change(path, "update quotes set text = 'No!' where id = 1", "update articles set companies = '[\"nvi' where id = 2")
    assert [one.split(":")[0] for one in problems(path)] == ["quotes", "lists"]
    told = mend(path, NOW).told

    (aside,) = path.parent.glob("*.before-*")
    assert [line.partition(";")[0] for line in told] == [
        f"what was there before is kept as {aside}",
        "1 lists of companies were written anew from what is mentioned",
        "lost: 1 quotes or sums were not in their article",
        "1 stories told anew",
        "there is no backup to take from",
    ]
    assert problems(path) == []
    assert mend(path, NOW).told == []


def test_the_doctor_tells_how_long_nothing_was_fetched_and_whether_the_disk_is_full(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two silent days the schedule is suspect; with too little room the next run may fail."""
    import shutil

    with open_database(path) as db:
        db.execute("update sources set last_good = '2024-02-17T08:00:00Z'")
    states = {}
    for days in (1, 3):
        found = {one.check: one for one in examine(path, NOW + timedelta(days=days))}
        states[days] = found["fetches"].state
    assert states == {1: "ok", 3: "warning"}

    room = shutil.disk_usage(path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room._replace(free=50_000_000))
    (disk,) = (one for one in examine(path, NOW) if one.check == "disk")
    assert (disk.state, disk.message.split(",")[0]) == ("warning", "47 MB free")


def spoilt(raw: bytes, chance: random.Random) -> bytes:
    """A database file as disks, cables and half-finished copies leave it; its first hundred bytes are whole."""
    body, pages = bytearray(raw), len(raw) // PAGE
    some = [chance.randrange(1, pages) for _ in range(chance.randint(1, 7))]
    match chance.randrange(6):
        case 0:
            for _ in range(chance.randint(1, 40)):
                body[chance.randrange(100, len(body))] ^= 1 << chance.randrange(8)
        case 1:
            for page in some:
                body[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        case 2:
            for page in some:
                body[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)
        case 3:
            del body[chance.randrange(PAGE, len(body)) :]
        case 4:
            for page in some:
                other = chance.randrange(1, pages)
                body[page * PAGE : (page + 1) * PAGE] = body[other * PAGE : (other + 1) * PAGE]
        case _:
            for page in some:
                body[page * PAGE + chance.randrange(40)] ^= 1 << chance.randrange(8)
    return bytes(body)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whatever_a_disk_does_the_backup_and_the_rest_make_a_whole_database(
    path: Path, rooms: Rooms, contents: Contents, seed: int
) -> None:
    """Thirty damages each: afterwards nothing is wrong, and every article of the backup is there."""
    raw = make_single(path)
    saved = {row["id"] for row in contents(path)["articles"]}
    backup(path, default_backup(path, NOW))
    chance, wrong = random.Random(seed), []
    for number in range(30):
        path.write_bytes(spoilt(raw, chance))
        started = time.process_time()
        mend(path, NOW, lexicon=rooms.lexicon)
        took = time.process_time() - started
        if problems(path) or not saved <= {row["id"] for row in contents(path)["articles"]} or took > 20:
            wrong.append((seed, number, took, problems(path)))
    assert wrong == []


@pytest.mark.slow
def test_whatever_a_disk_does_what_can_be_read_makes_a_whole_database(path: Path, rooms: Rooms) -> None:
    """Thirty damages, without a backup: mended and told, or refused and left as it is."""
    raw = make_single(path)
    chance, wrong, saved = random.Random(4), [], 0
    for number in range(30):
        path.write_bytes(body := spoilt(raw, chance))
        try:
            done = mend(path, NOW, lexicon=rooms.lexicon)
        except StoreError:
            if path.read_bytes() != body:
                wrong.append((number, "touched"))
            continue
        saved += 1
        if problems(path) or (done.rescue and done.rescue.articles < 30 and "lost" not in " ".join(done.told)):
            wrong.append((number, problems(path), done.told))
    assert wrong == []
    assert saved > 20
