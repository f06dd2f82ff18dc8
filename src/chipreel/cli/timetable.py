"""Running by itself: run, and the entries that call it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note
from chipreel.errors import ConfigError
from chipreel.schedule import Job, Manager

schedule = typer.Typer(help="Let cron or systemd call `chipreel run` every 15 minutes.", no_args_is_help=True)

_With = Annotated[str | None, typer.Option("--with", help="cron or systemd; cron where there is one.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.add_typer(schedule, name="schedule")


@schedule.command()
def install(ctx: typer.Context, manager: _With = None) -> None:
    """Install the entry, with absolute paths and no secrets; installing again replaces it.

    Example: chipreel schedule install --with systemd
    """
    from chipreel import schedule as timetable

    chosen = timetable.choose_manager(_manager(manager))
    timetable.install(_job(ctx), chosen, _units())
    note(f"installed with {chosen}; secrets go into chipreel.env beside feeds.yaml (mode 0600)")


@schedule.command()
def show(ctx: typer.Context, manager: _With = None) -> None:
    """Show what is installed, or what would be.

    Example: chipreel schedule show
    """
    from chipreel import schedule as timetable

    job = _job(ctx)
    found = timetable.installed(job, _units())
    for entry in found:
        print(entry)
    if found:
        return
    note("nothing is installed; `chipreel schedule install` would write:")
    if _manager(manager) == "systemd":
        for name, content in timetable.timer_units(job).items():
            print(f"# {name}\n{content}")
    else:
        print(timetable.cron_line(job))


@schedule.command()
def remove(ctx: typer.Context) -> None:
    """Take the entry away.

    Example: chipreel schedule remove
    """
    from chipreel import schedule as timetable

    note("removed" if timetable.remove(_job(ctx), _units()) else "there was nothing to remove")


def _job(ctx: typer.Context) -> Job:
    from chipreel.schedule import this_program

    places = context.places(ctx)
    return Job(places.home.resolve(), places.feeds.resolve(), places.db.resolve(), this_program())


def _units() -> Path:
    import os

    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "systemd" / "user"


def _manager(name: str | None) -> Manager | None:
    if name is None or name == "cron" or name == "systemd":
        return name  # type: ignore[return-value]
    raise ConfigError(f"{name!r} is not known", key="--with", hint="write cron or systemd")
