"""Grouping what is stored anew: the difference first, then, when wanted, the writing. Stories keep their ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chipreel.pipeline.grouping import refresh_stories
from chipreel.pipeline.rooms import Rooms
from chipreel.store import fixes, stories
from chipreel.store.database import transaction


@dataclass(frozen=True, slots=True)
class Move:
    """An article that another story fits better."""

    article: int
    title: str
    before: str | None
    #: "new" for a story that is to be born.
    after: str


def restory(db: sqlite3.Connection, rooms: Rooms, since: datetime, now: datetime, *, apply: bool) -> list[Move]:
    """Cluster every relevant article first seen since a moment, as one batch; what moves where.

    Splits and merges by a person hold.
    """
    from chipreel.story import cluster, keep_names

    ids = stories.relevant_since(db, since)
    items = stories.load_story_items(db, ids)
    old = {item.id: story for item in items if (story := stories.story_of(db, int(item.id)))}
    clusters = _with_fixes(db, cluster(items, rooms.knowledge))
    names = keep_names(old, clusters).kept
    after = {item.id: names.get(clusters[item.id], "new") for item in items}
    titles = {item.id: item.title or "" for item in items}
    moves = [Move(int(key), titles[key], old.get(key), after[key]) for key in after if old.get(key) != after[key]]
    if apply and moves:
        with transaction(db):
            _write(db, clusters, after, now)
    return moves


def _write(db: sqlite3.Connection, clusters: Mapping[str, str], after: Mapping[str, str], now: datetime) -> None:
    born: dict[str, int] = {}
    touched = set()
    for key, name in after.items():
        if name == "new":
            cluster = clusters[key]
            if cluster not in born:
                born[cluster] = stories.create_story(db, now)
            number = born[cluster]
        else:
            number = stories.story_number(name)
        left = stories.save_membership(db, int(key), number)
        touched |= {number} | ({left} if left else set())
    refresh_stories(db, touched)


def _with_fixes(db: sqlite3.Connection, clusters: dict[str, str]) -> dict[str, str]:
    """The clusters as a person corrected them: a split article stands alone, members of merged stories together."""
    members: dict[int, set[str]] = {}
    for row in fixes.grouping_fixes(db):
        if row["kind"] == "split":
            key = str(row["article"])
            if key in clusters:
                clusters[key] = f"split {key}"
            continue
        for number in (row["story"], row["other_story"]):
            found = stories.members(db, stories.find_story(db, number))
            members.setdefault(row["story"], set()).update(str(article) for article in found)
    for number, keys in members.items():
        for key in keys & set(clusters):
            clusters[key] = f"merged {number}"
    return clusters
