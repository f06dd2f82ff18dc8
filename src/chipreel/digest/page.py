"""The parts of a page: an edition in words, before it takes the form of any format."""

from __future__ import annotations

from dataclasses import dataclass

from chipreel.digest.labels import label


@dataclass(frozen=True, slots=True)
class OutletView:
    """One outlet's report of a story."""

    name: str
    url: str | None
    when: str
    title: str
    #: "en", "zh" …; empty where it is not known.
    lang: str
    is_updated: bool = False


@dataclass(frozen=True, slots=True)
class SaidView:
    """A quote."""

    speaker: str
    text: str
    #: How many outlets carry it; empty for one.
    outlets: str
    url: str | None


@dataclass(frozen=True, slots=True)
class SumView:
    """A sum: as written, in dollars where it was not or where reports differ, whose, and for what."""

    surface: str
    dollars: str
    owner: str
    role: str
    url: str | None

    @property
    def what(self) -> str:
        """Whose it is and for what, as one phrase; empty where neither is known."""
        return " · ".join(part for part in (self.owner, self.role) if part)

    @property
    def amount(self) -> str:
        """As written, with the dollars behind it."""
        return f"{self.surface} ({self.dollars})" if self.dollars else self.surface


@dataclass(frozen=True, slots=True)
class EntryView:
    """A story."""

    id: str
    #: The word for an update; empty for a new story.
    mark: str
    headline: str
    url: str | None
    lang: str
    lines: tuple[str, ...]
    summary: str | None
    #: How many outlets, and the story's id.
    facts: str
    outlets: tuple[OutletView, ...]
    #: How many more outlets there are, in words; empty for none.
    more: str
    why: str
    said: tuple[SaidView, ...]
    sums: tuple[SumView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Stories of one company; empty name at the top."""

    name: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading and its stories."""

    heading: str
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class ShareView:
    """A row of the table of attention."""

    company: str
    now: str
    usual: str
    spark: str
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole edition."""

    lang: str
    title: str
    day: str
    #: How much it covers, and how long it takes; empty when there is nothing.
    covers: str
    #: What to do about deliveries that went wrong.
    notices: tuple[str, ...]
    #: The sentence of an empty edition; None otherwise.
    nothing: str | None
    sections: tuple[SectionView, ...]
    #: Stories told in a line each.
    brief: tuple[EntryView, ...]
    said: tuple[SaidView, ...]
    sums: tuple[SumView, ...]
    numbers: tuple[tuple[str, str], ...]
    shares: tuple[ShareView, ...]
    #: (search, title, url, source)
    found: tuple[tuple[str, str, str | None, str], ...]
    #: (source, what is wrong)
    troubles: tuple[tuple[str, str], ...]
    left_out: str | None

    @property
    def colon(self) -> str:
        """What stands between a name and its value."""
        return "：" if self.lang == "zh" else ": "

    def label(self, key: str) -> str:
        """A word in the language of the page."""
        return label(self.lang, key)
