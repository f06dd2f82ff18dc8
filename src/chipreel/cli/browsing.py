"""Datasette: browse."""

from __future__ import annotations

from typing import Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note


def register(app: typer.Typer) -> None:
    """Put the command on the program."""
    app.command()(browse)


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

    serve(BrowseOptions(context.existing_db(ctx), host, port, sql), ready=ready)
