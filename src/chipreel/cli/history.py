"""The past: what sources published before they were followed, and archives of pages."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table
from chipreel.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chipreel.model import Source
    from chipreel.pipeline.backfilling import Step
    from chipreel.pipeline.rooms import Rooms


_BARS = "▁▂▃▄▅▆▇█"


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.command()(backfill)
    app.command()(archive)


def backfill(
    ctx: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Ids of sources; all = every one that offers its past.")],
    since: Annotated[str, typer.Option(help="Back to this day, in UTC.")] = "2024-02-01",
    until: Annotated[str | None, typer.Option(help="Up to before this day; up to the present by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Walk what sources themselves offer of their past. Stopped at any moment, it goes on where it was; twice is once.

    What it brings is background: no digest tells it as news, everything else counts it where it was published.

    Example: chipreel backfill ithome hn-video --since 2024-02-01
    """
    from chipreel.pipeline.backfilling import Span, backfill, can_go_back
    from chipreel.pipeline.opening import open_for_run
    from chipreel.pipeline.rooms import Rooms

    rooms = Rooms(context.places(ctx))
    wanted = _wanted(rooms, sources, can_go_back)
    span = Span(context.now(), _day(since, "--since"), _day(until, "--until") if until else None)
    if span.since >= (span.until or span.now):
        raise ConfigError("is not before the end", key="--since", hint="an earlier day, as 2024-02-01")
    say = _watch(quiet=context.common(ctx).quiet)
    with open_for_run(rooms.places.db) as db:
        done = backfill(db, rooms, wanted, span, environ=rooms.environ, progress=say)
    rows = [
        {
            "source": id,
            "state": one.state,
            "way": one.way,
            "since": one.since.isoformat(),
            "until": one.until.isoformat(),
            "reached": one.reached.isoformat() if one.reached else None,
            "requests": one.requests,
            "new": one.new,
            "note": one.note,
        }
        for id, one in sorted(done.walks.items())
    ]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        keys = ("source", "state", "way", "reached", "requests", "new", "note")
        headings = ("source", "state", "way", "reaches back to", "requests", "new", "note")
        print_table(headings, ([str(row[key] or "")[:40] for key in keys] for row in rows))
    if not context.common(ctx).quiet:
        note(f"{done.new} new in this run, {done.grouped} put into stories")
    if rows and all(row["state"] == "failed" for row in rows):
        raise typer.Exit(1)


def archive(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="WARC files, JSON lines, saved feeds; plain or gzip.")],
    out: Annotated[Path, typer.Option(help="Folder for the Parquet files.")],
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler whose workers see the same files: tcp://…")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes on this machine; all cores by default.")
    ] = None,
    thorough: Annotated[bool, typer.Option("--thorough", help="Read every page, without a first look.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each file.")] = False,
) -> None:
    """Keep what belongs out of archives of pages: extracted, annotated, as Parquet by month. Done files are left alone.

    Exit code 1 when a file could not be read; what is wrong within files is counted and listed with its place.

    Example: chipreel archive CC-NEWS-*.warc.gz --out archive/
    """
    from chipreel.cli.output import progress
    from chipreel.pipeline.archiving import Engine, sift_archive

    missing = [file for file in files if not file.is_file()]
    if missing:
        raise ConfigError("is no file", path=str(missing[0]), hint="name WARC files, JSON lines or saved feeds")
    quiet = context.common(ctx).quiet
    with progress("sifting", total=len(files), quiet=quiet) as advance:
        done = sift_archive(
            files,
            out,
            context.lexicon(ctx),
            Engine(workers, scheduler),
            thorough=thorough,
            progress=advance,
            said=lambda text: None if quiet else note(text),
        )
    for account in done.accounts:
        if as_json:
            print_json({"file": account.file, **account.counts, "months": account.months, "trouble": account.troubles})
        elif not quiet:
            for offset, reason in account.troubles:
                note(f"{account.file}: at {offset}: {reason}")
    for path, reason in done.failed:
        note(f"{path}: failed: {reason}")
    if not as_json:
        names = ("records", "pages", "dropped", "irrelevant", "duplicates", "unread", "troubles", "kept")
        print_table(("files", *names), [[len(done.accounts), *map(done.total, names)]])
    if done.failed:
        raise typer.Exit(1)


def print_months(ctx: typer.Context, since: str, limit: int, *, as_json: bool) -> None:
    """Articles about each company, month by month; a month that no source's history reaches is a gap, not a zero."""
    from chipreel.store.database import open_database
    from chipreel.store.months import load_months
    from chipreel.store.trends import latest

    start = _day(f"{since}-01" if len(since) == 7 else since, "--since")
    with open_database(context.existing_db(ctx), write=False) as db:
        until = latest(db, context.now())
        if start > until:
            raise ConfigError("lies behind the newest article", key="--since", hint="an earlier month, as 2024-02")
        found = load_months(db, start, until)
    companies = found.companies[: limit or None]
    if as_json:
        for one in companies:
            row = {"company": one.company, "name": one.name, "name_zh": one.name_zh, "total": one.total}
            print_json({**row, "months": dict(zip(found.months, one.counts, strict=True)), "sources": found.sources})
        return
    rows = (
        (one.name if one.name == one.name_zh else f"{one.name} {one.name_zh}", one.total, month_line(one.counts))
        for one in companies
    )
    print_table(("company", "articles", f"{found.months[0]} to {found.months[-1]}"), rows, wraps=("company",))
    if 0 in found.sources:
        unknown = (month for month, count in zip(found.months, found.sources, strict=True) if not count)
        note(f"· nothing is known of {', '.join(unknown)}")
    for source, missing in found.gaps:
        note(
            f"{source}: nothing of {missing[0]}" + (f" to {missing[-1]}, {len(missing)} months" if missing[1:] else "")
        )


def month_line(counts: Sequence[int | None]) -> str:
    """A small chart in one line; · for a month of which nothing is known."""
    top = max((count or 0 for count in counts), default=0) or 1
    return "".join("·" if count is None else _BARS[round(count / top * (len(_BARS) - 1))] for count in counts)


def _wanted(rooms: Rooms, names: list[str], can_go_back: Callable[[Source], bool]) -> list[Source]:
    if names == ["all"]:
        return [source for source in rooms.feeds.sources if source.enabled and can_go_back(source)]
    missing = [name for name in names if name not in rooms.sources_by_id]
    if missing:
        raise NotFoundError(f"there is no source {missing[0]!r} in {rooms.places.feeds}; `chipreel sources` lists them")
    return [rooms.sources_by_id[name] for name in dict.fromkeys(names)]


def _day(text: str, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{text!r} is no day", key=option, hint="as 2024-02-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _watch(*, quiet: bool) -> Callable[[Step], None]:
    """Says on stderr how each source stands and how long it still takes, at most every few seconds."""
    begun: dict[str, tuple[float, float]] = {}
    said: dict[str, float] = {}

    def say(step: Step) -> None:
        name, now = step.source.id, time.monotonic()
        start, done_then = begun.setdefault(name, (now, step.done))
        if quiet or (now - said.get(name, now - 10) < 5 and step.state.state == "walking"):
            return
        said[name] = now
        gained = step.done - done_then
        left = (
            f", about {_span_of((now - start) * (1 - step.done) / gained)} left" if 0 < gained < 1 - done_then else ""
        )
        back = f" back to {step.state.reached:%Y-%m-%d}" if step.state.reached else ""
        note(f"{name}: {step.done:.0%}{back}, {step.state.requests} requests, {step.state.new} new{left}")

    return say


def _span_of(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )
