"""The place of a speaker → the name to show and the id in the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from chipreel.facts.quotes.english import Span
from chipreel.facts.quotes.roster import Roster
from chipreel.facts.quotes.words_zh import PERSONAL, PRONOUNS
from chipreel.model.annotation import Mention


class Speakers:
    def __init__(self, text: str, field: str, people: Sequence[Mention], companies: Sequence[Mention], author: str | None, roster: Roster | None) -> None:
        self.text = text
        self.roster = roster
        self.last: tuple[int, str] | None = None

    def resolve(self, speaker: Span | None, at: int) -> tuple[str | None, str | None]:
        if not speaker:
            return None, None
        name = self.text[slice(*speaker)]
        if name in PERSONAL and self.roster:
            last = max(filter(None, (self.roster.last_before(speaker[0]), self.last)), default=None)
            if last:
                return last[1], None
        elif name.startswith("该") and self.last and name[-2:] in self.last[1]:
            return self.last[1], None
        elif name not in PRONOUNS:
            self.last = (speaker[0], name)
        return name, None
