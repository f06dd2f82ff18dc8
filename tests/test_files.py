"""Files are whole or not there; the user's own keep their rights and their links."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from chipreel.files import save_file, whole_file


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing else is left in the folder."""
    path = tmp_path / "简报.md"
    save_file(path, "一".encode())
    save_file(path, "二".encode())

    assert path.read_text("utf-8") == "二"
    assert list(tmp_path.iterdir()) == [path]


def _break_off(handle: BinaryIO, error: type[BaseException]) -> None:
    handle.write(b"new")
    raise error


def test_what_breaks_off_leaves_the_one_of_before(tmp_path: Path) -> None:
    """An error or Ctrl-C in the middle: the old content, and no half file."""
    path = tmp_path / "a"
    save_file(path, b"old")
    for error in (OSError, KeyboardInterrupt):
        with pytest.raises(error), whole_file(path) as handle:
            _break_off(handle, error)

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_rights_and_links_of_the_user_stay(tmp_path: Path) -> None:
    """A private file is not made public, and a link into another folder goes on leading there."""
    real, link = tmp_path / "dotfiles" / "feeds.yaml", tmp_path / "feeds.yaml"
    real.parent.mkdir()
    real.write_bytes(b"old")
    real.chmod(0o600)
    link.symlink_to(real)
    save_file(link, b"new")

    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_pipe_and_a_device_are_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`chipreel export /dev/null` as root would otherwise take the device from everybody."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    save_file(pipe, b"through")
    reader.join(10)

    assert read == [b"through"]
    assert pipe.is_fifo()
