"""What the search for unknown names looks at."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from chipreel.store.rows import to_text
from chipreel.tag.unknown import Seen


def iter_seen(db: sqlite3.Connection, since: datetime) -> Iterator[Seen]:
    """Relevant articles that name a tracked company, with every surface the tagger knows in them."""
    rows = db.execute(
        """select id, title, text, companies from articles
           where relevant = 1 and companies != '[]' and first_seen >= ? order by id""",
        (to_text(since),),
    ).fetchall()
    for row in rows:
        surfaces = db.execute("select evidence from mentions where article = ?", (row["id"],))
        known = frozenset(place["surface"] for one in surfaces for place in json.loads(one["evidence"]))
        yield Seen(row["title"] or "", row["text"] or "", known, tuple(json.loads(row["companies"])))
