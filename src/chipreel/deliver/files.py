"""A digest as a file: all of it, or nothing. Delivering it again replaces it with the same."""

from __future__ import annotations

import re
from pathlib import Path

from chipreel.errors import DeliveryError
from chipreel.files import save_file

_NAME = re.compile(r"[^\w.-]+")


def safe_name(name: str) -> str:
    """A file name that stays in its folder, whatever it is made from."""
    return _NAME.sub("-", name).strip(".-") or "digest"


def deliver_file(folder: Path, name: str, text: str) -> Path:
    """Write `text` to `folder/name`; returns the path. Raises DeliveryError."""
    path = folder / safe_name(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise DeliveryError(f"{path}: {error.strerror or error}") from error
    return path
