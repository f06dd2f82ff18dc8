"""Item → annotated item: language, companies, people, products, beats, relevance, topics, quotes, money.

Pure: what a cluster of machines would map over an archive. Joins `tag` and `facts`, which do not know each other.
"""

from __future__ import annotations

from typing import Any

from chipreel.model import Annotation, Item, Lexicon, Source, TagModel
from chipreel.tag import Tagger
from chipreel.tag.explain import explain_tags
from chipreel.text.script import detect_language


class Annotator:
    """Annotates items with one lexicon and one set of weights. Building it costs some 50 ms, an item microseconds."""

    def __init__(self, lexicon: Lexicon, model: TagModel | None = None) -> None:
        self.tagger = Tagger(lexicon, model)

    def annotate(self, item: Item, *, source: Source | None = None) -> Annotation:
        """Everything found in `item`; `source` lends the companies it speaks for and whether all it brings belongs."""
        tags = self.tagger.tag(item, source=source)
        return Annotation(
            lang=_language(item),
            companies=tags.companies,
            people=tags.people,
            products=tags.products,
            beats=tags.beats,
            relevant=tags.relevant or bool(source and source.all_relevant),
            relevance=tags.relevance,
            topics=tags.topics,
            rejected=tags.rejected,
        )

    def explain(self, item: Item, *, source: Source | None = None) -> dict[str, Any]:
        """Why `item` is tagged as it is, as plain data: see `tag.explain`."""
        tags = self.tagger.tag(item, source=source)
        return {"lang": _language(item), **explain_tags(item, tags, self.tagger.model)}


def _language(item: Item) -> str | None:
    return detect_language("\n".join(part for part in (item.title, item.text) if part))
