"""The place of a speaker → the name to show and the id in the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from chipreel.facts.quotes.english import Span
from chipreel.model.annotation import Mention


class Speakers:
    def __init__(self, text: str, field: str, people: Sequence[Mention], companies: Sequence[Mention], author: str | None) -> None:
        self.text = text

    def resolve(self, speaker: Span | None, at: int) -> tuple[str | None, str | None]:
        if not speaker:
            return None, None
        return self.text[slice(*speaker)], None
