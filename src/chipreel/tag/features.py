"""What beats and relevance are weighed by: whom an item names, and which words of which groups its head holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from chipreel.tag.aboutness import Weighed
from chipreel.tag.accept import Accepted, Found
from chipreel.tag.reading import FieldReading, TermGroup

#: Code points of the text that count beside the title: an article says early what it is about.
HEAD = 900
#: Group of terms that count only where a product was accepted.
PRODUCTS = "ai products"
#: Groups of the race itself, and of the business around it.
CORE = frozenset({"video generation", "image generation", "video makers", "chips", "memory", "compute", "chip makers",
                  "export control", "ai", "models", PRODUCTS})  # fmt: skip
BUSINESS = frozenset({"funding", "earnings", "people", "court", "policy"})
#: Code points after which a company is no longer the first thing said, and is said late.
FIRST, SOON = 12, 120
#: More words of one group than this say no more.
ENOUGH = 3


def features_of_item(
    fields: Sequence[FieldReading], accepted: Accepted, mentions: Weighed, groups: Mapping[str, str]
) -> dict[str, float]:
    """Named features of one item, all between 0 and 3."""
    features, counts = _terms(fields, {(f.candidate.field, f.candidate.start) for f in accepted.names})
    head = head_names(accepted)
    for group, count in counts.items():
        features[group.counted] = float(min(count, ENOUGH))
        features[group.present] = 1.0
        features[group.beside_company if head else group.beside_nobody] = 1.0
    names = {group.name for group in counts}
    core = not CORE.isdisjoint(names)
    about = "race" if core else "business" if not BUSINESS.isdisjoint(names) else "neither"
    features |= _companies(head, mentions, groups, about)
    features |= _pictures(features)
    if not core:
        features["no word of the race"] = 1.0
    return features


def _pictures(features: Mapping[str, float]) -> dict[str, float]:
    """Words of moving and still pictures mean AI video only beside AI, a model, or one of its makers or products."""
    if "any: pictures" not in features:
        return {}
    beside = ("any: ai", "any: models", "any: image generation", "group video", "product of video")
    return {f"pictures beside {other.removeprefix('any: ')}": 1.0 for other in beside if other in features}


def _terms(
    fields: Sequence[FieldReading], named: Container[tuple[str, int]]
) -> tuple[dict[str, float], dict[TermGroup, int]]:
    """The features of the terms in the head, and how many places each group has there.

    An AI product is a word (Claude, 豆包) until the lexicon's own reading of that place says that it is meant.
    """
    words: dict[str, float] = {}
    places: dict[TermGroup, set[int]] = defaultdict(set)
    for reading in fields:
        limit = HEAD if reading.name == "text" else len(reading.text)
        for start, term in reading.terms:
            if start >= limit:
                continue
            for group, word in term:
                if group.name != PRODUCTS or (reading.name, start) in named:
                    words[word] = 1.0
                    places[group].add(start)
    return words, {group: len(starts) for group, starts in places.items()}


def head_names(accepted: Accepted) -> list[Found]:
    """The names that stand in the title or the head of the text."""
    return [f for f in accepted.names if f.candidate.field == "title" or f.candidate.start < HEAD]


def _companies(head: Sequence[Found], mentions: Weighed, groups: Mapping[str, str], about: str) -> dict[str, float]:
    named = {f.company for f in head if f.company}
    features: dict[str, float] = {}
    for company in named:
        features[f"company {company}"] = 1.0
        features[f"company {company}, {about}"] = 1.0
        features[f"group {groups.get(company, '')}"] = 1.0
    if head:
        features[_where(min(_depth(found) for found in head))] = 1.0
    for found in head:
        if found.candidate.name.kind == "product":
            features[f"product {found.candidate.name.id}"] = 1.0
            features[f"product of {found.candidate.name.beat or 'neither beat'}"] = 1.0
    for mention in mentions.companies:
        if mention.via == "person":
            features[f"spoken for {mention.id}"] = 1.0
            features[f"spoken for group {groups.get(mention.id, '')}"] = 1.0
    silent = "" if named or not any(mention.via for mention in mentions.companies) else ", but a voice"
    features[f"companies: {min(len(named), 3)}{silent}"] = 1.0
    if named:
        features[f"company, {about}"] = 1.0
    return features


def _depth(found: Found) -> int:
    return found.candidate.start if found.candidate.field == "text" else 0


def _where(depth: int) -> str:
    """How soon the first company is named."""
    return "company first" if depth < FIRST else "company soon" if depth < SOON else "company late"
