"""Regular expressions that cost nothing until they are used."""

from __future__ import annotations

import re
from typing import Any, cast


def late(pattern: str) -> re.Pattern[str]:
    """What `re.compile` makes of a pattern, compiled at its first use.

    A class of all Chinese characters takes a millisecond to compile, and an item needs few of the expressions that know
    how Chinese sentences are built.
    """
    return cast("re.Pattern[str]", _Late(pattern))


class _Late:
    """Stands for a compiled expression, and has its methods once one of them was asked for."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
