"""The other names of what a query names: 英伟达 finds Nvidia, 輝達 and NVDA, and what is tagged with it."""

from __future__ import annotations

from collections.abc import Iterator

from chipreel.model import Alias, Lexicon
from chipreel.text.fold import fold
from chipreel.text.query import Alternative, Filter, Query, Term
from chipreel.text.segment import phrase

#: field, id, every name
_Named = tuple[str, str, tuple[str, ...]]


def with_other_names(query: Query, lexicon: Lexicon) -> Query:
    """The query with every word that is a name in the lexicon standing for all names of the same, and for its tag.

    Names that are also ordinary words (可灵, Sora) are looked for as typed and by the tag, but not added.
    """
    names = _names(lexicon)
    groups: list[tuple[Term, ...]] = []
    either = list(query.either)
    for group in query.groups:
        wider = [one for term in group for one in _wider(term, names)]
        if len(wider) == len(group):
            groups.append(group)
        else:
            either.append((*group, *dict.fromkeys(one for one in wider if one not in group)))
    return Query(tuple(groups), query.excluded, query.filters, tuple(either))


def _wider(term: Term, names: dict[str, list[_Named]]) -> Iterator[Alternative]:
    yield term
    for field, number, spellings in names.get(fold(term.text), ()):
        yield Filter(field, number)
        yield from (Term(one) for one in spellings if fold(one) != fold(term.text))


def _names(lexicon: Lexicon) -> dict[str, list[_Named]]:
    found: dict[str, list[_Named]] = {}
    for field, number, aliases, formal in _entries(lexicon):
        plain = [alias.text for alias in aliases if not alias.ambiguous]
        spellings = tuple({phrase(one): one for one in reversed(plain) if phrase(one)}.values())
        for name in {fold(one) for one in (number, *formal, *(alias.text for alias in aliases))}:
            found.setdefault(name, []).append((field, number, spellings))
    return found


def _entries(lexicon: Lexicon) -> Iterator[tuple[str, str, tuple[Alias, ...], tuple[str, ...]]]:
    for company in lexicon.companies:
        yield "company", company.id, company.aliases, (company.name, company.name_zh)
        for product in company.products:
            yield "product", product.id, product.aliases, (product.name,)
    for person in lexicon.people:
        yield "person", person.id, person.aliases, (person.name, person.name_zh or person.name)
