"""What a digest holds, before it is rendered: facts only, in no language but that of the articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class DigestArticle:
    """One report of a story."""

    id: int
    title: str
    #: http(s) only; None = it has no address that may be shown.
    url: str | None
    source_id: str
    source_title: str
    publisher: str
    role: str
    lang: str | None
    published: datetime | None
    first_seen: datetime
    #: "article" or "post".
    kind: str = "article"
    author: str | None = None
    text: str | None = None
    #: True = it is news: this digest's profile has not been given it, and it is not background.
    is_new: bool = True
    #: True = its title or text was changed after it was delivered.
    is_revised: bool = False
    #: True = an earlier digest of this profile had it.
    was_given: bool = False
    relevance: float = 0.0
    companies: tuple[str, ...] = ()
    #: Those of `companies` that it is about.
    primary: tuple[str, ...] = ()
    beats: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A quote as a digest shows it: the same words quoted by several outlets are one."""

    text: str
    speaker: str | None
    speaker_id: str | None
    #: Outlets that carry it.
    outlets: int
    article: int
    url: str | None = None
    #: Every article that carries it.
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum as a digest shows it."""

    surface: str
    usd: float | None
    owner: str | None
    role: str | None
    outlets: int
    article: int
    url: str | None = None
    #: Every article that names it.
    articles: tuple[int, ...] = ()
    #: Every way in which it is written.
    surfaces: tuple[str, ...] = ()
    #: The least and the most that reports of it say, in dollars; None = they agree.
    usd_range: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article said when it was delivered, before it was changed."""

    article: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that a digest may show: everything the ranking looks at."""

    #: "s12".
    story: str
    state: Literal["new", "update"]
    #: All its articles that the reader may see, oldest first.
    articles: tuple[DigestArticle, ...]
    said: tuple[Said, ...] = ()
    sums: tuple[Sum, ...] = ()
    #: Publishers that had reported it when it was last delivered; 0 for a new one.
    outlets_before: int = 0
    #: When it was last delivered to this profile; None = never.
    delivered_at: datetime | None = None
    #: Earlier wordings of delivered articles that were changed since.
    wordings: tuple[Wording, ...] = ()
    #: Publishers that report on their own, copies left out; None = not counted.
    independent: int | None = None


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story as a digest shows it."""

    story: str
    state: Literal["new", "update"]
    headline: str
    headline_lang: str | None
    url: str | None
    #: One or two sentences of its articles, verbatim.
    lines: tuple[str, ...]
    #: Newest report of each outlet, the best first.
    articles: tuple[DigestArticle, ...]
    #: Independent publishers.
    outlets: int
    #: Companies it is about, the most named first.
    companies: tuple[str, ...]
    beats: tuple[str, ...]
    topics: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    #: Why it is here: (label key, number or name), in the digest's own words when rendered.
    reasons: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()
    sums: tuple[Sum, ...] = ()
    score: float = 0.0
    #: (part, points) that add up to the score.
    score_parts: tuple[tuple[str, float], ...] = ()
    #: True = told in full at the top.
    is_top: bool = False
    #: True = told in one line at the end.
    is_brief: bool = False
    #: Two sentences by a language model, checked against the articles; None = there are none.
    summary: str | None = None
    #: Every article that this entry stands for.
    covered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A story that was a candidate and is not shown."""

    story: str
    headline: str
    url: str | None
    #: floor, source, company, stories, minutes, cooldown, unchanged or muted.
    why: str
    score: float = 0.0
    score_parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source that needs attention."""

    id: str
    title: str
    health: str
    note: str | None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery that a person should look at."""

    id: int
    digest: int
    channel: str
    state: str
    made_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A new find of a saved search."""

    search: str
    title: str
    url: str | None
    source_title: str
    article: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the window's news is about one company, against its usual share."""

    company: str
    now: int
    #: Articles a window of this length usually brings (median of the weeks before); None = too little history.
    usual: float | None
    #: Articles per week, oldest first, for a sparkline.
    weeks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one edition says."""

    profile: str
    lang: str
    #: IANA zone of every time shown.
    timezone: str
    made_at: datetime
    #: The window that it covers; None = from the beginning.
    since: datetime | None
    until: datetime
    #: Best first.
    entries: tuple[DigestEntry, ...]
    #: Stories that were new but not shown: below the floor or over a cap.
    left_out: int = 0
    #: Articles and sources behind the edition.
    articles: int = 0
    sources: int = 0
    #: id → (English name, Chinese name) of every company named.
    names: tuple[tuple[str, str, str], ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()
    shares: tuple[Share, ...] = ()
    #: The stories that were left out, best first; `left_out` counts them all.
    left: tuple[LeftOut, ...] = ()
    #: (language, articles) of what is new, most first.
    languages: tuple[tuple[str, int], ...] = ()
    #: Deliveries that a person should look at.
    open_deliveries: tuple[OpenDelivery, ...] = ()
    #: New finds of the profile's saved searches.
    found: tuple[Found, ...] = ()
    #: Minutes that reading it takes.
    minutes: float = 0.0
