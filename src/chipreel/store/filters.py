# ruff: noqa: S608 - every name put into SQL is written here; values are bound
"""The fields of the search language as SQL over `articles a`: each looks its rows up in an index."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain

from chipreel.errors import ConfigError
from chipreel.store.rows import is_number, to_text
from chipreel.text.fold import fold, fold_all
from chipreel.text.query import FIELDS, Filter
from chipreel.text.spans import parse_moment

#: When an article stands in time; the expression has an index.
TIME = "coalesce(a.published, a.first_seen)"

_CODE = re.compile("[A-Za-z]{2,3}")
_KINDS = ("article", "post")
_BEATS = ("video", "chips")
_ROLES = ("official", "press", "analysis", "commentary", "community", "research", "filings")
_HAS = {"quote": "quotes", "money": "money"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a test of a row of `articles a`, and where there is one, the set of ids that meet it."""

    test: str
    #: `select … ` of article ids that an index answers; None = the test is all there is.
    ids: str | None
    value: object = None


def condition_of(db: sqlite3.Connection, asked: Filter, name: str, *, now: datetime, zone: tzinfo) -> Condition:
    """The SQL of one filter, with its value bound as `:name`. Raises ConfigError for a value that means nothing."""
    field, value = asked.field, asked.value
    if field in ("since", "until"):
        moment = parse_moment(value, now=now, zone=zone, end=field == "until")
        if moment is None:
            raise ConfigError(f"{value!r} is no day or span", key=field, hint="write 2024-02-16, 7d, 12h or today")
        return Condition(f"{TIME} {'>=' if field == 'since' else '<'} :{name}", None, to_text(moment))
    if field == "story":
        return Condition(f"a.story = :{name}", f"select id from articles where story = :{name}", _story(db, value))
    if field == "has":
        table = _HAS[_one_of("has", value, tuple(_HAS))]
        return Condition(f"exists (select 1 from {table} x where x.article = a.id)", None)
    if field in _NAMED:
        return _named(db, field, value, name)
    if field == "source":
        return Condition(
            f"(a.source = :{name} or exists (select 1 from sightings g where g.article = a.id and g.source = :{name}))",
            f"select id from articles where source = :{name} "
            f"union select article from sightings where source = :{name}",
            value,
        )
    return _PLAIN[field](value, name)


_NAMED = {"company": "companies", "person": "people", "product": "products"}


def _named(db: sqlite3.Connection, field: str, value: str, name: str) -> Condition:
    return Condition(
        f"exists (select 1 from mentions m where m.{field} = :{name} and m.article = a.id)",
        f"select article from mentions where {field} = :{name}",
        find_id(db, field, value) or value.lower(),
    )


def find_id(db: sqlite3.Connection, field: str, value: str) -> str | None:
    """The id of the company, person or product that goes by this id or any of its names, in either script; None for
    none. Of two that share a name, the one whose main name it is."""
    table = _NAMED[field]
    row = db.execute(f"select id from {table} where id = ?", (value.lower(),)).fetchone()
    if row is not None:
        return str(row["id"])
    wanted = fold(value)
    chinese = "null" if table == "products" else "name_zh"
    rows = db.execute(f"select id, name, {chinese} as name_zh, names from {table} order by id").fetchall()
    main = (row["id"] for row in rows if wanted in (fold(row["name"]), fold(row["name_zh"] or "")))
    others = (row["id"] for row in rows if wanted in fold_all(json.loads(row["names"])))
    return next(chain(main, others), None)


def _story(db: sqlite3.Connection, value: str) -> int:
    digits = value[1:] if value[:1] in ("s", "S") else value
    if not is_number(digits):
        raise ConfigError(f"{value!r} is no story", key="story", hint="write story:s12")
    row = db.execute("select coalesce(merged_into, id) from stories where id = ?", (int(digits),)).fetchone()
    return int(row[0] if row else digits)


def _one_of(field: str, value: str, known: tuple[str, ...]) -> str:
    if value.lower() not in known:
        choices = " or ".join(f"{field}:{one}" for one in known)
        raise ConfigError(f"{value!r} is no {field}", key=field, hint=f"write {choices}")
    return value.lower()


def _kind(value: str, name: str) -> Condition:
    return Condition(f"a.kind = :{name}", None, _one_of("kind", value, _KINDS))


def _role(value: str, name: str) -> Condition:
    return Condition(f"a.role = :{name}", None, _one_of("role", value, _ROLES))


def _beat(value: str, name: str) -> Condition:
    return Condition(f"instr(a.beats, :{name})", None, f'"{_one_of("beat", value, _BEATS)}"')


def _topic(value: str, name: str) -> Condition:
    from chipreel.tag.topics import TOPICS  # Few searches need the tagger's words.

    return Condition(f"instr(a.topics, :{name})", None, f'"{_one_of("topic", value, TOPICS)}"')


def _lang(value: str, name: str) -> Condition:
    if not _CODE.fullmatch(value):
        raise ConfigError(f"{value!r} is no language", key="lang", hint="write its code: lang:en, lang:zh, lang:ja")
    return Condition(f"a.lang = :{name}", None, value.lower())


_PLAIN: dict[str, Callable[[str, str], Condition]] = {
    "kind": _kind,
    "role": _role,
    "beat": _beat,
    "topic": _topic,
    "lang": _lang,
}
assert {*_PLAIN, *_NAMED, "since", "until", "has", "story", "source"} == set(FIELDS)
