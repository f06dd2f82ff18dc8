"""The lexicon turned round: from a folded key to everybody who goes by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from chipreel.model import Alias, Company, Lexicon, Person, Product
from chipreel.tag.versions import stem_of
from chipreel.text.fold import fold, fold_all

_DIGITS = re.compile(r"\d+")
_LATIN = re.compile(r"[a-z]{1,2}")
#: Kinds of names that have a plural: three Nvidias, two Soras.
_PRODUCERS = ("company", "product")


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


class Names:
    """Every key of a lexicon, in the order of the alphabet, with its readings.

    What a key can mean is made when somebody first asks: of eight thousand keys an item holds ten.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        claims: dict[str, list[_Claim]] = {}
        stems: set[str] = set()
        without_plural: set[str] = set()
        for key, claim in _iter_claims(lexicon):
            known = claims.get(key)
            if known is None:
                claims[key] = [claim]
            else:
                known.append(claim)
            owner, alias, stem = claim
            if owner.family:
                stems.add(key)
            if alias.ambiguous or owner.kind not in _PRODUCERS or (stem is not None and _is_letters(stem)):
                without_plural.add(key)
        self.keys: tuple[str, ...] = tuple(sorted(claims))
        #: Keys of product families: a version may follow.
        self.stems = frozenset(stems)
        #: Keys whose plural is the same name: companies and products, beyond doubt.
        self.with_plural = frozenset(claims.keys() - without_plural)
        self._claims = claims
        self._made: dict[int, tuple[Name, ...]] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def readings(self, place: int) -> tuple[Name, ...]:
        """What the key at a place of `keys` can mean, in an order that does not depend on the lexicon's."""
        made = self._made.get(place)
        if made is None:
            key = self.keys[place]
            made = self._made[place] = _readings(key, self._claims[key])
        return made

    def items(self) -> Iterator[tuple[str, tuple[Name, ...]]]:
        """Every key with its readings."""
        return ((key, self.readings(place)) for place, key in enumerate(self.keys))

    def context_words(self) -> set[str]:
        """Every word, folded, that speaks for or against a name."""
        owners = {id(claim.owner): claim.owner for claims in self._claims.values() for claim in claims}
        return {word for owner in owners.values() for side in owner.context for word in side}


class _Owner:
    """Who is named."""

    def __init__(self, kind: str, entry: Company | Product | Person, company: str = "") -> None:
        self.kind, self.id, self.company = kind, entry.id, company
        self.family = isinstance(entry, Product) and entry.family
        self.beat = entry.beat if isinstance(entry, Product) else None
        self._entry = entry

    @cached_property
    def context(self) -> tuple[frozenset[str], frozenset[str]]:
        """Folded words that speak for and against it."""
        return frozenset(map(fold, self._entry.context_for)), frozenset(map(fold, self._entry.context_against))


class _Block:
    """Nobody: a longer word inside which a name is none."""

    kind, id, company, family, beat = "block", "", "", False, None
    context: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


class _Claim(NamedTuple):
    """Somebody goes by a key: by the whole name, or by the stem of a name with a version in it."""

    owner: _Owner | _Block
    alias: Alias
    stem: str | None = None


def _iter_claims(lexicon: Lexicon) -> Iterator[tuple[str, _Claim]]:
    """Every key with somebody who goes by it."""
    whole = [_Claim(owner, alias) for owner, aliases in _owners(lexicon) for alias in aliases]
    for claim, folded in zip(whole, fold_all([claim.alias.text for claim in whole]), strict=True):
        if claim.alias.kind == "ticker":
            yield from ((key, claim) for key in _ticker_keys(folded))
        else:
            yield folded, claim
        if claim.owner.family:
            yield from ((key, claim._replace(stem=stem)) for key, stem in _stems(folded))


def _owners(lexicon: Lexicon) -> Iterator[tuple[_Owner | _Block, Iterable[Alias]]]:
    for company in lexicon.companies:
        yield _Owner("company", company, company.id), company.aliases
        for product in company.products:
            yield _Owner("product", product, company.id), product.aliases
    for person in lexicon.people:
        yield _Owner("person", person), person.aliases
    yield _Block(), [Alias(text) for text in lexicon.not_names]


def _readings(key: str, claims: Iterable[_Claim]) -> tuple[Name, ...]:
    names = dict.fromkeys(sorted(map(_name, claims), key=_order))
    if key.isdecimal() or any(name.family for name in names):
        return tuple(names)  # Behind a family's stem the edge is still to be looked at.
    return tuple(name if name.case or name.rule == "ticker" else replace(name, plain=True) for name in names)


def _name(claim: _Claim) -> Name:
    owner, alias, stem = claim
    context_for, context_against = owner.context
    name = Name(
        text=alias.text,
        kind=owner.kind,
        id=owner.id,
        company=owner.company,
        case=alias.case,
        ambiguous=alias.ambiguous,
        rule=alias.kind,
        family=owner.family,
        beat=owner.beat,
        context_for=context_for,
        context_against=context_against,
    )
    if stem is None:
        return name
    id_ = re.sub(r"[^a-z0-9]+", "-", stem).strip("-") if stem.isascii() else owner.id
    name = replace(name, id=id_, rule="name", must_have_version=True)
    return replace(name, case=True, ambiguous=True, joined=True) if _is_letters(stem) else name


def _order(name: Name) -> tuple[object, ...]:
    return (name.must_have_version, name.kind, name.id, name.text, name.case, name.ambiguous)


def _ticker_keys(folded: str) -> tuple[str, ...]:
    """Every way a ticker is written: 0981.HK also as 00981.hk, 981.hk, hk:0981.

    Four digits alone are no ticker: those come out with a market only.
    """
    folded = folded.lstrip("$")
    code, _, market = folded.partition(".")
    if not _DIGITS.fullmatch(code) or (not market and len(code) == 6):
        return (folded,)
    bare = code.lstrip("0")
    codes = sorted({code, bare, bare.zfill(4), bare.zfill(5)} if market in ("hk", "") else {code})
    markets = [market] if market else ["hk"]
    return tuple(form for c in codes for m in markets for form in (f"{c}.{m}", f"{m}:{c}", f"{m}: {c}", f"{m}{c}"))


def _stems(folded: str) -> Iterator[tuple[str, str]]:
    """(key, stem) of a name with a version in it: a stem of one or two letters becomes nine keys, one a digit."""
    stem = stem_of(folded)
    if stem is None:
        return
    if _is_letters(stem):
        yield from ((f"{stem}{digit}", stem) for digit in "123456789")
    else:
        yield stem, stem


def _is_letters(stem: str) -> bool:
    return _LATIN.fullmatch(stem) is not None
