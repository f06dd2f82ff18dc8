"""One name, one owner: a name that two entries claim is an error unless both say `shared: true`."""

from __future__ import annotations

from collections.abc import Iterator

from chipreel.config.located_yaml import LocatedYaml
from chipreel.model import Alias, Lexicon
from chipreel.text.fold import fold

Place = tuple[str | int, ...]
#: Where names stand in an entry, in the order in which they are looked for.
_KEYS = ("names", "ambiguous", "nicknames", "tickers")


def refuse_double_claims(document: LocatedYaml, lexicon: Lexicon, shared: set[tuple[str, str]]) -> None:
    """Raise ConfigError for the first name, compared folded, that a second entry claims undeclared."""
    first: dict[tuple[str, str], tuple[str, Place, str]] = {}
    for owner, where, alias in _iter_claims(lexicon):
        key = _key_of(alias)
        other, other_where, text = first.setdefault(key, (owner, where, alias.text))
        if other == owner and other_where == where:
            continue
        if (owner, alias.text) not in shared or (other, text) not in shared:
            line = document.line_of(*_place_of(document, other_where, text))
            raise document.error(
                f"{alias.text!r} of {owner} is also a name of {other} in line {line}",
                *_place_of(document, where, alias.text),
                hint=f"drop one, or write {{text: {alias.text}, shared: true}} in both",
            )


def _key_of(alias: Alias) -> tuple[str, str]:
    """Names that differ by case alone are two where case must match."""
    return (alias.text if alias.case else fold(alias.text), "ticker" if alias.kind == "ticker" else "name")


def _iter_claims(lexicon: Lexicon) -> Iterator[tuple[str, Place, Alias]]:
    for index, company in enumerate(lexicon.companies):
        where: Place = ("companies", index)
        yield from ((company.id, where, alias) for alias in company.aliases)
        for place, product in enumerate(company.products):
            yield from ((product.id, (*where, "products", place), alias) for alias in product.aliases)
    for index, person in enumerate(lexicon.people):
        yield from ((person.id, ("people", index), alias) for alias in person.aliases)


def _place_of(document: LocatedYaml, where: Place, text: str) -> Place:
    entry = document.value
    for key in where:
        entry = entry[key]
    for key in _KEYS:
        for index, name in enumerate(entry.get(key) or ()):
            if text == (name.get("text") if isinstance(name, dict) else name):
                return (*where, key, index)
    return (*where, next(key for key in ("name", "zh", "id") if entry.get(key) == text or key == "id"))
