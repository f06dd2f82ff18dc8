"""Why an item is tagged as it is, as plain data that a terminal, a web page or a file can show."""

from __future__ import annotations

from typing import Any

from chipreel.model import Item, LinearModel, Mention, TagModel
from chipreel.tag.linear import contributions, probability
from chipreel.tag.tagger import Tags


def explain_tags(item: Item, tags: Tags, model: TagModel) -> dict[str, Any]:
    """Every mention by place, accepted with its rule or rejected with its reason, and what moved each decision.

    `marks`: {"field", "start", "end", "surface", "accepted", "kind", "id", "why"} in the order of the text;
    `decisions`: relevance, video and chips, each with its probability, its threshold and its largest contributions.
    """
    accepted = [
        mark
        for kind, mentions in (("company", tags.companies), ("person", tags.people), ("product", tags.products))
        for mention in mentions
        for mark in _marks(kind, mention)
    ]
    rejected = [
        {
            "field": seen.field,
            "start": seen.start,
            "end": seen.end,
            "surface": seen.surface,
            "accepted": False,
            "kind": None,
            "id": seen.id,
            "why": seen.reason,
        }
        for seen in tags.rejected
    ]
    return {
        "id": item.id,
        "fields": {name: getattr(item, name) for name in ("title", "text") if getattr(item, name)},
        "marks": sorted([*accepted, *rejected], key=_place),
        "companies": [_company(mention) for mention in tags.companies],
        "topics": list(tags.topics),
        "decisions": {
            "relevance": _decision(model.relevance, tags),
            "video": _decision(model.video, tags),
            "chips": _decision(model.chips, tags),
        },
    }


def _marks(kind: str, mention: Mention) -> list[dict[str, Any]]:
    return [
        {
            "field": place.field,
            "start": place.start,
            "end": place.end,
            "surface": place.surface,
            "accepted": True,
            "kind": kind,
            "id": mention.id,
            "why": place.rule,
        }
        for place in mention.evidence
    ]


def _place(mark: dict[str, Any]) -> tuple[bool, int, int, str, str]:
    return mark["field"] != "title", mark["start"], mark["end"], str(mark["kind"]), mark["id"]


def _company(mention: Mention) -> dict[str, Any]:
    return {"id": mention.id, "score": mention.score, "primary": mention.primary, "via": mention.via}


def _decision(linear: LinearModel, tags: Tags) -> dict[str, Any]:
    chance = probability(linear, tags.features)
    return {
        "probability": round(chance, 3),
        "threshold": linear.threshold,
        "yes": chance >= linear.threshold,
        "contributions": [{"feature": name, "weight": value} for name, value in contributions(linear, tags.features)],
    }
