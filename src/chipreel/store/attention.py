"""How many articles a day are about each company."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from chipreel.store.rows import to_text


def load_attention(db: sqlite3.Connection, since: datetime, until: datetime) -> tuple[tuple[str, date, int], ...]:
    """(company, day in UTC, articles that are about it), by the day they were published, else first met."""
    rows = db.execute(
        """select m.company, substr(min(coalesce(a.published, a.first_seen), a.first_seen), 1, 10) as day,
             count(*) as number
           -- In this order: by itself SQLite walks through every mention there ever was.
           from articles a indexed by articles_relevant
             cross join mentions m on m.article = a.id and m.company is not null and m.is_primary = 1
           where a.relevant = 1 and a.first_seen >= :since
             and min(coalesce(a.published, a.first_seen), a.first_seen) >= :since
             and min(coalesce(a.published, a.first_seen), a.first_seen) < :until
           group by 1, 2""",
        {"since": to_text(since), "until": to_text(until)},
    )
    return tuple((row["company"], date.fromisoformat(row["day"]), row["number"]) for row in rows)
