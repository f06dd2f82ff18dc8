"""Candidates → accepted names and rejected ones.

First what is beyond doubt, then the ambiguous names in its light, all at once, so that no order matters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chipreel.model import Rejection
from chipreel.model.tag_model import LinearModel
from chipreel.tag.candidates import Candidate
from chipreel.tag.judge import NEAR, Around, features_of, judge
from chipreel.tag.layout import why_furniture
from chipreel.tag.names import Name
from chipreel.tag.people import Voices
from chipreel.tag.reading import FieldReading
from chipreel.tag.witnesses import count_near
from chipreel.text.script import has_han

#: What the groups of terms say beside a doubtful name. The race: there Apple is hardly a fruit. Trade: fruit and hotels
#: have that too, though rarely. Money: what is listed, bought and sold is a company.
_SAYS = {
    "race": ("video generation", "image generation", "video makers", "chips", "memory", "compute", "chip makers",
             "export control", "ai", "models"),
    "trade": ("release", "people", "court", "consumer", "platform"),
    "money": ("funding", "earnings"),
}  # fmt: skip
#: A name accepted as surely as this is meant so wherever it stands again in the item.
_SURE = 0.9
_KIND_OF_GROUP = {group: kind for kind, groups in _SAYS.items() for group in groups}

#: (candidate, its company, its features, accepted, why, probability)
Judged = tuple[Candidate, str, dict[str, float], bool, str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """An accepted candidate, the company it stands for, and by which rule."""

    candidate: Candidate
    #: None for a person.
    company: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What stands in an item."""

    names: tuple[Found, ...]
    people: tuple[Found, ...]
    rejected: tuple[Rejection, ...]
    #: Person id → the companies it speaks for in the item's year.
    voices: dict[str, tuple[str, ...]]
    #: Each judged candidate with its company and features, for learners and `explain`.
    judged: tuple[tuple[Candidate, str, dict[str, float], bool], ...]


def accept(
    fields: Sequence[FieldReading], model: LinearModel, voices: Voices, *, year: int | None, source: frozenset[str]
) -> Accepted:
    """Decide on every candidate of an item published in `year` by a source that speaks for `source`."""
    if not any(reading.candidates for reading in fields):
        return Accepted((), (), (), {}, ())
    rejected: list[Rejection] = []
    sure: list[Found] = []
    doubtful: list[tuple[FieldReading, Candidate]] = []
    for reading in fields:
        for candidate in reading.candidates:
            why = _why_not(reading, candidate)
            if why is not None:
                rejected.append(_rejection(candidate, why))
            elif candidate.name.kind == "block":
                continue
            elif candidate.name.ambiguous and not _speaks_for_itself(candidate):
                doubtful.append((reading, candidate))
            else:
                sure.append(Found(candidate, candidate.name.company or None, _rule(candidate)))
    doubtful = _settle_plain_ones(sure, doubtful)
    judged = []
    if doubtful:
        judged = _judge_all(doubtful, _look_around(sure, doubtful, voices, year, source), fields, model, voices)
    best = _best_readings(judged)
    for candidate, company, _, verdict, summary, chance in sorted(judged, key=lambda told: -told[5]):
        if verdict and (company, chance) != best[_span(candidate)]:
            rejected.append(_rejection(candidate, f"rather {best[_span(candidate)][0]}"))
        elif verdict:
            sure.append(Found(candidate, company if candidate.name.kind != "person" else None, f"context: {summary}"))
        else:
            rejected.append(_rejection(candidate, summary))
    sure.sort(key=lambda found: _place(found.candidate))
    people = tuple(found for found in sure if found.candidate.name.kind == "person")
    return Accepted(
        names=tuple(found for found in sure if found.company is not None),
        people=people,
        rejected=_one_a_place(rejected),
        voices={found.candidate.id: voices.companies_of(found.candidate.id, year) for found in people},
        judged=tuple((candidate, company, features, verdict) for candidate, company, features, verdict, *_ in judged),
    )


def _settle_plain_ones(
    sure: list[Found], doubtful: list[tuple[FieldReading, Candidate]]
) -> list[tuple[FieldReading, Candidate]]:
    """Accept the plain cases: a company's own name, written as it is, in an item that names it beyond doubt.

    What is left is judged.
    """
    named = {found.company for found in sure if found.company is not None}
    left = []
    for reading, candidate in doubtful:
        name = candidate.name
        plain = name.company in named and name.kind == "company" and candidate.surface == name.text
        if plain and not _is_spoken_against(name, reading):
            sure.append(Found(candidate, name.company, "named beside"))
        else:
            left.append((reading, candidate))
    return left


def _is_spoken_against(name: Name, reading: FieldReading) -> bool:
    return bool(name.context_against) and not name.context_against.isdisjoint(reading.contexts)


def _one_a_place(rejected: Iterable[Rejection]) -> tuple[Rejection, ...]:
    """The first rejection of each place, in the order of the text: of several readings the likeliest tells why."""
    first: dict[tuple[str, int, int], Rejection] = {}
    for seen in rejected:
        first.setdefault((seen.field, seen.start, seen.end), seen)
    return tuple(sorted(first.values(), key=lambda seen: (seen.field != "title", seen.start, seen.id)))


def _best_readings(judged: Iterable[Judged]) -> dict[tuple[str, int, int], tuple[str, float]]:
    """For each place the company that is likeliest meant there, of those that go by one name."""
    best: dict[tuple[str, int, int], tuple[str, float]] = {}
    for candidate, company, _, _, _, chance in judged:
        known = best.get(_span(candidate))
        if known is None or (-chance, company) < (-known[1], known[0]):
            best[_span(candidate)] = (company, chance)
    return best


def _span(candidate: Candidate) -> tuple[str, int, int]:
    return candidate.field, candidate.start, candidate.end


def _place(candidate: Candidate) -> tuple[bool, int, str]:
    return candidate.field != "title", candidate.start, candidate.id


def _why_not(reading: FieldReading, candidate: Candidate) -> str | None:
    return why_furniture(reading.furniture, candidate.start) if reading.furniture else None


def _speaks_for_itself(candidate: Candidate) -> bool:
    """A version behind a stem of some length (Sora 2, 可灵 2.0) needs no other witness."""
    return candidate.versioned and not candidate.name.joined and not candidate.name.must_have_version


def _rule(candidate: Candidate) -> str:
    if candidate.versioned:
        return "family"
    return (
        candidate.name.kind
        if candidate.name.rule == "name" and candidate.name.kind != "company"
        else candidate.name.rule
    )


def _rejection(candidate: Candidate, reason: str) -> Rejection:
    return Rejection(candidate.id, candidate.field, candidate.start, candidate.end, candidate.surface, reason)


def _company_of(candidate: Candidate, voices: Voices) -> str:
    if candidate.name.kind != "person":
        return candidate.name.company
    return next(iter(voices.any_company_of(candidate.id)), "")


def _look_around(
    sure: Iterable[Found],
    doubtful: Iterable[tuple[FieldReading, Candidate]],
    voices: Voices,
    year: int | None,
    source: frozenset[str],
) -> Around:
    named = {found.company for found in sure if found.company is not None}
    for found in sure:
        if found.company is None:
            named.update(voices.any_company_of(found.candidate.id))
    unsure = frozenset(_company_of(candidate, voices) for _, candidate in doubtful)
    return Around(frozenset(named), unsure, voices.family_of(named, year), source)


def _judge_all(
    doubtful: Sequence[tuple[FieldReading, Candidate]],
    around: Around,
    fields: Sequence[FieldReading],
    model: LinearModel,
    voices: Voices,
) -> list[Judged]:
    judged: list[Judged] = []
    by_field = {reading.name: _term_places(reading) for reading in fields}
    places = {kind: {name: kinds[kind] for name, kinds in by_field.items()} for kind in _SAYS}
    settled: dict[tuple[str, str], Judged] = {}
    for reading, candidate in doubtful:
        before = settled.get((candidate.id, candidate.surface))
        if before is not None:
            judged.append((candidate, before[1], before[2], True, "meant so before", before[5]))
            continue
        company = _company_of(candidate, voices)
        near, far = _surroundings(candidate, reading, fields, places)
        features = features_of(candidate, reading.text, reading.folded, company, around, near, far)
        verdict = judge(model, features)
        judged.append((candidate, company, features, verdict.accepted, verdict.summary, verdict.probability))
        if verdict.probability >= _SURE:
            settled[candidate.id, candidate.surface] = judged[-1]
    return judged


def _term_places(reading: FieldReading) -> dict[str, list[int]]:
    """Where the words of each kind begin, in order, each place once."""
    places: dict[str, set[int]] = {kind: set() for kind in _SAYS}
    for start, term in reading.terms:
        for group, _ in term:
            kind = _KIND_OF_GROUP.get(group.name)
            if kind is not None:
                places[kind].add(start)
    return {kind: sorted(starts) for kind, starts in places.items()}


def _surroundings(
    candidate: Candidate, reading: FieldReading, fields: Sequence[FieldReading], places: dict[str, dict[str, list[int]]]
) -> tuple[dict[str, int], dict[str, int]]:
    reach = NEAR // 2 if has_han(candidate.surface) else NEAR
    low, high = candidate.start - reach, candidate.end + reach
    near: dict[str, int] = {}
    far: dict[str, int] = {}
    for side, words in (("for", candidate.name.context_for), ("against", candidate.name.context_against)):
        near[side] = far[side] = 0
        for other in fields if words else ():
            if words.isdisjoint(other.contexts):
                continue
            here = other is reading
            span = (candidate.start, candidate.end) if here else (0, 0)
            close, anywhere = count_near(other.contexts, words, low, high, *span)
            far[side] += anywhere
            near[side] += close if here else 0
    for what, by_field in places.items():
        starts = by_field[reading.name]
        inside = bisect_left(starts, candidate.end) - bisect_left(starts, candidate.start)
        near[what] = bisect_right(starts, high) - bisect_left(starts, low) - inside
        far[what] = sum(map(len, by_field.values())) - inside
    return near, far
