"""A fingerprint weighed: what is asked again and again when it is compared with others."""

from __future__ import annotations

import re
from collections import defaultdict
from math import sqrt

from chipreel.story.fingerprint import Fingerprint
from chipreel.story.rarity import Rarity

#: Marks of terms that name something: left without a counterpart they speak against one event.
NAMING = frozenset("wxpvlbc")
_VERSIONED = re.compile(r"(.*?[a-z])[-.]?(\d[\d.-]*)$")
#: From here on a number is an amount that tells events apart; below it are counts, ranks and ages.
LARGE = 1_000_000


class Profile:
    """An article as it is compared: its terms as sets, and with their weights."""

    __slots__ = (
        "amounts",
        "companies",
        "events",
        "fingerprint",
        "lead",
        "mass",
        "names",
        "once",
        "people",
        "phrases",
        "products",
        "root",
        "sketch",
        "terms",
        "versions",
    )

    def __init__(self, fingerprint: Fingerprint, rarity: Rarity) -> None:
        self.fingerprint = fingerprint
        self.terms = frozenset(fingerprint.terms)
        self.phrases = frozenset(fingerprint.phrases)
        self.lead = frozenset(fingerprint.lead)
        self.sketch = frozenset(fingerprint.sketch)
        self.once = frozenset(fingerprint.once)
        by_mark: dict[str, list[str]] = defaultdict(list)
        mass = 0.0
        names = []
        for term in fingerprint.terms:
            mark = term[0]
            by_mark[mark].append(term)
            if mark == "f":
                continue
            weight = rarity.weight(term)
            mass += weight * weight
            if mark in NAMING:
                names.append((weight, term))
        #: Terms that name something with their weights, rarest first.
        self.names = sorted(names, reverse=True)
        self.mass = mass
        self.root = sqrt(mass)
        self.companies = frozenset(by_mark["c"])
        self.products = frozenset(by_mark["x"])
        self.people = frozenset(by_mark["p"])
        self.events = frozenset(by_mark["e"])
        self.amounts = frozenset(term for term in by_mark["n"] if is_amount(term))
        self.versions = _by_name([*by_mark["v"], *(term for term in by_mark["x"] if term[-1].isdigit())])


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
