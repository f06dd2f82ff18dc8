"""Looking things up: search."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_csv, print_json, print_table
from chipreel.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    import sqlite3
    from zoneinfo import ZoneInfo

    from chipreel.store.search import Hit
    from chipreel.text.query import Filter, Query

_COLUMNS = ("id", "title", "url", "published", "first_seen", "source", "lang", "companies", "story", "snippet", "score")


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    # So that -word reaches the query; a mistyped option is told apart by its two dashes.
    app.command(context_settings={"ignore_unknown_options": True})(search)


def search(
    ctx: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(help='Words, "phrases", OR, -not, prefix*, field:value. 词语或 字段:值。')
    ] = None,
    company: Annotated[str | None, typer.Option(help="Tagged with this company: id or name.")] = None,
    source: Annotated[str | None, typer.Option(help="Carried by this source.")] = None,
    since: Annotated[str | None, typer.Option(help="From this day or span: 2024-02-16, 7d.")] = None,
    until: Annotated[str | None, typer.Option(help="Until this day or span.")] = None,
    lang: Annotated[str | None, typer.Option(help="In this language: en, zh.")] = None,
    kind: Annotated[str | None, typer.Option(help="article or post.")] = None,
    saved: Annotated[str | None, typer.Option(help="A saved search of feeds.yaml; words narrow it.")] = None,
    same: Annotated[bool, typer.Option("--same", help="A name finds all names of the same company or person.")] = False,
    relevant: Annotated[bool, typer.Option("--relevant", help="Only what belongs in the tracker.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first instead of best first.")] = False,
    recent: Annotated[bool, typer.Option("--recent", help="Best first, where age counts against a match.")] = False,
    limit: Annotated[int, typer.Option(min=0, max=context.MOST, help="At most this many; 0 = all.")] = 20,
    page: Annotated[int, typer.Option(min=1, max=context.MOST, help="Which page of them.")] = 1,
    open_hit: Annotated[
        int | None, typer.Option("--open", min=1, max=context.MOST, help="Open the link of this hit of the list.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a line of headings.")] = False,
) -> None:
    """Search everything stored, in Chinese and English. A single Chinese character is a word.

    Fields: company person product source kind role beat topic lang since until has story, as in has:money since:7d.

    Example: chipreel search 芯片 OR chips company:nvidia since:7d
    """
    from chipreel.store.database import open_database
    from chipreel.store.search import SearchOptions
    from chipreel.store.search import search as find

    fields = {"company": company, "source": source, "since": since, "until": until, "lang": lang, "kind": kind}
    zone = context.zone_of(ctx)
    asked = _asked([*_saved(ctx, saved), *(query or [])], fields)
    if same:
        from chipreel.text.same_names import with_other_names

        asked = with_other_names(asked, context.lexicon(ctx))
    is_plain = as_json or as_csv or not sys.stdout.isatty()
    options = SearchOptions(
        now=context.now(),
        zone=zone,
        limit=limit,
        offset=(page - 1) * limit,
        relevant=relevant,
        order="date" if newest else "recent" if recent else "rank",
        marks=("[", "]") if is_plain else ("\x02", "\x03"),
    )
    with open_database(context.existing_db(ctx), write=False) as db:
        hits = find(db, asked, options)
        hint = None if hits else _mistyped_field(query or []) or unknown_name(db, asked.filters)
    if open_hit is not None:
        _open(hits, open_hit)
        return
    if as_json:
        for hit in hits:
            print_json(asdict(hit))
    elif as_csv:
        print_csv(_COLUMNS, (tuple(asdict(hit).values()) for hit in hits))
    elif not is_plain:
        _show(hits, zone, options.offset)
    else:
        print_table(
            ("id", "date", "source", "title"),
            ((h.id, context.local(h.published, zone), h.source, h.title or h.snippet) for h in hits),
        )
    if not is_plain and limit and len(hits) == limit:
        note(f"more with --page {page + 1}")
    if not hits and not (as_json or as_csv):
        note(hint or ("nothing found" if page == 1 else f"nothing on page {page}"))


def _saved(ctx: typer.Context, name: str | None) -> list[str]:
    """The words of a saved search."""
    if name is None:
        return []
    from chipreel.pipeline.rooms import Rooms

    searches = {one.name: one.query for one in Rooms(context.places(ctx)).audiences.searches}
    if name not in searches:
        known = ", ".join(searches) or "feeds.yaml has none; write them under settings: searches:"
        raise ConfigError(f"there is no saved search {name!r}", key="--saved", hint=known)
    return [searches[name]]


def _asked(words: Sequence[str], fields: dict[str, str | None]) -> Query:
    """The query of what was typed, with the options as filters."""
    from chipreel.text.query import Filter, Query, parse_query

    option = next((word for word in words if word.startswith("--")), None)
    if option is not None:
        raise ConfigError("no such option", key=option, hint="chipreel search --help lists them")
    if any("\x00" in word for word in words):
        raise ConfigError("holds a NUL character", key="QUERY", hint="leave it out")
    query = parse_query(" ".join(words))
    filters = tuple(Filter(name, value) for name, value in fields.items() if value is not None)
    asked = replace(query, filters=query.filters + filters)
    if asked == Query() and not any(word.strip() for word in words):
        raise ConfigError("says nothing to look for", key="QUERY", hint="chipreel search 芯片, or --company nvidia")
    return asked


def _mistyped_field(words: Sequence[str]) -> str | None:
    """The field that was meant by `compny:nvidia`, which is looked up as words."""
    import difflib

    from chipreel.text.query import FIELDS

    names = (word.lstrip("-").replace("：", ":").partition(":")[0].lower() for word in " ".join(words).split())
    for name in names:
        near = difflib.get_close_matches(name, FIELDS, 1, 0.75)
        if near and name not in FIELDS and any(f"{name}{mark}" in " ".join(words).lower() for mark in ":："):
            return f"nothing found; there is no field {name!r}; is it {near[0]}?"
    return None


def unknown_name(db: sqlite3.Connection, filters: Sequence[Filter]) -> str | None:
    """The first company, person or source among the filters that nobody knows, and what may be meant."""
    import difflib

    from chipreel.store.filters import find_id

    tables = {"company": "companies", "person": "people", "source": "sources"}
    for one in filters:
        table = tables.get(one.field)
        ids = [row["id"] for row in db.execute(f"select id from {table}")] if table else []  # noqa: S608
        known = one.value in ids if one.field == "source" else not table or find_id(db, one.field, one.value)
        if not known:
            near = difflib.get_close_matches(one.value.lower(), ids, 3, 0.6)
            return f"there is no {one.field} {one.value!r}" + (f"; is it {', '.join(near)}?" if near else "")
    return None


def _open(hits: Sequence[Hit], place: int) -> None:
    """Open the link of a hit; only what a browser fetches from the web, nothing that it would run."""
    import webbrowser

    if place > len(hits):
        raise NotFoundError(f"there is no hit {place}; {len(hits)} found")
    hit = hits[place - 1]
    if not (hit.url or "").lower().startswith(("http://", "https://")):
        raise ConfigError(f"hit {place} has no address of the web", key="--open", hint=f"its address is {hit.url!r}")
    note(f"opening {hit.url}")
    webbrowser.open(str(hit.url))


def _show(hits: list[Hit], zone: ZoneInfo, offset: int) -> None:
    """Hits for a person: title, where from, and the words in their place."""
    from rich.text import Text

    from chipreel.cli.output import console, printable
    from chipreel.store.rows import to_moment

    out = console()
    for place, hit in enumerate(hits, offset + 1):
        when = to_moment(hit.published or hit.first_seen)
        day = when.astimezone(zone).strftime("%Y-%m-%d") if when else ""
        out.print(Text.assemble((f"{place} ", "dim"), (printable(hit.title or "—"), "bold"), (f"  #{hit.id}", "dim")))
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
