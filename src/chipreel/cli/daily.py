"""The daily round: init, fetch, digest, daily, demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.editions import at_work, checked_language, deliver_edition, show, show_as
from chipreel.cli.output import note, print_json, progress
from chipreel.errors import ConfigError
from chipreel.files import save_file

if TYPE_CHECKING:
    import sqlite3

    from chipreel.model.digest import Digest
    from chipreel.pipeline.editions import Channel
    from chipreel.pipeline.rooms import Rooms
    from chipreel.pipeline.visiting import Report

_Lang = Annotated[str | None, typer.Option("--lang", help="Language of the digest: en or zh.")]
_Profile = Annotated[str, typer.Option("--profile", help="Whose digest, as named in feeds.yaml.")]
_Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 when a source failed.")]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    for command in (init, fetch, digest, daily, demo):
        app.command()(command)


def init(
    folder: Annotated[
        str | None, typer.Argument(help="Folder to write into, made when absent; by default this one.")
    ] = None,
) -> None:
    """Write feeds.yaml and data/companies.yaml, the two files that you edit.

    Example: chipreel init ~/chipreel
    """
    import shlex

    from chipreel.config.places import find_default

    if folder is None:
        folder = "."
    elif not folder:
        raise ConfigError("is empty", key="FOLDER", hint="name one, or write . for this one")
    for name in ("feeds.yaml", "data/companies.yaml"):
        target = Path(folder) / name
        if target.exists():
            note(f"{target} is there already and stays as it is")
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            save_file(target, find_default(name).read_bytes())
        except OSError as error:
            raise ConfigError(f"cannot be written: {error.strerror}", path=str(target)) from error
        note(f"wrote {target}")
    note(f"next: cd {shlex.quote(folder)} && chipreel daily")


def fetch(
    ctx: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(help="Only these sources; all that are due by default.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything now, due or not.")] = False,
    strict: _Strict = False,
    as_json: _Json = False,
) -> None:
    """Fetch what is due and store what is new. Prints one summary line.

    Example: chipreel fetch --all
    """
    with at_work(ctx) as (db, rooms):
        report = _fetch(ctx, db, rooms, source or [], everything)
        _tell(ctx, report, as_json)
    _leave(report, strict)


def digest(
    ctx: typer.Context,
    lang: _Lang = None,
    profile: _Profile = "default",
    last: Annotated[bool, typer.Option("--last", help="What was delivered last.")] = False,
    since: Annotated[str | None, typer.Option(help="A window of the past: 2024-02-16, 7d …")] = None,
    until: Annotated[str | None, typer.Option(help="End of that window; now by default.")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="markdown, text, html, json, atom, atom-stories.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each story's place is made of.")] = False,
    left_out: Annotated[bool, typer.Option("--left-out", help="Show what was left out, and why.")] = False,
    as_json: _Json = False,
) -> None:
    """Show what the next digest would say. Marks nothing, and can be repeated.

    Example: chipreel digest --lang zh --explain
    """
    found = _found(ctx, checked_language(lang), profile, last, since, until)
    if found is None:
        note("no digest was delivered yet")
    elif explain or left_out:
        from chipreel.digest.explain import render_left_out, render_scores

        print((render_scores if explain else render_left_out)(found), end="")
    else:
        show(found, "json" if as_json else _format(form))


def _found(
    ctx: typer.Context, lang: str | None, profile: str, last: bool, since: str | None, until: str | None
) -> Digest | None:
    from dataclasses import replace

    from chipreel.pipeline import audience, editions, rooms
    from chipreel.store.database import open_database

    work = rooms.Rooms(context.places(ctx))
    chosen = audience.get_profile(work, profile)
    with open_database(_made(work.places.db), write=False) as db:
        if last:
            found = editions.last_edition(db, profile)
            return replace(found, lang=lang) if found is not None and lang else found
        wanted = audience.wanted_for(db, work, chosen, lang, context.now())
        if since or until:
            return editions.look_back(db, wanted, *_window(work, wanted.now, since, until))
        return editions.preview(db, wanted)


def _format(form: str | None) -> str | None:
    from chipreel.model.profile import FORMATS

    if form is not None and form not in FORMATS:
        raise ConfigError(f"{form!r} is not known", key="--format", hint=f"one of {', '.join(FORMATS)}")
    return form


def daily(
    ctx: typer.Context,
    lang: _Lang = None,
    profile: _Profile = "default",
    strict: _Strict = False,
) -> None:
    """Fetch what is due, then make the digest of what is new, deliver it, and mark it as delivered.

    Example: chipreel daily --lang zh
    """
    from chipreel.pipeline.audience import get_profile, wanted_for

    checked_language(lang)
    with at_work(ctx) as (db, rooms):
        chosen = get_profile(rooms, profile)
        report = _fetch(ctx, db, rooms, [], False)
        _tell(ctx, report, as_json=False)
        deliver_edition(db, rooms, wanted_for(db, rooms, chosen, lang, context.now()))
    _leave(report, strict)


def demo(
    ctx: typer.Context,
    lang: _Lang = None,
) -> None:
    """Play the sample world of February 2024: two rounds of fetching and their digests, without any network.

    Example: chipreel demo --lang zh
    """
    from chipreel.demo.play import Step, play

    def tell(step: Step) -> None:
        if not context.common(ctx).quiet:
            note(f"\n— {step.moment:%Y-%m-%d %H:%M} UTC, as it was —")
        _tell(ctx, step.report, as_json=False)

    def channels(connection: sqlite3.Connection, rooms: Rooms) -> dict[str, Channel]:
        from chipreel.pipeline.audience import channels_for

        return channels_for(connection, rooms, ("file", "stdout"), show_as)

    db = context.common(ctx).db or Path("data/demo.db")
    play(db, lang=checked_language(lang) or "en", channels=channels, tell=tell)
    print(
        f"\nTry on this database:\n  chipreel search 芯片 --db {db}\n  chipreel search 'Nvidia OR SoftBank' --db {db}"
    )
    print(f"  chipreel browse --db {db}")


def _fetch(ctx: typer.Context, db: sqlite3.Connection, rooms: Rooms, only: list[str], everything: bool) -> Report:
    from chipreel.errors import NotFoundError
    from chipreel.pipeline.harvest import Order, fetch_due

    known = {source.id for source in rooms.feeds.sources}
    for name in only:
        if name not in known:
            raise NotFoundError(f"there is no source {name!r} in {rooms.places.feeds}; `chipreel sources` lists them")
    order = Order(context.now(), everything, frozenset(only))
    with progress("fetching", total=None, quiet=context.common(ctx).quiet) as advance:
        return fetch_due(
            db,
            rooms,
            order,
            environ=rooms.environ,
            progress=lambda done, total, what: advance(done, f"of {total} {what}"),
        )


def _tell(ctx: typer.Context, report: Report, as_json: bool) -> None:
    """One line for each source that failed, and one for all."""
    if as_json:
        row = {name: getattr(report, name) for name in ("visited", "unchanged", "new", "revised", "grouped")}
        print_json(row | {"failures": [{"source": source, "error": error} for source, error in report.failures]})
        return
    for source, error in sorted(report.failures):
        note(f"{source}: {error}")
    if not context.common(ctx).quiet:
        note(
            f"fetched {report.visited} sources: {report.new} new, {report.revised} revised, "
            f"{report.unchanged} unchanged, {len(report.failures)} failed"
        )


def _leave(report: Report, strict: bool) -> None:
    if report.is_total_failure:
        raise typer.Exit(1)
    if strict and report.failures:
        raise typer.Exit(3)


def _window(rooms: Rooms, now: datetime, since: str | None, until: str | None) -> tuple[datetime, datetime]:
    from chipreel.text.spans import parse_moment

    start = parse_moment(since, now=now, zone=rooms.zone) if since else datetime.fromtimestamp(0, now.tzinfo)
    # Times are stored by the second: what was met in this one belongs to it.
    end = parse_moment(until, now=now, zone=rooms.zone, end=True) if until else now + timedelta(seconds=1)
    for option, given, found in (("--since", since, start), ("--until", until, end)):
        if found is None:
            raise ConfigError(f"{given!r} is no day or span", key=option, hint="write 2024-02-16, 7d, 12h or today")
    assert start is not None
    assert end is not None
    if start >= end:
        raise ConfigError(f"the window ends before it begins ({since or '1970'} to {until or 'now'})", key="--until")
    return start, end


def _made(db: Path) -> Path:
    from chipreel.config.places import find_db

    return find_db(db, Path.cwd())
