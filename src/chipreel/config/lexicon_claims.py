"""What the entries of a lexicon may not claim: an id or a name of another, a company that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chipreel.config.located_yaml import LocatedYaml
from chipreel.model import Alias, Lexicon
from chipreel.text.fold import fold

Place = tuple[str | int, ...]
#: (company, first year, last year)
Term = tuple[str, int | None, int | None]
#: (kind, id, where it stands)
Entry = tuple[str, str, Place]
#: Where names stand in an entry, in the order in which they are looked for.
_KEYS = ("names", "ambiguous", "nicknames", "tickers")


def refuse_same_ids(document: LocatedYaml, entries: Iterable[Entry]) -> None:
    """Raise ConfigError for the first id that two entries of one kind have."""
    first: dict[tuple[str, str], Place] = {}
    for kind, id_, where in entries:
        other = first.setdefault((kind, id_), where)
        if other != where:
            message = f"{id_!r} is also the id in line {document.line_of(*other)}"
            raise document.error(message, *where, "id", hint=f"every {kind} has an id of its own")


def refuse_strangers(document: LocatedYaml, lexicon: Lexicon) -> None:
    """Raise ConfigError for the first owner or employer that is no company of the lexicon."""
    known = {company.id for company in lexicon.companies}
    terms = [(("companies", i, "owners"), company.owners) for i, company in enumerate(lexicon.companies)]
    terms += [(("people", i, "speaks_for"), person.speaks_for) for i, person in enumerate(lexicon.people)]
    for where, held in terms:
        for index, (company, _, _) in enumerate(held):
            if company not in known:
                hint = "the id of a company of this file, or leave the line out"
                raise document.error(f"no company is called {company!r}", *where, index, "company", hint=hint)


def refuse_double_claims(
    document: LocatedYaml, lexicon: Lexicon, entries: Iterable[Entry], shared: set[tuple[str, str]]
) -> None:
    """Raise ConfigError for the first name, compared folded, that a second entry claims without `shared: true`."""
    places = {(kind, id_): where for kind, id_, where in entries}
    first: dict[tuple[str, str], tuple[str, str, str]] = {}
    for kind, owner, alias in _iter_claims(lexicon):
        other_kind, other, text = first.setdefault(_key_of(alias), (kind, owner, alias.text))
        if (other_kind, other) == (kind, owner):
            continue
        if (owner, alias.text) not in shared or (other, text) not in shared:
            line = document.line_of(*_place_of(document, places[other_kind, other], text))
            raise document.error(
                f"{alias.text!r} of {owner} is also a name of {other} in line {line}",
                *_place_of(document, places[kind, owner], alias.text),
                hint=f"drop one, or write {{text: {alias.text}, shared: true}} in both",
            )


def _key_of(alias: Alias) -> tuple[str, str]:
    """Names that differ by case alone are two where case must match."""
    return (alias.text if alias.case else fold(alias.text), "ticker" if alias.kind == "ticker" else "name")


def _iter_claims(lexicon: Lexicon) -> Iterator[tuple[str, str, Alias]]:
    for company in lexicon.companies:
        yield from (("company", company.id, alias) for alias in company.aliases)
        for product in company.products:
            yield from (("product", product.id, alias) for alias in product.aliases)
    for person in lexicon.people:
        yield from (("person", person.id, alias) for alias in person.aliases)


def _place_of(document: LocatedYaml, where: Place, text: str) -> Place:
    entry: Any = document.value
    for key in where:
        entry = entry[key]
    if not isinstance(entry, dict):
        return where
    for key in _KEYS:
        for index, name in enumerate(entry.get(key) or ()):
            if text == (name.get("text") if isinstance(name, dict) else name):
                return (*where, key, index)
    return (*where, next(key for key in ("name", "zh", "id") if entry.get(key) == text or key == "id"))
