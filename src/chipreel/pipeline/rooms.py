"""What a run works with, loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chipreel.model.settings import Feeds

if TYPE_CHECKING:
    from chipreel.annotate import Annotator
    from chipreel.config.places import Places
    from chipreel.model import Lexicon, Source
    from chipreel.model.profile import Audiences
    from chipreel.model.rates import Rates
    from chipreel.model.story import StoryKnowledge
    from chipreel.story import FingerprintMaker


class Rooms:
    """The user's files and the pure rooms made from them; each is loaded when it is first asked for."""

    def __init__(self, places: Places) -> None:
        self.places = places

    @cached_property
    def feeds(self) -> Feeds:
        """feeds.yaml."""
        from chipreel.config.feeds import load_feeds

        return load_feeds(self.places.feeds)

    @cached_property
    def sources_by_id(self) -> dict[str, Source]:
        """The sources of feeds.yaml by id."""
        return {source.id: source for source in self.feeds.sources}

    @cached_property
    def environ(self) -> dict[str, str]:
        """The environment, with chipreel.env beside feeds.yaml below it."""
        import os

        from chipreel.config.secrets import load_environment

        return load_environment(self.places.home, os.environ)

    @cached_property
    def lexicon(self) -> Lexicon:
        """companies.yaml."""
        from chipreel.config.lexicon import load_lexicon

        return load_lexicon(self.places.companies)

    @cached_property
    def audiences(self) -> Audiences:
        """Who reads: profiles, channels, mutes and saved searches of feeds.yaml."""
        from chipreel.model.profile import Audiences

        if not self.feeds.settings.sections:
            return Audiences()  # Neither the file, for its lines, nor the lexicon need be read once more.
        from chipreel.config.profiles import load_audiences

        companies = [company.id for company in self.lexicon.companies]
        sources = [source.id for source in self.feeds.sources]
        return load_audiences(self.places.feeds, sources=sources, companies=companies)

    @cached_property
    def annotator(self) -> Annotator:
        """What finds names, quotes and sums."""
        from chipreel.pipeline.annotating import make_annotator

        return make_annotator(self.lexicon)

    def put_away_lexicon(self) -> None:
        """Let go of lexicon and annotator, 20 MB. Whoever asks for them again loads them again."""
        for name in ("lexicon", "annotator"):
            self.__dict__.pop(name, None)

    @cached_property
    def knowledge(self) -> StoryKnowledge:
        """What grouping knows of the two languages."""
        from chipreel.config.glossary import load_story_knowledge

        return load_story_knowledge()

    @cached_property
    def fingerprint_maker(self) -> FingerprintMaker:
        """What makes of an article what grouping remembers of it."""
        from chipreel.story import FingerprintMaker

        return FingerprintMaker(self.knowledge.concepts)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of every day boundary and every time shown."""
        return self.feeds.settings.zone

    def to_usd(self, amount: float, currency: str, day: date) -> float | None:
        """A sum in dollars at the rate of a day; None where the table has none."""
        from chipreel.model.rates import to_usd

        return to_usd(amount, currency, day, self.rates)

    @cached_property
    def rates(self) -> Rates:
        """rates.csv."""
        from chipreel.config.places import find_rates
        from chipreel.config.rates import load_rates

        return load_rates(find_rates(self.places.home))


def read_lexicon(rooms: Rooms) -> Lexicon:
    """companies.yaml, as a task: only one of two processes should have to read it."""
    return rooms.lexicon


@dataclass(frozen=True, slots=True)
class Tally:
    """What taking in a batch of items did."""

    new: int = 0
    revised: int = 0
    known: int = 0
    #: Of the new ones, those that are relevant: they wait for a story.
    relevant: int = 0
    #: Ids of articles that were added or revised.
    touched: tuple[int, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new,
            self.revised + other.revised,
            self.known + other.known,
            self.relevant + other.relevant,
            self.touched + other.touched,
        )
