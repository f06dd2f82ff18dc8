"""A verified copy of the database, and the way back."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chipreel.errors import ConfigError, DamagedError, StoreError
from chipreel.files import sync_folder
from chipreel.store import copies

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    #: Where the database of before was put; None = there was none.
    aside: Path | None


def default_backup(db: Path, now: datetime) -> Path:
    """Where a backup goes when nobody says where: `backups/` beside the database, named by the moment."""
    return db.parent / "backups" / f"{db.stem}-{now:%Y%m%dT%H%M%SZ}.db"


def backup(db: Path, target: Path, *, progress: Progress = lambda *_: None) -> int:
    """Copy the database to `target` while others read and write, verify the copy, then give it its name.

    Returns its size in bytes. An older backup of that name is replaced at the last moment; a file that is no database
    of chipreel is not. A backup that is broken off leaves nothing under that name. Raises ConfigError, StoreError.
    """
    check_target(db, target, copies.is_ours, "backup")
    _copy(db, target, copies.check_ours, progress)
    return target.stat().st_size


def restore(db: Path, source: Path, now: datetime, *, progress: Progress = lambda *_: None) -> Restored:
    """Put a backup in the place of the database, whose old content is kept beside it. The caller holds the run's lock.

    Those who read meanwhile see the old content or the new, never a mixture. Raises StoreError for a backup that is
    damaged, not ours, or made by a newer program; then nothing was changed.
    """
    if _is_same(db, source):
        raise ConfigError(f"{source} is the database itself", key="FILE", hint="name a backup")
    copies.check_ours(source)
    if not db.exists():
        db.parent.mkdir(parents=True, exist_ok=True)
        backup(source, db, progress=progress)
        return Restored(None)
    aside = _aside(db, now)
    try:
        copies.check_ours(db)
    except StoreError as error:
        if not isinstance(error, DamagedError) and not copies.is_ours(db):
            raise
        part = db.with_name(f"{db.name}.restored")
        try:
            backup(source, part, progress=progress)
            exchange(db, part, aside)
        finally:
            discard(part)
        return Restored(aside)
    backup(db, aside)
    copies.copy_database(source, db, progress=progress)
    return Restored(aside)


def keep_aside(db: Path, now: datetime) -> Path:
    """Copy a database, whatever its state, beside itself before rows of it are taken away; returns where.

    Others may be in the middle of writing: the copy is what was committed before. Raises StoreError.
    """
    aside = _aside(db, now)
    _copy(db, aside, lambda _: None, lambda *_: None)
    return aside


def newest_backup(db: Path) -> Path | None:
    """The newest whole backup in `backups/` beside the database; None = there is none."""
    folder = db.parent / "backups"
    found = sorted(folder.glob("*.db"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return next((path for path in found if _is_whole(path)), None)


def exchange(db: Path, new: Path, aside: Path) -> None:
    """Put a single-file database in the place of one that is damaged; that one and its log get another name.

    There is a file under the database's name at every moment.
    """
    aside.unlink(missing_ok=True)
    aside.hardlink_to(db)
    for end in ("-wal", "-shm"):
        old = db.with_name(db.name + end)
        if old.exists():
            old.replace(aside.with_name(aside.name + end))
    new.replace(db)
    sync_folder(db.parent)


def discard(part: Path) -> None:
    """Delete a database that was not finished, with whatever lies beside it."""
    for end in ("", "-journal", "-wal", "-shm"):
        part.with_name(part.name + end).unlink(missing_ok=True)


def check_target(db: Path, target: Path, is_ours: Callable[[Path], bool], kind: str) -> None:
    """Raise ConfigError for a file that must not be replaced: the database itself, and what is there and not ours.

    `kind` is what is to be written, for the message.
    """
    if target.is_dir():
        raise ConfigError(f"{target} is a folder", key="FILE", hint="name a file")
    if any(_is_same(db.with_name(db.name + end), target) for end in ("", "-wal", "-shm")):
        raise ConfigError(f"{target} is the database itself", key="FILE", hint="name another file")
    if target.exists() and not is_ours(target):
        raise ConfigError(f"{target} is there already and is no {kind}", key="FILE", hint="name another file")


def _aside(db: Path, now: datetime) -> Path:
    """Where what was there before is kept."""
    return db.with_name(f"{db.name}.before-{now:%Y%m%dT%H%M%SZ}")


def _copy(db: Path, target: Path, check: Callable[[Path], None], progress: Progress) -> None:
    """Copy a database under a name that it has only when it is whole. Raises StoreError, and what `check` does."""
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        discard(part)
        copies.copy_database(db, part, progress=progress)
        copies.make_single_file(part)
        check(part)
        _settle(part, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from error
    finally:
        discard(part)


def _settle(part: Path, target: Path) -> None:
    """Make sure the copy is on the disk, then give it its name in one step."""
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    part.replace(target)
    sync_folder(target.parent)


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _is_whole(path: Path) -> bool:
    try:
        copies.check_ours(path)
    except StoreError:
        return False
    return True
