"""Articles without a story → stories."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from chipreel.model.story import WINDOW_DAYS
from chipreel.pipeline.rooms import Rooms
from chipreel.store import stories
from chipreel.store.database import transaction
from chipreel.store.fingerprints import find_fingerprint, load_fingerprints, load_window, save_fingerprint
from chipreel.store.meta import READERS_LANGUAGE, get_meta

if TYPE_CHECKING:
    from chipreel.model.story import StoryItem
    from chipreel.story import Fingerprint, StoryIndex

_T = TypeVar("_T")
#: Articles grouped in one transaction.
BATCH = 500
#: The same while a run goes on, so that its other work does not wait long.
SOME = 250
#: Stories whose articles are looked up at once when they are told, and articles that are read at once: 3 KB each.
LOOKED_UP_TOGETHER, READ_TOGETHER = 50, 500
#: Articles that a story is told by. A story of months has thousands, and each one more would cost more than the last.
MOST_TOLD = 100
#: Most articles of the past that new ones are compared with.
WINDOW_ARTICLES = 20_000


def group_new(
    db: sqlite3.Connection, rooms: Rooms, now: datetime, *, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Give every relevant article without a story one; returns how many there were. Twice is once.

    What a killed run left ungrouped is grouped by the next.
    """
    return Grouper(db, rooms, now).group_waiting(progress=progress)


class Grouper:
    """Gives new articles their stories. What it has read of the window serves it again and again.

    A story that grows while a run goes on is told anew at its end: telling it with every batch that adds to it was a
    twelfth of a first run. Which ones wait for that is stored, so that a run that is killed leaves it to the next.
    """

    def __init__(self, db: sqlite3.Connection, rooms: Rooms, now: datetime) -> None:
        self._db, self._rooms, self._now = db, rooms, now
        self._memory = Memory(db, rooms)
        self._index: StoryIndex | None = None
        self._untold = stories.load_untold(db)

    def group_some(self) -> int:
        """Group a few of the articles that wait, if there are so many; how many were grouped."""
        waiting = self._waiting()
        return self._group_all(waiting[:SOME], lambda _: None) if len(waiting) >= SOME else 0

    def group_waiting(self, *, progress: Callable[[int], None] = lambda _: None) -> int:
        """Group the articles that wait and tell what has grown; how many were grouped. Articles of the past wait on."""
        grouped = self._group_all(self._waiting(), progress)
        for chunk in _chunks(sorted(self._untold)):
            with transaction(self._db):
                refresh_stories(self._db, set(chunk))
                self._leave_untold(self._untold.difference(chunk))
        return grouped

    def _waiting(self) -> list[int]:
        return stories.list_ungrouped(self._db, self._now - timedelta(days=WINDOW_DAYS + 1))

    def _group_all(self, waiting: list[int], progress: Callable[[int], None]) -> int:
        if not waiting:
            return 0
        index = self._index = self._index or self._remembered()
        for low in range(0, len(waiting), BATCH):
            batch = waiting[low : low + BATCH]
            with transaction(self._db):
                born, grown = place(self._db, index, self._memory.load(batch), self._now)
                refresh_stories(self._db, born)
                self._leave_untold(self._untold | grown)
            progress(min(low + BATCH, len(waiting)))
        return len(waiting)

    def _leave_untold(self, numbers: set[int]) -> None:
        """Note which stories have grown since they were told, in the transaction that is open."""
        if numbers != self._untold:
            stories.save_untold(self._db, numbers)
            self._untold = numbers

    def _remembered(self) -> StoryIndex:
        """The articles of the window with their stories."""
        from chipreel.story import StoryIndex

        index = StoryIndex(self._rooms.knowledge, recall=self._memory.recall)
        since = self._now - timedelta(days=WINDOW_DAYS + 1)
        for chunk in _chunks(load_window(self._db, since, WINDOW_ARTICLES)):
            with transaction(self._db):
                prints = self._memory.load([id for id, _ in chunk])
            for (_, story), fingerprint in zip(chunk, prints, strict=True):
                index.add(fingerprint, story)
        return index


def refresh_stories(db: sqlite3.Connection, numbers: set[int]) -> None:
    """Tell anew what each of these stories is as a whole, in the caller's transaction.

    Headlines are chosen in the reader's language where there is one in it.
    """
    from chipreel.story import describe, extend

    lang = get_meta(db, READERS_LANGUAGE)
    for chunk in _chunks(sorted(numbers), LOOKED_UP_TOGETHER):
        members = stories.load_members(db, chunk)
        for number in chunk:
            if number not in members:
                stories.save_empty(db, number)
        for portion in _portions({number: _telling(ids) for number, ids in members.items()}):
            articles = [id for ids in portion.values() for id in ids]
            items = {int(item.id): item for item in stories.load_story_items(db, articles)}
            for number, read in portion.items():
                whole = members[number]
                described = describe(f"s{number}", [items[id] for id in read], lang)
                if len(read) < len(whole):
                    described = extend(described, [str(id) for id in whole], stories.load_reporters(db, number))
                stories.save_story(db, number, described)


def _portions(read: dict[int, Sequence[int]]) -> Iterator[dict[int, Sequence[int]]]:
    """Stories with the articles they are told by, as many at a time as may be in memory together."""
    portion: dict[int, Sequence[int]] = {}
    held = 0
    for number, articles in read.items():
        if portion and held + len(articles) > READ_TOGETHER:
            yield portion
            portion, held = {}, 0
        portion[number] = articles
        held += len(articles)
    if portion:
        yield portion


def _telling(members: Sequence[int]) -> Sequence[int]:
    """The articles that tell a story: all of them, or the first and the newest."""
    return members if len(members) <= MOST_TOLD else [members[0], *members[1 - MOST_TOLD :]]


class Memory:
    """Fingerprints as the store keeps them; one that was made with other tables is made anew.

    20,000 of them cost .1 s stored and 3 s made anew.
    """

    def __init__(self, db: sqlite3.Connection, rooms: Rooms) -> None:
        self._db, self._rooms = db, rooms

    def recall(self, id: str) -> Fingerprint:
        """The fingerprint of one article. Raises KeyError where there is no such article."""
        from chipreel.story import unpack_fingerprint

        packed = find_fingerprint(self._db, int(id))
        found = unpack_fingerprint(id, packed, self._rooms.knowledge.version) if packed else None
        return found or next(iter(self._make([int(id)]).values()))

    def load(self, articles: Sequence[int]) -> list[Fingerprint]:
        """Fingerprints in the order of `articles`; those that had to be made are kept, in the caller's transaction."""
        from chipreel.story import pack_fingerprint, unpack_fingerprint

        packed = load_fingerprints(self._db, articles)
        found = {id: unpack_fingerprint(str(id), line, self._rooms.knowledge.version) for id, line in packed.items()}
        made = self._make([id for id in articles if not found.get(id)])
        for id, fingerprint in made.items():
            save_fingerprint(self._db, id, pack_fingerprint(fingerprint, self._rooms.knowledge.version))
        return [kept for id in articles if (kept := found.get(id) or made.get(id))]

    def _make(self, articles: Sequence[int]) -> dict[int, Fingerprint]:
        return {
            int(item.id): self._rooms.fingerprint_maker.make(item)
            for item in stories.load_story_items(self._db, articles)
        }


def place(
    db: sqlite3.Connection, index: StoryIndex, articles: Sequence[Fingerprint | StoryItem], now: datetime
) -> tuple[set[int], set[int]]:
    """Put a batch into the stories of an index, in the caller's transaction; which stories are new, which changed.

    Articles of earlier batches come back when their story became part of another.
    """
    born: set[int] = set()

    def name(_: str) -> str:
        born.add(number := stories.create_story(db, now))
        return f"s{number}"

    grown = set()
    for assignment in index.assign(articles, name):
        article, number = int(assignment.item), stories.story_number(assignment.story)
        left = stories.save_membership(db, article, number)
        if left is not None and left != number and not stories.members(db, left):
            stories.save_merge(db, left, number)
        grown.add(number)
    return born, grown - born


def _chunks(values: Sequence[_T], size: int = BATCH) -> Iterator[Sequence[_T]]:
    return (values[low : low + size] for low in range(0, len(values), size))
