"""Sources, what is remembered between visits, and every visit as a row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chipreel.errors import NotFoundError
from chipreel.model import FetchState, Source
from chipreel.store.rows import to_fetch_state, to_moment, to_text
from chipreel.text.addresses import host_of, registrable_domain

#: Key under which a run keeps the digest of the file that the table was brought to.
SOURCES_FILE = "sources_file"


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch as it is recorded."""

    source_id: str
    at: datetime
    #: new, nothing-new, unchanged, failed
    outcome: str
    ms: int
    status: int | None = None
    bytes: int = 0
    entries: int = 0
    new: int = 0
    revised: int = 0
    #: Why it failed, or why there was nothing.
    note: str | None = None


def publisher_of(source: Source) -> str:
    """Who corroborates: the declared publisher, else the registrable domain of the site or the address."""
    return source.publisher or registrable_domain(host_of(source.site or source.url)) or source.id


def sync_sources(db: sqlite3.Connection, sources: Iterable[Source]) -> None:
    """Bring the table to feeds.yaml. A source that left it stays, switched off: its articles are still its own.

    A new address forgets the validators of the old one.
    """
    ids = []
    for source in sources:
        ids.append(source.id)
        save_source(db, source)
    known = {row["id"] for row in db.execute("select id from sources where enabled = 1 and kind != 'import'")}
    for gone in sorted(known - set(ids)):
        db.execute("update sources set enabled = 0 where id = ?", (gone,))


def forget_sources(db: sqlite3.Connection) -> None:
    """Let the next run bring the table to feeds.yaml again, although it has not changed."""
    db.execute("delete from meta where key = ?", (SOURCES_FILE,))


def list_ids(db: sqlite3.Connection) -> set[str]:
    """The ids of all sources, followed or not."""
    return {row[0] for row in db.execute("select id from sources")}


def save_source(db: sqlite3.Connection, source: Source) -> None:
    """Add or change one source, keeping what is remembered of it."""
    old = db.execute("select url from sources where id = ?", (source.id,)).fetchone()
    values = (
        source.title,
        source.kind,
        source.url,
        source.site,
        source.language,
        source.role,
        json.dumps(list(source.companies)),
        publisher_of(source),
        int(source.enabled),
        source.note,
        source.id,
    )
    if old is None:
        db.execute(
            """insert into sources (title, kind, url, site, language, role, companies, publisher, enabled, note, id)
               values (?,?,?,?,?,?,?,?,?,?,?)""",
            values,
        )
        return
    db.execute(
        """update sources set title=?, kind=?, url=?, site=?, language=?, role=?, companies=?, publisher=?, enabled=?,
             note=? where id=?""",
        values,
    )
    if old["url"] != source.url:
        db.execute(
            """update sources set etag=null, last_modified=null, body_hash=null, moved_to=null, next_at=null, gone=0,
                 failures=0 where id=?""",
            (source.id,),
        )


def load_states(db: sqlite3.Connection) -> dict[str, FetchState]:
    """What is remembered of every source, by id."""
    return {row["id"]: to_fetch_state(row) for row in db.execute("select * from sources")}


def save_states(db: sqlite3.Connection, states: Iterable[FetchState]) -> None:
    """Keep what visits taught about their sources."""
    db.executemany(
        """update sources set etag=?, last_modified=?, body_hash=?, moved_to=?, next_at=?, last_good=?, failures=?,
             interval_s=?, conditional_run=? where id=?""",
        [
            (
                state.etag,
                state.last_modified,
                state.body_hash,
                state.moved_to,
                to_text(state.next_at),
                to_text(state.last_good),
                state.failures,
                state.interval_s,
                state.conditional_run,
                state.source_id,
            )
            for state in states
        ],
    )


def save_visits(db: sqlite3.Connection, visits: Sequence[Visit]) -> None:
    """Record visits."""
    db.executemany(
        """insert into fetches (source, at, outcome, status, ms, bytes, entries, new, revised, note)
           values (?,?,?,?,?,?,?,?,?,?)""",
        [
            (
                visit.source_id,
                to_text(visit.at),
                visit.outcome,
                visit.status,
                visit.ms,
                visit.bytes,
                visit.entries,
                visit.new,
                visit.revised,
                visit.note,
            )
            for visit in visits
        ],
    )
    news = [(to_text(visit.at), visit.source_id) for visit in visits if visit.new]
    db.executemany("update sources set last_new = ? where id = ?", news)


def save_health(db: sqlite3.Connection, source_id: str, health: str, note: str | None, now: datetime) -> None:
    """Keep how a source is: ok, degraded, silent, stale, moved, blocked, gone, paused, new."""
    db.execute(
        "update sources set health = ?, health_note = ?, judged_at = ? where id = ?",
        (health, note, to_text(now), source_id),
    )


def find_well_since(db: sqlite3.Connection, since: datetime, now: datetime) -> set[str]:
    """Ids of sources that were found plainly well after one moment and not after the other."""
    rows = db.execute(
        "select id from sources where health = 'ok' and health_note is null and judged_at > ? and judged_at <= ?",
        (to_text(since), to_text(now)),
    )
    return {row["id"] for row in rows}


def save_pause(db: sqlite3.Connection, source_id: str, *, paused: bool) -> None:
    """Pause or resume a source. What comes first after a pause is background, like a new source's past."""
    db.execute("update sources set paused = ?, next_at = null where id = ?", (int(paused), source_id))
    if not paused:
        db.execute(
            """update sources set gone = 0, failures = 0, etag = null, last_modified = null, body_hash = null,
                 last_good = null where id = ?""",
            (source_id,),
        )


def save_gone(db: sqlite3.Connection, source_id: str) -> None:
    """The server said 410: do not ask again."""
    db.execute("update sources set gone = 1 where id = ?", (source_id,))


def get_source(db: sqlite3.Connection, source_id: str) -> sqlite3.Row:
    """A row of sources. Raises NotFoundError."""
    row: sqlite3.Row | None = db.execute("select * from sources where id = ?", (source_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no source {source_id!r}; `chipreel sources` lists them")
    return row


def latest_published(db: sqlite3.Connection, source_id: str, limit: int) -> list[datetime]:
    """When the latest articles of a source were published, the newest arrival first; undated ones are left out."""
    rows = db.execute(
        """select published from articles where source = ? and published is not null order by id desc limit ?""",
        (source_id, limit),
    )
    return [moment for row in rows if (moment := to_moment(row["published"]))]


def list_sources(db: sqlite3.Connection, *, off: bool = False) -> list[dict[str, Any]]:
    """Every source with its health, those that need attention first; `off` = also those switched off."""
    order = ("blocked", "gone", "moved", "degraded", "stale", "silent", "paused", "new", "ok")
    rows = db.execute(
        """select s.id, s.title, s.kind, s.role, s.language, s.url, s.enabled, s.health, s.health_note, s.last_good,
             s.last_new, s.next_at, s.failures, count(a.id) as items, min(a.published) as oldest,
             (select min(b.reached) from backfills b where b.source = s.id) as walked_to,
             (select b.state from backfills b where b.source = s.id order by b.updated_at desc limit 1) as walk
           from sources s left join articles a on a.source = s.id
           where s.enabled = 1 or ? group by s.id order by s.id""",
        (off,),
    )
    rank = {name: number for number, name in enumerate(order)}
    return sorted((dict(row) for row in rows), key=lambda row: rank.get(row["health"], len(rank)))


def iter_visits(db: sqlite3.Connection, source_id: str, limit: int = 30) -> Iterable[sqlite3.Row]:
    """The latest visits to a source, newest first."""
    return db.execute("select * from fetches where source = ? order by id desc limit ?", (source_id, limit))
