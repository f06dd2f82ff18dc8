"""Item → annotated item: language, companies, people, products, beats, relevance, topics, quotes, money.

Pure: what a cluster of machines would map over an archive. Joins `tag` and `facts`, which do not know each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from chipreel.model import FIELDS, Annotation, Item, Lexicon, Mention, Money, Quote, Source, TagModel
from chipreel.tag import Tagger
from chipreel.tag.layout import without_addresses
from chipreel.tag.tagger import Tags
from chipreel.text.fold import fold
from chipreel.text.script import detect_language

#: Code points of an item that tell its language.
_LOOK = 4000


class Annotator:
    """Annotates items with one lexicon and one set of weights. The first item costs a tenth of a second, for tables and
    patterns, any other less than a thousandth."""

    def __init__(self, lexicon: Lexicon, model: TagModel | None = None) -> None:
        self._lexicon, self._model = lexicon, model or TagModel()
        #: Digest of lexicon and weights: an item annotated by another version may be tagged differently.
        self.version = f"{lexicon.version}-{self._model.version}"

    @cached_property
    def tagger(self) -> Tagger:
        """What finds the names."""
        return Tagger(self._lexicon, self._model)

    @cached_property
    def _people(self) -> dict[str, str]:
        """Whole names, folded → ids of people."""
        return {
            fold(name): person.id
            for person in self._lexicon.people
            for name in (person.name, person.name_zh, *(alias.text for alias in person.aliases if " " in alias.text))
            if name
        }

    def annotate(self, item: Item, *, source: Source | None = None) -> Annotation:
        """Everything found in `item`; `source` lends the companies it speaks for and whether all it brings belongs."""
        tags = self.tagger.tag(item, source=source)
        fields = _fields(item)
        lang = _language_of(fields)
        return Annotation(
            lang=lang,
            companies=tags.companies,
            people=tags.people,
            products=tags.products,
            beats=tags.beats,
            relevant=tags.relevant or bool(source and source.all_relevant),
            relevance=tags.relevance,
            topics=tags.topics,
            quotes=tuple(
                self._attributed(quote, item)
                for name, text in fields
                for quote in _quotes(item, name, text, lang, tags)
            ),
            money=_agreed([sum_ for name, text in fields for sum_ in _money(name, text, lang, tags)]),
            rejected=tags.rejected,
        )

    def _attributed(self, quote: Quote, item: Item) -> Quote:
        """The words of a post's author, with the id of that person where the lexicon has the whole name."""
        if item.kind != "post" or quote.speaker_id or not item.author or quote.speaker != item.author:
            return quote
        return replace(quote, speaker_id=self._people.get(fold(item.author.strip())))

    def explain(self, item: Item, *, source: Source | None = None) -> dict[str, Any]:
        """Why `item` is tagged as it is, as plain data: see `tag.explain`."""
        from chipreel.tag.explain import explain_tags

        tags = self.tagger.tag(item, source=source)
        return {"lang": find_language(item), **explain_tags(item, tags, self._model)}


def find_language(item: Item) -> str | None:
    """The language of title and text together, addresses aside; None = no words."""
    return _language_of(_fields(item))


def _language_of(fields: Sequence[tuple[str, str]]) -> str | None:
    return detect_language(without_addresses("\n".join([text for _, text in fields])[:_LOOK]))


def _fields(item: Item) -> list[tuple[str, str]]:
    return [(name, text) for name in FIELDS if (text := getattr(item, name))]


def _quotes(item: Item, name: str, text: str, lang: str | None, tags: Tags) -> tuple[Quote, ...]:
    # Compiling the patterns of quotes and sums takes a tenth of a second, which who only asks for tags need not wait.
    from chipreel.facts.quotes import find_quotes

    return find_quotes(
        text,
        field=name,
        lang=lang,
        people=tags.people,
        companies=tags.companies,
        author=item.author,
        is_post=item.kind == "post",
    )


def _money(name: str, text: str, lang: str | None, tags: Tags) -> tuple[Money, ...]:
    from chipreel.facts.money import find_money

    named = (mention for mention in tags.companies if mention.via is None)
    return find_money(text, field=name, lang=lang, companies=_spans(named, name), people=_spans(tags.people, name))


def _agreed(sums: Sequence[Money]) -> tuple[Money, ...]:
    """A sum named again in one item is the same sum: what one place tells of it holds where another is silent."""
    told: dict[tuple[object, ...], tuple[set[str], set[str]]] = {}
    for one in sums:
        owners, roles = told.setdefault((one.amount, one.amount_high, one.currency), (set(), set()))
        owners.update({one.owner} if one.owner else ())
        roles.update({one.role} if one.role else ())
    return tuple(_completed(one, *told[one.amount, one.amount_high, one.currency]) for one in sums)


def _completed(one: Money, owners: set[str], roles: set[str]) -> Money:
    role = next(iter(roles)) if one.role is None and len(roles) == 1 else one.role
    owner = next(iter(owners)) if one.owner is None and len(owners) == 1 and role in (*roles, None) else one.owner
    return one if (role, owner) == (one.role, one.owner) else replace(one, role=role, owner=owner)


def _spans(mentions: Iterable[Mention], field: str) -> list[tuple[str, int, int]]:
    return [
        (mention.id, place.start, place.end)
        for mention in mentions
        for place in mention.evidence
        if place.field == field
    ]
