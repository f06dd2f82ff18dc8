"""What is done to the database as a whole: import, reindex."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from chipreel.cli import context
from chipreel.cli.output import note, progress
from chipreel.errors import ConfigError


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.command("import")(import_items)
    app.command()(reindex)


def import_items(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON lines as `chipreel parse` prints them, - is standard input; or a folder of an archive."
        ),
    ],
    source: Annotated[str, typer.Option(help="Id of the source they are stored under.")] = "import",
) -> None:
    """Put items into the database as if a source of that name had brought them. Twice is once.

    What `chipreel export` wrote goes into a new database, which is then equal to the old one. What `chipreel archive`
    wrote into a folder is the past: no digest tells it as news.

    Example: chipreel parse old/*.xml | chipreel import - --source archive
    """
    from chipreel.config.checks import check_slug
    from chipreel.keep.transfer import is_export

    try:
        check_slug(source)
    except ConfigError as error:
        raise ConfigError(error.message, key="--source", hint=error.hint) from error
    if file.is_dir():
        _import_archive(ctx, file, source)
        return
    if is_export(_beginning(file)):
        _import_export(ctx, file)
    else:
        _import_items(ctx, file, source)


def reindex(ctx: typer.Context) -> None:
    """Write the search index again from the stored articles.

    Example: chipreel reindex
    """
    from chipreel.store.database import open_database, transaction
    from chipreel.store.index import optimise_index, rebuild_index
    from chipreel.store.lock import run_lock

    path = context.existing_db(ctx)
    with run_lock(path), open_database(path) as db:
        with progress("indexing", total=None, quiet=context.common(ctx).quiet) as advance, transaction(db):
            count = rebuild_index(db, progress=lambda done: advance(done, ""))
        optimise_index(db)
    if not context.common(ctx).quiet:
        note(f"indexed {count} articles")


def _import_items(ctx: typer.Context, file: Path, source: str) -> None:
    from chipreel.model import Source
    from chipreel.pipeline.importing import import_rows
    from chipreel.pipeline.opening import open_for_run
    from chipreel.pipeline.rooms import Rooms

    rooms = Rooms(places_for_import(ctx))
    origin = Source(id=source, title=source, kind="import", url="", language="mul", keep="full")
    bad: list[str] = []
    quiet = context.common(ctx).quiet
    with (
        open_for_run(rooms.places.db) as db,
        progress("importing", total=None, quiet=quiet) as advance,
    ):
        tally = import_rows(db, rooms, origin, _items(file, bad), context.now(), progress=advance)
    for line in bad:
        note(line)
    if not quiet:
        note(f"imported {tally.new} new, {tally.revised} revised, {tally.known} known, {len(bad)} bad lines")
    if bad:
        raise typer.Exit(1)


def _import_archive(ctx: typer.Context, folder: Path, source: str) -> None:
    from chipreel.model import Source
    from chipreel.pipeline.archiving import import_archive
    from chipreel.pipeline.opening import open_for_run
    from chipreel.pipeline.rooms import Rooms

    rooms = Rooms(places_for_import(ctx))
    origin = Source(id=source, title=source, kind="import", url="", language="mul", keep="full")
    quiet = context.common(ctx).quiet
    with open_for_run(rooms.places.db) as db, progress("importing", total=None, quiet=quiet) as advance:
        tally = import_archive(db, rooms, origin, folder, context.now(), progress=advance)
    if not quiet:
        note(f"imported {tally.new} new, {tally.revised} revised, {tally.known} known")


def _import_export(ctx: typer.Context, file: Path) -> None:
    """Everything of another database, into a new one."""
    from chipreel.keep.transfer import import_lines
    from chipreel.pipeline.opening import open_for_run

    path = places_for_import(ctx).db
    quiet = context.common(ctx).quiet
    with (
        _opened(file) as lines,
        open_for_run(path) as db,
        progress("importing", total=None, quiet=quiet) as advance,
    ):
        count = import_lines(db, lines, name=str(file), progress=lambda done: advance(done, "rows"))
    if not quiet:
        note(f"imported {count} rows into {path}")


def _opened(file: Path) -> AbstractContextManager[BinaryIO]:
    from contextlib import nullcontext

    if str(file) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=str(file)) from error


def _beginning(file: Path) -> bytes:
    """The first bytes of a file; standard input keeps them."""
    with _opened(file) as handle:
        return handle.peek(64)[:64] if isinstance(handle, BufferedReader) else b""


def places_for_import(ctx: typer.Context) -> Any:
    """The files of an import: with --db no feeds.yaml is needed, the packaged lexicon serves."""
    from chipreel.config.places import Places, find_companies, find_default

    try:
        return context.places(ctx)
    except ConfigError:
        options = context.common(ctx)
        if options.db is None:
            raise
        companies = find_companies(options.companies, Path.cwd())
        return Places(find_default("feeds.yaml"), companies, options.db, options.db.resolve().parent)


def _items(file: Path, bad: list[str]) -> Any:
    from chipreel.cli.lines import item_of, iter_rows, stored_text

    for number, row in iter_rows(file):
        if isinstance(row, str):
            bad.append(f"{file}:{number}: {row}")
        else:
            yield stored_text(item_of(row)[0])
