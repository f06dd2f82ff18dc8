"""Stories and their articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chipreel.errors import NotFoundError
from chipreel.store.meta import get_meta, save_meta
from chipreel.store.rows import is_number, to_json, to_moment, to_text

# The types of stories are made when articles are read: every run asks here whether there are any.
if TYPE_CHECKING:
    from chipreel.model import Money
    from chipreel.model.story import Reporter, Story, StoryItem

#: Where the numbers of stories are kept that have changed since they were told.
_UNTOLD = "untold_stories"


def story_number(name: str) -> int:
    """The number in a story's id: "s12" → 12. Raises NotFoundError for anything else."""
    digits = name.removeprefix("s")
    if not is_number(digits):
        raise NotFoundError(f"{name!r} is no story; ids of stories look like s12")
    return int(digits)


def list_ungrouped(db: sqlite3.Connection, since: datetime) -> list[int]:
    """Ids of relevant articles that are in no story yet, oldest first; without the background of before `since`."""
    rows = db.execute(
        """select id from articles indexed by articles_ungrouped
           where relevant = 1 and story is null and (background = 0 or published is null or published >= ?)
           order by id""",
        (to_text(since),),
    )
    return [row["id"] for row in rows]


def list_ungrouped_before(db: sqlite3.Connection, before: datetime) -> list[tuple[int, datetime]]:
    """(id, published) of relevant background articles in no story that were published before a moment, oldest first."""
    rows = db.execute(
        # Named, or it walks through all that was published before.
        """select id, published from articles indexed by articles_ungrouped
           where relevant = 1 and story is null and background = 1 and published < ? order by published, id""",
        (to_text(before),),
    )
    return [(row["id"], moment) for row in rows if (moment := to_moment(row["published"]))]


def load_grouped_between(db: sqlite3.Connection, since: datetime, until: datetime) -> list[tuple[StoryItem, str]]:
    """Grouped articles published within a span with their stories' ids, the oldest first."""
    rows = db.execute(
        """select id, story from articles
           where relevant = 1 and story is not null and coalesce(published, first_seen) between ? and ?
           order by coalesce(published, first_seen), id""",
        (to_text(since), to_text(until)),
    ).fetchall()
    stories = {row["id"]: f"s{row['story']}" for row in rows}
    return [(item, stories[int(item.id)]) for item in load_story_items(db, stories)]


def load_story_items(db: sqlite3.Connection, articles: Iterable[int]) -> list[StoryItem]:
    """Articles as grouping sees them, in the order of `articles`."""
    found: dict[int, StoryItem] = {}
    wanted = list(articles)
    for low in range(0, len(wanted), 400):
        chunk = wanted[low : low + 400]
        found.update(_story_items(db, chunk))
    return [found[article] for article in wanted if article in found]


def create_story(db: sqlite3.Connection, now: datetime) -> int:
    """A new, empty story."""
    cursor = db.execute("insert into stories (first_seen, last_seen) values (?, ?)", (to_text(now), to_text(now)))
    return int(cursor.lastrowid or 0)


def save_membership(db: sqlite3.Connection, article: int, story: int | None) -> int | None:
    """Put an article into a story, or into none; returns the story it was in before."""
    row = db.execute("select story from articles where id = ?", (article,)).fetchone()
    db.execute("update articles set story = ? where id = ?", (story, article))
    return row["story"] if row else None


def save_merge(db: sqlite3.Connection, story: int, into: int) -> None:
    """Let one story become part of another; its id goes on to lead there."""
    db.execute("update articles set story = ? where story = ?", (into, story))
    db.execute("update stories set merged_into = ?, articles = 0, outlets = 0 where id = ?", (into, story))
    db.execute("update stories set merged_into = ? where merged_into = ?", (into, story))


def find_story(db: sqlite3.Connection, story: int) -> int:
    """The number under which a story stands today, following merges. Raises NotFoundError."""
    row = db.execute("select coalesce(merged_into, id) as id from stories where id = ?", (story,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no story s{story}")
    return int(row["id"])


def members(db: sqlite3.Connection, story: int) -> list[int]:
    """Ids of a story's articles, oldest first."""
    return [
        row["id"]
        for row in db.execute(
            "select id from articles where story = ? order by coalesce(published, first_seen), id", (story,)
        )
    ]


def load_members(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, list[int]]:
    """Ids of the articles of stories, oldest first, by story; a story without any is absent."""
    rows = db.execute(
        """select a.id, a.story from json_each(?) s cross join articles a on a.story = s.value
           order by coalesce(a.published, a.first_seen), a.id""",
        (json.dumps(list(numbers)),),
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["story"], []).append(row["id"])
    return found


def load_reporters(db: sqlite3.Connection, story: int) -> list[Reporter]:
    """The sources that report a story."""
    from chipreel.model.story import Reporter

    rows = db.execute(
        """select a.source, s.publisher, min(a.canonical_url) as url, min(a.first_seen) as first,
             max(a.first_seen) as last
           from articles a join sources s on s.id = a.source where a.story = ? group by a.source""",
        (story,),
    )
    return [
        Reporter(row["source"], row["publisher"], row["url"], to_moment(row["first"]), to_moment(row["last"]))
        for row in rows
    ]


def story_of(db: sqlite3.Connection, article: int) -> str | None:
    """The story an article is in: "s12"; None = in none."""
    row = db.execute("select story from articles where id = ?", (article,)).fetchone()
    return f"s{row['story']}" if row and row["story"] else None


def relevant_since(db: sqlite3.Connection, since: datetime) -> list[int]:
    """Ids of relevant articles first seen since a moment, oldest first."""
    rows = db.execute("select id from articles where relevant = 1 and first_seen >= ? order by id", (to_text(since),))
    return [row["id"] for row in rows]


def save_empty(db: sqlite3.Connection, number: int) -> None:
    """A story whose last article left: its id goes on to name it, it is shown nowhere."""
    db.execute("update stories set articles = 0, outlets = 0 where id = ?", (number,))


def save_story(db: sqlite3.Connection, number: int, story: Story) -> None:
    """Keep what is told of a story as a whole."""
    db.execute(
        """update stories set headline = ?, lang = ?, first_seen = coalesce(?, first_seen),
             last_seen = coalesce(?, last_seen), articles = ?, outlets = ?, languages = ?, companies = ?, beats = ?,
             topics = ?, first_source = ? where id = ?""",
        (
            story.headline,
            story.lang,
            to_text(story.first_seen),
            to_text(story.last_seen),
            len(story.items),
            story.independent,
            to_json(story.languages),
            to_json(story.companies),
            to_json(story.beats),
            to_json(story.topics),
            story.first_outlet.source if story.first_outlet else None,
            number,
        ),
    )


def load_untold(db: sqlite3.Connection) -> set[int]:
    """Numbers of the stories that have changed since they were told as a whole.

    Empty where what was kept is spoilt: `find_odd_stories` finds them then.
    """
    try:
        return {int(number) for number in json.loads(get_meta(db, _UNTOLD) or "[]")}
    except (ValueError, TypeError):
        return set()


def save_untold(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Keep which stories have changed since they were told."""
    save_meta(db, _UNTOLD, json.dumps(sorted(numbers)))


def _story_items(db: sqlite3.Connection, chunk: list[int]) -> dict[int, StoryItem]:
    from chipreel.model.story import LEAD_LENGTH, StoryItem

    marks = ",".join("?" * len(chunk))
    names, spans, titled = _names(db, chunk, marks)
    sums = _sums(db, chunk, marks)
    rows = db.execute(
        f"""select a.id, a.title, substr(coalesce(nullif(a.text, ''), a.summary), 1, {LEAD_LENGTH}) as lead, a.lang,
              a.published, a.first_seen, a.canonical_url, a.source, a.beats, a.topics, a.kind, s.publisher, s.role
            from articles a join sources s on s.id = a.source where a.id in ({marks})""",  # noqa: S608 - only marks
        chunk,
    )
    return {
        row["id"]: StoryItem(
            id=str(row["id"]),
            title=row["title"],
            lead=row["lead"] or None,
            lang=row["lang"],
            published=to_moment(row["published"]),
            first_seen=to_moment(row["first_seen"]),
            url=row["canonical_url"],
            source=row["source"],
            publisher=row["publisher"],
            companies=tuple(names.get((row["id"], "company"), ())),
            people=tuple(names.get((row["id"], "person"), ())),
            products=tuple(names.get((row["id"], "product"), ())),
            money=tuple(sums.get(row["id"], ())),
            named=tuple(sorted(spans.get(row["id"], ()))),
            in_title=tuple(sorted(titled.get(row["id"], ()))),
            beats=tuple(json.loads(row["beats"])),
            topics=tuple(json.loads(row["topics"])),
            kind=row["kind"],
            role=row["role"],
        )
        for row in rows
    }


_Names = dict[tuple[int, str], list[str]]
_Spans = dict[int, set[tuple[int, int]]]
#: Kind of name → its mark in `StoryItem.in_title`.
_MARKS = {"company": "c", "person": "p", "product": "x"}


def _names(db: sqlite3.Connection, chunk: list[int], marks: str) -> tuple[_Names, _Spans, dict[int, set[str]]]:
    """Names by article and kind, places of names in the title, and the marked names that stand there."""
    names: _Names = {}
    spans: _Spans = {}
    titled: dict[int, set[str]] = {}
    rows = db.execute(
        f"""select article, company, person, product, evidence, via from mentions
            where article in ({marks})
            order by is_primary desc, score desc, coalesce(company, person, product)""",  # noqa: S608
        chunk,
    )
    for row in rows:
        kind = next(kind for kind in _MARKS if row[kind])
        if row["via"] is None:
            names.setdefault((row["article"], kind), []).append(row[kind])
        told = row["evidence"]
        places = [place for place in json.loads(told) if place["field"] == "title"] if '"title"' in told else []
        spans.setdefault(row["article"], set()).update((place["start"], place["end"]) for place in places)
        if places:
            titled.setdefault(row["article"], set()).add(f"{_MARKS[kind]}:{row[kind]}")
    return names, spans, titled


def _sums(db: sqlite3.Connection, chunk: list[int], marks: str) -> dict[int, list[Money]]:
    from chipreel.model import Money

    sums: dict[int, list[Money]] = {}
    rows = db.execute(f"select * from money where article in ({marks}) order by id", chunk)  # noqa: S608
    for row in rows:
        sums.setdefault(row["article"], []).append(
            Money(
                field=row["field"],
                start=row["start"],
                end=row["end"],
                surface=row["surface"],
                amount=row["amount"],
                currency=row["currency"],
                amount_high=row["amount_high"],
                bound=row["bound"],
                owner=row["company"] or row["person"],
                role=row["role"],
            )
        )
    return sums
