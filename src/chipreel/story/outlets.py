"""Who reports a story on their own: mirrors of one owner and copies of one text count once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chipreel.model.story import Outlet, Reporter, StoryItem
from chipreel.story.comparison import COPY_SHARE
from chipreel.story.fingerprint import TITLE_LENGTH, sketch
from chipreel.text.addresses import host_of, registrable_domain
from chipreel.text.fold import fold
from chipreel.text.script import has_han
from chipreel.text.titles import title_key

#: A title of so many code points is not written twice by chance; Chinese says more with fewer.
_OWN_TITLE, _OWN_TITLE_HAN = 32, 14


def find_outlets(items: Sequence[StoryItem]) -> tuple[Outlet, ...]:
    """One outlet for each publisher, by its first report of its own (else its first copy), oldest first."""
    seen = _Seen()
    found: dict[str, Outlet] = {}
    publishers = {item.id: publisher_of(item) for item in items}
    several = len(set(publishers.values())) > 1
    for item in sorted(items, key=story_order):
        publisher = publishers[item.id]
        # Most stories have one publisher, who copies nobody: then no text is looked at.
        copy = several and seen.is_copy(item, publisher)
        if publisher not in found or (found[publisher].is_copy and not copy):
            found[publisher] = Outlet(publisher, item.source, item.id, moment_of(item), item.lang, item.url, copy)
    return tuple(sorted(found.values(), key=lambda outlet: (_or_last(outlet.at), outlet.item)))


def count_independent(outlets: Iterable[Outlet]) -> int:
    """Publishers that report on their own."""
    return sum(not outlet.is_copy for outlet in outlets)


def publisher_of(item: StoryItem | Reporter) -> str:
    """Who answers for an article: its owner, else the domain of its address, else the source, else itself."""
    if item.publisher:
        return item.publisher
    host = host_of(item.url)
    if host:
        return registrable_domain(host)
    return item.source or (item.id if isinstance(item, StoryItem) else "")


def moment_of(item: StoryItem) -> datetime | None:
    """When it was published, else when chipreel first met it."""
    return item.published or item.first_seen


def story_order(item: StoryItem) -> tuple[float, str]:
    """Oldest first, undated last, then by id."""
    return (_or_last(moment_of(item)), item.id)


def _or_last(moment: datetime | None) -> float:
    return moment.timestamp() if moment else float("inf")


class _Seen:
    """What earlier reports said: the address, the title, the text of each."""

    def __init__(self) -> None:
        self._urls: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._sketches: list[tuple[frozenset[str], str]] = []

    def is_copy(self, item: StoryItem, publisher: str) -> bool:
        """Whether an earlier report of another publisher has its address, its long title or its text; notes it too."""
        mine, key = _sketch(item), title_key((item.title or "")[:TITLE_LENGTH])
        copy = self._is_known(item, publisher, mine, key)
        if item.url:
            self._urls.setdefault(item.url, publisher)
        self._titles.setdefault(key, publisher)
        self._sketches.append((mine, publisher))
        return copy

    def _is_known(self, item: StoryItem, publisher: str, mine: frozenset[str], key: str) -> bool:
        if item.url and self._urls.get(item.url, publisher) != publisher:
            return True
        for other, owner in self._sketches:
            if owner != publisher and mine and other and len(mine & other) >= COPY_SHARE * min(len(mine), len(other)):
                return True
        long = len(key) >= (_OWN_TITLE_HAN if has_han(key) else _OWN_TITLE)
        return long and self._titles.get(key, publisher) != publisher


def _sketch(item: StoryItem) -> frozenset[str]:
    return frozenset(sketch(fold(item.lead))) if item.lead else frozenset()
