"""What chipreel found in an item: tags with their evidence, quotes, money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: The fields of an item that are annotated and indexed.
FIELDS: tuple[str, ...] = ("title", "text")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where a name stands: `getattr(item, field)[start:end] == surface`, counted in code points."""

    field: str
    start: int
    end: int
    surface: str
    #: Which rule or context accepted it, for `explain`: "name", "nickname", "ticker", "family", "context: chips" …
    rule: str = "name"


@dataclass(frozen=True, slots=True)
class Mention:
    """A company, person or product named in an item."""

    #: Id in the lexicon.
    id: str
    #: 0 to 1: how much the item is about it (place, share, repetition).
    score: float
    evidence: tuple[Evidence, ...]
    #: True = the item is about it, False = named in passing.
    primary: bool = False
    #: "person": only somebody who speaks for it is named; None = named itself.
    via: Literal["person"] | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A name that was seen and not accepted, for `explain`."""

    id: str
    field: str
    start: int
    end: int
    surface: str
    #: Why not: "longer word 甲骨文字", "no context", "person out of years" …
    reason: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody. `text` is verbatim: `getattr(item, field)[start:end] == text`, without the quotation marks."""

    field: str
    start: int
    end: int
    text: str
    kind: Literal["direct", "indirect"] = "direct"
    #: The speaker as named in the text (resolved from a pronoun where that is possible); None = not told.
    speaker: str | None = None
    #: Id in the lexicon of the person, else of the company; None = not in the lexicon.
    speaker_id: str | None = None
    #: The word of speech: said, 表示, 称 …; None = none.
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """A sum. `getattr(item, field)[start:end] == surface`."""

    field: str
    start: int
    end: int
    surface: str
    #: Major units of `currency`; the lower end of a range.
    amount: float
    #: ISO 4217; None = not told.
    currency: str | None
    #: The upper end of a range; None = no range.
    amount_high: float | None = None
    #: "about", "over", "under"; None = exact as said.
    bound: Literal["about", "over", "under"] | None = None
    #: Whose sum it is: id of a company or person; None = not told. Never a guess.
    owner: str | None = None
    #: raised, seeking, invested, valued, market-value, revenue, profit, price, capex, order, fine; None = not told.
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything found in one item."""

    #: "en", "zh" or another ISO 639-1 code; None = too little text to tell.
    lang: str | None
    companies: tuple[Mention, ...] = ()
    people: tuple[Mention, ...] = ()
    products: tuple[Mention, ...] = ()
    #: "video", "chips", both or none, in this order.
    beats: tuple[str, ...] = ()
    #: Belongs in this tracker.
    relevant: bool = False
    #: The number behind it, 0 to 1.
    relevance: float = 0.0
    topics: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    money: tuple[Money, ...] = ()
    #: Names seen and not accepted, by place.
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was found in an item, by whom, and what searching and grouping keep of it."""

    annotation: Annotation
    #: Names the lexicon and the rules (`Annotator.version`).
    version: str
    #: Title and text as they are written into the search index (`text.segment`).
    words: tuple[str, str]
    #: Packed fingerprint; None = it does not belong in this tracker.
    fingerprint: str | None = None
