"""Where a walk through a source's past is, and where it goes next. Pure: it asks, stores and decides nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chipreel.fetch.kinds import Past, Seek
from chipreel.model import Item

#: Most pages of one leg: a server that always has another one must not hold us for ever.
MAX_PAGES = 5000
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_/]?(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk is: the pages it still has before it, the current one first."""

    ahead: tuple[Seek, ...]
    #: How many legs there were in all, for the estimate.
    legs: int
    #: Digest of the ids of the page before, to notice a server that gives the same page under every number.
    tail: str = ""
    #: How many chunks of the current page are done.
    chunk: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be asked."""
        return not self.ahead


@dataclass(frozen=True, slots=True)
class Page:
    """What an answer means for the walk."""

    items: Sequence[Item]
    cursor: str | None = None
    children: Sequence[str] = field(default=())


def start(past: Past, legs: tuple[Seek, ...]) -> Place:
    """The beginning of a walk."""
    del past
    return Place(legs, len(legs))


def after_chunk(place: Place) -> Place:
    """One more chunk of the current page is taken in."""
    return replace(place, chunk=place.chunk + 1)


def after_page(place: Place, past: Past, page: Page) -> Place:
    """The current page is done: its parts come next, then its leg goes on, or the next one begins."""
    here, *rest = place.ahead
    parts = tuple(
        replace(here, place=url, page=1, cursor=None) for url in page.children if not _is_older(url, here.since)
    )
    tail = _digest(page.items)
    next_page = () if parts or tail == place.tail else _next(here, past, page)
    return Place((*parts, *next_page, *rest), place.legs + len(parts), tail if next_page else "")


def after_end(place: Place) -> Place:
    """The server says that there is no such page: the leg is done."""
    return Place(place.ahead[1:], place.legs)


def _next(here: Seek, past: Past, page: Page) -> tuple[Seek, ...]:
    if past.paging == "once" or here.page >= MAX_PAGES or _is_before(page.items, here.since):
        return ()
    is_named = page.cursor is not None and page.cursor != here.cursor
    goes_on = is_named if past.paging == "cursor" else bool(page.items)
    return (replace(here, page=here.page + 1, cursor=page.cursor),) if goes_on else ()


def _is_before(items: Sequence[Item], since: datetime | None) -> bool:
    """Whether a page is older than the span throughout; one pinned old post does not end a walk."""
    dated = [item.published for item in items if item.published]
    return since is not None and bool(dated) and max(dated) < since


def _is_older(url: str, since: datetime | None) -> bool:
    """Whether the address of a sitemap names a month before the span; what is listed there cannot be in it."""
    months = [int(year) * 12 + int(month) for year, month in _MONTH.findall(url)]
    return since is not None and bool(months) and max(months) < since.year * 12 + since.month


def _digest(items: Sequence[Item]) -> str:
    joined = "\n".join(item.id for item in items)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:16] if items else ""


def to_json(place: Place) -> dict[str, Any]:
    """The place as it is remembered."""
    ahead = [[s.page, s.cursor, _text(s.since), _text(s.until), s.part, s.place] for s in place.ahead]
    return {"ahead": ahead, "legs": place.legs, "tail": place.tail, "chunk": place.chunk}


def from_json(raw: Mapping[str, Any] | None) -> Place | None:
    """A remembered place; None = the walk has not begun."""
    if not raw:
        return None
    ahead = tuple(Seek(s[0], s[1], _moment(s[2]), _moment(s[3]), s[4], s[5]) for s in raw["ahead"])
    return Place(ahead, raw["legs"], raw["tail"], raw["chunk"])


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
