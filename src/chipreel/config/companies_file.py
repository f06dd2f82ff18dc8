"""Writing into the user's companies.yaml: a new company is put in, checked, and nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chipreel.config.lexicon import load_lexicon_text
from chipreel.config.yaml_text import add_to_list
from chipreel.errors import ConfigError
from chipreel.model import Lexicon
from chipreel.text.fold import fold
from chipreel.text.script import has_han

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
#: English words that headlines begin with: a name that is one of them must be ambiguous.
_COMMON = frozenset(
    """apple arm meta oracle luma runway pika gemini amazon intel target shell gap block square match box dash snap
    zoom slack stripe ripple echo nova titan atlas pilot scale figure humane adept character inflection cohere together
    perplexity mistral etched positron rapid horizon spark step moonshot""".split()
)


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A company as a person describes it on the command line."""

    name: str
    zh: str | None
    group: str
    names: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The slug of its English name."""
        return _NOT_SLUG.sub("-", self.name.lower()).strip("-")


def add_company(text: str, new: NewCompany, name: str) -> str:
    """`text` of a companies.yaml with the company put in. Raises ConfigError when the result is invalid."""
    if not new.id:
        raise ConfigError("needs a name in Latin letters", key="NAME", hint="give the Chinese one with --zh")
    changed = add_to_list(text, "companies", [_entry(new)], name)
    load_lexicon_text(changed, name)
    return changed


def collisions(new: NewCompany, lexicon: Lexicon) -> list[str]:
    """What a person should know before writing it: names that others have, that hold others, or are common words."""
    owners = {
        fold(alias.text): company.id
        for company in lexicon.companies
        for alias in (*company.aliases, *(alias for product in company.products for alias in product.aliases))
    }
    return [
        warning
        for given in (new.name, new.zh, *new.names)
        if given
        for warning in _warnings(given, owners, given in new.ambiguous)
    ]


def _warnings(given: str, owners: dict[str, str], is_ambiguous: bool) -> list[str]:
    key = fold(given)
    found = [f"{given!r} is a name of {owners[key]} already"] if key in owners else []
    inside = sorted({owner for alias, owner in owners.items() if alias != key and key in alias and _whole(key, alias)})
    if inside:
        found.append(f"{given!r} stands inside names of {', '.join(inside[:3])}: the longer name wins")
    short = len(key) <= (2 if has_han(key) else 3)
    if (key in _COMMON or short) and not is_ambiguous:
        found.append(
            f"{given!r} is short or a common word: give it with --ambiguous, so that it counts with evidence only"
        )
    return found


def _whole(key: str, alias: str) -> bool:
    return has_han(key) or re.search(rf"(?<![a-z0-9]){re.escape(key)}(?![a-z0-9])", alias) is not None


def _entry(new: NewCompany) -> dict[str, Any]:
    safe = [name for name in dict.fromkeys(new.names) if name not in new.ambiguous]
    entry: dict[str, Any] = {"id": new.id, "name": new.name, "zh": new.zh or new.name, "group": new.group}
    for key, values in (("names", safe), ("ambiguous", new.ambiguous), ("tickers", new.tickers)):
        if values:
            entry[key] = _texts(values)
    return entry


def _texts(values: Collection[str]) -> list[str]:
    return [str(value) for value in values]
