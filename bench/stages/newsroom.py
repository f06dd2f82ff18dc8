"""Headlines made up from the glossary and invented names, with leads, in both languages.

With a seed of their own: 70 in 100 start a story of their own, the rest retell one of the last days in other words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chipreel.model.story import Concept, StoryItem

START = datetime(2026, 1, 5, tzinfo=UTC)
COMPANIES = tuple(f"company-{number}" for number in range(85))
RETOLD = 0.3


class Newsroom:
    """Makes up headlines, each with a lead, in both languages."""

    def __init__(self, concepts: tuple[Concept, ...], seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._by_kind = {kind: [concept for concept in concepts if concept.kind == kind] for kind in ("event", "thing")}
        #: Name of the event that each article made so far tells of.
        self.told: list[str] = []
        self._events: list[tuple[str, Concept, Concept, str]] = []

    def iter_items(self, count: int, days: float, first: int = 0) -> Iterator[StoryItem]:
        """`count` articles spread evenly over `days`."""
        for number in range(count):
            if self._events and self._random.random() < RETOLD:
                event = self._random.choice(self._events[-2000:])
            else:
                event = self._new_event()
                self._events.append(event)
            yield self._tell(event, first + number, START + timedelta(days=days * number / count))

    def _new_event(self) -> tuple[str, Concept, Concept, str]:
        # A few companies make most of the news.
        company = COMPANIES[min(int(self._random.paretovariate(0.7)) - 1, len(COMPANIES) - 1)]
        name = "".join(self._random.choice("bcdfglmnprstvz") + self._random.choice("aeiou") for _ in range(3))
        return company, self._pick("event"), self._pick("thing"), name

    def _pick(self, kind: str) -> Concept:
        return self._random.choice(self._by_kind[kind])

    def _tell(self, event: tuple[str, Concept, Concept, str], number: int, when: datetime) -> StoryItem:
        company, what, thing, name = event
        self.told.append(f"s-{name}")
        lang = self._random.choice(("en", "zh"))
        words = [(concept.en if lang == "en" else concept.zh) for concept in (what, thing, self._pick("thing"))]
        said = [self._random.choice(group) for group in words if group]
        joint = " " if lang == "en" else ""
        title = joint.join([company, *said, name, *(self._word(lang) for _ in range(3))])
        lead = self._lead(title, lang)
        return StoryItem(
            id=f"a{number:07}",
            title=title,
            lead=lead,
            lang=lang,
            published=when,
            source=f"source-{number % 60}",
            companies=(company,),
            named=((0, len(company)),),
            url=f"https://example.com/{number}",
        )

    def _lead(self, title: str, lang: str) -> str:
        kinds = ("event", "thing")
        words = [self._word(lang) for _ in range(30)]
        words += [word for kind in kinds * 4 for word in getattr(self._pick(kind), lang)[:1]]
        self._random.shuffle(words)
        return f"{title}. {' '.join(words)}." if lang == "en" else f"{title}。{''.join(words)}。"

    def _word(self, lang: str) -> str:
        """A word by Zipf's law, of a vocabulary that never ends."""
        rank = int(self._random.paretovariate(0.6))
        if lang == "zh":
            return chr(0x4E00 + rank * 31 % 6000) + chr(0x4E00 + rank * 17 % 6000)
        return "".join("aeioubcdfglmnprst"[rank // 17**place % 17] for place in range(5))
