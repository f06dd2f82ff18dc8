"""Item and annotation → what grouping looks at."""

from __future__ import annotations

from datetime import datetime

from chipreel.model import Annotation, Item
from chipreel.model.annotation import Mention
from chipreel.model.story import LEAD_LENGTH, StoryItem
from chipreel.text.addresses import canonical_url

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
    titled = _named_in_title(tags)
    return StoryItem(
        id=item.id if id is None else id,
        title=item.title,
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
        named=tuple(sorted({span for _, span in titled})),
        in_title=tuple(sorted({term for term, _ in titled})),
        beats=tags.beats,
        topics=tags.topics,
        kind=item.kind,
        role=role,
    )


def _ids(mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    if not mentions:
        return ()
    ordered = sorted(mentions, key=lambda mention: (not mention.primary, -mention.score, mention.id))
    return tuple(mention.id for mention in ordered if mention.via is None)


def title_of(item: StoryItem) -> str:
    """The title, or where there is none (a post) the first line of the text; "" where there is neither."""
    title = (item.title or "").strip()
    return title or (item.lead or "").strip().split("\n", 1)[0][:TITLE_LENGTH]


def _named_in_title(tags: Annotation) -> list[tuple[str, tuple[int, int]]]:
    """(marked id, span) of every name in the title."""
    return [
        (f"{mark}:{mention.id}", (evidence.start, evidence.end))
        for mark, mentions in (("c", tags.companies), ("p", tags.people), ("x", tags.products))
        for mention in mentions
        for evidence in mention.evidence
        if evidence.field == "title"
    ]
