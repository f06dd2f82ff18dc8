"""The tagger: an item and a lexicon → who and what is named, with the reason for every yes and no.

Joins the steps of the room; each of them is a module of its own. Does not know quotes, money or the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chipreel.model import Item, Lexicon, Mention, Rejection, Source, TagModel
from chipreel.tag.aboutness import weigh_mentions
from chipreel.tag.accept import Accepted, accept
from chipreel.tag.features import features_of_item
from chipreel.tag.linear import probability
from chipreel.tag.people import Voices
from chipreel.tag.reading import FieldReading, Reader
from chipreel.tag.topics import find_topics


@dataclass(frozen=True, slots=True)
class Tags:
    """Everything the tagger says of an item."""

    companies: tuple[Mention, ...]
    people: tuple[Mention, ...]
    products: tuple[Mention, ...]
    beats: tuple[str, ...]
    relevant: bool
    relevance: float
    topics: tuple[str, ...]
    rejected: tuple[Rejection, ...]
    #: What beats and relevance were weighed by.
    features: Mapping[str, float]


class Tagger:
    """Reads items with one lexicon and one set of weights; building it costs, tagging is cheap. Not changed by use."""

    def __init__(self, lexicon: Lexicon, model: TagModel | None = None) -> None:
        self.lexicon, self.model = lexicon, model or TagModel()
        self._reader = Reader(lexicon, self.model)
        self._voices = Voices(lexicon)
        self._groups = {company.id: company.group for company in lexicon.companies}

    def tag(self, item: Item, *, source: Source | None = None) -> Tags:
        """Tags of one item, from its title and text alone and the companies its source speaks for."""
        fields = self.read(item)
        year = item.published.year if item.published else None
        speaks = frozenset(source.companies) if source else frozenset()
        accepted = accept(fields, self.model.ambiguity, self._voices, year=year, source=speaks)
        mentions = weigh_mentions(accepted, fields)
        features = features_of_item(fields, accepted, mentions, self._groups)
        relevance = self._relevance(features, bool(mentions.companies))
        return Tags(
            companies=mentions.companies,
            people=mentions.people,
            products=mentions.products,
            beats=self._beats(features),
            relevant=relevance >= self.model.relevance.threshold,
            relevance=round(relevance, 4),
            topics=find_topics(features),
            rejected=accepted.rejected,
            features=features,
        )

    def read(self, item: Item) -> list[FieldReading]:
        """The scanned fields of an item, title first."""
        pairs = (("title", item.title), ("text", item.text))
        return [self._reader.read(name, text) for name, text in pairs if text]

    def examine(self, item: Item, *, source: Source | None = None) -> tuple[list[FieldReading], Accepted]:
        """What `tag` decides with, for learners and `explain`."""
        fields = self.read(item)
        year = item.published.year if item.published else None
        speaks = frozenset(source.companies) if source else frozenset()
        return fields, accept(fields, self.model.ambiguity, self._voices, year=year, source=speaks)

    def _relevance(self, features: Mapping[str, float], named: bool) -> float:
        if not self.model.relevance.weights:
            return 1.0 if named else 0.0
        return probability(self.model.relevance, features)

    def _beats(self, features: Mapping[str, float]) -> tuple[str, ...]:
        models = (("video", self.model.video), ("chips", self.model.chips))
        return tuple(
            name for name, linear in models if linear.weights and probability(linear, features) >= linear.threshold
        )
