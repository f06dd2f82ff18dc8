"""How to search, beyond what is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search, beyond the query."""

    now: datetime
    zone: tzinfo
    #: 0 = no limit.
    limit: int = 20
    offset: int = 0
    #: True = only what belongs in the tracker.
    relevant: bool = False
    #: "rank" (best first), "date" (newest first) or "recent" (best first, where age counts against a match).
    order: str = "rank"
    #: Marks around the words of a snippet.
    marks: tuple[str, str] = ("[", "]")
