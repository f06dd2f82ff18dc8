"""A digest as a file: all of it, or nothing. Delivering it again replaces it with the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

from chipreel.errors import DeliveryError

_NAME = re.compile(r"[^\w.-]+")


def safe_name(name: str) -> str:
    """A file name that stays in its folder, whatever it is made from."""
    return _NAME.sub("-", name).strip(".-") or "digest"


def deliver_file(folder: Path, name: str, text: str) -> Path:
    """Write `text` to `folder/name`; returns the path. Raises DeliveryError."""
    path = folder / safe_name(name)
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    except OSError as error:
        raise DeliveryError(f"{path}: {error.strerror or error}") from error
    return path
