"""How long a text takes to read, in either script."""

from __future__ import annotations

import re

from chipreel.text.late import late
from chipreel.text.script import CJK

#: Characters and words a minute, as adults read news on a screen.
CHARACTERS_PER_MINUTE, WORDS_PER_MINUTE = 400, 230
_CHARACTER = late(f"[{CJK}]")
_WORD = re.compile(r"[A-Za-z0-9][\w’'.,-]*")


def minutes(text: str) -> float:
    """Minutes that a text takes."""
    characters = len(_CHARACTER.findall(text))
    words = len(_WORD.findall(_CHARACTER.sub(" ", text)))
    return characters / CHARACTERS_PER_MINUTE + words / WORDS_PER_MINUTE
