"""Do two articles tell of one event? Evidence for and against, each with a weight that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from chipreel.model.story import Contribution, Edge
from chipreel.story.profile import Profile, is_one_source, share_text
from chipreel.story.rarity import Rarity

#: Mark of a term → the kind of evidence it is.
KIND = {
    "c": "company", "p": "person", "x": "product", "e": "event", "t": "thing", "l": "place", "b": "place",
    "m": "measure", "w": "word", "z": "characters", "n": "number", "v": "version", "f": "family",
}  # fmt: skip
#: Kinds that say what happened, beside who it happened to.
_WHAT = ("event", "thing", "word", "number", "characters")

#: Conflict → the field of a profile that differs.
_SIDES = {
    "other-company": "companies",
    "other-counterpart": "companies",
    "other-product": "products",
    "other-event": "events",
    "other-person": "people",
    "other-amount": "amounts",
}


def find_evidence(a: Profile, b: Profile, rarity: Rarity) -> dict[str, float]:
    """Kind of evidence → how much of it there is between two articles; kinds that are absent are left out."""
    shared = a.terms & b.terms
    across = a.lang != b.lang
    tongue = "across" if across else "zh" if a.lang == "zh" else ""
    found: dict[str, float] = {"base": 1.0}
    if tongue:
        found[tongue] = 1.0
    _weigh_shared(shared, rarity, found)
    _weigh_overlap(found.pop("overlap", 0.0), a, b, tongue, found)
    _weigh_unmatched(a, b, shared, rarity, found)
    _find_conflicts(a, b, found)
    _weigh_phrases(a, b, tongue, found)
    _weigh_who_and_what(found)
    if any(f"!{name}" in a.once or f"!{name}" in b.once for name in a.once & b.once if name[0] != "!"):
        found["once"] = 1.0
    _weigh_circumstances(a, b, rarity, found)
    return found


def score(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Log-odds that two articles tell of one event."""
    total = 0.0
    for name, value in evidence.items():
        if name in weights:
            total += weights[name] * value
    return total


def explain_pair(a: Profile, b: Profile, rarity: Rarity, weights: Mapping[str, float]) -> Edge:
    """The evidence between two articles, strongest first, with the terms behind it."""
    evidence = find_evidence(a, b, rarity)
    shared = sorted(a.terms & b.terms)
    contributions = [
        Contribution(name, round(weights[name] * value, 3), _detail(name, shared, a, b))
        for name, value in evidence.items()
        if weights.get(name) and value
    ]
    contributions.sort(key=lambda part: (-abs(part.value), part.kind))
    return Edge(a.id, b.id, round(score(evidence, weights), 3), tuple(contributions))


def _weigh_shared(shared: frozenset[str], rarity: Rarity, found: dict[str, float]) -> None:
    overlap = rarest = second = 0.0
    weights = rarity.weights
    for term in shared:
        rare = weights[term]
        kind = KIND[term[0]]
        found[kind] = found.get(kind, 0.0) + rare
        if kind == "family":
            continue
        overlap += rare * rare
        if rare > rarest:
            rarest, second = rare, rarest
        elif rare > second:
            second = rare
    found["overlap"] = overlap
    found["rarest"] = rarest * rarest
    found["second"] = second * second


def _weigh_overlap(overlap: float, a: Profile, b: Profile, tongue: str, found: dict[str, float]) -> None:
    if not (overlap and a.mass and b.mass):
        return
    found["cosine"] = overlap / (a.root * b.root)
    found["contained"] = overlap / min(a.mass, b.mass)
    if tongue:
        found[f"cosine-{tongue}"] = found["cosine"]
        found[f"contained-{tongue}"] = found["contained"]


def _weigh_unmatched(a: Profile, b: Profile, shared: frozenset[str], rarity: Rarity, found: dict[str, float]) -> None:
    """How much both sides name that the other does not: the three rarest names of the side with less."""
    found["unmatched"] = min(_unmatched(a, shared, rarity), _unmatched(b, shared, rarity))


def _unmatched(side: Profile, shared: frozenset[str], rarity: Rarity) -> float:
    total, counted = 0.0, 0
    for term in side.names:
        if term not in shared:
            total += rarity.weights[term]
            counted += 1
            if counted == 3:
                break
    return total


def _find_conflicts(a: Profile, b: Profile, found: dict[str, float]) -> None:
    for name, mine, theirs in (
        ("company", a.companies, b.companies),
        ("product", a.products, b.products),
        ("event", a.events, b.events),
        ("person", a.people, b.people),
        ("amount", a.amounts, b.amounts),
    ):
        if not (mine and theirs):
            continue
        if mine.isdisjoint(theirs):
            if not (name == "event" and "family" in found):
                found[f"other-{name}"] = 1.0
        elif name == "amount":
            found["amount"] = 1.0
        elif name in ("company", "product") and mine != theirs:
            found[f"more-{name}"] = len(mine ^ theirs) / len(mine | theirs)
            if name == "company" and len(mine) == len(theirs) == 2:
                found["other-counterpart"] = 1.0
    if any(numbers.isdisjoint(b.versions[name]) for name, numbers in a.versions.items() if name in b.versions):
        found["other-version"] = 1.0


def _weigh_phrases(a: Profile, b: Profile, tongue: str, found: dict[str, float]) -> None:
    mine, theirs = a.phrases, b.phrases
    if not (mine and theirs):
        return
    shared = len(set(mine).intersection(theirs))
    if shared:
        found["phrase-zh" if tongue == "zh" else "phrase"] = min(4, shared) ** 0.5
        found["phrases-contained"] = shared / min(len(mine), len(theirs))


def _weigh_who_and_what(found: dict[str, float]) -> None:
    has_who = "company" in found or "product" in found or "person" in found
    what = sum(found.get(kind, 0.0) for kind in _WHAT)
    if not what and "family" not in found:
        found["no-what"] = 1.0
    elif what and has_who:
        found["who-what"] = min(1.5, what)
    if has_who and "amount" in found:
        found["one-sum"] = 1.0


def _weigh_circumstances(a: Profile, b: Profile, rarity: Rarity, found: dict[str, float]) -> None:
    """What titles alone do not tell: time, address, lead."""
    if a.day is not None and b.day is not None:
        apart = abs(a.day - b.day)
        if apart > 1.0:
            found["days"] = apart - 1.0
    else:
        found["undated"] = 1.0
    if a.url and a.url == b.url:
        found["same-address"] = 1.0
    if a.lead or b.lead:
        found["lead"] = _lead_support(a, b, rarity)
    if a.sketch and b.sketch and not is_one_source(a, b):
        found["copied-text"] = share_text(a, b)


def _lead_support(a: Profile, b: Profile, rarity: Rarity) -> float:
    """Rare terms of one title that the other's lead has, and half as much rare terms of both leads, up to 3."""
    lead, weights = _lead_terms(a), rarity.weights
    mine, theirs = b.terms.intersection(lead), a.terms.intersection(b.lead)
    # What the leads of one source have in common may be its small print.
    both = lead.intersection(b.lead) if not is_one_source(a, b) else ()
    total = sum([weights[term] ** 2 for terms in (mine, theirs) for term in terms])
    return min(3.0, total + 0.5 * sum([weights[term] ** 2 for term in both]))


@lru_cache(8)
def _lead_terms(side: Profile) -> frozenset[str]:
    """The terms of a lead as a set: an article is compared with many, one after another."""
    return frozenset(side.lead)


def _detail(name: str, shared: list[str], a: Profile, b: Profile) -> str:
    terms = [term[2:] for term in shared if KIND[term[0]] == name]
    if name in _SIDES:
        mine, theirs = (sorted(term[2:] for term in getattr(side, _SIDES[name])) for side in (a, b))
        return f"{', '.join(mine)} / {', '.join(theirs)}"
    if name.startswith("amount"):
        terms = sorted(term[2:] for term in a.amounts & b.amounts)
    if name.startswith("phrase"):
        terms = sorted(set(a.phrases).intersection(b.phrases))
    return ", ".join(terms[:6])
