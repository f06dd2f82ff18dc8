"""Finding articles: words by the index, everything else by columns that have one."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, tzinfo

from chipreel.errors import ConfigError
from chipreel.store.rows import to_text
from chipreel.text.query import FIELDS, Filter, Query, match_expression
from chipreel.text.snippet import find_terms, snippet
from chipreel.text.spans import parse_moment

#: Words in the title weigh this many times those in the text.
TITLE_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    id: int
    title: str | None
    url: str | None
    published: str | None
    first_seen: str
    source: str
    lang: str | None
    companies: tuple[str, ...]
    #: "s12", or None for an article in no story.
    story: str | None
    #: The text around the words, words marked.
    snippet: str
    #: Higher is better; 0 when there were no words to rank by.
    score: float


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search, beyond the query."""

    now: datetime
    zone: tzinfo
    #: 0 = no limit.
    limit: int = 20
    offset: int = 0
    #: True = only what belongs in the tracker.
    relevant: bool = False
    #: "rank" (best first) or "date" (newest first).
    order: str = "rank"
    #: Marks around the words of a snippet.
    marks: tuple[str, str] = ("[", "]")


def search(db: sqlite3.Connection, query: Query, options: SearchOptions) -> list[Hit]:
    """Articles that match, best first. Raises ConfigError for a filter's value that means nothing."""
    sql, parameters = statement(query, options)
    rows = db.execute(sql, parameters).fetchall()
    terms = [term.text + "*" * term.prefix for term in query.terms]
    return [_hit(row, terms, options.marks) for row in rows]


def statement(query: Query, options: SearchOptions) -> tuple[str, dict[str, object]]:
    """The SQL of a search and its parameters."""
    words = match_expression(query)
    where, parameters = _conditions(query, options)
    if options.relevant:
        where.append("a.relevant = 1")
    parameters |= {"limit": options.limit or -1, "offset": options.offset}
    columns = "a.id, a.title, a.text, a.url, a.published, a.first_seen, a.source, a.lang, a.companies, a.story"
    condition = " and ".join(where) or "1"
    if not words:
        order = "coalesce(a.published, a.first_seen) desc, a.id desc"
        return (
            f"""select {columns}, 0.0 as score from articles a where {condition} order by {order}
                limit :limit offset :offset""",  # noqa: S608
            parameters,
        )
    parameters["words"] = words
    order = "score, a.id desc" if options.order == "rank" else "coalesce(a.published, a.first_seen) desc, a.id desc"
    return (
        f"""select {columns}, bm25(articles_fts, {TITLE_WEIGHT}, 1.0) as score
            from articles_fts join articles a on a.id = articles_fts.rowid
            where articles_fts match :words and {condition} order by {order} limit :limit offset :offset""",  # noqa: S608
        parameters,
    )


def _conditions(query: Query, options: SearchOptions) -> tuple[list[str], dict[str, object]]:
    where: list[str] = []
    parameters: dict[str, object] = {}
    for number, condition in enumerate(query.filters):
        name = f"f{number}"
        sql, value = _condition(condition, f":{name}", options)
        where.append(f"not ({sql})" if condition.negated else sql)
        if value is not None:
            parameters[name] = value
    return where, parameters


def _condition(condition: Filter, name: str, options: SearchOptions) -> tuple[str, object]:
    field, value = condition.field, condition.value
    if field in ("since", "until"):
        moment = parse_moment(value, now=options.now, zone=options.zone, end=field == "until")
        if moment is None:
            raise ConfigError(f"{value!r} is no day or span", key=field, hint="write 2024-02-16, 7d, 12h or today")
        sign = ">=" if field == "since" else "<"
        return f"coalesce(a.published, a.first_seen) {sign} {name}", to_text(moment)
    if field == "has":
        if value not in ("quote", "money"):
            raise ConfigError(f"{value!r} is nothing an article has", key="has", hint="write has:quote or has:money")
        table = {"quote": "quotes", "money": "money"}[value]
        return f"exists (select 1 from {table} x where x.article = a.id)", None  # noqa: S608
    if field == "story":
        digits = value.lstrip("sS")
        if not digits.isdecimal():
            raise ConfigError(f"{value!r} is no story", key="story", hint="write story:s12")
        return f"a.story = {name}", int(digits)
    return _CONDITIONS[field].replace(":v", name), value.lower() if field != "source" else value


_CONDITIONS = {
    "company": "a.id in (select article from mentions where company = :v)",
    "person": "a.id in (select article from mentions where person = :v)",
    "product": "a.id in (select article from mentions where product = :v)",
    "source": "(a.source = :v or a.id in (select article from sightings where source = :v))",
    "kind": "a.kind = :v",
    "role": "a.source in (select id from sources where role = :v)",
    "beat": "a.beats like '%\"' || :v || '\"%'",
    "topic": "a.topics like '%\"' || :v || '\"%'",
    "lang": "a.lang = :v",
}
assert set(_CONDITIONS) | {"since", "until", "has", "story"} == set(FIELDS)


def _hit(row: sqlite3.Row, terms: list[str], marks: tuple[str, str]) -> Hit:
    text = row["text"] or ""
    shown = text if not row["title"] or find_terms(text[:50_000], terms) or not terms else row["title"]
    return Hit(
        id=row["id"],
        title=row["title"],
        url=row["url"],
        published=row["published"],
        first_seen=row["first_seen"],
        source=row["source"],
        lang=row["lang"],
        companies=tuple(json.loads(row["companies"])),
        story=f"s{row['story']}" if row["story"] else None,
        snippet=snippet(shown, terms, before=marks[0], after=marks[1]),
        score=round(-row["score"], 4) + 0.0,
    )
