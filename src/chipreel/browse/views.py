"""What each page shows, read in one go on one of Datasette's connections. No markup here."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from chipreel.browse import charts
from chipreel.browse.words import word
from chipreel.model.profile import SavedSearch
from chipreel.store.facts import QuotesWanted, load_quotes
from chipreel.store.figures import Figure, MoneyWanted, load_figures
from chipreel.store.filters import TIME
from chipreel.store.months import MonthTrends, load_months, oldest
from chipreel.store.search import SearchOptions, search
from chipreel.store.story_list import StoriesWanted, find_story_line, load_reports, load_story_list
from chipreel.store.trends import latest, load_trends
from chipreel.text.fold import fold
from chipreel.text.query import Filter, Query, Term, match_expression, parse_query

#: What a page found, by the names that its template uses; None = there is no such thing.
View = dict[str, Any] | None
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """One request, as the views need it."""

    db: sqlite3.Connection
    now: datetime
    zone: tzinfo
    lang: str
    searches: tuple[SavedSearch, ...] = ()


def home(reading: Reading) -> View:
    """The day: stories, share of voice, sums, quotes, and sources that need attention."""
    db = reading.db
    until = latest(db, reading.now)
    trends = load_trends(db, until)
    names = load_names(reading)
    shown = [names.get(one.company, one.company) for one in trends.companies]
    return {
        "until": until,
        "stories": _stories_of_the_day(db, until),
        "trends": trends.companies[:8],
        "chart": charts.stacked(trends, shown, word(reading.lang, "others")) if trends.companies else None,
        "figures": _told(load_figures(db, MoneyWanted(since=until - timedelta(days=7), limit=100)))[:8],
        "quotes": [
            one
            for one in load_quotes(db, QuotesWanted(since=until - timedelta(days=7), limit=60, indirect=False))
            if one.person or one.company
        ][:6],
        "troubles": _troubles(db),
        "is_empty": db.execute("select 1 from articles limit 1").fetchone() is None,
        "searches": reading.searches,
    }


def story(reading: Reading, number: int) -> View:
    """A story: its timeline, what was said and which sums, the first words of each source."""
    row = reading.db.execute("select coalesce(merged_into, id) as id from stories where id = ?", (number,)).fetchone()
    line = find_story_line(reading.db, row["id"]) if row else None
    if row is None or line is None:
        return None
    reports = load_reports(reading.db, row["id"])
    return {
        "story": line,
        "reports": reports,
        "first": reports[0] if reports else None,
        "quotes": load_quotes(reading.db, QuotesWanted(story=row["id"], limit=0)),
        "figures": load_figures(reading.db, MoneyWanted(story=row["id"], limit=0)),
    }


def company(reading: Reading, number: str) -> View:
    """A company: latest stories, its sums, what it said and what was said about it, its trend."""
    db = reading.db
    row = db.execute("select * from companies where id = ?", (number,)).fetchone()
    if row is None:
        return None
    until = latest(db, reading.now)
    trends = load_trends(db, until)
    own = QuotesWanted(by=number, limit=40)
    return {
        "company": dict(row),
        "stories": load_story_list(db, StoriesWanted(company=number, limit=15)),
        "figures": load_figures(db, MoneyWanted(company=number, limit=40)),
        "by": _said_for(db, number, own),
        "about": load_quotes(db, QuotesWanted(about=number, limit=25))[:10],
        "trend": next((one for one in trends.companies if one.company == number), None),
        "chart": charts.columns(trends, number),
        "months": charts.by_month(_years(db, until), number, word(reading.lang, "unseen")),
        "people": _rows(db, "select * from people where company = ? order by name", number),
        "products": _rows(db, "select * from products where company = ? order by name limit 60", number),
    }


def _years(db: sqlite3.Connection, until: datetime) -> MonthTrends:
    """Every month from the oldest article on, five years at most."""
    since = max(oldest(db) or until, until - timedelta(days=5 * 365))
    return load_months(db, min(since, until), until)


def person(reading: Reading, number: str) -> View:
    """A person: what they said, and the articles that name them."""
    row = reading.db.execute("select * from people where id = ?", (number,)).fetchone()
    if row is None:
        return None
    named = Query(filters=(Filter("person", number),))
    return {
        "person": dict(row),
        "quotes": load_quotes(reading.db, QuotesWanted(by=number, limit=60)),
        "figures": load_figures(reading.db, MoneyWanted(person=number, limit=20)),
        "hits": search(reading.db, named, SearchOptions(reading.now, reading.zone)),
    }


def source(reading: Reading, number: str) -> View:
    """A source: how it is, its last visits, its latest articles."""
    row = reading.db.execute("select * from sources where id = ?", (number,)).fetchone()
    if row is None:
        return None
    carried = Query(filters=(Filter("source", number),))
    return {
        "source": dict(row),
        "visits": _rows(reading.db, "select * from fetches where source = ? order by id desc limit 20", number),
        "hits": search(reading.db, carried, SearchOptions(reading.now, reading.zone)),
    }


def article(reading: Reading, number: int) -> View:
    """An article with everything that was found in it."""
    db = reading.db
    row = db.execute(
        f"""select a.*, {TIME} as at, coalesce(a.via, s.title) as source_title, t.headline from articles a
            join sources s on s.id = a.source left join stories t on t.id = a.story where a.id = ?""",  # noqa: S608
        (number,),
    ).fetchone()
    if row is None:
        return None
    return {
        "article": dict(row) | {key: json.loads(row[key]) for key in ("companies", "beats", "topics")},
        "paragraphs": [part for part in (row["text"] or row["summary"] or "").split("\n") if part.strip()],
        "quotes": _rows(db, "select * from quotes where article = ? order by field desc, start", number),
        "sums": _rows(db, "select * from money where article = ? order by usd desc", number),
        "people": _rows(
            db,
            """select p.* from mentions m join people p on p.id = m.person where m.article = ?
               order by m.score desc""",
            number,
        ),
    }


def find(reading: Reading, text: str, page: int, *, same: bool) -> View:
    """What a query finds, and the company or person that it names. Raises ConfigError for a filter without sense."""
    query = parse_query(text)
    matched = _named(reading.db, text)
    if same and matched:
        query = replace(query, groups=(), either=((Term(text), *(Filter(field, row["id"]) for field, row in matched)),))
    options = SearchOptions(
        reading.now,
        reading.zone,
        limit=PAGE_SIZE + 1,
        offset=(page - 1) * PAGE_SIZE,
        marks=("\x02", "\x03"),
    )
    hits = search(reading.db, query, options)
    return {
        "query": text,
        "page": page,
        "same": same,
        "hits": hits[:PAGE_SIZE],
        "more": len(hits) > PAGE_SIZE,
        "named": [(field, dict(row), _sums_of(reading.db, field, row["id"])) for field, row in matched],
        "titles": _titles(reading.db),
        "is_words": bool(match_expression(query)) and not query.filters and not query.either,
    }


def stories(reading: Reading, *, company: str | None, largest: bool) -> View:
    """The list of stories."""
    wanted = StoriesWanted(company=company, sort="outlets" if largest else "date", limit=100)
    return {"stories": load_story_list(reading.db, wanted), "largest": largest, "company": company}


def load_names(reading: Reading) -> dict[str, str]:
    """Ids of companies and people → their names in the reader's language."""
    column = "coalesce(nullif(name_zh, ''), name)" if reading.lang == "zh" else "name"
    rows = reading.db.execute(
        f"select id, {column} as name from people union all select id, {column} from companies"  # noqa: S608
    )
    return {row["id"]: row["name"] for row in rows}


def _stories_of_the_day(db: sqlite3.Connection, until: datetime) -> list[Any]:
    """What the last day brought, else the last week, else what there is."""
    for span in (timedelta(days=1), timedelta(days=7)):
        found = load_story_list(db, StoriesWanted(since=until - span, sort="outlets", limit=12))
        if len(found) >= 3:
            return found
    return load_story_list(db, StoriesWanted(limit=12))


def _told(figures: list[Figure]) -> list[Figure]:
    """Those of which it is said whose they are."""
    return [one for one in figures if one.company or one.person]


def _troubles(db: sqlite3.Connection) -> list[dict[str, Any]]:
    sql = """select id, title, health, health_note, last_good, failures from sources
             where enabled = 1 and health not in ('ok', 'new') order by health, id"""
    return [dict(row) for row in db.execute(sql)]


def _said_for(db: sqlite3.Connection, number: str, wanted: QuotesWanted) -> list[Any]:
    """Quotes of a company and of those who speak for it."""
    found = load_quotes(db, wanted)
    for row in db.execute("select id from people where company = ?", (number,)):
        found += load_quotes(db, replace(wanted, by=row["id"], limit=10))
    unique = {one.text: one for one in found}
    return sorted(unique.values(), key=lambda one: one.sightings[-1].at, reverse=True)[:15]


def _named(db: sqlite3.Connection, text: str) -> list[tuple[str, sqlite3.Row]]:
    """Companies and people that words of the query name, by id or name in either script."""
    words = {fold(piece) for piece in (text, *text.split()) if len(piece) > 1}
    words |= {piece.rpartition(":")[2] for piece in words}
    found: list[tuple[str, sqlite3.Row]] = []
    for field, table in (("company", "companies"), ("person", "people")):
        rows = db.execute(f"select * from {table}")  # noqa: S608 - one of the two above
        found += ((field, row) for row in rows if words & _spellings(row))
    return found[:4]


def _spellings(row: sqlite3.Row) -> set[str]:
    return {row["id"], fold(row["name"]), fold(row["name_zh"] or row["name"])}


def _sums_of(db: sqlite3.Connection, field: str, number: str) -> list[Figure]:
    wanted = MoneyWanted(**{field: number}, limit=4)  # type: ignore[arg-type]
    return load_figures(db, wanted)


def _titles(db: sqlite3.Connection) -> dict[str, str]:
    return {row["id"]: row["title"] for row in db.execute("select id, title from sources")}


def _rows(db: sqlite3.Connection, sql: str, value: object) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(sql, (value,))]
