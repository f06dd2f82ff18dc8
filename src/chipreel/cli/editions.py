"""Editions as the command line makes, shows and tells of them; used by several groups of commands."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from chipreel.cli import context
from chipreel.cli.output import note, printable
from chipreel.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3

    from chipreel.model.digest import Digest
    from chipreel.pipeline.editions import Published, Wanted
    from chipreel.pipeline.rooms import Rooms
    from chipreel.store.deliveries import Delivery


@contextmanager
def at_work(ctx: typer.Context) -> Iterator[tuple[sqlite3.Connection, Rooms]]:
    """The database, open for writing by this run alone, and the rooms."""
    from chipreel.pipeline.opening import open_for_run
    from chipreel.pipeline.rooms import Rooms

    rooms = Rooms(context.places(ctx))
    with open_for_run(rooms.places.db) as db:
        yield db, rooms


def checked_language(lang: str | None) -> str | None:
    """A language that chipreel writes, or None for the profile's."""
    if lang not in (None, "en", "zh"):
        raise ConfigError(f"{lang!r} is not known", key="--lang", hint="write en or zh")
    return lang


def deliver_edition(
    db: sqlite3.Connection, rooms: Rooms, wanted: Wanted, *, without: Sequence[str] = (), quiet: bool = False
) -> Published:
    """Publish the next edition over the profile's channels but those of `without`, and tell what happened."""
    from chipreel.digest.labels import label
    from chipreel.pipeline.audience import channels_for
    from chipreel.pipeline.editions import publish

    names = tuple(name for name in wanted.profile.channels if name not in without)
    made = publish(db, wanted, channels_for(db, rooms, names, show_as))
    if made.number is None and not quiet:
        print(label(wanted.lang, "nothing"))
    for delivery in made.tried:
        tell(delivery)
    if made.number is not None and "stdout" not in names and not quiet:
        arrived = ", ".join(one.channel for one in made.tried if one.state == "confirmed") or "no channel yet"
        note(f"{wanted.profile.name}: {len(made.digest.entries)} stories over {arrived}")
    return made


def tell(delivery: Delivery) -> None:
    """One line for a delivery that went wrong; those that went well speak for themselves."""
    if delivery.state == "unknown":
        note(
            f"delivery {delivery.id} over {delivery.channel}: nobody knows whether it arrived ({delivery.note}); "
            f"`chipreel resend {delivery.id}` or `chipreel deliveries give-up {delivery.id}`"
        )
    elif delivery.state != "confirmed":
        what = f"delivery {delivery.id} over {delivery.channel} {delivery.state}"
        note(f"{what}: {delivery.note}; the next run tries again")


def show(found: Digest, form: str | None = None) -> None:
    """Print an edition: set for a terminal where it is one and no format is asked for, else Markdown or that format."""
    from chipreel.digest.render import render

    if form is None and sys.stdout.isatty():
        import shutil

        from chipreel.digest.terminal import render_terminal

        text = render_terminal(found, width=shutil.get_terminal_size().columns)
    else:
        text = printable(render(found, form or "markdown"))
    sys.stdout.write(text.encode("utf-8", "replace").decode())
    sys.stdout.flush()


def show_as(found: Digest, form: str) -> None:
    """Print an edition as a channel wants it; Markdown, its default, is set for a terminal where it is one."""
    show(found, None if form == "markdown" else form)
