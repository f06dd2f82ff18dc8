"""The lexicon: who and what is followed, and every name it goes by. Read from companies.yaml by `config`."""

from __future__ import annotations

from dataclasses import dataclass

#: How an alias must stand in the text to count; see `tag`.
AliasKind = str


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling of a name."""

    text: str
    #: name, short, nickname, ticker, handle, family …
    kind: AliasKind = "name"
    #: True = upper and lower case must match.
    case: bool = False
    #: True = counts only with a context word near it or other evidence in the text.
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks for a company, in the years in which they do."""

    #: Slug of the English name: sam-altman.
    id: str
    name: str
    name_zh: str | None
    aliases: tuple[Alias, ...]
    #: (company id, first year or None, last year or None), newest first. Empty = an independent voice.
    speaks_for: tuple[tuple[str, int | None, int | None], ...] = ()
    role: str | None = None
    #: Words near an ambiguous alias that speak for it and against it (any script; folded when compared).
    context_for: tuple[str, ...] = ()
    context_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """A product, model or chip that belongs to a company."""

    #: Slug of the name: sora, gemini-1-5-pro, h100.
    id: str
    name: str
    company: str
    aliases: tuple[Alias, ...]
    #: "video", "chips" or None.
    beat: str | None = None
    #: True = its versions (Sora 2, H20) are tagged by pattern with ids of their own.
    family: bool = False
    #: Words near an ambiguous alias that speak for it and against it (any script; folded when compared).
    context_for: tuple[str, ...] = ()
    context_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A tracked organisation."""

    #: As in tracked names everywhere: openai, 5y-capital.
    id: str
    name: str
    name_zh: str
    #: lab, video, chip, compute, capital
    group: str
    aliases: tuple[Alias, ...]
    products: tuple[Product, ...] = ()
    #: (owner's company id, first year or None, last year or None)
    owners: tuple[tuple[str, int | None, int | None], ...] = ()
    #: Words near an ambiguous alias that speak for it and against it (any script; folded when compared).
    context_for: tuple[str, ...] = ()
    context_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of companies.yaml. `version` is a digest of its content."""

    version: str
    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    #: Longer words inside which an alias is not a name: 甲骨文字, 阿里山, Amazon rainforest.
    not_names: tuple[str, ...] = ()
