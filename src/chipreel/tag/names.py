"""The lexicon turned round: from a folded key to everybody who goes by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chipreel.model import Alias, Company, Lexicon, Person, Product
from chipreel.tag.versions import stem_of
from chipreel.text.fold import fold

_DIGITS = re.compile(r"\d+")
_LATIN = re.compile(r"[a-z]{1,2}")


@dataclass(frozen=True, slots=True)
class Name:
    """One reading of a key."""

    #: As written in the lexicon.
    text: str
    #: company, product, person, or block (a longer word inside which a name is none)
    kind: str
    #: Id of the company, product or person; "" for a block.
    id: str
    #: The company it stands for; "" for persons and blocks.
    company: str = ""
    #: True = upper and lower case must match.
    case: bool = False
    #: True = counts only with evidence.
    ambiguous: bool = False
    #: name, nickname, ticker, handle
    rule: str = "name"
    #: The stem of a family: a version may follow, and after a stem that is nothing alone one must.
    family: bool = False
    must_have_version: bool = False
    #: A stem of one or two letters: the number must touch it.
    joined: bool = False
    #: "video" or "chips" where the product belongs to one; a letter behind a chip's number names a part.
    beat: str | None = None
    #: Folded words that speak for and against it when it is ambiguous.
    context_for: frozenset[str] = frozenset()
    context_against: frozenset[str] = frozenset()
    #: True = wherever its key stands it is read so: no case, version or ticker to look at.
    plain: bool = False


def collect_names(lexicon: Lexicon) -> dict[str, tuple[Name, ...]]:
    """Every key of the lexicon with its readings, both in an order that does not depend on the lexicon's."""
    table: dict[str, list[Name]] = {}
    for key, name in _iter_names(lexicon):
        known = table.setdefault(key, [])
        if name not in known:
            known.append(name)
    return {key: _marked(key, sorted(table[key], key=_order)) for key in sorted(table)}


def _marked(key: str, names: list[Name]) -> tuple[Name, ...]:
    """The readings of a key, the plain ones marked; behind a family's stem the edge is still to be looked at."""
    if key.isdecimal() or any(name.family for name in names):
        return tuple(names)
    return tuple(name if name.case or name.rule == "ticker" else _plain(name) for name in names)


def _plain(name: Name) -> Name:
    # Written out: `replace` takes twice the time, and there are eight thousand of them at every start.
    return Name(
        name.text,
        name.kind,
        name.id,
        name.company,
        name.case,
        name.ambiguous,
        name.rule,
        name.family,
        name.must_have_version,
        name.joined,
        name.beat,
        name.context_for,
        name.context_against,
        plain=True,
    )


def _order(name: Name) -> tuple[object, ...]:
    return (name.must_have_version, name.kind, name.id, name.text, name.case, name.ambiguous)


def _iter_names(lexicon: Lexicon) -> Iterator[tuple[str, Name]]:
    for company in lexicon.companies:
        yield from _iter_company(company)
    for person in lexicon.people:
        yield from _iter_aliases(person.aliases, _reading(person, "person", person.id, ""))
    for text in lexicon.not_names:
        yield fold(text), Name(text=text, kind="block", id="")


def _iter_company(company: Company) -> Iterator[tuple[str, Name]]:
    yield from _iter_aliases(company.aliases, _reading(company, "company", company.id, company.id))
    for product in company.products:
        base = _reading(product, "product", product.id, company.id)
        base = replace(base, family=product.family, beat=product.beat)
        yield from _iter_aliases(product.aliases, base)
        if product.family:
            yield from _iter_stems(product, base)


def _reading(owner: Company | Product | Person, kind: str, id_: str, company: str) -> Name:
    return Name(
        text="",
        kind=kind,
        id=id_,
        company=company,
        context_for=frozenset(fold(word) for word in owner.context_for),
        context_against=frozenset(fold(word) for word in owner.context_against),
    )


def _iter_aliases(aliases: tuple[Alias, ...], base: Name) -> Iterator[tuple[str, Name]]:
    for alias in aliases:
        name = Name(
            alias.text,
            base.kind,
            base.id,
            base.company,
            alias.case,
            alias.ambiguous,
            alias.kind,
            base.family,
            beat=base.beat,
            context_for=base.context_for,
            context_against=base.context_against,
        )
        keys = _ticker_keys(alias.text) if alias.kind == "ticker" else (fold(alias.text),)
        for key in keys:
            yield key, name


def _ticker_keys(text: str) -> tuple[str, ...]:
    """Every way a ticker is written: 0981.HK also as 00981.hk, 981.hk, hk:0981.

    Four digits alone are no ticker: those come out with a market only.
    """
    folded = fold(text).lstrip("$")
    code, _, market = folded.partition(".")
    if not _DIGITS.fullmatch(code) or (not market and len(code) == 6):
        return (folded,)
    bare = code.lstrip("0")
    codes = sorted({code, bare, bare.zfill(4), bare.zfill(5)} if market in ("hk", "") else {code})
    markets = [market] if market else ["hk"]
    return tuple(form for c in codes for m in markets for form in (f"{c}.{m}", f"{m}:{c}", f"{m}: {c}", f"{m}{c}"))


def _iter_stems(product: Product, base: Name) -> Iterator[tuple[str, Name]]:
    """Stems from names with a version in them; a stem of one or two letters becomes ten keys, one a first digit."""
    for alias in product.aliases:
        stem = stem_of(fold(alias.text))
        if stem is None:
            continue
        id_ = re.sub(r"[^a-z0-9]+", "-", stem).strip("-") if stem.isascii() else product.id
        name = replace(
            base, text=alias.text, id=id_, case=alias.case, ambiguous=alias.ambiguous, must_have_version=True
        )
        if _LATIN.fullmatch(stem):
            name = replace(name, case=True, ambiguous=True, joined=True)
            yield from ((f"{stem}{digit}", name) for digit in "123456789")
        else:
            yield stem, name
