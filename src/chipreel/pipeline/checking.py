"""Trying sources now, without storing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chipreel.errors import ParseError
from chipreel.fetch import discovery
from chipreel.fetch.fetcher import Fetcher
from chipreel.model import Failed, Fetched, FetchState, Item, Source
from chipreel.model.settings import Settings
from chipreel.pipeline.reading import read
from chipreel.text.script import detect_language


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source answers at this moment."""

    source: Source
    #: None = it could be read.
    error: str | None
    items: tuple[Item, ...] = ()
    #: How it was read, or why there is nothing in it.
    note: str | None = None
    #: Where it has moved for good.
    moved_to: str | None = None
    #: What the document says of itself.
    title: str | None = None
    site: str | None = None
    language: str = "en"

    @property
    def newest(self) -> datetime | None:
        """When its newest dated item was published."""
        return max((item.published for item in self.items if item.published), default=None)


def try_sources(
    sources: Sequence[Source], settings: Settings, environ: Mapping[str, str], now: datetime
) -> Iterator[Trial]:
    """Visit each source once, unconditionally, as answers come."""
    with Fetcher(settings, environ=environ) as fetcher:
        visits = [(source, FetchState(source.id)) for source in sources]
        for source, outcome in fetcher.fetch_many(visits, now):
            yield _trial(source, outcome, now)


def discover(url: str, settings: Settings, environ: Mapping[str, str], now: datetime) -> tuple[Trial, ...]:
    """The sources that any address could be, the likeliest first; a single failed trial where there is none."""
    with Fetcher(settings, environ=environ) as fetcher:
        found = discovery.discover(fetcher, url, now)
    if isinstance(found, Failed):
        return (Trial(Source("candidate", url, "feed", url), found.message),)
    trials = [
        _trial(Source("candidate", proposal.url, proposal.kind, proposal.url, options=proposal.options), fetched, now)
        for proposal, fetched in found
    ]
    good = tuple(trial for trial in trials if trial.error is None and trial.items)
    return good or tuple(trials) or (Trial(Source("candidate", url, "feed", url), "no feed was found"),)


def _trial(source: Source, outcome: object, now: datetime) -> Trial:
    if isinstance(outcome, Failed):
        return Trial(source, outcome.message)
    assert isinstance(outcome, Fetched)
    try:
        reading = read(source, outcome, now)
    except ParseError as error:
        return Trial(source, str(error))
    note = reading.note or (None if reading.items else "answers, but there are no entries in it")
    languages = Counter(detect_language(item.title or item.text or "") for item in reading.items)
    main = next((lang for lang, _ in languages.most_common() if lang), "en")
    hints = reading.hints
    return Trial(source, None, reading.items, note, outcome.moved_to, hints.title, hints.link, main)
