# ruff: noqa: S608 - every name put into SQL is written here; values are bound
"""Finding articles: words by the index, everything else by columns that have one.

What is looked up for every match of a frequent word decides how fast a search is. So the words alone choose the best
ids, and only those few rows are read; filters are tested by an index, row by row, or, where few articles meet one,
lead the search.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from chipreel.store.filters import TIME, Condition, condition_of
from chipreel.store.frequent import frequent_character
from chipreel.store.rows import to_json, to_text
from chipreel.store.search_options import SearchOptions
from chipreel.text.query import Alternative, Filter, Query, Term, any_of, as_typed, match_expression, started_word
from chipreel.text.snippet import snippet

#: Words in the title weigh this many times those in the text.
TITLE_WEIGHT = 4.0
#: Days after which the points of a match count half, when recent ones are wanted.
HALF_LIFE_D = 30
#: A filter that fewer articles meet leads the search; above it, words or time do (measured on 1,000,000 articles).
FEW = 3000
#: A word in more articles than this tells little: the best are looked for among the newest of them, so that the most
#: frequent words of a million articles answer as fast as any (measured with bench/search_million.py).
RANKED = 20_000
#: The same for words beside filters.
FILTERED = 1000
#: A span of time with fewer articles narrows the search to their ids.
SPAN = 50_000

_RANK = f"bm25(1.0, {TITLE_WEIGHT})"
_BM25 = f"bm25(articles_fts, 1.0, {TITLE_WEIGHT})"
_COLUMNS = "a.id, a.title, a.text, a.url, a.published, a.first_seen, a.source, a.lang, a.companies, a.story"


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


__all__ = ["Hit", "SearchOptions", "search", "statement"]


def search(db: sqlite3.Connection, query: Query, options: SearchOptions) -> list[Hit]:
    """Articles that match, best first. Raises ConfigError for a filter's value that means nothing."""
    if query == Query():
        return []
    rows = frequent_character(db, query, options)
    if rows is None:
        sql, parameters = statement(db, query, options)
        rows = db.execute(sql, parameters).fetchall()
    terms = [term.text + "*" * term.prefix for term in query.terms]
    return [_hit(row, terms, options.marks) for row in rows]


def statement(db: sqlite3.Connection, query: Query, options: SearchOptions) -> tuple[str, dict[str, object]]:
    """The SQL of a search and its parameters."""
    builder = _Builder(db, options)
    words = match_expression(query)
    for asked in query.filters:
        builder.add_filter(asked)
    for group in query.either:
        builder.tests.append(f"a.id in ({builder.ids(group)})")
    if options.relevant:
        builder.tests.append("a.relevant = 1")
    if query.excluded and not words:
        match = builder.bind(as_typed(query.excluded))
        builder.tests.append(f"a.id not in (select rowid from articles_fts where articles_fts match {match})")
    builder.parameters |= {"limit": options.limit or -1, "offset": options.offset}
    alone = (group[0] for group in query.groups if len(group) == 1)
    builder.tests += [builder.begins(term) for term in alone if started_word(term)]
    builder.tests += [f"not {builder.begins(term)}" for term in query.excluded if started_word(term)]
    if words:
        builder.parameters["words"] = words
        found = _ranked(builder, options)
    else:
        found = _listed(builder, query, options)
    sql = f"select {_COLUMNS}, f.score from ({found}) f join articles a on a.id = f.id order by f.place"
    return sql, builder.parameters


class _Builder:
    """Collects the tests of one search, with the values that they bind."""

    def __init__(self, db: sqlite3.Connection, options: SearchOptions) -> None:
        self.db, self._now, self._zone = db, options.now, options.zone
        self.tests: list[str] = []
        self.parameters: dict[str, object] = {}
        #: Id sets of filters that must hold: each may lead.
        self.sets: list[str] = []
        #: The least and the greatest id that the filters leave, where they are known.
        self.bounds: tuple[int, int] | None = None

    def bind(self, value: object) -> str:
        name = f"v{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"

    def begins(self, term: Term) -> str:
        """A test of the text itself: the index, which keeps stems, knows the beginnings of words only roughly."""
        start = self.bind(started_word(term))
        return f"begins_a_word({start}, a.title, a.text)"

    def condition(self, asked: Filter) -> Condition:
        name = f"v{len(self.parameters)}"
        found = condition_of(self.db, asked, name, now=self._now, zone=self._zone)
        if found.value is not None:
            self.parameters[name] = found.value
        return found

    def add_filter(self, asked: Filter) -> None:
        found = self.condition(asked)
        if asked.negated:
            self.tests.append(f"not ({found.test})")
            return
        self.tests.append(found.test)
        if found.ids is not None:
            self.sets.append(found.ids)
        if asked.field == "since":
            self._narrow(str(found.value))

    def ids(self, group: tuple[Alternative, ...]) -> str:
        """A select of the ids that any alternative of a mixed group allows."""
        terms = [one for one in group if isinstance(one, Term)]
        selects = [self._filtered(one) for one in group if isinstance(one, Filter)]
        if terms:
            match = self.bind(any_of(terms))
            selects.append(f"select rowid from articles_fts where articles_fts match {match}")
        return " union ".join(selects)

    def _filtered(self, one: Filter) -> str:
        found = self.condition(one)
        if one.negated:
            return f"select a.id from articles a where not ({found.test})"
        return found.ids or f"select a.id from articles a where {found.test}"

    def few(self) -> str | None:
        """The first set of ids that few articles are in; None = there is none."""
        for ids in self.sets:
            sql = f"select count(*) from (select * from ({ids}) limit {FEW + 1})"
            if self.db.execute(sql, self.parameters).fetchone()[0] <= FEW:
                return ids
        return None

    def newest(self, match: str) -> str:
        """A test that leaves the newest matches of a very frequent word; "" for any other."""
        sql = f"select rowid from articles_fts where {match} order by rowid desc limit 1 offset {RANKED}"
        row = self.db.execute(sql, {"words": self.parameters["words"]}).fetchone()
        return "" if row is None else f"and rowid > {self.bind(row[0])}"

    def newest_that_pass(self, found: str) -> list[str]:
        """Tests that leave the newest matches that pass every filter: scores are worked out for these alone."""
        sql = f"select a.id from {found} order by articles_fts.rowid desc limit {FILTERED}"
        ids = [row["id"] for row in self.db.execute(sql, self.parameters)]
        return [
            f"articles_fts.rowid >= {self.bind(min(ids, default=0))}",
            f"+articles_fts.rowid in (select value from json_each({self.bind(to_json(ids))}))",
        ]

    def _narrow(self, since: str) -> None:
        """Ids mostly grow with time: a short span is met by a narrow band of them."""
        low, high, number = self.db.execute(
            f"""select min(id), max(id), count(*) from (select a.id from articles a where {TIME} >= ?
                limit {SPAN + 1})""",
            (since,),
        ).fetchone()
        if number <= SPAN:
            self.bounds = (low or 0, high or 0)


def _ranked(builder: _Builder, options: SearchOptions) -> str:
    """Ids and scores of the best matches of the words."""
    match = "articles_fts match :words"
    is_page = 0 < options.limit <= RANKED // 20 - options.offset
    if not builder.tests and options.order == "rank":
        newest = builder.newest(match) if is_page else ""
        return f"""select rowid as id, rank as score, row_number() over (order by rank, rowid desc) as place
            from (select rowid, rank from articles_fts where {match} {newest} and rank match '{_RANK}'
                  order by rank, rowid desc limit :limit offset :offset)"""
    where = [match, *builder.tests]
    if builder.bounds is not None:
        low, high = (builder.bind(bound) for bound in builder.bounds)
        where.append(f"articles_fts.rowid between {low} and {high}")
    few = builder.few()
    if few is not None:
        # The plus keeps SQLite from asking the index once for every id.
        where.insert(1, f"+articles_fts.rowid in ({few})")
    joined = "articles_fts cross join articles a on a.id = articles_fts.rowid"
    if is_page and options.order != "date":
        where = [match, *builder.newest_that_pass(f"{joined} where {' and '.join(where)}")]
    order = _order(options.order, _BM25, builder, options)
    return f"""select id, score, row_number() over () as place from (
          select a.id, {_BM25} as score from {joined}
          where {" and ".join(where)} order by {order}, a.id desc limit :limit offset :offset)"""


def _order(order: str, score: str, builder: _Builder, options: SearchOptions) -> str:
    if order == "date":
        return f"{TIME} desc"
    if order == "recent":
        age = f"max(0.0, julianday({builder.bind(to_text(options.now))}) - julianday({TIME}))"
        return f"{score} / (1.0 + {age} / {HALF_LIFE_D})"
    return score


def _listed(builder: _Builder, query: Query, options: SearchOptions) -> str:
    """Ids of what meets the filters, newest first; by the words that may stand in them, where there are any."""
    few = builder.few()
    tests = ([f"a.id in ({few})"] if few is not None else []) + builder.tests
    optional = [term for group in query.either for term in group if isinstance(term, Term)]
    if not optional or options.order == "date":
        return f"""select id, 0.0 as score, row_number() over () as place from (
              select a.id from articles a where {" and ".join(tests)} order by {TIME} desc, a.id desc
              limit :limit offset :offset)"""
    match = builder.bind(any_of(optional))
    order = _order(options.order, "coalesce(s.score, 0.0)", builder, options)
    return f"""select id, score, row_number() over () as place from (
          select a.id, coalesce(s.score, 0.0) as score from articles a left join (
            select rowid as id, {_BM25} as score from articles_fts where articles_fts match {match}) s on s.id = a.id
          where {" and ".join(tests)} order by {order}, {TIME} desc, a.id desc limit :limit offset :offset)"""


def _hit(row: sqlite3.Row, terms: list[str], marks: tuple[str, str]) -> Hit:
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
        snippet=snippet(row["text"] or row["title"] or "", terms, before=marks[0], after=marks[1], other=row["title"]),
        score=round(-row["score"], 4) + 0.0,
    )
