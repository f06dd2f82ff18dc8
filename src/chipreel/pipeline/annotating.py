"""Items → annotated items, with what grouping and searching keep of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from chipreel.model import Annotated, Item, Lexicon, Source
from chipreel.pipeline.rooms import Rooms

if TYPE_CHECKING:
    from chipreel.annotate import Annotator


def make_annotator(lexicon: Lexicon) -> Annotator:
    """An annotator for a lexicon."""
    from chipreel.annotate import Annotator
    from chipreel.config.weights import load_tag_model

    return Annotator(lexicon, load_tag_model())


def annotate_items(rooms: Rooms, source: Source, items: Sequence[Item], now: datetime) -> list[Annotated]:
    """What is found in items that a source brings now, in their order."""
    return [_annotated(rooms, source, item, now) for item in items]


def _annotated(rooms: Rooms, source: Source, item: Item, now: datetime) -> Annotated:
    from chipreel.text.segment import segment

    found = rooms.annotator.annotate(item, source=source)
    if found.rejected:  # Names that were seen and not accepted are for explaining, and are not stored.
        found = replace(found, rejected=())
    packed = None
    if found.relevant:
        from chipreel.story import pack_fingerprint, story_item

        seen = story_item(item, found, id="", source=source.id, first_seen=now)
        packed = pack_fingerprint(rooms.fingerprint_maker.make(seen), rooms.knowledge.version)
    words = segment(item.title or ""), segment(item.text or "")
    return Annotated(found, rooms.annotator.version, words, packed)
