"""Item and annotation → what grouping looks at."""

from __future__ import annotations

from datetime import datetime

from chipreel.model import Annotation, Item
from chipreel.model.annotation import Mention
from chipreel.model.story import StoryItem
from chipreel.text.addresses import canonical_url

#: Code points of the text that count as its lead.
LEAD_LENGTH = 600
#: Code points of a text that stand for a title where there is none.
TITLE_LENGTH = 140


def story_item(
    item: Item,
    annotation: Annotation | None = None,
    *,
    id: str | None = None,
    source: str | None = None,
    publisher: str | None = None,
    role: str | None = None,
    first_seen: datetime | None = None,
) -> StoryItem:
    """What grouping sees of an item; `id` replaces the item's own where that is not unique among sources."""
    tags = annotation or Annotation(lang=item.lang)
    field, title = _title_of(item)
    return StoryItem(
        id=item.id if id is None else id,
        title=title,
        lead=(item.text or item.summary or "")[:LEAD_LENGTH] or None,
        lang=tags.lang or item.lang,
        published=item.published,
        first_seen=first_seen,
        url=canonical_url(item.url) if item.url else None,
        source=source,
        publisher=publisher,
        companies=_ids(tags.companies),
        people=_ids(tags.people),
        products=_ids(tags.products),
        money=tags.money,
        named=_named_in(tags, field, len(title or "")),
        beats=tags.beats,
        topics=tags.topics,
        kind=item.kind,
        role=role,
    )


def _ids(mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    ordered = sorted(mentions, key=lambda mention: (not mention.primary, -mention.score, mention.id))
    return tuple(mention.id for mention in ordered)


def _title_of(item: Item) -> tuple[str, str | None]:
    """(field, title): a post without a title goes by the beginning of its text."""
    if item.title and item.title.strip():
        return "title", item.title
    beginning = (item.text or "").lstrip().split("\n", 1)[0][:TITLE_LENGTH]
    # Spans count from the start of the field: only a text that begins with its first words keeps them.
    return ("text" if (item.text or "").startswith(beginning) else "none"), beginning or item.title


def _named_in(tags: Annotation, field: str, length: int) -> tuple[tuple[int, int], ...]:
    spans = {
        (evidence.start, evidence.end)
        for mention in (*tags.companies, *tags.people, *tags.products)
        for evidence in mention.evidence
        if evidence.field == field and evidence.end <= length
    }
    return tuple(sorted(spans))
