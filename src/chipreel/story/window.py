"""Which articles hold which terms: an inverted index of the articles that new ones are compared with.

An article is a number here (its slot), and most terms have one holder, who needs no list: twenty thousand articles take
some 30 MB. A list of slots is in the order of arrival, so whether an article holds a term is found by halving.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import islice
from sys import intern

from chipreel.story.fingerprint import Fingerprint

#: What an article is found by: a term, or a hash of what sets it apart as a whole (address, title, text).
Key = str | int

_NOBODY: Sequence[int] = ()


class Window:
    """Articles by their terms; the newest holder of a term stands last."""

    def __init__(self) -> None:
        #: Slot → id.
        self.ids: list[str] = []
        self._slots: dict[str, int] = {}
        self._holders: dict[Key, int | list[int]] = {}
        #: Articles that came or went since somebody last looked.
        self.changed = 0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, id: str) -> bool:
        return id in self._slots

    def oldest(self, count: int) -> list[str]:
        """The ids that have been here longest."""
        return list(islice(self._slots, count))

    def add(self, fingerprint: Fingerprint) -> None:
        """Let in an article that is not here."""
        slot = self._slots[fingerprint.id] = len(self.ids)
        self.ids.append(fingerprint.id)
        self.changed += 1
        holders = self._holders
        for key in (*map(intern, fingerprint.terms), *keys_of(fingerprint)):
            known = holders.get(key)
            if known is None:
                holders[key] = slot
            elif isinstance(known, int):
                holders[key] = [known, slot]
            else:
                known.append(slot)

    def remove(self, fingerprints: Collection[Fingerprint]) -> None:
        """Let go of articles that are here."""
        gone = {self._slots.pop(fingerprint.id) for fingerprint in fingerprints}
        self.changed += len(gone)
        for key in {key for one in fingerprints for key in (*one.terms, *keys_of(one))}:
            left = [slot for slot in self.holders(key) if slot not in gone]
            if len(left) > 1:
                self._holders[key] = left
            elif left:
                self._holders[key] = left[0]
            else:
                del self._holders[key]

    def holders(self, key: Key) -> Sequence[int]:
        """Slots of the articles that hold a term, in the order of arrival."""
        found = self._holders.get(key, _NOBODY)
        return (found,) if isinstance(found, int) else found

    def count(self, key: Key) -> int:
        """How many articles hold a term."""
        return len(self.holders(key))


def holds(holders: Sequence[int], slot: int) -> bool:
    """Whether a slot is among the holders of a term."""
    at = bisect_left(holders, slot)
    return at < len(holders) and holders[at] == slot


def keys_of(fingerprint: Fingerprint) -> list[Key]:
    """What sets an article apart as a whole: its address, its title, its text."""
    keys: list[Key] = [hash(("text", value)) for value in fingerprint.sketch[:3]]
    if fingerprint.url:
        keys.append(hash(("url", fingerprint.url)))
    if fingerprint.title_key:
        keys.append(hash(("title", fingerprint.title_key)))
    return keys
