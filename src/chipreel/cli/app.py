"""The program's table of contents: every command and the group it is shown in."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Annotated

import typer
from typer.models import CommandInfo

from chipreel import __version__
from chipreel.cli import (
    browsing,
    companies,
    daily,
    deliveries,
    facts,
    filters,
    find,
    history,
    keeping,
    rates,
    show,
    sources,
    store,
    tags,
    timetable,
)
from chipreel.cli.context import Common

app = typer.Typer(
    name="chipreel",
    help="Follow the AI-video and AI-chip race in English and Chinese. 跟踪 AI 视频与 AI 芯片竞赛的新闻与评论。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every command takes --db, --feeds, --companies, --quiet and --verbose before or after its name.",
)


def _version(value: bool) -> None:
    if value:
        print(f"chipreel {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    db: Annotated[Path | None, typer.Option("--db", envvar="CHIPREEL_DB", help="The database.")] = None,
    feeds: Annotated[Path | None, typer.Option("--feeds", envvar="CHIPREEL_FEEDS", help="feeds.yaml.")] = None,
    companies: Annotated[
        Path | None, typer.Option("--companies", envvar="CHIPREEL_COMPANIES", help="companies.yaml.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results and errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more about what is done.")] = False,
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    ctx.obj = Common(db, feeds, companies, quiet, verbose)


for group in (
    daily,
    deliveries,
    find,
    show,
    facts,
    browsing,
    tags,
    companies,
    rates,
    sources,
    timetable,
    store,
    history,
    keeping,
    filters,
):
    group.register(app)


def narrowed(name: str) -> typer.Typer:
    """The program with the one command or group of that name; all of it where there is none.

    Each of its fifty commands takes half a millisecond to build.
    """
    found = copy(app)
    found.registered_commands = [one for one in app.registered_commands if _name(one) == name]
    found.registered_groups = [one for one in app.registered_groups if one.name == name]
    return found if found.registered_commands or found.registered_groups else app


def _name(command: CommandInfo) -> str:
    return command.name or getattr(command.callback, "__name__", "").replace("_", "-")
