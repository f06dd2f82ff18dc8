"""What `story` needs to know of an article, and what it makes of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chipreel.model.annotation import Money

#: Days beyond which two reports are of two events.
WINDOW_DAYS = 7.0
#: Code points of a text that grouping looks at.
LEAD_LENGTH = 600


@dataclass(frozen=True, slots=True)
class StoryItem:
    """An article as the grouping sees it. Made by `story.story_item`."""

    #: Unique among all items that are grouped together.
    id: str
    title: str | None = None
    #: The first paragraphs of its text, plain; None = there is none.
    lead: str | None = None
    lang: str | None = None
    published: datetime | None = None
    first_seen: datetime | None = None
    #: One form of its address (`text.addresses.canonical_url`); None = none.
    url: str | None = None
    #: Id of the source that brought it.
    source: str | None = None
    #: Who owns that source: outlets of one publisher corroborate once. None = not told, then the source stands for it.
    publisher: str | None = None
    #: Ids in the lexicon, those that the item is about first.
    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    money: tuple[Money, ...] = ()
    #: (start, end) in the title, in code points, of the names of companies, people and products.
    named: tuple[tuple[int, int], ...] = ()
    #: Which of them the title names, and for whom a person named there speaks: "c:openai", "p:sam-altman", "x:sora";
    #: None = not told apart, then all of them.
    in_title: tuple[str, ...] | None = None
    beats: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    #: "article", or "post".
    kind: str = "article"
    #: Role of the source: official, press, analysis …; None = not told.
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of the glossary: what happens, or a thing, in both languages."""

    id: str
    #: event, thing, place, body or measure.
    kind: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    #: Concepts that one occurrence is told by belong to one family; None = to none.
    family: str | None = None
    #: "company", "product" or "person" for what happens to one of them once in a long while; None = often.
    once: str | None = None
    #: True = names such an occurrence by itself; False = only beside one that does.
    decisive: bool = True


@dataclass(frozen=True, slots=True)
class Grouping:
    """How agreement between pairs becomes groups; all in log-odds but `strongest`."""

    #: Groups join while their link is above this.
    threshold: float = 0.0
    #: What a pair of articles counts that share nothing worth comparing.
    absent: float = -4.0
    #: No single pair counts more than this, for or against.
    bound: float = 4.0
    #: Share of the strongest pair in a link; the rest is the average over all pairs.
    strongest: float = 0.0


@dataclass(frozen=True, slots=True)
class StoryKnowledge:
    """The data tables that grouping works with, read by `config.glossary`."""

    concepts: tuple[Concept, ...] = ()
    #: Name of a kind of evidence → its weight in log-odds.
    weights: Mapping[str, float] = field(default_factory=dict)
    #: Term → in how many of `background_size` articles of past years it stands.
    background: Mapping[str, int] = field(default_factory=dict)
    background_size: int = 1
    grouping: Grouping = Grouping()
    #: Digest of all of them: a fingerprint made with another version is made again.
    version: str = "0"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One piece of evidence between two articles, and what it adds to the log-odds that they tell the same story."""

    kind: str
    value: float
    #: What they share or differ in: "company:openai", "$110bn" …
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two articles and the log-odds that they tell the same story; the contributions add up to them."""

    a: str
    b: str
    log_odds: float
    contributions: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """An article and the story it belongs to."""

    item: str
    story: str
    #: True = the story is new with this batch.
    is_new: bool = False
    #: The strongest tie to an article that was there before, without its contributions; None = there is none.
    edge: Edge | None = None
    #: The story it was in until now, which has become part of `story`; None = the article is new.
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """A story that became part of another."""

    story: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Articles of a story that became a story of their own."""

    story: str
    #: Key of the new story in the new grouping.
    key: str


@dataclass(frozen=True, slots=True)
class Continuity:
    """How the stories of one grouping live on in the next."""

    #: Key in the new grouping → the name it keeps; a key that is not here is a new story.
    kept: Mapping[str, str]
    merged: tuple[Merge, ...] = ()
    split: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher's first report in a story."""

    publisher: str
    source: str | None
    item: str
    at: datetime | None
    lang: str | None
    url: str | None = None
    #: True = its text is a copy of an earlier report; it does not corroborate.
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Reporter:
    """A source that reports a story, in however many articles."""

    source: str
    #: Who owns it; None = not told.
    publisher: str | None
    #: Address of one of its articles.
    url: str | None
    #: When chipreel met the first and the last of them.
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """One event and everybody who reported it."""

    id: str
    #: The clearest title among its articles, in the reader's language where there is one.
    headline: str
    headline_item: str
    #: Language of the headline.
    lang: str | None
    #: Ids of its articles, oldest first.
    items: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    #: Who had it first, by publication; None = no article is dated.
    first_outlet: Outlet | None
    #: One for each publisher, oldest first.
    outlets: tuple[Outlet, ...]
    #: How many publishers report on their own: copies and mirrors left out.
    independent: int
    languages: tuple[str, ...]
    companies: tuple[str, ...]
    people: tuple[str, ...]
    products: tuple[str, ...]
    beats: tuple[str, ...]
    topics: tuple[str, ...]
    #: (moment, item id), oldest first: what the timeline shows.
    timeline: tuple[tuple[datetime, str], ...] = ()
