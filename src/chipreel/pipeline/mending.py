"""What a person puts right: tags of an article, articles of a story. Every correction is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from chipreel.errors import ConfigError, NotFoundError
from chipreel.pipeline.grouping import refresh_stories
from chipreel.pipeline.retagging import annotate_row
from chipreel.pipeline.rooms import Rooms
from chipreel.store import articles, fixes, stories
from chipreel.store.annotations import save_annotation
from chipreel.store.database import transaction
from chipreel.store.filters import find_id
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.rows import to_moment


def fix_tags(
    db: sqlite3.Connection, rooms: Rooms, article: int, *, yes: Sequence[str], no: Sequence[str], now: datetime
) -> None:
    """Tag an article by hand; companies go by id or name. Raises NotFoundError for what is not there, ConfigError for a
    company that is said to be both."""
    row = articles.get_article(db, article)
    with transaction(db):
        sync_lexicon(db, rooms.lexicon)  # A company may have come since the last run.
        yes, no = ([_company(db, rooms, name) for name in names] for names in (yes, no))
        if both := sorted(set(yes).intersection(no)):
            raise ConfigError(f"{both[0]} cannot be both", key="--is and --not", hint="leave one out")
        for company in yes:
            fixes.save_company_fix(db, article, "is", company, now)
        for company in no:
            fixes.save_company_fix(db, article, "not", company, now)
        day = (to_moment(row["published"]) or now).date()
        found = annotate_row(db, row, rooms)
        save_annotation(db, article, found, day=day, to_usd=rooms.to_usd, version=rooms.annotator.version)
        if row["story"] is not None:
            refresh_stories(db, {row["story"]})


def _company(db: sqlite3.Connection, rooms: Rooms, name: str) -> str:
    found = find_id(db, "company", name)
    if found is None or found not in {company.id for company in rooms.lexicon.companies}:
        raise NotFoundError(f"there is no company {name!r}; `chipreel companies` lists them")
    return found


def split_story(db: sqlite3.Connection, story: int, article: int, now: datetime) -> int:
    """Take an article out of a story into one of its own; returns the new story's number."""
    story = stories.find_story(db, story)
    if articles.get_article(db, article)["story"] != story:
        raise NotFoundError(f"article {article} is not in story s{story}")
    with transaction(db):
        fixes.save_split(db, story, article, now)
        new = stories.create_story(db, now)
        stories.save_membership(db, article, new)
        refresh_stories(db, {story, new})
    return new


def merge_stories(db: sqlite3.Connection, first: int, second: int, now: datetime) -> int:
    """Make two stories one; returns the number that stays: that of the larger one, of equals the older."""
    first, second = stories.find_story(db, first), stories.find_story(db, second)
    if first == second:
        raise NotFoundError(f"s{first} and s{second} are one story already")
    sizes = {number: len(stories.members(db, number)) for number in (first, second)}
    kept = min(sizes, key=lambda number: (-sizes[number], number))
    gone = second if kept == first else first
    with transaction(db):
        fixes.save_merge_fix(db, kept, gone, now)
        stories.save_merge(db, gone, kept)
        refresh_stories(db, {kept})
    return kept
