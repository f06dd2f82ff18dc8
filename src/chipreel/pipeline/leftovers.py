"""How this process takes memory from the system and gives it back, where the C library can be told (glibc)."""

from __future__ import annotations

import sys
from contextlib import suppress

#: glibc's number for "most heaps" (malloc.h).
_M_ARENA_MAX = -8


def keep_one_heap() -> None:
    """Have threads that begin from now on take memory from the heap of this one.

    What one of them took the others give back: with a heap for each, a run of 500 feeds is 5 MB larger.
    """
    _tell("mallopt", _M_ARENA_MAX, 1)


def give_memory_back() -> None:
    """Let the system have what lies free between things that are used.

    Documents and texts come and go by the thousand; without this a run of 800 feeds ends 15 MB larger.
    """
    _tell("malloc_trim", 0)


def _tell(function: str, *arguments: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with suppress(OSError, AttributeError):
        getattr(ctypes.CDLL(None), function)(*arguments)
