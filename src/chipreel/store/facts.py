# ruff: noqa: S608 - every name put into SQL is written here; values are bound
"""Who said what, and how much money, across articles: the same words quoted by ten papers are one quote with ten
sightings, the same sum of one deal is one figure with the range that was reported.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chipreel.store.filters import TIME, find_id
from chipreel.store.rows import to_json, to_text
from chipreel.text.fold import fold

#: Letters that a shorter wording of a quote must share with a longer one to be the same.
_LEAST_SHARED = 8


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article that carries a quote or names a sum."""

    article: int
    title: str | None
    url: str | None
    source: str
    source_title: str
    #: As stored: 2024-02-16T08:00:00Z.
    at: str
    lang: str | None
    #: "s12", or None.
    story: str | None


@dataclass(frozen=True, slots=True)
class SaidQuote:
    """Words of somebody, with everybody who quotes them."""

    text: str
    kind: str
    speaker: str | None
    #: Ids in the lexicon.
    person: str | None
    company: str | None
    #: Earliest first.
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class QuotesWanted:
    """Which quotes."""

    #: Id or name of a person or company, or the name as it stands in the text; None = anybody.
    by: str | None = None
    #: Id or name of a company that the article is about or the quote names.
    about: str | None = None
    since: datetime | None = None
    story: int | None = None
    #: 0 = all.
    limit: int = 50
    #: True = also what is only reported in other words.
    indirect: bool = True


def load_quotes(db: sqlite3.Connection, wanted: QuotesWanted) -> list[SaidQuote]:
    """Quotes, newest first, each once."""
    keys = _keys(db, wanted)
    if not keys:
        return []
    rows = db.execute(
        f"""select q.*, {_ABOUT} from quotes q join articles a on a.id = q.article join sources s on s.id = a.source
            where q.key in (select value from json_each(?)) and a.relevant = 1 order by {TIME}, a.id""",
        (to_json(keys),),
    ).fetchall()
    quotes = _joined([_quote(group) for group in _by_speaker(rows)])
    return quotes if wanted.by is None else [quote for quote in quotes if _is_by(db, quote, wanted.by)]


def _by_speaker(rows: Iterable[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """Rows of the same words, apart by who is known to have said them; who is not known joins who is."""
    known: dict[tuple[str, str], list[sqlite3.Row]] = {}
    unknown: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        speaker = row["person"] or row["company"]
        if speaker:
            known.setdefault((row["key"], speaker), []).append(row)
        else:
            unknown.setdefault(row["key"], []).append(row)
    for (key, _), group in known.items():
        group += unknown.pop(key, [])
        group.sort(key=lambda row: (row["at"], row["article"]))
    return [*known.values(), *unknown.values()]


def _is_by(db: sqlite3.Connection, quote: SaidQuote, name: str) -> bool:
    for field, speaker in (("person", quote.person), ("company", quote.company)):
        if found := _speaker_id(db, field, name):
            return speaker == found
    return fold(name) in fold(quote.speaker or "")


_ABOUT = f"a.title, a.url, a.source, s.title as source_title, {TIME} as at, a.lang, a.story"


def _keys(db: sqlite3.Connection, wanted: QuotesWanted) -> list[str]:
    tests, values = ["a.relevant = 1", "q.speaker is not null"], {}
    if not wanted.indirect:
        tests.append("q.kind = 'direct'")
    if wanted.since is not None:
        tests.append(f"{TIME} >= :since")
        values["since"] = to_text(wanted.since)
    if wanted.story is not None:
        tests.append("a.story = :story")
        values["story"] = str(wanted.story)
    if wanted.by is not None:
        test, values["by"] = _by(db, wanted.by)
        tests.append(test)
    if wanted.about is not None:
        tests.append(
            """exists (select 1 from mentions m where m.company = :about and m.article = a.id and (m.is_primary = 1
                 or exists (select 1 from json_each(m.evidence) e where e.value ->> 'field' = q.field
                   and e.value ->> 'start' >= q.start and e.value ->> 'end' <= q.end)))"""
        )
        values["about"] = find_id(db, "company", wanted.about) or wanted.about
    found: dict[str, None] = {}
    for row in db.execute(
        f"select q.key from quotes q join articles a on a.id = q.article where {' and '.join(tests)} "
        f"order by {TIME} desc, q.id",
        values,
    ):
        found[row["key"]] = None
        if wanted.limit and len(found) >= wanted.limit:
            break
    return list(found)


def _speaker_id(db: sqlite3.Connection, field: str, name: str) -> str | None:
    """The id of a person or company by id or name, of a person also by a surname nobody else has: LeCun, 奥特曼."""
    found = find_id(db, field, name)
    if found or field != "person":
        return found
    last = fold(name)
    rows = db.execute("select id, name, name_zh from people").fetchall()
    ids = {row["id"] for row in rows if last in (_last_name(row["name"], " "), _last_name(row["name_zh"], "·"))}
    return ids.pop() if len(ids) == 1 else None


def _last_name(name: str | None, gap: str) -> str | None:
    return fold(name.rpartition(gap)[2]) if name and gap in name else None


def _by(db: sqlite3.Connection, name: str) -> tuple[str, str]:
    for field, column in (("person", "q.person"), ("company", "q.company")):
        if found := _speaker_id(db, field, name):
            return f"{column} = :by", found
    return "instr(lower(q.speaker), :by)", fold(name)


def _quote(rows: Sequence[sqlite3.Row]) -> SaidQuote:
    best = max(rows, key=lambda row: (bool(row["person"]), bool(row["company"]), len(row["speaker"] or "")))
    return SaidQuote(best["text"], best["kind"], best["speaker"], best["person"], best["company"], sightings_of(rows))


def sightings_of(rows: Iterable[sqlite3.Row]) -> tuple[Sighting, ...]:
    return tuple({row["article"]: _sighting(row) for row in rows}.values())


def _sighting(row: sqlite3.Row) -> Sighting:
    story = f"s{row['story']}" if row["story"] else None
    return Sighting(
        row["article"], row["title"], row["url"], row["source"], row["source_title"], row["at"], row["lang"], story
    )


def _joined(quotes: Sequence[SaidQuote]) -> list[SaidQuote]:
    """Quotes of which one repeats a part of the other, by the same speaker, as the longer one."""
    kept: list[SaidQuote] = []
    plain: list[str] = []
    for quote in sorted(quotes, key=lambda one: -len(one.text)):
        words = "".join(char for char in fold(quote.text) if char.isalnum())
        place = next((n for n, other in enumerate(kept) if _same_words(words, plain[n], quote, other)), None)
        if place is None:
            kept.append(quote)
            plain.append(words)
        else:
            both = {one.article: one for one in (*kept[place].sightings, *quote.sightings)}
            kept[place] = replace(kept[place], sightings=tuple(sorted(both.values(), key=lambda one: one.at)))
    return sorted(kept, key=lambda one: one.sightings[-1].at, reverse=True)


def _same_words(words: str, longer: str, quote: SaidQuote, other: SaidQuote) -> bool:
    if len(words) < _LEAST_SHARED or words not in longer:
        return False
    if quote.person or other.person:
        return quote.person == other.person
    return fold(quote.speaker or "") == fold(other.speaker or "")
