"""What a power cut may not take: seen by looking over the program's shoulder at what it asks of the system."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

_CALL = re.compile(r"^\d+ +(?P<name>\w+)\(\d+<(?P<file>[^>]*)>(?P<rest>.*)$")


def calls(told: str) -> Iterator[tuple[str, str, str]]:
    """(name, file, rest) of every call that strace has told."""
    for line in told.splitlines():
        if match := _CALL.match(line):
            yield match["name"], match["file"], match["rest"]


@pytest.fixture
def watched(tmp_path: Path) -> Any:
    """Runs the program in a folder and returns what it asked of the system."""
    if shutil.which("strace") is None:
        pytest.skip("there is no strace to look with")

    def run(*arguments: str, cwd: Path) -> str:
        log = tmp_path / "calls"
        look = ["strace", "-f", "-y", "-s", "40", "-o", str(log)]
        look += ["-e", "trace=pwrite64,write,fdatasync,fsync,sendto,rename,link"]
        done = subprocess.run(
            [*look, sys.executable, "-m", "chipreel", *arguments], cwd=cwd, capture_output=True, text=True, check=False
        )
        if "ptrace" in done.stderr:
            pytest.skip("this system lets nobody look")
        assert done.returncode == 0, done.stderr
        return log.read_text("utf-8", "replace")

    return run


@pytest.mark.slow
def test_what_is_handed_over_was_on_the_disk_before(
    tmp_path: Path, chipreel: Any, items: Any, world: Any, watched: Any
) -> None:
    """That a mail goes out is synced before its first word does; that it has arrived, before the run ends."""
    home = world.write_home(tmp_path / "home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        mail = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
        mail |= {"from": "reel@example.org", "to": "you@example.org"}
        settings = {"channels": {"mail": mail}, "profiles": {"default": {"channels": ["mail"]}}}
        (home / "feeds.yaml").write_text(yaml.safe_dump({"settings": settings, "sources": []}), encoding="utf-8")
        (home / "items.jsonl").write_text(items(20), encoding="utf-8")
        assert chipreel("import", "items.jsonl", cwd=home).returncode == 0
        told = list(calls(watched("daily", cwd=home)))
    finally:
        server.stop()

    unsynced, sent = False, 0
    for name, file, rest in told:
        if file.endswith("-wal"):
            unsynced = name == "pwrite64" or (unsynced and name not in ("fdatasync", "fsync"))
        elif name == "sendto" and '"mail FROM' in rest:
            sent += 1
            assert not unsynced, "the record of the sending was not on the disk yet"
    assert sent == 1
    assert not unsynced, "the record of the arrival is not on the disk"


@pytest.mark.slow
def test_what_gets_its_name_was_on_the_disk_before(
    tmp_path: Path, chipreel: Any, items: Any, world: Any, watched: Any
) -> None:
    """A backup, a digest in a file, an export and the user's own feeds.yaml are synced before they replace the old."""
    home = world.write_home(tmp_path / "home")
    (home / "feeds.yaml").write_text("sources: []\n")
    (home / "items.jsonl").write_text(items(20), encoding="utf-8")
    assert chipreel("import", "items.jsonl", cwd=home).returncode == 0
    added = "<opml version='2.0'><body><outline type='rss' text='源' xmlUrl='https://a.example/feed'/></body></opml>"
    (home / "more.opml").write_text(added, encoding="utf-8")
    for command, part in (
        (("backup", "safe.db"), "safe.db.part"),
        (("run",), ".md.part"),
        (("export", "all.jsonl"), "all.jsonl.part"),
        (("sources", "import", "more.opml"), "feeds.yaml.part"),
    ):
        told = watched(*command, cwd=home)
        renamed = re.search(rf'^\d+ +rename\("([^"]*{re.escape(part)})"', told, re.M)
        assert renamed, command
        last = [name for name, file, _ in calls(told[: renamed.start()]) if file.endswith(part)]
        assert last[-1] in ("fsync", "fdatasync"), command
        folder = str((home / renamed[1]).parent)
        after = [name for name, file, _ in calls(told[renamed.end() :]) if file == folder]
        assert after[0] == "fsync", "the new name is on the disk, too"
