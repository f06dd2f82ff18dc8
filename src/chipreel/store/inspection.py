"""What may be wrong inside a database that SQLite itself finds whole, and how it is mended."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from chipreel.store import copies, references, shape, values
from chipreel.store.database import NO_TEXT, is_hindered
from chipreel.store.index import is_current, words_of
from chipreel.store.rows import to_moment
from chipreel.store.stories import load_untold
from chipreel.store.transfer import list_tables
from chipreel.text.segment import phrase

#: Articles whose words are looked for in the index.
_SAMPLE = 200
#: Code points of a title's words that are looked for.
_HEAD = 60
#: Table → ids of its rows whose words do not stand in their article where they are said to.
_UNQUOTED = {
    table: f"""select x.id from {table} x join articles a on a.id = x.article
               where x.{words} != coalesce(substr(case x.field when 'title' then a.title else a.text end,
                 x.start + 1, x.end - x.start), '')
               and instr(coalesce(a.title, '') || coalesce(a.text, ''), char(0)) = 0"""  # noqa: S608 - no outside text
    for table, words in (("quotes", "text"), ("money", "surface"))
}
#: Columns that hold JSON lists, and what of.
_LISTS = (
    *((table, column, "text") for table in ("articles", "stories") for column in ("companies", "beats", "topics")),
    ("stories", "languages", "text"),
    ("sources", "companies", "text"),
    *((table, "names", "text") for table in ("companies", "people", "products")),
    ("mentions", "evidence", "object"),
    ("digest_entries", "articles", "integer"),
)
#: The companies of an article, from what was found in it.
_COMPANIES = """update articles set companies = (select json_group_array(company) from (select company from mentions
    where article = articles.id and company is not null order by id)) where """


def find_index_faults(db: sqlite3.Connection) -> list[str]:
    """How the search index differs from the articles; empty = it does not, as far as a sample tells.

    Needs a connection that may write, although nothing is changed.
    """
    if not is_current(db):
        return ["the search index was written by another version"]
    try:
        db.execute("insert into articles_fts(articles_fts) values ('integrity-check')")
        missing = _count(db, "select count(*) from articles where id not in (select id from articles_fts_docsize)")
        extra = _count(db, "select count(*) from articles_fts_docsize where id not in (select id from articles)")
        silent = sum(not _is_found(db, row) for row in _sample(db))
    except sqlite3.DatabaseError as error:
        if is_hindered(error):
            raise
        return [f"the search index is damaged: {error}"]
    counts = (
        (missing, "articles are not in the search index"),
        (extra, "deleted articles are in the search index"),
        (silent, "articles are not found by their own title"),
    )
    return [f"{count} {what}" for count, what in counts if count]


def find_faults(db: sqlite3.Connection) -> list[str]:
    """What a command that reads may stumble over, as sentences; empty = nothing.

    Parts that are missing hide the rest.
    """
    return (
        shape.find_lost_columns(db)
        or shape.list_missing(db)
        or [*find_unreadable_texts(db), *values.list_odd(db), *_list_unreadable(db), *find_dangling(db)]
    )


def find_dangling(db: sqlite3.Connection) -> list[str]:
    """References to rows that are not there, and mentions without any, as sentences."""
    nameless = references.count_nameless(db)
    return copies.find_dangling(db) + ([f"{nameless} mentions name nobody"] if nameless else [])


def _list_unreadable(db: sqlite3.Connection) -> list[str]:
    count = count_unreadable_lists(db)
    return [f"{count} lists cannot be read"] if count else []


def find_odd_stories(db: sqlite3.Connection) -> list[int]:
    """Stories whose number of articles is not what they tell, or that became part of one that is gone on itself.

    Without those of which the next run knows that they have grown.
    """
    rows = db.execute(
        """select s.id from stories s left join (select story, count(*) as n from articles group by story) a
             on a.story = s.id
           where s.articles != case when s.merged_into is null then coalesce(a.n, 0) else 0 end
              or (s.merged_into is not null and a.n > 0)
              or s.merged_into in (select id from stories where merged_into is not null)
           order by s.id"""
    )
    untold = load_untold(db)
    return [row[0] for row in rows if row[0] not in untold]


def count_unquoted(db: sqlite3.Connection) -> int:
    """Quotes and sums that do not stand in their article where they are said to."""
    return sum(_count(db, f"select count(*) from ({query})") for query in _UNQUOTED.values())  # noqa: S608


def drop_unquoted(db: sqlite3.Connection) -> int:
    """Take away quotes and sums that do not stand in their article; how many there were."""
    return sum(
        db.execute(f"delete from {table} where id in ({query})").rowcount  # noqa: S608 - no outside text
        for table, query in _UNQUOTED.items()
    )


def count_unreadable_lists(db: sqlite3.Connection) -> int:
    """Rows whose JSON lists are none."""
    return sum(
        _count(db, f"select count(*) from {table} where {_is_no_list(column, kind)}")  # noqa: S608
        for table, column, kind in _LISTS
    )


def mend_companies(db: sqlite3.Connection) -> int:
    """Write lists of an article's companies that are none anew from its mentions; how many there were."""
    return db.execute(_COMPANIES + _is_no_list("companies", "text")).rowcount


def empty_unreadable_lists(db: sqlite3.Connection) -> int:
    """Empty JSON lists that are none; how many there were. Without those of stories, which are told anew."""
    changes = {
        (table, column): db.execute(
            f"update {table} set {column} = '[]' where {_is_no_list(column, kind)}"  # noqa: S608
        ).rowcount
        for table, column, kind in _LISTS
    }
    return sum(count for (table, _), count in changes.items() if table != "stories")


def count_unreadable_names(db: sqlite3.Connection) -> int:
    """Companies, people and products whose other names are no list: the lexicon has them."""
    return sum(
        _count(db, f"select count(*) from {table} where {_is_no_list(column, kind)}")  # noqa: S608
        for table, column, kind in _LISTS
        if column == "names"
    )


def find_listed_stories(db: sqlite3.Connection) -> set[int]:
    """Stories that are told from lists that are none."""
    return {
        row[0]
        for table, column, kind in _LISTS
        if (key := {"articles": "story", "stories": "id"}.get(table))
        for row in db.execute(
            f"select {key} from {table} where {key} is not null and {_is_no_list(column, kind)}"  # noqa: S608
        )
    }


def find_unreadable_texts(db: sqlite3.Connection) -> list[str]:
    """Tables in which a text is no UTF-8: SQLite does not mind, and no program can read the row."""
    return [f"a text in {table} is no UTF-8" for table in list_tables(db) if not _is_readable(db, table)]


def _is_readable(db: sqlite3.Connection, table: str) -> bool:
    try:
        for _ in db.execute(f'select * from "{table}"'):  # noqa: S608 - names from the schema itself
            pass
    except sqlite3.OperationalError as error:
        if not str(error).startswith(NO_TEXT):
            raise
        return False
    return True


def _is_no_list(column: str, kind: str) -> str:
    """SQL: that a value is no JSON list of that kind. Nearly every list is looked into only if it is not empty."""
    other = f"exists (select 1 from json_each({column}) e where e.type != '{kind}')"  # noqa: S608 - no outside text
    is_list = f"typeof({column}) = 'text' and json_valid({column}) and json_type({column}) = 'array'"
    return f"case when {column} = '[]' then 0 when {is_list} then {other} else 1 end"


def find_unsighted(db: sqlite3.Connection) -> list[int]:
    """Articles that no source is known to carry: met again, they would be taken for new."""
    rows = db.execute("select id from articles where id not in (select article from sightings) order by id")
    return [row[0] for row in rows]


def last_good_fetch(db: sqlite3.Connection) -> datetime | None:
    """When any source last gave a readable answer; None = none ever did."""
    query = f"select max(last_good) from sources where {values.is_moment('last_good')}"  # noqa: S608 - no outside text
    return to_moment(db.execute(query).fetchone()[0])


def count_stuck_deliveries(db: sqlite3.Connection) -> int:
    """Deliveries that failed, or of which nobody knows whether they arrived."""
    return _count(db, "select count(*) from deliveries where state in ('failed', 'unknown')")


def mend_merges(db: sqlite3.Connection) -> None:
    """Let merged stories name the one that stands, and own no article."""
    for _ in range(100):
        if not db.execute(
            """update stories set merged_into = (select o.merged_into from stories o where o.id = stories.merged_into)
               where merged_into in (select id from stories where merged_into is not null)"""
        ).rowcount:
            break
    db.execute("update stories set merged_into = null where merged_into = id")
    db.execute(
        """update articles set story = (select merged_into from stories s where s.id = articles.story)
           where story in (select id from stories where merged_into is not null)"""
    )
    db.execute("update stories set articles = 0, outlets = 0 where merged_into is not null")


def _sample(db: sqlite3.Connection) -> list[sqlite3.Row]:
    step = max(1, _count(db, "select coalesce(max(id), 0) from articles") // _SAMPLE)
    return db.execute(
        "select id, title from articles where typeof(title) = 'text' and id % ? = 0 limit ?", (step, _SAMPLE)
    ).fetchall()


def _is_found(db: sqlite3.Connection, row: sqlite3.Row) -> bool:
    words = _first_words(row["title"])
    if not words:
        return True
    query = "select 1 from articles_fts where articles_fts match ? and rowid = ?"
    return db.execute(query, (f'title : "{words}"', row["id"])).fetchone() is not None


def _first_words(title: str) -> str:
    """The first words of a title as they are written into the index, none of them cut: they are stored by their stems.

    Empty where there is nothing to look for.
    """
    words = words_of(title, None)[0].replace('"', " ").replace("\0", " ").split(None, _HEAD)
    found: list[str] = []
    length = 0
    for word in words[:_HEAD]:
        length += len(word) + 1
        if length > _HEAD:
            break
        found.append(word)
    return " ".join(found) if phrase(" ".join(found)) else ""


def _count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])
