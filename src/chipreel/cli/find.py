"""Looking things up: search."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table
from chipreel.errors import ConfigError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from chipreel.store.search import Hit
    from chipreel.text.query import Query


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.command()(search)


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help='Words, "phrases", OR, -not, prefix*, field:value.')],
    company: Annotated[str | None, typer.Option(help="Tagged with this company.")] = None,
    source: Annotated[str | None, typer.Option(help="Carried by this source.")] = None,
    since: Annotated[str | None, typer.Option(help="From this day or span: 2024-02-16, 7d.")] = None,
    until: Annotated[str | None, typer.Option(help="Until this day or span.")] = None,
    lang: Annotated[str | None, typer.Option(help="In this language: en, zh.")] = None,
    kind: Annotated[str | None, typer.Option(help="article or post.")] = None,
    relevant: Annotated[bool, typer.Option("--relevant", help="Only what belongs in the tracker.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first instead of best first.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 = all.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search everything stored, in Chinese and English. A single Chinese character is a word.

    Example: chipreel search 芯片 OR chips --company nvidia --since 7d
    """
    from chipreel.store.database import open_database
    from chipreel.store.search import SearchOptions
    from chipreel.store.search import search as find

    fields = {"company": company, "source": source, "since": since, "until": until, "lang": lang, "kind": kind}
    zone = _zone(ctx)
    asked = _asked(query, fields)
    colour = sys.stdout.isatty() and not as_json
    options = SearchOptions(
        now=context.now(),
        zone=zone,
        limit=limit,
        relevant=relevant,
        order="date" if newest else "rank",
        marks=("\x02", "\x03") if colour else ("[", "]"),
    )
    with open_database(context.existing_db(ctx), write=False) as db:
        hits = find(db, asked, options)
    if as_json:
        for hit in hits:
            print_json(asdict(hit))
    elif colour:
        _show(hits, zone)
    else:
        print_table(
            ("id", "date", "source", "title"), ((h.id, (h.published or "")[:10], h.source, h.title) for h in hits)
        )
    if not hits and not as_json:
        note("nothing found")


def _asked(words: list[str], fields: dict[str, str | None]) -> Query:
    """The query of what was typed, with the options as filters. A word with a space in it was quoted in the shell."""
    from chipreel.text.query import Filter, parse_query

    if any("\x00" in word for word in words):
        raise ConfigError("holds a NUL character", key="QUERY", hint="leave it out")
    query = parse_query(" ".join(words))
    filters = tuple(Filter(name, value) for name, value in fields.items() if value is not None)
    return replace(query, filters=query.filters + filters)


def _show(hits: list[Hit], zone: ZoneInfo) -> None:
    """Hits for a person: title, where from, and the words in their place."""
    from rich.text import Text

    from chipreel.cli.output import console, printable
    from chipreel.store.rows import to_moment

    out = console()
    for hit in hits:
        when = to_moment(hit.published or hit.first_seen)
        day = when.astimezone(zone).strftime("%Y-%m-%d") if when else ""
        out.print(Text.assemble((printable(hit.title or "—"), "bold"), (f"  #{hit.id}", "dim")))
        out.print(Text("  " + " · ".join(filter(None, (day, hit.source, hit.story, ", ".join(hit.companies)))), "dim"))
        out.print(_marked("  " + hit.snippet))
        if hit.url:
            out.print(Text("  " + printable(hit.url), "blue"))
        out.print()


def _marked(snippet: str) -> object:
    from rich.text import Text

    from chipreel.cli.output import printable

    text = Text()
    for piece in snippet.replace("\x03", "\x02\x03").split("\x02"):
        is_plain = piece.startswith("\x03") or not text
        text.append(printable(piece), None if is_plain else "bold yellow")
    return text


def _zone(ctx: typer.Context) -> ZoneInfo:
    """The zone of the user's feeds.yaml; the system's where there is none."""
    from zoneinfo import ZoneInfo

    from chipreel.config.system_zone import find_system_zone

    try:
        from chipreel.pipeline.rooms import Rooms

        return Rooms(context.places(ctx)).zone
    except ConfigError:
        return ZoneInfo(find_system_zone())
