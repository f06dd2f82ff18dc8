"""Old articles → tombstones; their stories told anew by what is left of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chipreel.pipeline.grouping import refresh_stories
from chipreel.store import articles, retention
from chipreel.store.database import transaction

#: Articles deleted in one transaction.
BATCH = 200
#: Nothing is kept longer: a span beyond is a slip of the pen, and days beyond it are not told apart.
LONGEST = timedelta(days=200 * 366)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning took away."""

    articles: int
    #: Stories without any article left.
    stories: int
    visits: int


def prune(
    db: sqlite3.Connection, before: datetime, now: datetime, *, progress: Callable[[int], None] = lambda _: None
) -> Pruned:
    """Delete every article that was first seen before a moment; none of them comes back. Twice is once.

    Digests and deliveries stay: they hold what they told. What a killed run left is deleted by the next.
    """
    count = stories = 0
    while batch := retention.list_older(db, before, BATCH):
        with transaction(db):
            touched = retention.stories_of(db, batch)
            for article in batch:
                articles.delete_article(db, article, now)
            stories += retention.drop_empty_stories(db, touched)
            refresh_stories(db, touched)
        count += len(batch)
        progress(count)
    with transaction(db):
        visits = retention.drop_visits(db, before)
    return Pruned(count, stories, visits)
