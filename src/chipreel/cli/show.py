"""What happened: stories, show, trends."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.facts import moment_of
from chipreel.cli.output import console, note, print_json, print_table, printable
from chipreel.errors import NotFoundError

if TYPE_CHECKING:
    import sqlite3
    from zoneinfo import ZoneInfo

    from chipreel.store.facts import SaidQuote
    from chipreel.store.figures import Figure

_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.command()(stories)
    app.command()(show)
    app.command()(trends)


def stories(
    ctx: typer.Context,
    company: Annotated[str | None, typer.Option(help="About this company: id or name.")] = None,
    beat: Annotated[str | None, typer.Option(help="video or chips.")] = None,
    since: Annotated[str | None, typer.Option(help="With news from this day or span on: 2024-02-16, 7d.")] = None,
    largest: Annotated[bool, typer.Option("--largest", help="Most outlets first instead of newest first.")] = False,
    limit: Annotated[int, typer.Option(min=0, max=context.MOST, help="At most this many; 0 = all.")] = 30,
    as_json: _Json = False,
) -> None:
    """Stories: one event, however many outlets tell it, in either language.

    Example: chipreel stories --company openai --since 7d
    """
    from chipreel.store.database import open_database
    from chipreel.store.story_list import StoriesWanted, load_story_list

    wanted = StoriesWanted(company, beat, moment_of(ctx, since), "outlets" if largest else "date", limit)
    with open_database(context.existing_db(ctx), write=False) as db:
        found = load_story_list(db, wanted)
    if as_json:
        for story in found:
            print_json(asdict(story))
        return
    zone = context.zone_of(ctx)
    rows = ((s.id, context.local(s.newest, zone), s.outlets, "/".join(s.languages), s.headline) for s in found)
    print_table(("story", "newest", "outlets", "in", "headline"), rows, wraps=("headline",))
    if not found:
        note("nothing found")


def show(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="STORY|ARTICLE", help="s12, or the id of an article: 34.")],
    as_json: _Json = False,
) -> None:
    """Show a story with everybody who reports it, its quotes and sums; or an article with all that was found in it.

    Example: chipreel show s12
    """
    from chipreel.store.database import open_database

    zone = context.zone_of(ctx)
    with open_database(context.existing_db(ctx), write=False) as db:
        if number.lower().startswith("s"):
            _show_story(db, number.lower(), zone, as_json=as_json)
        else:
            _show_article(db, number, zone, as_json=as_json)


def trends(
    ctx: typer.Context,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="Weeks shown.")] = 12,
    limit: Annotated[int, typer.Option(min=0, max=context.MOST, help="At most this many companies; 0 = all.")] = 25,
    since: Annotated[str | None, typer.Option(help="Months instead of weeks, from this one on: 2024-02.")] = None,
    as_json: _Json = False,
) -> None:
    """Share of voice: articles about each company in the last week, against the median of its eight weeks before.

    Weeks end with the newest article. With --since, months over years; a month that no source's history reaches is
    shown as a gap. Example: chipreel trends --weeks 12
    """
    if since is not None:
        from chipreel.cli.history import print_months

        print_months(ctx, since, limit, as_json=as_json)
        return
    from chipreel.digest.figures import sparkline
    from chipreel.store.database import open_database
    from chipreel.store.trends import latest, load_trends

    with open_database(context.existing_db(ctx), write=False) as db:
        found = load_trends(db, latest(db, context.now()), weeks)
    companies = found.companies[: limit or None]
    if as_json:
        for one in companies:
            print_json({**asdict(one), "now": one.now, "week_ends": [end.isoformat() for end in found.ends]})
        return
    rows = (
        (
            one.name if one.name == one.name_zh else f"{one.name} {one.name_zh}",
            one.now,
            f"{one.share:.0%}",
            "–" if one.usual is None else f"{one.usual:g}",
            _change(one.now, one.usual),
            sparkline(one.weeks),
        )
        for one in companies
    )
    print_table(("company", "week", "share", "usual", "change", f"{weeks} weeks"), rows, wraps=("company",))
    if not companies:
        note("nothing found")


def _change(now: int, usual: float | None) -> str:
    if not usual:
        return "new" if usual == 0 and now else ""
    return f"{(now - usual) / usual:+.0%}"


def _show_story(db: sqlite3.Connection, name: str, zone: ZoneInfo, *, as_json: bool) -> None:
    from chipreel.store.facts import QuotesWanted, load_quotes
    from chipreel.store.figures import MoneyWanted, load_figures
    from chipreel.store.stories import find_story, story_number
    from chipreel.store.story_list import find_story_line, load_reports

    number = find_story(db, story_number(name))
    line = find_story_line(db, number)
    if line is None:
        raise NotFoundError(f"there is no story {name}")
    reports = load_reports(db, number)
    quotes = load_quotes(db, QuotesWanted(story=number, limit=0))
    figures = load_figures(db, MoneyWanted(story=number, limit=0))
    if as_json:
        told = {
            "reports": [asdict(one) for one in reports],
            "quotes": [asdict(one) for one in quotes],
            "money": [asdict(one) for one in figures],
        }
        print_json(asdict(line) | told)
        return
    _heading(
        line.headline,
        f"{line.id} · {line.outlets} {'outlet' if line.outlets == 1 else 'outlets'} · {'/'.join(line.languages)}",
        line.companies,
    )
    rows = ((context.local(r.at, zone, "%Y-%m-%d %H:%M"), r.source_title, r.lang, r.title, r.id) for r in reports)
    print_table(("when", "source", "in", "title", "id"), rows, wraps=("source", "title"))
    _show_facts(quotes, figures, zone)


def _show_facts(quotes: list[SaidQuote], figures: list[Figure], zone: ZoneInfo) -> None:
    from chipreel.cli.facts import figure_row, quote_row

    if quotes:
        print_table(
            ("when", "who", "what", "where"), (quote_row(one, zone) for one in quotes), wraps=("who", "what", "where")
        )
    if figures:
        headings = ("sum", "in dollars", "for", "whose", "when", "where")
        print_table(headings, (figure_row(one, zone) for one in figures), wraps=("sum", "where"))


def _show_article(db: sqlite3.Connection, name: str, zone: ZoneInfo, *, as_json: bool) -> None:
    import json

    from chipreel.store.articles import get_article
    from chipreel.store.rows import is_number

    if not is_number(name):
        raise NotFoundError(f"{name!r} is no story and no article; write s12 for a story, 34 for an article")
    number = int(name)
    row = dict(get_article(db, number))
    for column in ("companies", "beats", "topics"):
        row[column] = json.loads(row[column])
    row["story"] = f"s{row['story']}" if row["story"] else None
    found = {
        "people": "select person, surface from mentions where article = ? and person is not null",
        "quotes": "select text, speaker, person, company, kind from quotes where article = ?",
        "money": (
            "select surface, amount, amount_high, currency, usd, role, company, person from money where article = ?"
        ),
    }
    parts = {key: [dict(one) for one in db.execute(sql, (number,))] for key, sql in found.items()}
    if as_json:
        print_json(row | parts)
        return
    when = context.local(row["published"] or row["first_seen"], zone, "%Y-%m-%d %H:%M")
    about = " · ".join(filter(None, (f"#{number}", row["source"], when, row["story"])))
    _heading(row["title"] or "—", about, tuple(row["companies"]))
    if row["url"]:
        print(printable(row["url"]))
    print("\n" + printable(row["text"] or row["summary"] or ""))
    for quote in parts["quotes"]:
        print(printable(f"\n  {quote['speaker'] or '?'}: {quote['text']}"))
    sums = (" · ".join(filter(None, (m["surface"], m["role"], m["company"] or m["person"]))) for m in parts["money"])
    for one in dict.fromkeys(sums):
        print(printable(f"\n  {one}"))


def _heading(title: str, about: str, companies: tuple[str, ...]) -> None:
    from rich.text import Text

    out = console()
    out.print(Text(printable(title), "bold"))
    out.print(Text(printable(" · ".join(filter(None, (about, ", ".join(companies))))), "dim"))
