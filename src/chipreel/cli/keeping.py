"""Keeping what was collected: backup, restore, prune, export, doctor."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table, progress
from chipreel.errors import ChipreelError, ConfigError
from chipreel.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from chipreel.keep.doctor import Finding
    from chipreel.pipeline.rooms import Rooms

_T = TypeVar("_T")
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    for command in (backup, restore, prune, export, doctor):
        app.command()(command)


def backup(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="The copy; by default one in backups/ by date.")] = None,
) -> None:
    """Copy the database while others use it, and verify the copy before it gets its name.

    Example: chipreel backup ~/safe/chipreel.db
    """
    from chipreel.keep import backup as backups

    db = context.existing_db(ctx)
    target = file or backups.default_backup(db, context.now())
    with progress("copying", total=None, quiet=context.common(ctx).quiet) as advance:
        size = backups.backup(db, target, progress=lambda done, of: advance(done, f"of {of} pages"))
    if not context.common(ctx).quiet:
        note(f"wrote {target}: {size // 1024} KB, verified")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
) -> None:
    """Put a backup in the place of the database; what is there now is kept beside it.

    Example: chipreel restore ~/safe/chipreel.db
    """
    from chipreel.keep import backup as backups
    from chipreel.store.lock import run_lock

    db = context.common(ctx).db or context.places(ctx).db
    with run_lock(db), progress("restoring", total=None, quiet=context.common(ctx).quiet) as advance:
        done = backups.restore(db, file, context.now(), progress=lambda done, of: advance(done, f"of {of} pages"))
    if not context.common(ctx).quiet:
        note(f"restored {db} from {file}")
        if done.aside is not None:
            note(f"what was there before is in {done.aside}")


def prune(
    ctx: typer.Context,
    keep: Annotated[str, typer.Option("--keep", help="How far back to keep: 400d, 2y, 2024-01-01.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many articles would go.")] = False,
    everything: Annotated[bool, typer.Option("--everything", help="Even when no article would be left.")] = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Give the free space back to the disk afterwards.")
    ] = False,
) -> None:
    """Delete articles that came before that time. They do not come back; digests and deliveries stay.

    Example: chipreel prune --keep 400d --dry-run
    """
    from chipreel.cli.work import writing
    from chipreel.pipeline import pruning
    from chipreel.store import retention
    from chipreel.text.spans import parse_moment

    now = context.now()
    with writing(ctx) as (db, rooms):
        before = parse_moment(keep, now=now, zone=rooms.zone)
        if before is None or before > now:
            raise ConfigError(f"{keep!r} is no span of the past", key="--keep", hint="write 400d, 2y or 2024-01-01")
        if now - before >= pruning.LONGEST:
            raise ConfigError(
                f"{keep!r} reaches back more than 200 years", key="--keep", hint="write 400d or 2024-01-01"
            )
        if dry_run:
            # The day as it was given: midnight of the reader's zone may be another day in UTC.
            day = before.astimezone(rooms.zone).date().isoformat()
            note(f"{retention.count_older(db, before)} articles came before {day}")
            return
        if not everything and retention.count_older(db, before) and not retention.is_any_newer(db, before):
            raise ConfigError(
                "that would delete every article", key="--keep", hint="check the clock, or add --everything"
            )
        with progress("pruning", total=None, quiet=context.common(ctx).quiet) as advance:
            done = pruning.prune(db, before, now, progress=lambda count: advance(count, "articles"))
        if compact:
            retention.compact(db)
    if not context.common(ctx).quiet:
        note(f"deleted {done.articles} articles, {done.stories} empty stories and {done.visits} visits")


def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output by default.")] = None,
) -> None:
    """Write everything as JSON lines. `chipreel import FILE --db NEW.db` makes an equal database of it.

    An earlier export is replaced, any other file is not.

    Example: chipreel export everything.jsonl
    """
    from chipreel.keep.backup import check_target
    from chipreel.keep.transfer import export_lines, may_be_replaced
    from chipreel.store.database import open_database

    path = context.existing_db(ctx)
    if file is not None and str(file) != "-":
        try:
            check_target(path, file, may_be_replaced, "export")
        except OSError as error:
            raise ChipreelError(f"{file}: cannot be read ({error.strerror})") from error
    with open_database(path, write=False) as db, closing(export_lines(db)) as lines:
        if file is None or str(file) == "-":
            for line in lines:
                sys.stdout.write(line + "\n")
            sys.stdout.flush()
            return
        try:
            with whole_file(file) as handle:
                count = sum(bool(handle.write(f"{line}\n".encode())) for line in lines) - 1
        except OSError as error:
            raise ChipreelError(f"{file}: cannot be written ({error.strerror})") from error
    if not context.common(ctx).quiet:
        note(f"wrote {count} rows to {file}")


def doctor(
    ctx: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, and say what was lost.")] = False,
    backup: Annotated[
        Path | None, typer.Option("--backup", help="Build on this one; by default the newest in backups/.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Look whether everything is well: the file, the index, the settings, the disk, the schedule. Exits with 1 if not.

    Example: chipreel doctor --repair
    """
    from chipreel.keep.doctor import MENDED, Finding, examine
    from chipreel.pipeline.upkeep import check_files

    now = context.now()
    db = context.existing_db(ctx)
    rooms = _rooms(ctx, db)
    if repair:
        _repair(ctx, db, backup, rooms)
    found = [*examine(db, now, _readable(lambda: rooms.lexicon)), *check_files(rooms), *_schedule(ctx)]
    for one in found:
        assert isinstance(one, Finding)
        if as_json:
            print_json({"check": one.check, "state": one.state, "message": one.message})
    if not as_json:
        print_table(("state", "check", "message"), ((one.state, one.check, one.message) for one in found))
    wrong = [one.check for one in found if one.state == "problem"]
    if wrong:
        if not repair and MENDED.intersection(wrong):
            note("`chipreel doctor --repair` mends what can be mended")
        raise typer.Exit(1)


def _repair(ctx: typer.Context, db: Path, backup: Path | None, rooms: Rooms) -> None:
    from chipreel.pipeline.upkeep import mend
    from chipreel.store.lock import run_lock

    with run_lock(db), progress("mending", total=None, quiet=context.common(ctx).quiet) as advance:
        done = mend(
            db,
            context.now(),
            backup,
            lexicon=_readable(lambda: rooms.lexicon),
            sources=_readable(lambda: rooms.feeds.sources) or (),
            progress=lambda table: advance(0, table),
        )
    for line in done.told:
        note(line)
    if not done.told:
        note("there was nothing to mend")


def _rooms(ctx: typer.Context, db: Path) -> Rooms:
    from chipreel.cli.work import places_with_db
    from chipreel.pipeline.rooms import Rooms

    return Rooms(places_with_db(ctx, db))


def _readable(load: Callable[[], _T]) -> _T | None:
    """What a file of the user holds; None = it cannot be read, which is told by a check of its own."""
    try:
        return load()
    except (ConfigError, OSError):
        return None


def _schedule(ctx: typer.Context) -> list[Finding]:
    from chipreel import schedule
    from chipreel.cli.timetable import job_of, unit_folder
    from chipreel.keep.doctor import Finding

    try:
        entries = schedule.installed(job_of(ctx), unit_folder())
    except ChipreelError as error:
        return [Finding("schedule", "warning", str(error))]
    if entries:
        return [Finding("schedule", "ok", entries[0])]
    return [Finding("schedule", "warning", "nothing fetches by itself: `chipreel schedule install`")]
