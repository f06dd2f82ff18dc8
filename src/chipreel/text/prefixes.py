"""The beginning of a Latin word (`generati*`) in an index that keeps stems.

The index keeps `gener` of generation, generative and general, so no word of it begins with "generati". What a person
means is found in two steps: words that may stand there are asked for by their stems, then the text itself is looked at.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from chipreel.text.fold import fold
from chipreel.text.script import CJK

#: Endings that a stemmer takes off, whole families of them: a word may be cut anywhere within one.
_ENDINGS = tuple(
    """ability able ably al ally ance ances ancy ant ants ate ated ates ating ation ational ations ative atively ator
    ators ed ence ences ency ent ently ents er ers es ful fully ible ibly ied ier iers ies ility ing ingly ings ion
    ional ions isation ise ised ises ising ism isms ist istic ists ities ity ive ively ives ivity ization ize ized
    izer izers izes izing ly ment mental ments ness ous ously y""".split()
)
#: Shorter beginnings are stems in their own right, or of too much.
_LEAST = 3


def completions(start: str) -> list[str]:
    """Words that may go on from `start`, where it ends within an ending: generati → generation, generations …

    >>> completions("announcemen")
    ['announcement', 'announcemental', 'announcements']
    """
    if not is_stemmed(start):
        return []
    found = {
        start + ending[cut:]
        for ending in _ENDINGS
        for cut in range(1, len(ending))
        if start.endswith(ending[:cut]) and len(start) - cut >= _LEAST - 1
    }
    return sorted(found)


def is_stemmed(start: str) -> bool:
    """Whether words that begin so are kept as stems: Latin letters, three or more."""
    return len(start) >= _LEAST and start.isascii() and start.isalpha()


def begins_a_word(start: str, text: str) -> bool:
    """Whether a word of `text` begins with `start`, whatever its case, width and accents.

    >>> begins_a_word("generati", "A general view"), begins_a_word("generati", "用Generative模型")
    (False, True)
    """
    return _pattern(start).search(_plain(text)) is not None


@lru_cache(64)
def _pattern(start: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_{CJK}]){re.escape(_plain(start))}")


def _plain(text: str) -> str:
    folded = fold(text)
    if folded.isascii():
        return folded
    return "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))
