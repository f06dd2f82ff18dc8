"""Who said what, and how much money: quotes, money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_csv, print_json, print_table
from chipreel.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3
    from zoneinfo import ZoneInfo

    from chipreel.store.facts import SaidQuote, Sighting
    from chipreel.store.figures import Figure

#: What a sum can be.
ROLES = (
    "raised", "seeking", "invested", "valued", "market-value", "revenue", "profit", "price", "capex", "order", "fine"
)  # fmt: skip
_Since = Annotated[str | None, typer.Option("--since", help="From this day or span: 2024-02-16, 7d.")]
_Limit = Annotated[int, typer.Option(min=0, max=context.MOST, help="At most this many; 0 = all.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
_Csv = Annotated[bool, typer.Option("--csv", help="CSV with a line of headings.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.command()(quotes)
    app.command()(money)


def quotes(
    ctx: typer.Context,
    by: Annotated[str | None, typer.Option(help="A person or company: id or name, in either script.")] = None,
    about: Annotated[str | None, typer.Option(help="A company that it is about: id or name.")] = None,
    since: _Since = None,
    direct: Annotated[bool, typer.Option("--direct", help="Only words between quotation marks.")] = False,
    limit: _Limit = 30,
    as_json: _Json = False,
    as_csv: _Csv = False,
) -> None:
    """Who said what, newest first; the same words quoted by many are one quote.

    Example: chipreel quotes --by 杨立昆 --about openai
    """
    from chipreel.store.database import open_database
    from chipreel.store.facts import QuotesWanted, load_quotes

    wanted = QuotesWanted(by, about, moment_of(ctx, since), limit=limit, indirect=not direct)
    with open_database(context.existing_db(ctx), write=False) as db:
        found = load_quotes(db, wanted)
        hint = None if found else _unknown(db, company=about)
    if as_json:
        for quote in found:
            print_json(asdict(quote))
    elif as_csv:
        headings = ("text", "kind", "speaker", "person", "company", *_SIGHTED)
        print_csv(headings, ((q.text, q.kind, q.speaker, q.person, q.company, *_sighted(q.sightings)) for q in found))
    else:
        zone = context.zone_of(ctx)
        print_table(
            ("when", "who", "what", "where"), (quote_row(one, zone) for one in found), wraps=("who", "what", "where")
        )
    if not found and not (as_json or as_csv):
        note(hint or "nothing found")


def money(
    ctx: typer.Context,
    company: Annotated[str | None, typer.Option(help="Whose sum it is: id or name, in either script.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose sum it is: id or name.")] = None,
    role: Annotated[str | None, typer.Option(help=f"What it is for: {', '.join(ROLES)}.")] = None,
    since: _Since = None,
    sort: Annotated[str, typer.Option(help="usd: largest first; date: newest first.")] = "usd",
    limit: _Limit = 30,
    as_json: _Json = False,
    as_csv: _Csv = False,
) -> None:
    """Sums with whose they are and what for, in dollars of the day; the same sum of one deal is one figure.

    Example: chipreel money --company softbank --sort usd
    """
    from chipreel.store.database import open_database
    from chipreel.store.figures import MoneyWanted, load_figures

    if sort not in ("usd", "date"):
        raise ConfigError(f"{sort!r} is no order", key="--sort", hint="usd or date")
    if role is not None and role not in ROLES:
        raise ConfigError(f"{role!r} is nothing a sum is for", key="--role", hint=", ".join(ROLES))
    wanted = MoneyWanted(company, person, role, moment_of(ctx, since), sort=sort, limit=limit)
    with open_database(context.existing_db(ctx), write=False) as db:
        found = load_figures(db, wanted)
        hint = None if found else _unknown(db, company=company, person=person)
    if as_json:
        for figure in found:
            print_json(asdict(figure))
    elif as_csv:
        headings = ("surface", "usd", "usd_high", "currency", "role", "company", "person", *_SIGHTED)
        print_csv(headings, map(_figure_cells, found))
    else:
        zone = context.zone_of(ctx)
        print_table(
            ("sum", "in dollars", "for", "whose", "when", "where"),
            (figure_row(one, zone) for one in found),
            wraps=("sum", "where"),
        )
    if not found and not (as_json or as_csv):
        note(hint or "nothing found")


def _unknown(db: sqlite3.Connection, **names: str | None) -> str | None:
    """What may be wrong with names that found nothing."""
    from chipreel.cli.find import unknown_name
    from chipreel.text.query import Filter

    return unknown_name(db, [Filter(field, value) for field, value in names.items() if value])


def moment_of(ctx: typer.Context, since: str | None) -> datetime | None:
    """The moment that --since names. Raises ConfigError for what is none."""
    if since is None:
        return None
    from chipreel.text.spans import parse_moment

    found = parse_moment(since, now=context.now(), zone=context.zone_of(ctx))
    if found is None:
        raise ConfigError(f"{since!r} is no day or span", key="--since", hint="write 2024-02-16, 7d, 12h or today")
    return found


_SIGHTED = ("articles", "first_at", "sources", "story", "url")


def _sighted(sightings: Sequence[Sighting]) -> tuple[object, ...]:
    sources = tuple(dict.fromkeys(one.source for one in sightings))
    first = sightings[0]
    return len(sightings), first.at, sources, first.story, next((one.url for one in sightings if one.url), None)


def _figure_cells(figure: Figure) -> tuple[object, ...]:
    return (
        figure.surface,
        figure.usd,
        figure.usd_high,
        figure.currency,
        figure.role,
        figure.company,
        figure.person,
        *_sighted(figure.sightings),
    )


def _where(sightings: Sequence[Sighting]) -> str:
    titles = list(dict.fromkeys(one.source_title for one in sightings))
    return titles[0] + (f" +{len(titles) - 1}" if len(titles) > 1 else "")


def quote_row(quote: SaidQuote, zone: ZoneInfo) -> tuple[str, ...]:
    """A quote as a row of a table: day in the reader's zone, who, what, where."""
    text = f"“{quote.text}”" if quote.kind == "direct" else quote.text
    return context.local(quote.sightings[0].at, zone), quote.speaker or "", text, _where(quote.sightings)


def figure_row(figure: Figure, zone: ZoneInfo) -> tuple[str, ...]:
    """A sum as a row of a table: as written, in dollars, what for, whose, day in the reader's zone, where."""
    from chipreel.digest.figures import dollars

    usd = dollars("en", figure.usd) if figure.usd is not None else ""
    if figure.usd_high is not None:
        usd += f"–{dollars('en', figure.usd_high).removeprefix('US$')}"
    whose = figure.company or figure.person or ""
    return (
        figure.surface,
        usd,
        figure.role or "",
        whose,
        context.local(figure.sightings[0].at, zone),
        _where(figure.sightings),
    )
