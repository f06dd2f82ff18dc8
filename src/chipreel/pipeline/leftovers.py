"""Memory that is free in this process → the system."""

from __future__ import annotations

import sys
from contextlib import suppress


def give_memory_back() -> None:
    """Let the system have what lies free between things that are used, where the C library can do that (glibc).

    Documents and texts come and go by the thousand; without this a run of 800 feeds ends 15 MB larger.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
