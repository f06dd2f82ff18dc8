"""The zone this machine lives in, by its IANA name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def find_system_zone(environ: Mapping[str, str] | None = None, etc: Path = Path("/etc")) -> str:
    """IANA name from TZ, /etc/timezone or the link /etc/localtime; "UTC" where nobody says."""
    environ = os.environ if environ is None else environ
    for name in (environ.get("TZ", "").lstrip(":"), _first_line(etc / "timezone"), _linked(etc / "localtime")):
        if name and is_zone(name):
            return name
    return "UTC"


def is_zone(name: str) -> bool:
    """Whether there is a zone of that IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _linked(path: Path) -> str:
    """Asia/Shanghai of /usr/share/zoneinfo/Asia/Shanghai, or of /var/db/timezone/zoneinfo/… on macOS."""
    try:
        return str(path.resolve(strict=True)).partition("zoneinfo/")[2]
    except OSError:
        return ""
