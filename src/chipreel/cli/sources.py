"""Sources: how they are, trying them, adding them, exchanging them."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table
from chipreel.errors import ChipreelError, ConfigError, NotFoundError, ParseError
from chipreel.files import save_file

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from chipreel.model import Source
    from chipreel.pipeline.checking import Trial
    from chipreel.pipeline.rooms import Rooms

sources = typer.Typer(help="List, check, add, pause sources; import and export OPML.")

_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
#: Columns on a terminal: key of the row → heading.
_NARROW = {
    "id": "source",
    "health": "health",
    "last_good": "good",
    "last_new": "new",
    "items": "items",
    "oldest": "back to",
    "health_note": "note",
}
_Ids = Annotated[list[str], typer.Argument(help="Ids of sources.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.add_typer(sources, name="sources")


@sources.callback(invoke_without_command=True)
def listing(
    ctx: typer.Context,
    health: Annotated[str | None, typer.Option(help="Only these: ok, degraded, silent, stale, blocked …")] = None,
    off: Annotated[bool, typer.Option("--off", help="Also those that are switched off.")] = False,
    as_json: _Json = False,
) -> None:
    """List sources with their health: those that need attention first.

    Example: chipreel sources --health silent
    """
    if ctx.invoked_subcommand is not None:
        return
    from chipreel.fetch.health import HEALTHS
    from chipreel.store.database import open_database
    from chipreel.store.sources import list_sources

    if health is not None and health not in HEALTHS:
        raise ConfigError(f"{health!r} is not known", key="--health", hint=", ".join(HEALTHS))
    with open_database(context.existing_db(ctx), write=False) as db:
        rows = list_sources(db, off=off)
    if health is not None:
        rows = [row for row in rows if row["health"] == health]
    if as_json:
        for row in rows:
            print_json(row)
        return
    if sys.stdout.isatty():
        # A terminal of 80 columns: ages instead of moments, and only the note is folded.
        cells = ([_aged(key, row[key], context.now()) for key in _NARROW] for row in rows)
        print_table(tuple(_NARROW.values()), cells, wraps=("note",))
        return
    headings = ("source", "health", "last good", "last new", "items", "reaches back to", "walked to", "note")
    shown = ("id", "health", "last_good", "last_new", "items", "oldest", "walked_to", "health_note")
    zone = context.zone_of(ctx)
    print_table(headings, ([_short(row[key], zone) for key in shown] for row in rows))


@sources.command()
def check(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of sources; all that are on by default.")] = None,
    as_json: _Json = False,
) -> None:
    """Try sources now, without storing anything. Exit code 1 when one of them fails or names an unknown company.

    Example: chipreel sources check ithome nvidia-newsroom
    """
    from chipreel.pipeline.checking import try_sources

    rooms = _rooms(ctx)
    wanted = _named(rooms, ids) if ids else [source for source in rooms.feeds.sources if source.enabled]
    failed = _tell_strangers(rooms, wanted)
    for trial in try_sources(wanted, rooms.feeds.settings, rooms.environ, context.now()):
        failed += trial.error is not None or not trial.items
        if as_json:
            print_json(_row(trial))
        else:
            print(_line(trial), flush=True)
    if failed:
        raise typer.Exit(1)


@sources.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of a feed, or of any page of the site.")],
    name: Annotated[str | None, typer.Option("--id", help="Id of the source; made from its title by default.")] = None,
    role: Annotated[
        str, typer.Option(help="official, press, analysis, commentary, community, research, filings.")
    ] = "press",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write it without asking.")] = False,
) -> None:
    """Find the feed of a page, show what it would bring, and write it into feeds.yaml; comments and order stay.

    Example: chipreel sources add https://example.com --role analysis
    """
    from chipreel.config.feeds_file import make_id
    from chipreel.model.source import ROLES
    from chipreel.pipeline.checking import discover
    from chipreel.text.addresses import host_of, is_web_url
    from chipreel.text.fold import normalise

    if not is_web_url(url):
        raise ConfigError(f"{url!r} is no address", key="URL", hint="write https://…")
    if role not in ROLES:
        raise ConfigError(f"{role!r} is no role", key="--role", hint=", ".join(ROLES))
    rooms = _rooms(ctx)
    trials = discover(url, rooms.feeds.settings, rooms.environ, context.now())
    best = trials[0]
    if best.error is not None or not best.items:
        raise ChipreelError(f"{url}: {best.error or best.note or 'no feed was found'}")
    for trial in trials:
        print(_line(trial))
    for item in best.items[:5]:
        print(f"  {item.published:%Y-%m-%d}  {item.title}" if item.published else f"  undated     {item.title}")
    title = normalise(best.title or "").strip()[:200] or host_of(best.source.url)
    taken = {source.id for source in rooms.feeds.sources}
    made = replace(
        best.source,
        id=name or make_id(title, best.source.url, taken),
        title=title,
        site=best.site,
        role=role,
        language=best.language,
    )
    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Write it into {rooms.places.feeds} as {made.id}?")):
        note("nothing written; add --yes to write it")
        return
    if made.url in {source.url for source in rooms.feeds.sources}:
        note("it is there already")
        return
    _write(rooms, [made])
    note(f"wrote {made.id}")


@sources.command("import")
def import_opml(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)]
) -> None:
    """Write the feeds of an OPML file into feeds.yaml. Twice is once; entries that are no feed of the web are named.

    Example: chipreel sources import subscriptions.opml
    """
    from chipreel.config.feeds_file import part_sources
    from chipreel.parse.opml import parse_opml

    rooms = _rooms(ctx)
    taken = {source.id for source in rooms.feeds.sources}
    urls = {source.url for source in rooms.feeds.sources}
    try:
        found = parse_opml(file.read_bytes())
    except ParseError as error:
        raise ConfigError(str(error), path=str(file), hint="an OPML file begins with <opml>") from error
    good, faults = part_sources(found.sources)
    new = [_renamed(source, taken) for source in good if source.url not in urls]
    if new:
        _write(rooms, new)
    note(f"wrote {len(new)} sources into {rooms.places.feeds}")
    left_out = [*(f"{title!r}: {url!r} is no web address" for title, url in found.left_out), *faults]
    if left_out:
        note("\n  ".join([f"left out {len(left_out)} entries of {file}:", *left_out]))


@sources.command("export")
def export_opml(ctx: typer.Context) -> None:
    """Print the feeds of feeds.yaml as OPML 2.0.

    Example: chipreel sources export > chipreel.opml
    """
    from chipreel.parse.opml import render_opml

    feeds = [
        source
        for source in _rooms(ctx).feeds.sources
        if source.kind in ("feed", "mastodon", "youtube", "arxiv", "github")
    ]
    sys.stdout.write(render_opml(feeds, "chipreel").decode())


@sources.command()
def pause(ctx: typer.Context, ids: _Ids) -> None:
    """Leave sources alone until they are resumed.

    Example: chipreel sources pause ithome
    """
    _set_paused(ctx, ids, paused=True)


@sources.command()
def resume(ctx: typer.Context, ids: _Ids) -> None:
    """Visit paused sources again, also those that said they were gone. What they brought meanwhile is background.

    Example: chipreel sources resume ithome
    """
    _set_paused(ctx, ids, paused=False)


def _set_paused(ctx: typer.Context, ids: list[str], *, paused: bool) -> None:
    from chipreel.pipeline.harvest import prepare
    from chipreel.pipeline.health import refresh_health
    from chipreel.store.database import open_database, transaction
    from chipreel.store.lock import run_lock
    from chipreel.store.sources import save_pause

    rooms = _rooms(ctx)
    _named(rooms, ids)
    with run_lock(rooms.places.db), open_database(rooms.places.db) as db:
        prepare(db, rooms)
        with transaction(db):
            for name in ids:
                save_pause(db, name, paused=paused)
            refresh_health(db, ids, context.now())
    note(f"{'paused' if paused else 'resumed'} {', '.join(ids)}")


def _rooms(ctx: typer.Context) -> Rooms:
    from chipreel.pipeline.rooms import Rooms

    return Rooms(context.places(ctx))


def _named(rooms: Rooms, ids: list[str]) -> list[Source]:
    known = {source.id: source for source in rooms.feeds.sources}
    for name in ids:
        if name not in known:
            raise NotFoundError(f"there is no source {name!r} in {rooms.places.feeds}; `chipreel sources` lists them")
    return [known[name] for name in ids]


def _tell_strangers(rooms: Rooms, wanted: list[Source]) -> int:
    """Name the companies of sources that companies.yaml does not have; how many they are."""
    from chipreel.config.feeds import find_strangers

    asked = {source.id for source in wanted if source.companies}
    if not asked:
        return 0
    known = {company.id for company in rooms.lexicon.companies}
    strangers = [error for name, error in find_strangers(rooms.places.feeds, known) if name in asked]
    for error in strangers:
        note(str(error))
    return len(strangers)


def _write(rooms: Rooms, new: list[Source]) -> None:
    """Put sources into feeds.yaml: all of the new file, or the old one."""
    from chipreel.config.feeds_file import add_sources, entry_of

    path = rooms.places.feeds
    text = add_sources(path.read_text(encoding="utf-8"), [entry_of(source) for source in new], str(path))
    try:
        save_file(path, text.encode())
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", path=str(path)) from error


def _renamed(source: Source, taken: set[str]) -> Source:
    name, number = source.id, 2
    while name in taken:
        name, number = f"{source.id}-{number}", number + 1
    taken.add(name)
    return replace(source, id=name)


def _line(trial: Trial) -> str:
    from chipreel.cli.output import printable

    name = trial.source.url if trial.source.id == "candidate" else trial.source.id
    if trial.error is not None:
        return printable(f"{name}: failed: {trial.error}")
    newest = f", newest {trial.newest:%Y-%m-%d}" if trial.newest else ", undated"
    moved = f"; it lives at {trial.moved_to} now" if trial.moved_to else ""
    extra = f" ({trial.note})" if trial.note else ""
    return printable(f"{name}: {len(trial.items)} items{newest if trial.items else ''}{extra}{moved}")


def _row(trial: Trial) -> dict[str, object]:
    return {
        "source": trial.source.id,
        "ok": trial.error is None and bool(trial.items),
        "items": len(trial.items),
        "newest": trial.newest.isoformat() if trial.newest else None,
        "error": trial.error,
        "note": trial.note,
        "moved_to": trial.moved_to,
    }


def _aged(key: str, value: object, now: datetime) -> object:
    """When it last went well and brought news as an age (3h, 12d), how far back it reaches as a day."""
    if value is None or key not in ("last_good", "last_new", "oldest"):
        return value
    moment = datetime.fromisoformat(str(value))
    hours = int((now - moment).total_seconds() // 3600)
    if key == "oldest":
        return f"{moment:%Y-%m-%d}"
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"


def _short(value: object, zone: ZoneInfo) -> object:
    """A moment in the reader's zone, to the minute; anything else as it is."""
    text = str(value)
    is_moment = isinstance(value, str) and len(text) == 20 and text.endswith("Z")
    return context.local(text, zone, "%Y-%m-%d %H:%M") if is_moment else value
