# ruff: noqa: S608 - every name put into SQL is written here; values are bound
"""Sums across articles: the same sum of one deal is one figure, with the range that was reported."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chipreel.store.facts import Sighting, sightings_of
from chipreel.store.filters import TIME, find_id
from chipreel.store.rows import to_json, to_moment, to_text

#: Two sums of one deal as two outlets tell them: 7 trillion and 5 to 7 trillion, 10 billion and 10.3 billion.
_NEAR = 1.25
#: The same sum of the same owner in the same role is the same figure for this long.
_REPEATED = timedelta(days=30)
#: Rows that are looked at, the largest or the newest.
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum with everybody who names it."""

    #: As most of its articles write it.
    surface: str
    #: In dollars at the rate of the day, the least and the most that was reported; None = there is no rate.
    usd: float | None
    usd_high: float | None
    currency: str | None
    role: str | None
    #: Whose it is: ids in the lexicon.
    company: str | None
    person: str | None
    #: Every way in which it is written, the most frequent first.
    surfaces: tuple[str, ...]
    #: Earliest first.
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class MoneyWanted:
    """Which sums."""

    #: Id or name.
    company: str | None = None
    person: str | None = None
    role: str | None = None
    since: datetime | None = None
    story: int | None = None
    #: "usd": largest first; "date": newest first.
    sort: str = "usd"
    #: 0 = all.
    limit: int = 50


def load_figures(db: sqlite3.Connection, wanted: MoneyWanted) -> list[Figure]:
    """Figures, the largest or the newest first, each once."""
    asked = _asked_rows(db, wanted)
    ids = {row["id"] for row in asked}
    is_everything = (wanted.company, wanted.person, wanted.story) == (None, None, None)
    rows = asked if is_everything else _with_relatives(db, asked)
    groups = (group for group in _merged(rows) if any(row["id"] in ids for row in group))
    figures = [_figure(group) for group in groups]
    if wanted.role is not None:
        figures = [one for one in figures if one.role == wanted.role]
    by_date = sorted(figures, key=lambda one: one.sightings[-1].at, reverse=True)
    found = by_date if wanted.sort == "date" else sorted(by_date, key=lambda one: -(one.usd_high or one.usd or 0))
    return found[: wanted.limit or None]


_ROWS = f"""select m.*, a.title, a.url, a.source, s.title as source_title, {TIME} as at, a.lang, a.story, a.companies,
      coalesce(m.company, p.company, m.person) as owner
    from money m join articles a on a.id = m.article join sources s on s.id = a.source
      left join people p on p.id = m.person"""


def _asked_rows(db: sqlite3.Connection, wanted: MoneyWanted) -> list[sqlite3.Row]:
    tests, values = ["a.relevant = 1"], {}
    if wanted.company is not None:
        tests.append("(m.company = :company or m.person in (select id from people where company = :company))")
        values["company"] = find_id(db, "company", wanted.company) or wanted.company
    if wanted.person is not None:
        tests.append("m.person = :person")
        values["person"] = find_id(db, "person", wanted.person) or wanted.person
    if wanted.since is not None:
        tests.append(f"{TIME} >= :since")
        values["since"] = to_text(wanted.since) or ""
    if wanted.story is not None:
        tests.append("a.story = :story")
        values["story"] = str(wanted.story)
    order = "m.usd desc" if wanted.sort == "usd" else f"{TIME} desc"
    sql = f"{_ROWS} where {' and '.join(tests)} order by {order}, m.id limit {_LOOKED_AT}"
    return db.execute(sql, values).fetchall()


def _with_relatives(db: sqlite3.Connection, asked: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """The rows that were asked for, with all that may be of the same figures: of their stories, of their amounts."""
    stories = to_json({row["story"] for row in asked if row["story"]})
    amounts = to_json({row["usd"] for row in asked if row["usd"] is not None})
    more = db.execute(
        f"""{_ROWS} where a.relevant = 1 and (a.story in (select value from json_each(?))
              or m.usd in (select value from json_each(?))) limit {_LOOKED_AT}""",
        (stories, amounts),
    ).fetchall()
    return list({row["id"]: row for row in (*asked, *more)}.values())


def _merged(rows: Sequence[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """Rows in groups that are one figure each."""
    groups: list[list[sqlite3.Row]] = []
    near: dict[tuple[object, ...], list[int]] = defaultdict(list)
    # Those that say whose and for what come first: the others join them.
    for row in sorted(rows, key=lambda row: (row["owner"] is None, row["role"] is None, row["at"], row["id"])):
        places = (n for key in _keys(row) for n in near.get(key, ()))
        found = next((n for n in dict.fromkeys(places) if _is_same(row, groups[n])), None)
        if found is None:
            found = len(groups)
            groups.append([])
        groups[found].append(row)
        for key in _keys(row):
            if found not in near[key]:
                near[key].append(found)
    return [sorted(group, key=lambda row: (row["at"], row["id"])) for group in groups]


def _keys(row: sqlite3.Row) -> Iterator[tuple[object, ...]]:
    """Where a row may meet others of its figure."""
    yield ("story", row["story"]) if row["story"] else ("article", row["article"])
    yield ("amount", row["currency"], row["amount"], row["amount_high"])


def _is_same(row: sqlite3.Row, group: Sequence[sqlite3.Row]) -> bool:
    first = group[0]
    if not (_agree(row["owner"], first["owner"]) and _agree(_deal(row["role"]), _deal(first["role"]))):
        return False
    if any(_is_equal(row, one) for one in group):
        return _is_together(row, group)
    if not (row["role"] and row["owner"] and row["story"] == first["story"] is not None):
        return False
    # An article that names both means two sums.
    return all(row["article"] != one["article"] and _is_near(row, one) for one in group)


def _is_together(row: sqlite3.Row, group: Sequence[sqlite3.Row]) -> bool:
    """Whether a row with the amount of a group tells of the same thing: in one story, or of one owner at one time."""
    if any(row["article"] == one["article"] or row["story"] == one["story"] is not None for one in group):
        return True
    owner = group[0]["owner"]
    if owner is None or (row["owner"] is None and f'"{owner}"' not in row["companies"]):
        return False
    if row["owner"] is not None and (row["role"] is None or group[0]["role"] is None):
        return False
    at, others = to_moment(row["at"]), [to_moment(one["at"]) for one in group]
    return at is not None and any(other is not None and abs(at - other) <= _REPEATED for other in others)


def _is_equal(a: sqlite3.Row, b: sqlite3.Row) -> bool:
    if a["currency"] == b["currency"]:
        return bool(a["amount"] == b["amount"] and a["amount_high"] == b["amount_high"])
    return False


def _is_near(a: sqlite3.Row, b: sqlite3.Row) -> bool:
    if not (a["usd"] and b["usd"]):
        return False
    low = max(a["usd"], b["usd"])
    high = min(a["usd_high"] or a["usd"], b["usd_high"] or b["usd"])
    return bool(low <= high * _NEAR)


def _deal(role: str | None) -> str | None:
    """Money that is sought and money that was raised are two moments of one deal."""
    return "raised" if role == "seeking" else role


def _agree(a: object, b: object) -> bool:
    return a is None or b is None or a == b


def _figure(rows: Sequence[sqlite3.Row]) -> Figure:
    surfaces = [surface for surface, _ in Counter(row["surface"] for row in rows).most_common()]
    known = [row["usd"] for row in rows if row["usd"] is not None]
    highs = [row["usd_high"] or row["usd"] for row in rows if row["usd"] is not None]
    low, high = min(known, default=None), max(highs, default=None)
    first = max(rows, key=lambda row: row["surface"] == surfaces[0])
    return Figure(
        surface=surfaces[0],
        usd=low,
        usd_high=high if high != low else None,
        currency=first["currency"],
        role=_most(rows, "role"),
        company=_most(rows, "company"),
        person=_most(rows, "person"),
        surfaces=tuple(surfaces),
        sightings=sightings_of(rows),
    )


def _most(rows: Sequence[sqlite3.Row], column: str) -> str | None:
    counted = Counter(row[column] for row in rows if row[column])
    return counted.most_common(1)[0][0] if counted else None
