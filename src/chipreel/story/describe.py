"""The articles of a story → the story as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from chipreel.model.story import Reporter, Story, StoryItem
from chipreel.story.evidence import title_of
from chipreel.story.headline import choose_headline
from chipreel.story.outlets import count_independent, find_outlets, moment_of, publisher_of, story_order

#: A company belongs to a story when so large a share of its articles name it.
NAMED_SHARE = 0.25


def describe(id: str, items: Sequence[StoryItem], lang: str | None = None) -> Story:
    """The story `id` of `items`, with a headline in `lang` where one of them is. Raises ValueError for no items.

    Always made from all articles at once, so that nothing is lost when stories merge. The order does not matter.
    """
    if not items:
        raise ValueError(f"story {id} has no articles")
    ordered = sorted(items, key=story_order)
    outlets = find_outlets(ordered)
    headline = choose_headline(ordered, lang)
    seen = [moment for item in ordered if (moment := item.first_seen or item.published)]
    return Story(
        id=id,
        headline=title_of(headline),
        headline_item=headline.id,
        lang=headline.lang,
        items=tuple(item.id for item in ordered),
        first_seen=min(seen, default=None),
        last_seen=max(seen, default=None),
        first_outlet=next((outlet for outlet in outlets if outlet.at), None),
        outlets=outlets,
        independent=count_independent(outlets),
        languages=_most_common((item.lang,) for item in ordered if item.lang),
        companies=_most_common((item.companies for item in ordered), len(ordered) * NAMED_SHARE),
        people=_most_common((item.people for item in ordered), len(ordered) * NAMED_SHARE),
        products=_most_common((item.products for item in ordered), len(ordered) * NAMED_SHARE),
        beats=tuple(beat for beat in ("video", "chips") if any(beat in item.beats for item in ordered)),
        topics=_most_common(item.topics for item in ordered),
        timeline=tuple((moment, item.id) for item in ordered if (moment := moment_of(item))),
    )


def extend(story: Story, items: Sequence[str], reporters: Iterable[Reporter]) -> Story:
    """A story that was described by some of its articles, as one of all of them: `items`, the oldest first.

    Of the others only who reports them is known; a publisher without an article among those that were read counts as
    reporting on its own.
    """
    reporters = list(reporters)
    unread = {publisher_of(one) for one in reporters} - {outlet.publisher for outlet in story.outlets}
    return replace(
        story,
        items=tuple(items),
        first_seen=min((one.first_seen for one in reporters if one.first_seen), default=story.first_seen),
        last_seen=max((one.last_seen for one in reporters if one.last_seen), default=story.last_seen),
        independent=story.independent + len(unread),
    )


def _most_common(groups: Iterable[Iterable[str]], least: float = 0.0) -> tuple[str, ...]:
    """Values by how many articles hold them, at least `least`; of equals the one named first."""
    held = [tuple(dict.fromkeys(group)) for group in groups]
    if len(held) == 1:  # as in most stories; a share of one article is less than one
        return held[0]
    counts = Counter(chain.from_iterable(held))
    return tuple(value for value, count in counts.most_common() if count >= least)
