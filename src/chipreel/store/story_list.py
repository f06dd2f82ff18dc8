"""Stories as they are listed and told: headline, who reports it, when, in which language."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from chipreel.store.filters import TIME, find_id
from chipreel.store.rows import to_text


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story in a list."""

    #: "s12"
    id: str
    headline: str
    lang: str | None
    first_seen: str
    last_seen: str
    #: When its newest article was published.
    newest: str
    articles: int
    #: Independent publishers.
    outlets: int
    languages: tuple[str, ...]
    companies: tuple[str, ...]
    beats: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One article of a story."""

    id: int
    title: str | None
    url: str | None
    at: str
    published: str | None
    first_seen: str
    lang: str | None
    kind: str
    role: str
    source: str
    source_title: str
    author: str | None
    #: True = its publisher's first report.
    is_first: bool
    #: The beginning of its text.
    lead: str


@dataclass(frozen=True, slots=True)
class StoriesWanted:
    """Which stories."""

    company: str | None = None
    beat: str | None = None
    since: datetime | None = None
    #: "date": the newest first; "outlets": those that most publishers report first.
    sort: str = "date"
    limit: int = 30


_LINES = f"""select *, coalesce((select max({TIME}) from articles a where a.story = stories.id), last_seen) as newest
    from stories"""  # noqa: S608


def load_story_list(db: sqlite3.Connection, wanted: StoriesWanted) -> list[StoryLine]:
    """Stories that stand, in the order wanted."""
    tests = ["merged_into is null", "articles > 0"]
    values: dict[str, object] = {}
    if wanted.since is not None:
        tests.append("last_seen >= :since and newest >= :since")
        values["since"] = to_text(wanted.since) or ""
    for field, column in (("company", "companies"), ("beat", "beats")):
        given = getattr(wanted, field)
        if given is not None:
            tests.append(f"instr({column}, :{field})")
            values[field] = json.dumps(find_id(db, field, given) or given if field == "company" else given)
    where = " and ".join(tests)
    if wanted.sort == "outlets":
        sql = f"{_LINES} where {where} order by outlets desc, articles desc, newest desc limit :limit"
    else:
        # Which are the newest is worked out for those only that the index says were last heard of.
        recent = f"{_LINES} where {where} order by last_seen desc limit :recent"
        sql = f"select * from ({recent}) order by newest desc, id desc limit :limit"  # noqa: S608
    limits = {"limit": wanted.limit or -1, "recent": wanted.limit * 3 + 100 if wanted.limit else -1}
    return [_line(row) for row in db.execute(sql, values | limits)]


def find_story_line(db: sqlite3.Connection, number: int) -> StoryLine | None:
    """One story as a line; None when there is none of that number."""
    row = db.execute(f"{_LINES} where id = ?", (number,)).fetchone()
    return None if row is None else _line(row)


def load_reports(db: sqlite3.Connection, number: int) -> list[Report]:
    """The articles of a story, the earliest first."""
    rows = db.execute(
        f"""select a.id, a.title, a.url, {TIME} as at, a.published, a.first_seen, a.lang, a.kind, a.author, a.source,
              coalesce(a.via, s.title) as source_title, s.role, s.publisher, substr(a.text, 1, 300) as lead
            from articles a join sources s on s.id = a.source where a.story = ? order by at, a.id""",  # noqa: S608
        (number,),
    )
    seen: set[str] = set()
    reports = []
    for row in rows:
        reports.append(_report(row, is_first=row["publisher"] not in seen))
        seen.add(row["publisher"])
    return reports


def _line(row: sqlite3.Row) -> StoryLine:
    return StoryLine(
        id=f"s{row['id']}",
        headline=row["headline"] or "—",
        lang=row["lang"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        newest=row["newest"],
        articles=row["articles"],
        outlets=row["outlets"],
        languages=tuple(json.loads(row["languages"])),
        companies=tuple(json.loads(row["companies"])),
        beats=tuple(json.loads(row["beats"])),
        topics=tuple(json.loads(row["topics"])),
    )


def _report(row: sqlite3.Row, *, is_first: bool) -> Report:
    return Report(
        id=row["id"],
        title=row["title"],
        url=row["url"],
        at=row["at"],
        published=row["published"],
        first_seen=row["first_seen"],
        lang=row["lang"],
        kind=row["kind"],
        role=row["role"],
        source=row["source"],
        source_title=row["source_title"],
        author=row["author"],
        is_first=is_first,
        lead=" ".join((row["lead"] or "").split()),
    )
