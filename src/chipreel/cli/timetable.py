"""Running by itself: run, and the entries that call it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.editions import at_work, show_as
from chipreel.cli.output import note
from chipreel.errors import ConfigError
from chipreel.schedule import Job, Manager

if TYPE_CHECKING:
    import sqlite3

    from chipreel.model.profile import Profile
    from chipreel.pipeline.rooms import Rooms

schedule = typer.Typer(help="Let cron or systemd call `chipreel run` every 15 minutes.", no_args_is_help=True)

_With = Annotated[str | None, typer.Option("--with", help="cron or systemd; cron where there is one.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.add_typer(schedule, name="schedule")
    app.command()(run)


def run(ctx: typer.Context) -> None:
    """Fetch what is due, and make and deliver every digest whose hour has passed. For cron and systemd.

    A run that was missed is made up for by the next one; one that finds another at work leaves it to it. Writes one
    line; standard output is no reader here, so channels of that kind are left to `daily`.

    Example: chipreel --quiet run
    """
    from chipreel.errors import BusyError

    try:
        with at_work(ctx) as (db, rooms):
            print(f"{context.now():%Y-%m-%dT%H:%M:%SZ} {_round(db, rooms)}", flush=True)
    except BusyError as error:
        print(f"{context.now():%Y-%m-%dT%H:%M:%SZ} {error}; it was left to it", flush=True)


def _round(db: sqlite3.Connection, rooms: Rooms) -> str:
    """Fetch, then every profile that is due; what was done, in one line."""
    from chipreel.pipeline.harvest import Order, fetch_due

    report = fetch_due(db, rooms, Order(context.now()), environ=rooms.environ)
    failed = f", {len(report.failures)} failed" if report.failures else ""
    told = [f"fetched {report.visited} sources: {report.new} new, {report.revised} revised{failed}"]
    for profile in rooms.audiences.profiles:
        told += _serve(db, rooms, profile)
    return "; ".join(told)


def _serve(db: sqlite3.Connection, rooms: Rooms, profile: Profile) -> list[str]:
    """The edition of a profile if it is due, else what an earlier run left open."""
    from chipreel.pipeline import audience, editions

    names = tuple(name for name in profile.channels if name != "stdout")
    channels = audience.channels_for(db, rooms, names, show_as)
    wanted = audience.wanted_for(db, rooms, profile, None, context.now())
    if editions.is_due(db, wanted):
        made = editions.publish(db, wanted, channels)
        told = [f"{profile.name}: {len(made.digest.entries)} stories"]
        tried = made.tried
    else:
        told, tried = [], editions.resume(db, profile.name, channels, wanted.now)
    return told + [f"{profile.name} over {one.channel} {one.state}" for one in tried]


@schedule.command()
def install(ctx: typer.Context, manager: _With = None) -> None:
    """Install the entry, with absolute paths and no secrets; installing again replaces it.

    Example: chipreel schedule install --with systemd
    """
    from chipreel import schedule as timetable

    chosen = timetable.choose_manager(_manager(manager))
    timetable.install(job_of(ctx), chosen, unit_folder())
    note(f"installed with {chosen}; secrets go into chipreel.env beside feeds.yaml (mode 0600)")


@schedule.command()
def show(ctx: typer.Context, manager: _With = None) -> None:
    """Show what is installed, or what would be.

    Example: chipreel schedule show
    """
    from chipreel import schedule as timetable

    job = job_of(ctx)
    found = timetable.installed(job, unit_folder())
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

    note("removed" if timetable.remove(job_of(ctx), unit_folder()) else "there was nothing to remove")


def job_of(ctx: typer.Context) -> Job:
    """The job of this call: its files and the program itself."""
    from chipreel.schedule import this_program

    places = context.places(ctx)
    return Job(places.home.resolve(), places.feeds.resolve(), places.db.resolve(), this_program())


def unit_folder() -> Path:
    """Where systemd looks for a person's own timers."""
    import os

    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "systemd" / "user"


def _manager(name: str | None) -> Manager | None:
    if name is None or name == "cron" or name == "systemd":
        return name  # type: ignore[return-value]
    raise ConfigError(f"{name!r} is not known", key="--with", hint="write cron or systemd")
