"""What was found in an article: tags, quotes, money. Saving again replaces what was there."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from chipreel.store.lexicon import ensure_product
from chipreel.store.rows import evidence_json, to_json
from chipreel.text.fold import fold

if TYPE_CHECKING:
    from chipreel.model import Annotation, Mention, Money, Quote

#: (amount, currency, day) → dollars, or None where there is no rate.
ToUsd = Callable[[float, str, date], float | None]


def save_annotation(
    db: sqlite3.Connection,
    article: int,
    found: Annotation,
    *,
    day: date,
    to_usd: ToUsd,
    version: str,
) -> None:
    """Replace everything found in an article.

    `day` is the day whose rates turn sums into dollars; `version` names the lexicon and rules that found it.
    """
    for table in ("mentions", "quotes", "money", "fingerprints"):
        db.execute(f"delete from {table} where article = ?", (article,))  # noqa: S608 - names from the line above
    db.execute(
        """update articles set lang = coalesce(?, lang), relevant = ?, relevance = ?, companies = ?, beats = ?,
             topics = ?, annotated_by = ? where id = ?""",
        (found.lang, *columns_of(found, version), article),
    )
    save_findings(db, article, found, day=day, to_usd=to_usd)


def columns_of(found: Annotation, version: str) -> tuple[int, float, str, str, str, str]:
    """relevant, relevance, companies, beats, topics and annotated_by of a row of articles."""
    companies = to_json(mention.id for mention in found.companies)
    return (
        int(found.relevant),
        round(found.relevance, 4),
        companies,
        to_json(found.beats),
        to_json(found.topics),
        version,
    )


def save_findings(db: sqlite3.Connection, article: int, found: Annotation, *, day: date, to_usd: ToUsd) -> None:
    """The mentions, quotes and sums of an article that has none yet."""
    for column, mentions in (("company", found.companies), ("person", found.people), ("product", found.products)):
        for mention in mentions:
            _save_mention(db, article, column, mention)
    for quote in found.quotes:
        _save_quote(db, article, quote)
    for money in found.money:
        _save_money(db, article, money, day, to_usd)


def reprice_money(db: sqlite3.Connection, after: int, to_usd: ToUsd, *, most: int) -> tuple[int, int]:
    """Reckon the dollars of up to `most` sums behind id `after` anew, each at the rate of its article's day.

    Returns the last id that was looked at (`after` = there are no more) and how many dollars changed.
    """
    rows = db.execute(
        """select m.id, m.amount, m.amount_high, m.currency, m.usd, m.usd_high,
             substr(coalesce(a.published, a.first_seen), 1, 10) as day
           from money m join articles a on a.id = m.article where m.id > ? order by m.id limit ?""",
        (after, most),
    ).fetchall()
    changed = 0
    for row in rows:
        day, currency = date.fromisoformat(row["day"]), row["currency"]
        usd = to_usd(row["amount"], currency, day) if currency else None
        high = to_usd(row["amount_high"], currency, day) if row["amount_high"] and currency else None
        if (usd, high) != (row["usd"], row["usd_high"]):
            db.execute("update money set usd = ?, usd_high = ? where id = ?", (usd, high, row["id"]))
            changed += 1
    return (rows[-1]["id"] if rows else after), changed


def quote_key(text: str) -> str:
    """The same words have the same key, whatever their case, width, script and punctuation."""
    plain = "".join(char for char in fold(text) if char.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:16]


def _save_mention(db: sqlite3.Connection, article: int, column: str, mention: Mention) -> None:
    if column == "product":
        surface = mention.evidence[0].surface if mention.evidence else mention.id
        ensure_product(db, mention.id, surface, None)
    db.execute(
        f"""insert into mentions (article, {column}, score, is_primary, via, surface, evidence)
            values (?,?,?,?,?,?,?)""",  # noqa: S608 - the column is one of three above
        (
            article,
            mention.id,
            round(mention.score, 4),
            int(mention.primary),
            mention.via,
            mention.evidence[0].surface if mention.evidence else "",
            evidence_json(mention.evidence),
        ),
    )


def _save_quote(db: sqlite3.Connection, article: int, quote: Quote) -> None:
    db.execute(
        """insert into quotes (article, text, speaker, person, company, kind, cue, field, start, end, key)
           values (?,?,?, (select id from people where id = ?), (select id from companies where id = ?),
                   ?,?,?,?,?,?)""",
        (
            article,
            quote.text,
            quote.speaker,
            quote.speaker_id,
            quote.speaker_id,
            quote.kind,
            quote.cue,
            quote.field,
            quote.start,
            quote.end,
            quote_key(quote.text),
        ),
    )


def _save_money(db: sqlite3.Connection, article: int, money: Money, day: date, to_usd: ToUsd) -> None:
    usd = to_usd(money.amount, money.currency, day) if money.currency else None
    high = to_usd(money.amount_high, money.currency, day) if money.amount_high and money.currency else None
    db.execute(
        """insert into money (article, surface, amount, amount_high, currency, usd, usd_high, bound, company, person,
             role, field, start, end)
           values (?,?,?,?,?,?,?,?, (select id from companies where id = ?), (select id from people where id = ?),
                   ?,?,?,?)""",
        (
            article,
            money.surface,
            money.amount,
            money.amount_high,
            money.currency,
            usd,
            high,
            money.bound,
            money.owner,
            money.owner,
            money.role,
            money.field,
            money.start,
            money.end,
        ),
    )
