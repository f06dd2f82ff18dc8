"""Writing into the user's companies.yaml: a new company is put in, checked, and nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from chipreel.config.checks import check_text
from chipreel.config.lexicon import load_lexicon_text
from chipreel.config.lexicon_yaml import GROUPS, MAX_ID, MAX_NAME
from chipreel.config.yaml_text import add_to_list
from chipreel.errors import ConfigError
from chipreel.model import Lexicon
from chipreel.text.fold import fold
from chipreel.text.script import has_han

_TICKER = re.compile(r"[A-Z0-9]{1,8}([.-][A-Z0-9]{1,4})?")
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
    """`text` of a companies.yaml with the company put in. Raises ConfigError, which names the option at fault."""
    check_company(new)
    changed = add_to_list(text, "companies", [_entry(new)], name)
    try:
        load_lexicon_text(changed, name)
    except ConfigError as error:
        load_lexicon_text(text, name)  # Where the file itself is at fault, it says so.
        # The line that is named is one that nobody has written yet.
        option = next((option for option, value in _given(new) if repr(value) in error.message), "NAME")
        raise ConfigError(error.message, key=option, hint=error.hint) from error
    return changed


def check_company(new: NewCompany) -> None:
    """Whether each value may stand in a companies.yaml. Raises ConfigError, which names the option at fault."""
    if new.group not in GROUPS:
        raise ConfigError(f"{new.group!r} is not known", key="--group", hint=f"one of {', '.join(GROUPS)}")
    for option, value in _given(new):
        try:
            _check_name(value)
        except ConfigError as error:
            raise ConfigError(error.message, key=option, hint=error.hint) from error
    for ticker in new.tickers:
        if not _TICKER.fullmatch(ticker):
            raise ConfigError(f"{ticker!r} is no ticker", key="--ticker", hint="NVDA, 688256 or 0981.HK")
    if not new.id:
        raise ConfigError("needs a name in Latin letters", key="NAME", hint="give the Chinese one with --zh")
    if len(new.id) > MAX_ID:
        raise ConfigError(
            f"makes an id of more than {MAX_ID} letters", key="NAME", hint="give the long one with --name"
        )


def _given(new: NewCompany) -> Iterator[tuple[str, str]]:
    """(option, value) of every name."""
    yield "NAME", new.name
    if new.zh is not None:
        yield "--zh", new.zh
    for option, values in (("--name", new.names), ("--ambiguous", new.ambiguous), ("--ticker", new.tickers)):
        yield from ((option, value) for value in values)


def _check_name(value: str) -> None:
    if any(0xDC80 <= ord(char) <= 0xDCFF for char in value):
        raise ConfigError("is not UTF-8", hint="set the terminal to UTF-8, and type it anew")
    if not value.strip():
        raise ConfigError("is empty", hint="write a name or leave it out")
    if len(value.splitlines()) > 1:
        raise ConfigError("must be one line", hint="leave the line break out")
    check_text(value)
    if len(value) > MAX_NAME:
        raise ConfigError("is too long for a name", hint=f"at most {MAX_NAME} characters")


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
