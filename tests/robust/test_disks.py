"""A disk that is full, read-only, or not ours to write: a clear message, the right exit code, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from disks import remount, small_disk
from processes import ENVIRON, articles


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
