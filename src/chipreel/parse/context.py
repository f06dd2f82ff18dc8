"""What the readers of one document share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from chipreel.text.dates import parse_date


@dataclass(frozen=True, slots=True)
class Context:
    """How to understand the relative things in a document."""

    #: Address that links are relative to; None = unknown.
    base: str | None = None
    #: Where times without a zone are meant; None = they are noted.
    zone: tzinfo | None = None
    #: The present; None = words like "yesterday" stay unread.
    now: datetime | None = None
    #: True = the document uses xml:base somewhere.
    has_bases: bool = False
    #: Declared language and author of the whole document, which its entries inherit.
    lang: str | None = None
    author: str | None = None

    def date(self, *raws: str | None) -> tuple[datetime | None, str | None]:
        """The first of several texts that is a date; else what was wrong with the first that is there."""
        first: tuple[datetime | None, str | None] = (None, "undated")
        for raw in raws:
            if not raw:
                continue
            outcome = parse_date(raw, self.now, self.zone)
            if outcome[0] is not None:
                return outcome
            if first[1] == "undated":
                first = outcome
        return first


def bodies(full: str | None, short: str | None) -> tuple[str | None, str | None]:
    """(text, summary) of two bodies: the longer is the text; the other is its summary unless it says the same."""
    if not full or not short or full == short:
        return full or short, None
    return (full, short) if len(full) >= len(short) else (short, full)
