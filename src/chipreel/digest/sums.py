"""The same sum told by several: one figure, with the range in which it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from chipreel.model.digest import Sum

#: Two sums of one owner in one role in one story that are closer than this are one, told differently or converted;
#: across stories, where a forecast of last week may meet a result, they must be closer.
SAME_IN_STORY, SAME_ACROSS = 0.1, 0.03
#: A range narrower than this is rounding.
_ROUNDING = 0.02


def merged(sums: Iterable[Sum], within: float) -> tuple[Sum, ...]:
    """Sums with those of one deal put together, the largest first; what has no role or no dollars stays by itself.

    Sums that one article tells side by side are different, however close.
    """
    groups: list[list[Sum]] = []
    for one in sorted(sums, key=lambda one: (-(one.usd or 0.0), one.surface)):
        group = next((group for group in groups if _is_same(one, group, within)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return tuple(_one_figure(group) for group in groups)


def _is_same(one: Sum, group: list[Sum], within: float) -> bool:
    """Whether a sum belongs to a group, whose first is its largest."""
    first = group[0]
    if not one.usd or not first.usd or one.role is None or one.role != first.role:
        return False
    # The cheapest question first: in a story of hundreds of sums most are far from each other.
    if first.usd - one.usd > within * first.usd:
        return False
    articles = set(one.articles)
    if any(not articles.isdisjoint(other.articles) for other in group):
        return False
    return len({one.owner, *(other.owner for other in group)} - {None}) <= 1


def _one_figure(group: list[Sum]) -> Sum:
    told = max(group, key=lambda one: (one.outlets, one.owner is not None, one.usd or 0.0))
    if len(group) == 1:
        return told
    values = [one.usd for one in group if one.usd]
    low, high = min(values), max(values)
    return replace(
        told,
        owner=told.owner or next((one.owner for one in group if one.owner), None),
        articles=tuple(dict.fromkeys(article for one in group for article in one.articles)),
        surfaces=tuple(dict.fromkeys(text for one in group if _agrees(one, told) for text in _written(one))),
        usd_range=(low, high) if high - low > _ROUNDING * high else None,
    )


def _agrees(one: Sum, told: Sum) -> bool:
    return abs((one.usd or 0.0) - (told.usd or 0.0)) <= _ROUNDING * (told.usd or 0.0)


def _written(one: Sum) -> tuple[str, ...]:
    return one.surfaces or (one.surface,)
