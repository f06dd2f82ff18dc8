"""Datasette: browse, publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note
from chipreel.errors import ConfigError

if TYPE_CHECKING:
    from chipreel.model.profile import SavedSearch


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.command()(browse)
    app.command()(publish)


def browse(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 = any free one.")] = 8001,
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback is open to others.")
    ] = "127.0.0.1",
    is_open: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    sql: Annotated[bool, typer.Option("--sql", help="Free SQL for everybody, not only on loopback.")] = False,
) -> None:
    """Browse the database with Datasette until Ctrl-C.

    Example: chipreel browse --port 8080 --no-open
    """
    from chipreel.browse.server import BrowseOptions, serve

    def ready(address: str) -> None:
        note(f"browse at {address} (Ctrl-C ends it)")
        if is_open:
            import webbrowser

            webbrowser.open(address)

    db = context.existing_db(ctx)
    serve(BrowseOptions(db, host, port, sql, context.zone_of(ctx), _searches(ctx)), ready=ready)


def publish(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The database to write; its Datasette metadata goes beside it.")],
    full_text: Annotated[bool, typer.Option("--full-text", help="Whole texts, not only their beginnings.")] = False,
) -> None:
    """Write a copy that may be shown to the world: what is relevant, without profiles, deliveries and fetches.

    Example: chipreel publish public.db && datasette public.db --metadata public-metadata.json
    """
    from chipreel.browse.publishing import publish as write

    count = write(context.existing_db(ctx), file, full_text=full_text)
    if not context.common(ctx).quiet:
        note(f"{count} articles in {file}; show it with `datasette {file} --metadata {file.stem}-metadata.json`")


def _searches(ctx: typer.Context) -> tuple[SavedSearch, ...]:
    """The saved searches of the user's feeds.yaml; none where there is no such file."""
    try:
        places = context.places(ctx)
    except ConfigError:
        return ()
    from chipreel.pipeline.rooms import Rooms

    return Rooms(places).audiences.searches
