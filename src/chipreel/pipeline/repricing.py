"""Dollars of every stored sum anew, with another table of rates. The sums themselves stay as they were written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from chipreel.pipeline.rooms import Rooms
from chipreel.store.annotations import reprice_money
from chipreel.store.database import transaction
from chipreel.store.meta import get_meta, save_meta

#: Sums reckoned and written in one transaction.
BATCH = 1000
#: "version id": how far a reckoning with that table has come.
_PROGRESS = "rates"


def reprice(
    db: sqlite3.Connection, rooms: Rooms, version: str, *, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Reckon the dollars of all stored sums with the table of `rooms`; returns how many changed.

    `version` names the table: what an interrupted call with the same one has written is not done again.
    """
    named, _, place = (get_meta(db, _PROGRESS) or "").partition(" ")
    after, changed = int(place) if named == version and place else 0, 0
    while True:
        with transaction(db):
            last, more = reprice_money(db, after, rooms.to_usd, most=BATCH)
            save_meta(db, _PROGRESS, f"{version} {last}" if last != after else "")
        changed += more
        if last == after:
            return changed
        after = last
        progress(changed)
