"""An article or post as published, and what the store remembers of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a source, as published. Text is plain, NFC, entities decoded, a blank line between paragraphs."""

    #: The source's own identity for it: guid, else address, else a digest of title and date. Unique within the source.
    id: str
    title: str | None = None
    url: str | None = None
    author: str | None = None
    #: UTC; None = not said or not understood (then `date_note` says which).
    published: datetime | None = None
    #: UTC; when the publisher says it last changed it.
    updated: datetime | None = None
    #: Language it declares; None = not said.
    lang: str | None = None
    #: The fullest body there is (content, else description).
    text: str | None = None
    #: Only where both a summary and a body exist.
    summary: str | None = None
    categories: tuple[str, ...] = ()
    #: "article", or "post" for what a person wrote on a network.
    kind: str = "article"
    #: Points or likes, and comments, where the platform tells.
    points: int | None = None
    comments: int | None = None
    #: None = the date is plain; else "undated", "no zone", "future", "relative", "unreadable: …".
    date_note: str | None = None
    #: Outlet named by an aggregator ("via Google News").
    via: str | None = None


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What the store lends the decider about an item it has."""

    #: Row id in articles.
    article_id: int
    #: `decide.content_hash` of it as the source listed it last; its first character is the hash's version.
    content_hash: str
    #: How often the content changed so far.
    revisions: int = 0
    #: False = another source brought it first, and only that one may revise it: two wordings do not take turns.
    owned: bool = True
