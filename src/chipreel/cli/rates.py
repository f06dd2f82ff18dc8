"""Rates: the table with which sums in all currencies are compared in dollars: show, update."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table

rates = typer.Typer(
    help="Show and replace the table of rates with which sums are compared in dollars.", no_args_is_help=True
)

_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.add_typer(rates, name="rates")


@rates.command()
def show(ctx: typer.Context, as_json: _Json = False) -> None:
    """Show the table in use: units of each currency that one dollar buys, from each day on.

    Example: chipreel rates show --json | jq .CNY
    """
    from chipreel.config.places import find_home, find_rates
    from chipreel.config.rates import load_rates

    feeds = context.common(ctx).feeds
    path = find_rates(feeds.resolve().parent if feeds else find_home(Path.cwd()))
    table = load_rates(path)
    note(f"from {path}")
    if as_json:
        for day, row in zip(table.days, table.rows, strict=True):
            print_json({"day": day.isoformat(), **row})
        return
    currencies = tuple(dict.fromkeys(code for row in table.rows for code in row))
    shown = (
        (day.isoformat(), *(f"{row[code]:g}" if code in row else "" for code in currencies))
        for day, row in zip(table.days, table.rows, strict=True)
    )
    print_table(("day", *currencies), shown)


@rates.command()
def update(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A table of the same shape: day,CNY,EUR,… then a line a day.")],
) -> None:
    """Use another table of rates from now on, and reckon the dollars of every stored sum anew.

    The table is checked, then kept in data/ beside companies.yaml. The sums themselves stay as they were written.

    Example: chipreel rates update my-rates.csv
    """
    from chipreel.config.rates import rates_version, save_rates

    home = context.places(ctx).home
    own = home / "data" / "rates.csv"
    table = save_rates(file, own)
    note(f"{own}: {len(table.days)} days from {table.days[0]} to {table.days[-1]}")
    if not context.places(ctx).db.is_file():
        return
    from chipreel.cli.work import writing
    from chipreel.pipeline.repricing import reprice

    with writing(ctx) as (db, rooms):
        changed = reprice(db, rooms, rates_version(own))
    note(f"{changed} sums have other dollars now")
