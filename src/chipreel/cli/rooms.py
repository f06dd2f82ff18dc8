"""The pure rooms as the filters use them: without a database, with the packaged lexicon where the user has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chipreel.config.places import find_companies

if TYPE_CHECKING:
    from chipreel.annotate import Annotator


def annotator(companies: Path | None) -> Annotator:
    """What annotates, with the lexicon given or found."""
    from chipreel.config.lexicon import load_lexicon
    from chipreel.pipeline.annotating import make_annotator

    return make_annotator(load_lexicon(find_companies(companies, Path.cwd())))


def cluster_rows(rows: Sequence[dict[str, Any]], companies: Path | None) -> Iterator[tuple[str, str]]:
    """(id, story) of every row, in order. Rows that `annotate` has not seen are annotated first."""
    from chipreel.cli.lines import annotation_of, item_of
    from chipreel.config.glossary import load_story_knowledge
    from chipreel.story import cluster, story_item

    tagger = annotator(companies)
    items = []
    for row in rows:
        item, source = item_of(row)
        tags = annotation_of(row) or tagger.annotate(item, source=source)
        items.append(story_item(item, tags, source=source.id if source else None))
    stories = cluster(items, load_story_knowledge())
    return ((item.id, stories[item.id]) for item in items)
