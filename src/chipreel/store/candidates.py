"""What a profile has not been given yet, story by story.

Articles, not stories, are what a profile was given: stories merge and split, articles stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from chipreel.model.digest import Candidate, DigestArticle, SourceTrouble, Wording
from chipreel.store.candidate_rows import Given, to_article, to_said, to_sums
from chipreel.store.digests import Reach
from chipreel.store.rows import to_moment, to_text

#: Code points of a text that a digest looks at.
TEXT_LENGTH = 4000
#: Of a story's articles from before the last edition so many come along that were given, and so many that were not: the
#: first and the newest. A story of months has thousands, and each would cost every digest after it.
MOST_OLD = 150
#: How long after its delivery a story is looked at again although nothing came that is new to the database.
RECONSIDERED = timedelta(days=7)


def reach_before(db: sqlite3.Connection, moment: datetime) -> Reach:
    """The reach of everything that was there before a moment."""
    first = db.execute("select min(id) from articles where first_seen >= ?", (to_text(moment),)).fetchone()[0]
    revision = db.execute("select min(id) from revisions where at >= ?", (to_text(moment),)).fetchone()[0]
    newest = db.execute(
        "select (select coalesce(max(id), 0) from articles), (select coalesce(max(id), 0) from revisions)"
    ).fetchone()
    return Reach(newest[0] if first is None else first - 1, newest[1] if revision is None else revision - 1)


def load_candidates(db: sqlite3.Connection, profile: str, after: Reach, upto: Reach, now: datetime) -> list[Candidate]:
    """Stories with something after one reach and up to another, each with its articles that belong.

    That is all of them, but of the old ones that say what they said no more than `MOST_OLD` of either kind. What is
    not relevant is left out, and a story that is background alone. A story of which this profile was given an article
    before is an update; one delivered in the last days comes along when anything of it was not given yet.
    """
    numbers = {
        row["story"]
        for row in db.execute(
            """select distinct story from articles where relevant = 1 and background = 0 and story is not null
                 and id > :after and id <= :upto
               union
               select distinct a.story from revisions r join articles a on a.id = r.article
               where r.id > :after_revision and r.id <= :upto_revision and a.id <= :upto
                 and a.relevant = 1 and a.background = 0 and a.story is not null
               union
               select distinct a.story from digests g cross join digest_articles d on d.digest = g.id
                 cross join articles a on a.id = d.article
               where g.profile = :profile and g.made_at >= :recent and a.story is not null and a.relevant = 1""",
            {
                "after": after.article,
                "upto": upto.article,
                "after_revision": after.revision,
                "upto_revision": upto.revision,
                "profile": profile,
                "recent": to_text(now - RECONSIDERED),
            },
        )
    }
    return _candidates(db, numbers, upto, given=_given(db, profile, numbers), after=after.article)


def load_window_candidates(db: sqlite3.Connection, since: datetime, until: datetime) -> list[Candidate]:
    """Stories with articles first seen in a window of the past, as if nothing had been delivered."""
    rows = db.execute(
        """select id, story from articles where relevant = 1 and background = 0 and story is not null
           and first_seen >= ? and first_seen < ?""",
        (to_text(since), to_text(until)),
    ).fetchall()
    upto = Reach(max((row["id"] for row in rows), default=0), 0)
    return _candidates(db, {row["story"] for row in rows}, upto, given={}, since=since)


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
    """(id, English name, Chinese name) of every company and person; one without a Chinese name has its English one."""
    rows = db.execute(
        """select id, name, name_zh from companies union all select id, name, name_zh from people
           where id not in (select id from companies) order by id"""
    )
    return tuple((row["id"], row["name"], row["name_zh"] or row["name"]) for row in rows)


class _Wanted(NamedTuple):
    """The articles that are read, as the parameters of `_WANTED`."""

    #: Numbers of stories as JSON.
    stories: str
    #: Id of the newest article.
    upto: int
    #: Ids as JSON that are not read.
    left_behind: str


_WANTED = """a.story in (select value from json_each(?)) and a.relevant = 1 and a.id <= ?
              and a.id not in (select value from json_each(?))"""


@dataclass(slots=True)
class _Parts:
    """Rows of one story, before they are a candidate."""

    articles: list[DigestArticle] = field(default_factory=list)
    quotes: list[sqlite3.Row] = field(default_factory=list)
    money: list[sqlite3.Row] = field(default_factory=list)


def _given(db: sqlite3.Connection, profile: str, numbers: Iterable[int]) -> dict[int, Given]:
    """The articles of these stories that a profile was given."""
    rows = db.execute(
        """select d.article, g.made_at, g.upto_revision
           from json_each(?) s cross join articles a on a.story = s.value
             cross join digest_articles d on d.profile = ? and d.article = a.id
             cross join digests g on g.id = d.digest
           order by d.digest""",
        (json.dumps(sorted(numbers)), profile),
    )
    given = {}
    for row in rows:
        made = to_moment(row["made_at"])
        assert made is not None
        given[row["article"]] = Given(made, row["upto_revision"])
    return given


def _left_behind(
    db: sqlite3.Connection, stories: str, after: int, upto: int, given: Mapping[int, Given]
) -> Iterator[int]:
    """Old articles of large stories that a digest does without."""
    rows = db.execute(
        """select a.story, a.id from json_each(?) s cross join articles a on a.story = s.value
           where a.id <= ? order by a.id""",
        (stories, min(after, upto)),
    )
    old: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for row in rows:
        old[row["story"], row["id"] in given].append(row["id"])
    for articles in old.values():
        yield from articles[1 : 1 - MOST_OLD]


def _candidates(
    db: sqlite3.Connection,
    numbers: Iterable[int],
    upto: Reach,
    *,
    given: dict[int, Given],
    after: int = 0,
    since: datetime | None = None,
) -> list[Candidate]:
    wordings = _wordings(db, given)
    told_of = json.dumps(sorted(numbers))
    left_behind = set(_left_behind(db, told_of, after, upto.article, given)).difference(wordings)
    wanted = _Wanted(told_of, upto.article, json.dumps(sorted(left_behind)))
    stories: dict[int, _Parts] = defaultdict(_Parts)
    for row in _article_rows(db, wanted):
        stories[row["story"]].articles.append(to_article(row, given, wordings, since))
    for row in _of_stories(db, "quotes", "x.kind = 'direct' and x.speaker is not null", wanted):
        stories[row["story"]].quotes.append(row)
    for row in _of_stories(db, "money", "1", wanted):
        stories[row["story"]].money.append(row)
    independent = {
        row["id"]: row["outlets"]
        for row in db.execute(
            "select id, outlets from stories where outlets > 0 and id in (select value from json_each(?))",
            (wanted.stories,),
        )
    }
    return [
        _candidate(number, parts, given, wordings, independent.get(number))
        for number, parts in sorted(stories.items())
        if _has_news(parts.articles, wordings)
    ]


def _has_news(articles: Sequence[DigestArticle], wordings: dict[int, Wording]) -> bool:
    return any(article.is_new or article.id in wordings for article in articles)


def _article_rows(db: sqlite3.Connection, wanted: _Wanted) -> list[sqlite3.Row]:
    return db.execute(
        f"""select a.id, a.title, substr(a.text, 1, {TEXT_LENGTH}) as text, a.url, a.source, a.via, a.lang, a.published,
              a.first_seen, a.kind, a.author, a.relevance, a.companies, a.beats, a.topics, a.story, a.background,
              s.title as source_title, s.publisher, s.role,
              (select json_group_array(company) from (select company from mentions m where m.article = a.id
                 and company is not null and is_primary = 1 order by score desc, company)) as about
            from articles a join sources s on s.id = a.source
            where {_WANTED} order by a.id""",  # noqa: S608
        wanted,
    ).fetchall()


def _of_stories(db: sqlite3.Connection, table: str, condition: str, wanted: _Wanted) -> list[sqlite3.Row]:
    return db.execute(
        f"""select x.*, a.story, a.url, s.publisher from {table} x join articles a on a.id = x.article
              join sources s on s.id = a.source
            where {condition} and {_WANTED}
            order by x.article, x.id""",  # noqa: S608 - all of it is written above
        wanted,
    ).fetchall()


def _wordings(db: sqlite3.Connection, given: dict[int, Given]) -> dict[int, Wording]:
    """What delivered articles said then, for those that say something else now."""
    rows = db.execute(
        f"""select r.id, r.article, r.title, substr(r.text, 1, {TEXT_LENGTH}) as text from revisions r
            where r.article in (select value from json_each(?)) order by r.id""",  # noqa: S608
        (json.dumps(sorted(given)),),
    )
    found: dict[int, Wording] = {}
    for row in rows:
        if row["id"] > given[row["article"]].upto_revision and row["article"] not in found:
            found[row["article"]] = Wording(row["article"], row["title"] or "", row["text"] or "")
    return found


def _candidate(
    number: int, parts: _Parts, given: dict[int, Given], wordings: dict[int, Wording], independent: int | None
) -> Candidate:
    before = [article for article in parts.articles if article.was_given]
    return Candidate(
        story=f"s{number}",
        state="update" if before else "new",
        articles=tuple(parts.articles),
        said=to_said(parts.quotes),
        sums=to_sums(parts.money),
        outlets_before=len({article.publisher for article in before}),
        delivered_at=max((given[article.id].made_at for article in before), default=None),
        wordings=tuple(wordings[article.id] for article in parts.articles if article.id in wordings),
        independent=independent,
    )
