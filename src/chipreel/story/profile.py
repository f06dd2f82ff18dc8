"""A fingerprint weighed: what is asked again and again when it is compared with others."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from math import sqrt
from sys import intern

from chipreel.story.fingerprint import Fingerprint
from chipreel.story.rarity import Rarity

#: Marks of terms that name something: left without a counterpart they speak against one event.
NAMING = frozenset("wxpvlbc")
_VERSIONED = re.compile(r"(.*?[a-z])[-.]?(\d[\d.-]*)$")
#: From here on a number is an amount that tells events apart; below it are counts, ranks and ages.
LARGE = 1_000_000


_NONE: frozenset[str] = frozenset()


class Profile:
    """An article as it is compared: its terms as a set, and what follows from their weights.

    Thousands are kept, of some 3 KB each: only what is asked of every pair is a set, and a term is one string in all.
    """

    __slots__ = (
        "amounts",
        "companies",
        "day",
        "events",
        "id",
        "is_roundup",
        "lang",
        "lead",
        "mass",
        "names",
        "once",
        "people",
        "phrases",
        "products",
        "root",
        "sketch",
        "source",
        "terms",
        "title_key",
        "url",
        "versions",
    )

    def __init__(self, fingerprint: Fingerprint, rarity: Rarity) -> None:
        self.id, self.day, self.lang = fingerprint.id, fingerprint.day, fingerprint.lang
        self.source, self.url = fingerprint.source and intern(fingerprint.source), fingerprint.url
        self.title_key, self.is_roundup = fingerprint.title_key, fingerprint.is_roundup
        self.terms = frozenset(map(intern, fingerprint.terms))
        # Not interned: few of them are met again, and the table of all interned strings would be twice as large.
        self.phrases = fingerprint.phrases
        self.lead = tuple(map(intern, fingerprint.lead))
        #: One string with spaces: twenty strings would be a third of all this.
        self.sketch = " ".join(fingerprint.sketch)
        self.once = frozenset(fingerprint.once) or _NONE
        by_mark: dict[str, list[str]] = defaultdict(list)
        weights = rarity.weights
        mass = 0.0
        names: list[tuple[float, str]] = []
        for term in self.terms:
            mark = term[0]
            by_mark[mark].append(term)
            if mark == "f":
                continue
            weight = weights[term]
            mass += weight * weight
            if mark in NAMING:
                names.append((weight, term))
        #: Terms that name something, rarest first.
        self.names = tuple(term for _, term in sorted(names, reverse=True))
        self.mass = mass
        self.root = sqrt(mass)
        self.companies = frozenset(by_mark["c"]) or _NONE
        self.products = frozenset(by_mark["x"]) or _NONE
        self.people = frozenset(by_mark["p"]) or _NONE
        self.events = frozenset(by_mark["e"]) or _NONE
        self.amounts = frozenset(term for term in by_mark["n"] if is_amount(term)) or _NONE
        self.versions = _by_name([*by_mark["v"], *(term for term in by_mark["x"] if term[-1].isdigit())])


def is_one_source(a: Profile, b: Profile) -> bool:
    """Whether both are known to come from one source."""
    return a.source is not None and a.source == b.source


def share_text(a: Profile, b: Profile) -> float:
    """How much of the beginning of one text stands in the other, 0 to 1."""
    if not (a.sketch and b.sketch):
        return 0.0
    mine, theirs = _hashes(a.sketch), b.sketch.split()
    return len(mine.intersection(theirs)) / min(len(mine), len(theirs))


@lru_cache(8)
def _hashes(sketch: str) -> frozenset[str]:
    """A sketch as a set: an article is compared with many, one after another."""
    return frozenset(sketch.split())


def is_amount(term: str) -> bool:
    """Whether a number is large, or has a unit, or is a day."""
    value = term[2:]
    try:
        return float(value) >= LARGE
    except ValueError:
        return True


def _by_name(versions: list[str]) -> dict[str, set[str]]:
    """Versioned name → its versions: v:opus-4.7 and x:claude-opus-4-7 → opus: 4.7, claude-opus: 4.7."""
    found: dict[str, set[str]] = {}
    for term in versions:
        match = _VERSIONED.match(term[2:])
        if match:
            found.setdefault(match[1], set()).add(match[2].replace("-", "."))
    return found
