"""The names of the lexicon that the tagger found in a text, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chipreel.model.annotation import Mention


@dataclass(frozen=True, slots=True)
class Known:
    """A name of the lexicon at a place of the text."""

    start: int
    end: int
    id: str
    is_person: bool


def known_names(field: str, people: Sequence[Mention], companies: Sequence[Mention]) -> tuple[Known, ...]:
    """The places of the field at which the tagger found people and companies, ascending."""
    found = [
        Known(evidence.start, evidence.end, mention.id, is_person)
        for mentions, is_person in ((people, True), (companies, False))
        for mention in mentions
        for evidence in mention.evidence
        if evidence.field == field and mention.via is None
    ]
    return tuple(sorted(found, key=lambda known: (known.start, -known.end))) if found else ()


def names_of_persons(form: str, known: Sequence[Known]) -> frozenset[str]:
    """How `form`, the text in Simplified characters, writes the persons that are known in it."""
    return frozenset([form[name.start : name.end] for name in known if name.is_person])
