"""What a person put right, laid over what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from chipreel.model import Annotation, Mention


@dataclass(frozen=True, slots=True)
class Correction:
    """A company that an item is, or is not, about."""

    verdict: Literal["is", "not"]
    company: str


def corrected(found: Annotation, corrections: Iterable[Correction]) -> Annotation:
    """The annotation as a person wants it; of two corrections of one company the later holds.

    An item that somebody tags by hand belongs in the tracker.
    """
    latest = {correction.company: correction.verdict for correction in corrections}
    if not latest:
        return found
    kept = tuple(mention for mention in found.companies if latest.get(mention.id) != "not")
    there = {mention.id for mention in kept}
    added = tuple(
        Mention(company, 1.0, (), primary=True)
        for company, verdict in latest.items()
        if verdict == "is" and company not in there
    )
    return replace(found, companies=kept + added, relevant=found.relevant or bool(added))
