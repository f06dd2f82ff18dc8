"""Primary or passing: how much an item is about whom it names, from place, share and repetition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chipreel.model import Evidence, Mention
from chipreel.tag.accept import Accepted, Found
from chipreel.tag.reading import FieldReading

#: Weight of the best place. The beginning of a text without a title is read like one.
TITLE, LEAD, BODY = 0.55, 0.30, 0.12
#: Code points of a text that are its lead.
LEAD_LENGTH = 240
#: Code points of a text without a title that are read like one.
HEADLINE_LENGTH = 90
#: At least so much and the item is about it. Chosen by reading, as no labelled set tells primary from passing.
PRIMARY = 0.5


@dataclass(frozen=True, slots=True)
class Weighed:
    """The mentions of an item, the weightiest first."""

    companies: tuple[Mention, ...]
    people: tuple[Mention, ...]
    products: tuple[Mention, ...]


def weigh_mentions(accepted: Accepted, fields: Sequence[FieldReading]) -> Weighed:
    """Group what was accepted by company, person and product, and say how much the item is about each."""
    if not accepted.names and not accepted.people:
        return Weighed((), (), ())
    titled = any(reading.name == "title" for reading in fields)
    named = _grouped((found.company or "", found) for found in accepted.names)
    spoken: dict[str, list[Found]] = {}
    for found in accepted.people:
        for company in accepted.voices.get(found.candidate.id, ()):
            if company not in named:
                spoken.setdefault(company, []).append(found)
    products = _grouped((f.candidate.id, f) for f in accepted.names if f.candidate.name.kind == "product")
    people = _grouped((f.candidate.id, f) for f in accepted.people)
    total = sum(len(group) for group in named.values()) or 1
    companies = [_mention(id_, group, titled, len(group) / total) for id_, group in named.items()]
    companies += [_mention(id_, group, titled, 0.0, person=True) for id_, group in spoken.items()]
    return Weighed(
        companies=_ranked(companies),
        people=_ranked(_mention(id_, group, titled, len(group) / total) for id_, group in people.items()),
        products=_ranked(_mention(id_, group, titled, len(group) / total) for id_, group in products.items()),
    )


def _grouped(pairs: Iterable[tuple[str, Found]]) -> dict[str, list[Found]]:
    groups: dict[str, list[Found]] = {}
    for key, found in pairs:
        groups.setdefault(key, []).append(found)
    return groups


def _ranked(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(mentions, key=lambda mention: (-mention.score, mention.id)))


def _mention(id_: str, group: list[Found], titled: bool, share: float, *, person: bool = False) -> Mention:
    if len(group) > 1:
        group = list({(f.candidate.field, f.candidate.start): f for f in group}.values())
    # Ordered by place, title first: the first one stands best.
    best = _place_weight(group[0], titled)
    repeated = 0.15 * min(1.0, math.log2(len(group)) / 3)
    score = min(1.0, best + 0.3 * share + repeated) * (0.7 if person else 1.0)
    evidence = tuple([_evidence(f, person) for f in group])
    return Mention(id_, round(score, 3), evidence, primary=score >= PRIMARY, via="person" if person else None)


def _place_weight(found: Found, titled: bool) -> float:
    candidate = found.candidate
    if candidate.field == "title" or (not titled and candidate.start < HEADLINE_LENGTH):
        return TITLE
    return LEAD if candidate.start < LEAD_LENGTH else BODY


def _evidence(found: Found, person: bool) -> Evidence:
    candidate = found.candidate
    rule = "person" if person else found.rule
    return Evidence(candidate.field, candidate.start, candidate.end, candidate.surface, rule)
