"""Corrections by a person. They are rows, so that retagging and grouping respect them and `evaluate` can read them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from chipreel.store.rows import to_text


def save_company_fix(
    db: sqlite3.Connection, article: int, verdict: Literal["is", "not"], company: str, now: datetime
) -> None:
    """An article is, or is not, about a company. Saying it again changes nothing."""
    last = db.execute(
        "select kind from fixes where article = ? and company = ? order by id desc limit 1", (article, company)
    ).fetchone()
    if last is None or last["kind"] != verdict:
        db.execute(
            "insert into fixes (at, kind, article, company) values (?,?,?,?)",
            (to_text(now), verdict, article, company),
        )


def save_split(db: sqlite3.Connection, story: int, article: int, now: datetime) -> None:
    """An article does not belong in a story."""
    db.execute("insert into fixes (at, kind, article, story) values (?, 'split', ?, ?)", (to_text(now), article, story))


def save_merge_fix(db: sqlite3.Connection, story: int, other: int, now: datetime) -> None:
    """Two stories are one."""
    db.execute(
        "insert into fixes (at, kind, story, other_story) values (?, 'merge', ?, ?)", (to_text(now), story, other)
    )


def company_fixes(db: sqlite3.Connection, articles: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """(verdict, company) of each of these articles, oldest first; articles without any are absent."""
    found: dict[int, list[tuple[str, str]]] = {}
    for low in range(0, len(articles), 500):
        chunk = articles[low : low + 500]
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"""select article, kind, company from fixes
                where kind in ('is', 'not') and article in ({marks}) order by id""",  # noqa: S608
            tuple(chunk),
        )
        for row in rows:
            found.setdefault(row["article"], []).append((row["kind"], row["company"]))
    return found


def grouping_fixes(db: sqlite3.Connection) -> Iterable[sqlite3.Row]:
    """Every split and merge, oldest first."""
    return db.execute("select * from fixes where kind in ('split', 'merge') order by id").fetchall()


def labelled_rows(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Corrected articles in the shape of a labelled file: what a person said is what is right."""
    rows = db.execute(
        """select distinct a.id, a.title, a.text, a.lang, a.companies from fixes f join articles a on a.id = f.article
           where f.kind in ('is', 'not') order by a.id"""
    )
    return [dict(row) for row in rows]
