"""Who spoke for whom, and who owned what, in which year."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from chipreel.model import Lexicon

#: (company, first year or None, last year or None)
Term = tuple[str, int | None, int | None]


class Voices:
    """The people and owners of a lexicon by year."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._people = {person.id: person.speaks_for for person in lexicon.people}
        self._owners = {company.id: company.owners for company in lexicon.companies if company.owners}

    def companies_of(self, person: str, year: int | None) -> tuple[str, ...]:
        """The companies a person speaks for in `year`; without a year those of today."""
        return _holding(self._people.get(person, ()), year)

    def any_company_of(self, person: str) -> tuple[str, ...]:
        """Every company a person ever spoke for."""
        return tuple(dict.fromkeys(company for company, _, _ in self._people.get(person, ())))

    def owners_of(self, company: str, year: int | None) -> tuple[str, ...]:
        """Who owns a company in `year`; without a year today."""
        return _holding(self._owners.get(company, ()), year)

    def family_of(self, companies: Iterable[str], year: int | None) -> frozenset[str]:
        """Owners of some companies in `year`, and what those companies own."""
        known = frozenset(companies)
        owners = {owner for company in known for owner in self.owners_of(company, year)}
        owned = {company for company in self._owners if known.intersection(self.owners_of(company, year))}
        return frozenset(owners | owned)


@lru_cache(maxsize=4096)
def _holding(terms: tuple[Term, ...], year: int | None) -> tuple[str, ...]:
    """Companies whose years hold `year`."""
    held = [
        company
        for company, since, until in terms
        if (until is None if year is None else (since or 0) <= year <= (until or 9999))
    ]
    return tuple(dict.fromkeys(held))
