"""The disk, the clock, the terminal and other programs fail: a clear message, the right exit code, nothing lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from chipreel.cli import main
from chipreel.store.database import open_database
from disks import remount, small_disk
from processes import helpers_of, survivors

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("CHIPREEL_")}


def start(*arguments: str, cwd: Path, **options: Any) -> subprocess.Popen[str]:
    """A run in the background."""
    command = [sys.executable, "-m", "chipreel", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, stdout=pipe, stderr=pipe, text=True, env=ENVIRON, **options)


def articles(folder: Path) -> int:
    """How many articles are stored, whole."""
    path = folder / "data/chipreel.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert db.execute("pragma foreign_key_check").fetchall() == []
        if not db.execute("select count(*) from sqlite_master where name = 'articles'").fetchone()[0]:
            return 0
        return int(db.execute("select count(*) from articles").fetchone()[0])


def count(folder: Path) -> int:
    """How many articles are stored at this moment, for waiting."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'data/chipreel.db'}?mode=ro", uri=True)) as db:
            return int(db.execute("select count(*) from articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_run_that_is_told_to_stop_stops_cleanly(world: Any, chipreel: Any, tmp_path: Path) -> None:
    """One sentence, the exit code that shells expect, nobody left behind, and the next run does the rest."""
    world.lay(5, 70)
    home = world.write_home(tmp_path / "home")
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start("fetch", cwd=home)
        deadline = time.monotonic() + 20
        # Where there are two cores, 300 articles start a second process: then it is in the middle of its work.
        while process.poll() is None and not (second := helpers_of(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        _, told = process.communicate(timeout=20)

        assert process.returncode == 128 + number
        assert told.splitlines() == ["chipreel: stopped; the database is whole"]
        assert second or os.cpu_count() == 1
        assert survivors(second) == []
        assert articles(home) < 5 * 70
    assert chipreel("fetch", cwd=home).returncode == 0
    assert articles(home) == 5 * 70


def test_a_reader_that_goes_away_is_no_error(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """`chipreel export | head -1` ends without a word."""
    (tmp_path / "items.jsonl").write_text(items(400), encoding="utf-8")
    chipreel("import", "items.jsonl", "--db", "a.db", cwd=tmp_path)
    for command in (["export"], ["search", "--json", "--limit", "0", "芯片 OR nvidia OR kling OR 可灵"]):
        process = start(*command, "--db", "a.db", cwd=tmp_path)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert (process.wait(timeout=20), process.stderr.read()) == (0, ""), command
        process.stderr.close()


def test_a_full_disk_is_said_and_costs_nothing(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """What was stored before stays whole; with room again the same command does the rest."""
    with small_disk(tmp_path / "small", "1m") as disk:
        (tmp_path / "items.jsonl").write_text(items(700), encoding="utf-8")
        db = disk / "data/chipreel.db"
        told = chipreel("import", "../items.jsonl", "--db", str(db), cwd=disk)
        assert told.returncode == 1
        assert "the disk is full" in told.stderr
        before = articles(disk)
        assert before < 700
        for command in (["backup", str(disk / "copy.db")], ["export", str(disk / "all.jsonl")]):
            (disk / "ballast").write_bytes(b"x" * max(0, os.statvfs(disk).f_bavail * 4096 - 4096))
            done = chipreel(*command, "--db", str(db), cwd=disk)
            assert done.returncode == 1, command
            assert "full" in done.stderr or "No space left" in done.stderr, done.stderr
        assert sorted(path.name for path in disk.iterdir()) == ["ballast", "data"]
        (disk / "ballast").unlink()
        remount(disk, "size=40m")
        assert chipreel("import", "../items.jsonl", "--db", str(db), cwd=disk).returncode == 0
        assert articles(disk) == 700


def fill(disk: Path) -> None:
    """Leave not one byte."""
    with (disk / "ballast").open("ab") as ballast:
        ballast.write(b"x" * (os.statvfs(disk).f_bavail * 4096))


@pytest.mark.slow
def test_a_disk_without_any_room_is_said_by_every_command_and_still_read(
    world: Any, chipreel: Any, tmp_path: Path, items: Any
) -> None:
    """Not one byte: whoever writes says so and leaves nothing half done; whoever reads goes on reading."""
    world.lay(3, 4)
    with small_disk(tmp_path / "small", "8m") as disk:
        home = world.write_home(disk / "home")
        (tmp_path / "items.jsonl").write_text(items(100), encoding="utf-8")
        for command in (["import", str(tmp_path / "items.jsonl")], ["backup", "safe.db"]):
            assert chipreel(*command, cwd=home).returncode == 0
        (disk / "ballast").touch()
        before = sorted(disk.rglob("*"))
        for command in FULL_DISK_WRITERS:
            fill(disk)
            done = chipreel(*command, cwd=home)
            assert done.returncode in (1, 2), command
            assert "disk is full" in done.stderr or "No space left" in done.stderr, (command, done.stderr)
        for command in (["search", "可灵", "--json"], ["digest"], ["stories"], ["backup", str(tmp_path / "usb.db")]):
            done = chipreel(*command, cwd=home)
            assert (done.returncode, bool(done.stdout) or command[0] == "backup") == (0, True), (command, done.stderr)
        assert "the disk is full" in chipreel("doctor", cwd=home).stdout
        assert [path for path in disk.rglob("*") if path not in before and path.is_file() and path.stat().st_size] == []
        (disk / "ballast").unlink()
        assert articles(home) == 100
        assert "12 new" in chipreel("fetch", cwd=home).stderr
    assert (tmp_path / "usb.db").exists()


#: What writes, one for each way in which it does.
FULL_DISK_WRITERS: tuple[list[str], ...] = (
    ["fetch", "--all"],
    ["daily"],
    ["run"],
    ["retag", "--apply"],
    ["reindex"],
    ["prune", "--keep", "1d", "--compact"],
    ["restore", "safe.db"],
    ["doctor", "--repair"],
    ["backup"],
    ["export", "all.jsonl"],
    ["publish", "public.db"],
    ["init", "new"],
)


def test_a_digest_for_a_full_disk_is_delivered_when_there_is_room(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """The folder of the digests may lie elsewhere: that delivery fails and is named, and the next run makes it good."""
    with small_disk(tmp_path / "small", "1m") as disk:
        channel = f"{{kind: file, folder: {disk}}}"
        (tmp_path / "feeds.yaml").write_text(
            f"settings: {{channels: {{desk: {channel}}}, profiles: {{default: {{channels: [desk]}}}}}}\nsources: []\n"
        )
        (tmp_path / "items.jsonl").write_text(items(50), encoding="utf-8")
        chipreel("import", "items.jsonl", cwd=tmp_path)
        fill(disk)
        told = chipreel("daily", cwd=tmp_path).stderr
        assert "over desk failed" in told
        assert "No space left on device" in told
        assert [path.name for path in disk.iterdir()] == ["ballast"]
        (disk / "ballast").unlink()
        chipreel("deliver", cwd=tmp_path)
        (digest,) = disk.iterdir()
        assert digest.read_text("utf-8").endswith("names them._\n")


@pytest.mark.slow
def test_a_digest_whose_reader_went_away_is_unknown_and_not_repeated(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """`chipreel daily | head -1`: nobody knows how far it was read; the next run says so and prints nothing again."""
    settings = "settings: {profiles: {default: {channels: [stdout], stories: 200, per_source: 200, minutes: 600}}}"
    (tmp_path / "feeds.yaml").write_text(f"{settings}\nsources: []\n")
    (tmp_path / "items.jsonl").write_text(items(400), encoding="utf-8")
    chipreel("import", "items.jsonl", cwd=tmp_path)
    process = start("daily", cwd=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr is not None
    with process.stderr:
        assert "Traceback" not in process.stderr.read()
    later = chipreel("daily", cwd=tmp_path)

    assert "nobody knows whether it arrived" in later.stderr
    assert "可灵" not in later.stdout
    assert "可灵" not in chipreel("daily", cwd=tmp_path).stdout


def test_a_read_only_disk_is_said_and_still_read(chipreel: Any, tmp_path: Path, items: Any) -> None:
    """Writing ends in one sentence; searching and looking work."""
    with small_disk(tmp_path / "disk", "20m") as disk:
        (disk / "items.jsonl").write_text(items(50), encoding="utf-8")
        chipreel("import", "items.jsonl", "--db", "a.db", cwd=disk)
        remount(disk, "ro")
        wrote = chipreel("import", "items.jsonl", "--db", "a.db", cwd=disk)
        found = chipreel("search", "可灵", "--json", "--db", "a.db", cwd=disk)
        new = chipreel("import", "items.jsonl", "--db", "new/b.db", cwd=disk)

    assert (wrote.returncode, new.returncode) == (1, 1)
    assert "Read-only" in wrote.stderr or "cannot be written" in wrote.stderr
    assert "Read-only" in new.stderr
    assert found.returncode == 0, found.stderr
    assert found.stdout


def test_no_permission_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in the place of the database, and a file in the place of its folder."""
    (tmp_path / "a.db").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "items.jsonl").write_text('{"id": "1", "title": "芯片"}\n', encoding="utf-8")
    for db in (tmp_path / "a.db", tmp_path / "file" / "b.db"):
        assert main(["import", str(tmp_path / "items.jsonl"), "--db", str(db)]) == 1
        assert "cannot be" in capsys.readouterr().err


UNPRIVILEGED = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []


@pytest.mark.slow
@pytest.mark.parametrize(
    "denied", [".", "data", "data/chipreel.db", "data/chipreel.db.lock", "feeds.yaml", "items.jsonl"]
)
def test_rights_that_are_missing_are_named(chipreel: Any, tmp_path: Path, items: Any, denied: str) -> None:
    """Without the powers of root: every command that needs the file says which and why, and loses nothing."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "feeds.yaml").write_text("sources: []\n")
    (home / "items.jsonl").write_text(items(20), encoding="utf-8")
    assert chipreel("import", "items.jsonl", cwd=home).returncode == 0
    path = home / denied
    rights = path.stat().st_mode & 0o777
    # A folder that may be entered but neither listed nor written, and a file that may not even be read.
    path.chmod(0o111 if path.is_dir() else 0)
    try:
        for line in ("daily", "search 可灵", "import items.jsonl", "backup", "doctor", "export x"):
            command = line.split()
            call = [*UNPRIVILEGED, sys.executable, "-m", "chipreel", *command]
            done = subprocess.run(call, cwd=home, env=ENVIRON, capture_output=True, text=True, check=False)
            told = done.stdout + done.stderr if command == ["doctor"] else done.stderr
            assert "Traceback" not in told, told
            assert done.returncode == 0 or any(
                word in told
                for word in ("ermission", "may read it", "rights", "cannot be written", "init DIR", "not readable")
            ), (command, told)
    finally:
        path.chmod(rights)
    assert articles(home) == 20
    assert chipreel("doctor", "--repair", cwd=home).returncode == 0


@pytest.mark.slow
def test_a_run_that_hangs_is_named_and_its_lock_dies_with_it(world: Any, chipreel: Any, tmp_path: Path) -> None:
    """By its process number, which a person may kill; then the next run works. Cron's own run leaves it alone."""
    world.lay(2, 200)
    home = world.write_home(tmp_path / "home")
    process = start("fetch", cwd=home)
    deadline = time.monotonic() + 20
    while count(home) < 1 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGSTOP)
    second, by_cron = chipreel("fetch", cwd=home), chipreel("run", cwd=home)
    process.kill()
    process.communicate(timeout=20)

    assert second.returncode == 1
    assert f"another run of chipreel (process {process.pid}) is working on" in second.stderr
    assert (by_cron.returncode, f"process {process.pid}" in by_cron.stdout) == (0, True)
    assert chipreel("fetch", "--all", cwd=home).returncode == 0
    assert articles(home) == 400


def test_a_database_that_others_write_is_waited_for_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, items: Any
) -> None:
    """Another program in the middle of a transaction: one sentence, and nothing half done."""
    monkeypatch.setattr("chipreel.store.database.BUSY_S", 0.2)
    (tmp_path / "items.jsonl").write_text(items(5), encoding="utf-8")
    arguments = ["import", str(tmp_path / "items.jsonl"), "--db", str(tmp_path / "a.db")]
    with open_database(tmp_path / "a.db") as other:
        other.execute("begin immediate")
        assert main(arguments) == 1
        assert "another program is writing" in capsys.readouterr().err
        other.execute("rollback")
    assert main(arguments) == 0


def test_a_clock_that_ran_ahead_does_not_stop_the_fetching(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the clock is put right nothing is put off for years, and nothing is lost or told twice."""
    world.lay(3, 4)
    monkeypatch.chdir(world.write_home(tmp_path / "home"))
    real, years = datetime.now(UTC), timedelta(days=3650)
    for moment, visited, new in ((real, 3, 12), (real + years, 3, 0), (real, 3, 1), (real, 0, 0), (real - years, 3, 0)):
        if new == 1:
            item = "<item><guid>late</guid><title>SoftBank raises funds to make chips with Arm</title></item>"
            world.files["/0"] = world.files["/0"].replace(b"</channel>", f"{item}</channel>".encode())
        with time_machine.travel(moment, tick=True):
            assert main(["daily", "--lang", "en"]) == 0
        told = capsys.readouterr()
        assert f"fetched {visited} sources: {new} new" in told.err, moment
        assert ("Nothing new" in told.out) == (new == 0), moment
    assert articles(Path()) == 13


@pytest.mark.slow
@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_is_put_right_in_the_middle_of_a_run(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jump: timedelta
) -> None:
    """Every look at the clock shows it further off: what is told is what would have been told, and once."""
    from chipreel.cli import context

    told = []
    for step in (timedelta(0), jump):
        looks: list[int] = []

        def now(step: timedelta = step, looks: list[int] = looks) -> datetime:
            looks.append(0)
            return datetime.now(UTC) + step * (len(looks) - 1)

        world.lay(2, 4)
        monkeypatch.chdir(world.write_home(tmp_path / f"home-{len(told)}"))
        assert main(["daily"]) == 0
        world.lay(2, 8)
        with monkeypatch.context() as patched:
            patched.setattr(context, "now", now)
            assert main(["fetch", "--all"]) == 0
            assert main(["daily", "--lang", "zh"]) == 0
            assert len(looks) > 2
            capsys.readouterr()
            assert main(["daily"]) == 0
        assert "Nothing new" in capsys.readouterr().out
        with closing(sqlite3.connect("data/chipreel.db")) as db:
            assert db.execute("select max(id) from articles").fetchone()[0] == 16
            told.append(sorted(db.execute("select article, count(*) from digest_articles group by 1").fetchall()))
    assert told[0] == told[1]
    assert {count for _, count in told[1]} == {1}


def test_a_pruning_that_would_take_everything_asks_for_it(
    tmp_path: Path, items: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clock years ahead must not empty an archive by way of a nightly `prune --keep 400d`."""
    db = str(tmp_path / "a.db")
    (tmp_path / "items.jsonl").write_text(items(5), encoding="utf-8")
    main(["import", str(tmp_path / "items.jsonl"), "--db", db])
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3650), tick=True):
        assert main(["prune", "--keep", "400d", "--db", db]) == 2
        assert "every article" in capsys.readouterr().err
        assert main(["prune", "--keep", "400d", "--everything", "--db", db]) == 0


ROUNDS = """
import gc, sys, threading
from pathlib import Path
from chipreel.cli import main
for number in range(int(sys.argv[1])):
    assert main(["--quiet", "fetch", "--all"]) == 0
    gc.unfreeze()  # what a run holds fast for its speed ends with its process
    gc.collect()
    memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4
    print(len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), memory, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [30])
def test_a_very_long_run_does_not_grow(world: Any, tmp_path: Path, rss: Any, rounds: int) -> None:
    """Round after round in one process, each with news: open files and threads stay, and memory nearly so."""
    world.lay(4, 5)
    home = world.write_home(tmp_path / "home")
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", ROUNDS, str(rounds)]
    seen: list[tuple[int, ...]] = []
    with subprocess.Popen(command, cwd=home, env=ENVIRON, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(rounds):
            seen.append(tuple(map(int, process.stdout.readline().split())))
            world.files["/0"] = rss(0, range(number, number + 5), datetime.now(UTC))
            process.stdin.write("\n")
            process.stdin.flush()

    assert process.returncode == 0
    assert {one[:2] for one in seen[2:]} == {seen[2][:2]}
    assert seen[-1][2] - seen[rounds // 4][2] < 8_000, [one[2] for one in seen]  # KiB
