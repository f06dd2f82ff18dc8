"""Articles and posts, where they were seen, and what they said before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chipreel.errors import NotFoundError
from chipreel.model import Item, KnownItem
from chipreel.store.index import add_to_index, drop_from_index, words_of
from chipreel.store.rows import to_item, to_text

#: SQLite's default limit of parameters in one statement is far above; this keeps statements small.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewArticle:
    """What the pipeline hands over of an item that is to be added."""

    item: Item
    source_id: str
    content_hash: str
    canonical_url: str | None
    title_key: str | None
    background: bool
    lang: str | None
    #: Title and text as they are written into the search index; None = to be made of them.
    words: tuple[str, str] | None = None
    #: What its row tells of what was found in it (`annotations.columns_of`).
    found: tuple[int, float, str, str, str, str | None] = (0, 0.0, "[]", "[]", "[]", None)


def find_known(db: sqlite3.Connection, source_id: str, guids: Sequence[str]) -> dict[str, KnownItem]:
    """What is remembered of a source's items, by guid. Unknown ones are absent."""
    known: dict[str, KnownItem] = {}
    for chunk in _chunks(guids):
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"""select s.guid, a.id, s.listed_hash, a.revisions, a.source = s.source as owned
                from sightings s join articles a on a.id = s.article
                where s.source = ? and s.guid in ({marks})""",  # noqa: S608 - only question marks are put in
            (source_id, *chunk),
        )
        for row in rows:
            known[row["guid"]] = KnownItem(row["id"], row["listed_hash"], row["revisions"], bool(row["owned"]))
    return known


@dataclass(frozen=True, slots=True)
class Twin:
    """An article already met at an address."""

    article: int
    source_id: str
    title_key: str | None


def find_by_address(db: sqlite3.Connection, canonical_urls: Sequence[str]) -> dict[str, Twin]:
    """Articles already met at these canonical addresses, by address; the oldest of each."""
    found: dict[str, Twin] = {}
    for chunk in _chunks(canonical_urls):
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"""select canonical_url, min(id) as id, source, title_key from articles
                where canonical_url in ({marks}) group by 1""",  # noqa: S608
            tuple(chunk),
        )
        found.update((row["canonical_url"], Twin(row["id"], row["source"], row["title_key"])) for row in rows)
    return found


def wait_for_stories(db: sqlite3.Connection) -> bool:
    """Whether there are relevant articles without a story."""
    row = db.execute(
        "select 1 from articles indexed by articles_ungrouped where relevant = 1 and story is null limit 1"
    ).fetchone()
    return row is not None


def find_deleted(db: sqlite3.Connection, source_id: str, guids: Sequence[str]) -> set[str]:
    """Which of these guids were deleted on purpose and must not come back."""
    deleted: set[str] = set()
    for chunk in _chunks(guids):
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"select guid from tombstones where source = ? and guid in ({marks})",  # noqa: S608
            (source_id, *chunk),
        )
        deleted.update(row["guid"] for row in rows)
    return deleted


def find_deleted_addresses(db: sqlite3.Connection, source_id: str, canonical_urls: Sequence[str]) -> set[str]:
    """Which of these addresses belonged to articles that were deleted on purpose, and that other sources carried."""
    deleted: set[str] = set()
    for chunk in _chunks(canonical_urls):
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"select canonical_url from tombstones where source != ? and canonical_url in ({marks})",  # noqa: S608
            (source_id, *chunk),
        )
        deleted.update(row["canonical_url"] for row in rows)
    return deleted


def save_article(db: sqlite3.Connection, new: NewArticle, now: datetime) -> int:
    """Add an article with its first sighting and its words; returns its id."""
    item = new.item
    cursor = db.execute(
        """insert into articles (role, title, text, url, published, first_seen, lang, source, kind, author, summary,
             background, points, comments, date_note, via, canonical_url, title_key, content_hash,
             relevant, relevance, companies, beats, topics, annotated_by)
           values ((select role from sources where id = ?),?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)""",
        (
            new.source_id,
            item.title,
            item.text,
            item.url,
            to_text(item.published),
            to_text(now),
            new.lang,
            new.source_id,
            item.kind,
            item.author,
            item.summary,
            int(new.background),
            item.points,
            item.comments,
            item.date_note,
            item.via,
            new.canonical_url,
            new.title_key,
            new.content_hash,
            *new.found,
        ),
    )
    article = int(cursor.lastrowid or 0)
    add_to_index(db, article, new.words or words_of(item.title, item.text))
    save_sighting(db, new.source_id, item, article, new.content_hash, now)
    return article


def save_sighting(
    db: sqlite3.Connection, source_id: str, item: Item, article: int, listed_hash: str, now: datetime
) -> None:
    """Note that a source carries an article, and how it lists it; twice is once."""
    db.execute(
        """insert into sightings (source, guid, article, url, seen_at, listed_hash) values (?,?,?,?,?,?)
           on conflict(source, guid) do update set listed_hash = excluded.listed_hash""",
        (source_id, item.id, article, item.url, to_text(now), listed_hash),
    )


def save_revision(db: sqlite3.Connection, article: int, new: NewArticle, now: datetime) -> None:
    """Replace the content of an article, and keep what it said before."""
    item, old = new.item, get_article(db, article)
    changed = [name for name in ("title", "text") if getattr(item, name) and getattr(item, name) != old[name]]
    save_sighting(db, new.source_id, item, article, new.content_hash, now)
    if not changed:
        return
    db.execute(
        "insert into revisions (article, at, title, text, changed) values (?,?,?,?,?)",
        (article, to_text(now), old["title"], old["text"], " ".join(changed)),
    )
    drop_from_index(db, article)
    title, text = item.title or old["title"], item.text or old["text"]
    db.execute(
        """update articles set title = ?, text = ?, summary = coalesce(?, summary), updated = ?, content_hash = ?,
             title_key = ?, revisions = revisions + 1 where id = ?""",
        (title, text, item.summary, to_text(now), new.content_hash, new.title_key, article),
    )
    add_to_index(db, article, words_of(title, text))


def save_signals(db: sqlite3.Connection, article: int, item: Item) -> None:
    """Keep the newest points and comments of an article."""
    if item.points is not None or item.comments is not None:
        db.execute(
            "update articles set points = coalesce(?, points), comments = coalesce(?, comments) where id = ?",
            (item.points, item.comments, article),
        )


def delete_article(db: sqlite3.Connection, article: int, now: datetime) -> None:
    """Delete an article for good: its tombstones keep it from coming back."""
    db.execute(
        """insert or ignore into tombstones (source, guid, canonical_url, deleted_at)
           select s.source, s.guid, a.canonical_url, ? from sightings s join articles a on a.id = s.article
           where a.id = ?""",
        (to_text(now), article),
    )
    drop_from_index(db, article)
    db.execute("delete from articles where id = ?", (article,))


def get_article(db: sqlite3.Connection, article: int) -> sqlite3.Row:
    """A row of articles. Raises NotFoundError."""
    row: sqlite3.Row | None = db.execute("select * from articles where id = ?", (article,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no article {article}")
    return row


def get_item(db: sqlite3.Connection, article: int) -> Item:
    """The item behind an article. Raises NotFoundError."""
    return to_item(get_article(db, article))


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    unique = list(dict.fromkeys(values))
    return (unique[i : i + _CHUNK] for i in range(0, len(unique), _CHUNK))
