"""All words of the house found in one pass over a folded text.

Does not know what a word is for: names, context words and terms are keys alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Characters that make a Latin word longer: ASCII letters and digits, and the accented letters of Latin-1 and Extended.
WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(
    chr(code) for code in range(0x00C0, 0x0250) if chr(code).isalpha()
)

#: (index of the key, start, end) in code points.
Hit = tuple[int, int, int]

_LEFT, _RIGHT, _PLURAL = 1, 2, 4


class Scanner:
    """An Aho–Corasick automaton over folded keys that respects the edges of Latin words.

    An edge counts only where the key itself begins or ends in a Latin letter or digit, and only against Latin
    neighbours: `用AI做` holds the word AI, `said` does not.
    """

    def __init__(self, keys: Iterable[str], *, open_ended: Iterable[str] = (), plural: Iterable[str] = ()) -> None:
        """`keys` are folded and distinct; those `open_ended` may run on into a digit, those `plural` into an s."""
        import ahocorasick_rs  # Late: importing this module must stay cheap.

        self.keys = list(keys)
        opened, plurals = frozenset(open_ended), frozenset(plural)
        self._flags = bytes([_edges(key, key in opened, key in plurals) for key in self.keys])
        self._automaton: Any = ahocorasick_rs.AhoCorasick(self.keys) if self.keys else None

    def find(self, folded: str) -> list[Hit]:
        """Every occurrence of every key that stands as a word, overlapping ones too, ordered by their ends."""
        if self._automaton is None:
            return []
        flags, size = self._flags, len(folded)
        hits: list[Hit] = []
        for hit in _matches(self._automaton, folded):
            key, start, end = hit
            edges = flags[key]
            if edges & _LEFT and start and folded[start - 1] in WORD:
                continue
            if edges & _RIGHT and end < size and folded[end] in WORD and not _is_plural(edges, folded, end, size):
                continue
            hits.append(hit)
        return hits


def goes_on(folded: str, end: int) -> bool:
    """Whether a Latin letter follows what ends at `end`."""
    following = folded[end : end + 1]
    return following in WORD and following.isalpha()


def _matches(automaton: Any, folded: str) -> list[Hit]:
    try:
        return automaton.find_matches_as_indexes(folded, overlapping=True)  # type: ignore[no-any-return]
    except UnicodeEncodeError:  # A lone surrogate; one code point for one keeps the offsets.
        mended = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in folded)
        return automaton.find_matches_as_indexes(mended, overlapping=True)  # type: ignore[no-any-return]


def _edges(key: str, opened: bool, plural: bool) -> int:
    left = _LEFT if key[0] in WORD else 0
    right = _RIGHT if key[-1] in WORD and not opened else 0
    return left | right | (_PLURAL if plural and right else 0)


def _is_plural(edges: int, folded: str, end: int, size: int) -> bool:
    if not edges & _PLURAL or folded[end] != "s":
        return False
    return end + 1 == size or folded[end + 1] not in WORD
