"""What may be wrong inside a database that SQLite itself finds whole, and how it is mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from chipreel.store.database import NO_TEXT, is_hindered
from chipreel.store.index import is_current
from chipreel.store.rows import to_moment
from chipreel.store.stories import load_untold
from chipreel.store.transfer import list_tables
from chipreel.text.segment import phrase

#: Articles whose words are looked for in the index.
_SAMPLE = 200
#: Code points of a title that are looked for.
_HEAD = 40
#: Table → ids of its rows whose words do not stand in their article where they are said to.
_UNQUOTED = {
    table: f"""select x.id from {table} x join articles a on a.id = x.article
               where x.{words} != coalesce(substr(case x.field when 'title' then a.title else a.text end,
                 x.start + 1, x.end - x.start), '')
               and instr(coalesce(a.title, '') || coalesce(a.text, ''), char(0)) = 0"""  # noqa: S608 - no outside text
    for table, words in (("quotes", "text"), ("money", "surface"))
}
#: Columns that hold JSON lists.
_LISTS = (
    *((table, column) for table in ("articles", "stories") for column in ("companies", "beats", "topics")),
    ("stories", "languages"),
    ("sources", "companies"),
    ("mentions", "evidence"),
    ("digest_entries", "articles"),
)


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
        _count(db, f"select count(*) from {table} where {_is_no_list(column)}")  # noqa: S608
        for table, column in _LISTS
    )


def empty_unreadable_lists(db: sqlite3.Connection) -> int:
    """Empty JSON lists that are none; how many there were."""
    return sum(
        db.execute(f"update {table} set {column} = '[]' where {_is_no_list(column)}").rowcount  # noqa: S608
        for table, column in _LISTS
    )


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


def _is_no_list(column: str) -> str:
    return f"case when json_valid({column}) then json_type({column}) != 'array' else 1 end"


def find_unsighted(db: sqlite3.Connection) -> list[int]:
    """Articles that no source is known to carry: met again, they would be taken for new."""
    rows = db.execute("select id from articles where id not in (select article from sightings) order by id")
    return [row[0] for row in rows]


def last_good_fetch(db: sqlite3.Connection) -> datetime | None:
    """When any source last gave a readable answer; None = none ever did."""
    return to_moment(db.execute("select max(last_good) from sources").fetchone()[0])


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


def mend_references(db: sqlite3.Connection) -> dict[str, int]:
    """Take away references to rows that are not there, and rows that mean nothing without; rows changed, by table."""
    mended: dict[str, int] = {}
    for _ in range(10):
        changed = 0
        for table, column, parent, target, nullable in _references(db):
            named = f'select 1 from "{parent}" p where p."{target}" = "{table}"."{column}"'  # noqa: S608
            where = f'"{column}" is not null and not exists ({named})'
            change = f'update "{table}" set "{column}" = null' if nullable else f'delete from "{table}"'  # noqa: S608
            count = db.execute(f"{change} where {where}").rowcount
            if count:
                mended[table] = mended.get(table, 0) + count
                changed += count
        if not changed:
            break
    return mended


def _references(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, bool]]:
    """Every foreign key: table, column, parent, its column, whether the column may be null."""
    tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table' order by name")]
    for table in tables:
        columns = {row[1]: not row[3] and not row[5] for row in db.execute(f'pragma table_info("{table}")')}
        for row in db.execute(f'pragma foreign_key_list("{table}")').fetchall():
            yield table, row[3], row[2], row[4] or "id", columns[row[3]]


def _sample(db: sqlite3.Connection) -> list[sqlite3.Row]:
    step = max(1, _count(db, "select coalesce(max(id), 0) from articles") // _SAMPLE)
    return db.execute(
        "select id, title from articles where title is not null and id % ? = 0 limit ?", (step, _SAMPLE)
    ).fetchall()


def _is_found(db: sqlite3.Connection, row: sqlite3.Row) -> bool:
    words = phrase(row["title"][:_HEAD])
    if not words:
        return True
    query = "select 1 from articles_fts where articles_fts match ? and rowid = ?"
    # The cut may have gone through the last Latin word.
    return db.execute(query, (f"title : {words.removesuffix(' *')} *", row["id"])).fetchone() is not None


def _count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])
