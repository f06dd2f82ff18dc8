"""Files that are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """What is written in the block gets the name of `path` when it has reached the disk; else nothing has changed.

    A file of that name is replaced and its rights are kept; a link goes on leading where it led; what is no file but a
    device or a pipe is written to as it is. Raises OSError.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as handle:
            yield handle
        return
    target = Path(os.path.realpath(path))
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as handle:
            if target.exists():
                part.chmod(target.stat().st_mode & 0o7777)
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def save_file(path: Path, body: bytes) -> None:
    """Write a whole file, or leave the one of before. Raises OSError."""
    with whole_file(path) as handle:
        handle.write(body)


def sync_folder(folder: Path) -> None:
    """Make sure that names given in a folder have reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
