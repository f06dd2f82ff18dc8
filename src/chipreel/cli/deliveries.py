"""What was delivered and what was not: deliveries, resend, deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.editions import at_work, show_as, tell
from chipreel.cli.output import note, print_json, print_table
from chipreel.errors import NotFoundError

if TYPE_CHECKING:
    import sqlite3

    from chipreel.model.profile import ChannelSettings
    from chipreel.pipeline.editions import Channel
    from chipreel.pipeline.rooms import Rooms
    from chipreel.store.deliveries import Delivery

deliveries = typer.Typer(help="List deliveries, and settle those whose outcome nobody knows.")

_Id = Annotated[
    int, typer.Argument(min=1, max=context.MOST, metavar="ID", help="A delivery, as `chipreel deliveries` lists it.")
]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.add_typer(deliveries, name="deliveries")
    app.command()(resend)
    app.command()(deliver)


@deliveries.callback(invoke_without_command=True)
def listing(
    ctx: typer.Context,
    limit: Annotated[
        int, typer.Option(min=0, max=context.MOST, help="How many; 0 = all. Open ones are always among them.")
    ] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")] = False,
) -> None:
    """List deliveries, the newest first.

    Example: chipreel deliveries --limit 5
    """
    if ctx.invoked_subcommand is not None:
        return
    from chipreel.store.database import open_database
    from chipreel.store.deliveries import list_deliveries

    with open_database(context.existing_db(ctx), write=False) as db:
        found = list_deliveries(db, limit)
    if as_json:
        for one in found:
            print_json(_row(one))
        return
    heads = ("id", "digest", "profile", "channel", "state", "made", "stories", "tries", "parts", "note")
    print_table(heads, ([*_row(one).values()] for one in found))
    if not found:
        note("nothing was delivered yet")


@deliveries.command("give-up")
def give_up(ctx: typer.Context, delivery: _Id) -> None:
    """Close a delivery that did not arrive and need not any more.

    Example: chipreel deliveries give-up 7
    """
    _settle(ctx, delivery, "given-up")


@deliveries.command()
def confirm(ctx: typer.Context, delivery: _Id) -> None:
    """Close a delivery that has arrived, as you have seen.

    Example: chipreel deliveries confirm 7
    """
    _settle(ctx, delivery, "confirmed")


def resend(ctx: typer.Context, delivery: _Id) -> None:
    """Deliver the same digest once more over the same channel, on purpose.

    Example: chipreel resend 7
    """
    from chipreel.pipeline import editions
    from chipreel.store.deliveries import get_delivery

    with at_work(ctx) as (db, rooms):
        old = get_delivery(db, delivery)
        channel = _channels(db, rooms, [old.channel])[old.channel]
        _report(editions.resend(db, delivery, channel, context.now()))


def deliver(
    ctx: typer.Context,
    test: Annotated[str | None, typer.Option("--test", help="Send a short test over this channel instead.")] = None,
) -> None:
    """Go on with deliveries that are still open; makes no new digest.

    Example: chipreel deliver --test mail
    """
    if test is not None:
        _try_out(ctx, test)
        return
    from chipreel.pipeline import editions
    from chipreel.store.deliveries import open_deliveries

    with at_work(ctx) as (db, rooms):
        waiting = open_deliveries(db)
        declared = {one.name for one in rooms.audiences.channels} | {"file", "stdout"}
        channels = _channels(db, rooms, sorted({one.channel for one in waiting} & declared))
        tried = [
            one
            for profile in dict.fromkeys(one.profile for one in waiting)
            for one in editions.resume(db, profile, channels, context.now())
        ]
        unknown = [one for one in open_deliveries(db) if one.state == "unknown" and one not in tried]
    for one in (*tried, *unknown):
        _report(one)
    if not tried and not unknown:
        note("nothing is waiting")


def _try_out(ctx: typer.Context, name: str) -> None:
    from chipreel.errors import DeliveryError
    from chipreel.pipeline.channels import BUILT_IN, trial_message
    from chipreel.pipeline.rooms import Rooms

    rooms = Rooms(context.places(ctx))
    known: dict[str, ChannelSettings] = BUILT_IN | {one.name: one for one in rooms.audiences.channels}
    if name not in known:
        raise NotFoundError(f"there is no channel {name!r}; declared are {', '.join(known)}")
    import sqlite3
    from contextlib import closing

    # A test is no delivery of an edition, so it needs no database of ours.
    with closing(sqlite3.connect(":memory:")) as nothing:
        channel = _channels(nothing, rooms, [name])[name]
        try:
            remark = channel.send(trial_message(known[name], rooms.feeds.settings.language, context.now()))
        except DeliveryError as error:
            raise DeliveryError(f"{name}: {error}", unknown=error.unknown) from error
    note(f"{name} works" + (f": {remark}" if remark else ""))


def _channels(db: sqlite3.Connection, rooms: Rooms, names: list[str]) -> dict[str, Channel]:
    from chipreel.pipeline.audience import channels_for

    return channels_for(db, rooms, tuple(names), show_as)


def _settle(ctx: typer.Context, delivery: int, state: str) -> None:
    from chipreel.pipeline import editions

    with at_work(ctx) as (db, _):
        _report(editions.settle(db, delivery, state, context.now()))


def _report(delivery: Delivery) -> None:
    if delivery.state in ("confirmed", "given-up"):
        note(f"delivery {delivery.id} over {delivery.channel}: {delivery.state}")
    else:
        tell(delivery)


def _row(one: Delivery) -> dict[str, object]:
    return {
        "id": one.id,
        "digest": one.digest,
        "profile": one.profile,
        "channel": one.channel,
        "state": one.state,
        "made": f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "stories": one.stories,
        "attempts": one.attempts,
        "parts": f"{one.parts_done}/{one.parts}" if one.parts else None,
        "note": one.note,
    }
