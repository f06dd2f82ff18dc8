"""What a profile has not been given yet, story by story."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chipreel.model.digest import Candidate, DigestArticle, Said, SourceTrouble, Sum
from chipreel.store.digests import Reach
from chipreel.store.rows import to_moment, to_text


def reach_before(db: sqlite3.Connection, moment: datetime) -> Reach:
    """The reach of everything that was there before a moment."""
    first = db.execute("select min(id) from articles where first_seen >= ?", (to_text(moment),)).fetchone()[0]
    revision = db.execute("select min(id) from revisions where at >= ?", (to_text(moment),)).fetchone()[0]
    newest = db.execute(
        "select (select coalesce(max(id), 0) from articles), (select coalesce(max(id), 0) from revisions)"
    ).fetchone()
    return Reach(newest[0] if first is None else first - 1, newest[1] if revision is None else revision - 1)


def load_candidates(db: sqlite3.Connection, profile: str, after: Reach, upto: Reach) -> list[Candidate]:
    """Stories with articles after one reach and up to another, each with all its articles that belong.

    Background and what is not relevant is left out. A story that this profile was given before is an update.
    """
    new = {
        row["id"]: row["story"]
        for row in db.execute(
            """select id, story from articles where relevant = 1 and background = 0 and story is not null
               and id > ? and id <= ?""",
            (after.article, upto.article),
        )
    }
    revised = {
        row["id"]: row["story"]
        for row in db.execute(
            """select distinct a.id, a.story from revisions r join articles a on a.id = r.article
               where r.id > ? and r.id <= ? and a.relevant = 1 and a.background = 0 and a.story is not null
                 and a.id <= ?""",
            (after.revision, upto.revision, after.article),
        )
    }
    numbers = sorted(set(new.values()) | set(revised.values()))
    given = _given(db, profile, numbers)
    return [
        _candidate(db, number, _articles(db, number, upto, set(new), set(revised)), given.get(number))
        for number in numbers
    ]


def load_window_candidates(db: sqlite3.Connection, since: datetime, until: datetime) -> list[Candidate]:
    """Stories with articles first seen in a window of the past, as if nothing had been delivered."""
    rows = db.execute(
        """select id, story from articles where relevant = 1 and background = 0 and story is not null
           and first_seen >= ? and first_seen < ?""",
        (to_text(since), to_text(until)),
    ).fetchall()
    upto = Reach(max((row["id"] for row in rows), default=0), 0)
    new = {row["id"] for row in rows}
    return [
        _candidate(db, number, _articles(db, number, upto, new, set()), None)
        for number in sorted({row["story"] for row in rows})
    ]


def load_troubles(db: sqlite3.Connection) -> tuple[SourceTrouble, ...]:
    """Sources in use that are not well, the worst kinds first."""
    rows = db.execute(
        """select id, title, health, health_note, last_good from sources
           where enabled = 1 and paused = 0 and health not in ('ok', 'new') order by health, id"""
    )
    return tuple(
        SourceTrouble(row["id"], row["title"], row["health"], row["health_note"], to_moment(row["last_good"]))
        for row in rows
    )


def load_names(db: sqlite3.Connection) -> tuple[tuple[str, str, str], ...]:
    """(id, English name, Chinese name) of every company."""
    return tuple((row["id"], row["name"], row["name_zh"]) for row in db.execute("select * from companies order by id"))


def _given(db: sqlite3.Connection, profile: str, numbers: Iterable[int]) -> dict[int, tuple[datetime | None, set[int]]]:
    """When each story was last given to a profile, and which of its articles were."""
    given: dict[int, tuple[datetime | None, set[int]]] = {}
    for number in numbers:
        rows = db.execute(
            """select g.made_at, e.articles from digest_entries e join digests g on g.id = e.digest
               where e.story = ? and g.profile = ? order by g.id""",
            (number, profile),
        ).fetchall()
        if rows:
            given[number] = (to_moment(rows[-1]["made_at"]), {n for row in rows for n in json.loads(row["articles"])})
    return given


def _candidate(
    db: sqlite3.Connection,
    number: int,
    articles: list[DigestArticle],
    given: tuple[datetime | None, set[int]] | None,
) -> Candidate:
    ids = [article.id for article in articles]
    before = {article.publisher for article in articles if given and article.id in given[1]}
    return Candidate(
        story=f"s{number}",
        state="update" if given else "new",
        articles=tuple(articles),
        said=_said(db, ids),
        sums=_sums(db, ids),
        outlets_before=len(before),
        delivered_at=given[0] if given else None,
    )


def _articles(
    db: sqlite3.Connection, number: int, upto: Reach, new: set[int], revised: set[int]
) -> list[DigestArticle]:
    rows = db.execute(
        """select a.*, s.title as source_title, s.publisher, s.role from articles a join sources s on s.id = a.source
           where a.story = ? and a.relevant = 1 and a.id <= ? order by a.id""",
        (number, upto.article),
    )
    return [replace(_article(db, row), is_new=row["id"] in new, is_revised=row["id"] in revised) for row in rows]


def _article(db: sqlite3.Connection, row: sqlite3.Row) -> DigestArticle:
    primary = db.execute(
        """select company from mentions where article = ? and company is not null and is_primary = 1
           order by score desc, company""",
        (row["id"],),
    )
    return DigestArticle(
        id=row["id"],
        title=row["title"] or (row["text"] or "")[:80],
        url=row["url"],
        source_id=row["source"],
        source_title=row["via"] or row["source_title"],
        publisher=row["publisher"],
        role=row["role"],
        lang=row["lang"],
        published=to_moment(row["published"]),
        first_seen=to_moment(row["first_seen"]) or datetime.min,  # noqa: DTZ901 - first_seen is never null
        kind=row["kind"],
        author=row["author"],
        text=(row["text"] or "")[:4000] or None,
        relevance=row["relevance"],
        companies=tuple(json.loads(row["companies"])),
        primary=tuple(one["company"] for one in primary),
        beats=tuple(json.loads(row["beats"])),
        topics=tuple(json.loads(row["topics"])),
    )


def _said(db: sqlite3.Connection, articles: list[int]) -> tuple[Said, ...]:
    marks = ",".join("?" * len(articles))
    rows = db.execute(
        f"""select q.text, q.speaker, coalesce(q.person, q.company) as speaker_id, min(q.article) as article, a.url,
              count(distinct s.publisher) as outlets
            from quotes q join articles a on a.id = q.article join sources s on s.id = a.source
            where q.article in ({marks}) and q.kind = 'direct' and q.speaker is not null
            group by q.key order by outlets desc, q.person is null, length(q.text) desc, q.id""",  # noqa: S608
        articles,
    )
    return tuple(Said(r["text"], r["speaker"], r["speaker_id"], r["outlets"], r["article"], r["url"]) for r in rows)


def _sums(db: sqlite3.Connection, articles: list[int]) -> tuple[Sum, ...]:
    marks = ",".join("?" * len(articles))
    rows = db.execute(
        f"""select m.surface, m.usd, coalesce(m.company, m.person) as owner, m.role, min(m.article) as article, a.url,
              count(distinct s.publisher) as outlets
            from money m join articles a on a.id = m.article join sources s on s.id = a.source
            where m.article in ({marks})
            group by m.amount, m.currency order by m.usd is null, m.usd desc, m.id""",  # noqa: S608
        articles,
    )
    return tuple(Sum(r["surface"], r["usd"], r["owner"], r["role"], r["outlets"], r["article"], r["url"]) for r in rows)
