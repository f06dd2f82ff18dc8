"""Opening the one file, refusing what is not ours, and saying plainly what a person can mend."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chipreel.errors import DamagedError, StoreError
from chipreel.store.index import mark_current
from chipreel.store.migrations import LATEST, migrate

#: "chpr": marks the file as chipreel's.
APPLICATION_ID = 0x63687072
#: What readers and writers of one file share, and a page of its log.
_LEAST_ROOM = 64 * 1024
#: What is to be done about a file that holds nothing.
EMPTY = "the file is empty; `chipreel fetch` begins anew in it, `chipreel doctor --repair` takes the newest backup"
#: How sqlite3 begins to say that a stored text is no UTF-8.
NO_TEXT = "Could not decode to UTF-8"
#: What escapes from a command that meets a value, a table or a reference which is not what it must be.
_STUMBLES = (
    sqlite3.Error, ArithmeticError, AssertionError, AttributeError, LookupError, StopIteration, TypeError, ValueError,
)  # fmt: skip
#: The database that this process has opened last: what was read of it may be printed after it was closed.
_OPENED: list[Path] = []
#: How long a statement waits for another process, in seconds.
BUSY_S = 10.0
#: Seconds after which a batch of writes is committed: others who write wait no longer.
BATCH_S = 2.0


@contextmanager
def open_database(path: Path, *, write: bool = True) -> Iterator[sqlite3.Connection]:
    """The database at `path`, brought to the latest schema; made when absent and `write`.

    WAL, foreign keys on, rows by name. Raises StoreError for a file that is locked, corrupt, another program's, or made
    by a newer chipreel; DamagedError where the caller stumbled over something in it that no program can read.
    """
    with looked_into(path), explained(path), closing(_connect(path, write=write)) as db:
        yield db


@contextmanager
def looked_into(path: Path) -> Iterator[None]:
    """Of an error that nothing explains yet, whether the content of the file does."""
    _OPENED[:] = [path.absolute()]
    try:
        yield
    except _STUMBLES as error:
        if damage := _damage_of(path):
            raise damage from error
        raise


def find_damage_behind(error: Exception) -> DamagedError | None:
    """What of the database that was opened last explains an error that came after it was closed; None = nothing."""
    return next(filter(None, map(_damage_of, _OPENED)), None) if isinstance(error, _STUMBLES) else None


def _damage_of(path: Path) -> DamagedError | None:
    faults = _faults_of(path)
    return DamagedError(f"{path}: {faults[0]}; `chipreel doctor --repair` mends what can be mended") if faults else None


def _faults_of(path: Path) -> list[str]:
    """What in a database may have brought a command down that an error escaped from. Empty: it was a bug of ours."""
    from chipreel.store.inspection import find_faults

    try:
        with closing(connect_reading(path)) as db:
            return find_faults(db)
    except sqlite3.Error:
        return []


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of what is written inside, or nothing."""
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise
    db.execute("commit")


class Batch:
    """Many writes in one transaction, which is committed when it holds enough, is old, or somebody asks.

    Writing the index of words anew for every thirty articles costs twice as much as for a thousand.
    """

    def __init__(self, db: sqlite3.Connection, most: int, within_s: float = BATCH_S) -> None:
        self._db, self._most, self._within_s = db, most, within_s
        self._held = 0
        self._began_at = 0.0

    @contextmanager
    def writing(self, weight: int = 1) -> Iterator[None]:
        """All of what is written inside or nothing of it, and with it nothing of the batch."""
        if not self._db.in_transaction:
            self._db.execute("begin immediate")
            self._held, self._began_at = 0, time.monotonic()
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise
        self._held += weight
        if self._held >= self._most or time.monotonic() > self._began_at + self._within_s:
            self.commit()

    def commit(self) -> None:
        """Keep what was written."""
        if self._db.in_transaction:
            self._db.execute("commit")


def make_durable(db: sqlite3.Connection) -> None:
    """From now on what is committed has reached the disk: for what must not be forgotten by a power cut."""
    db.execute("pragma synchronous = full")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors that a person can do something about, as StoreError; any other is a bug and escapes."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        message = _explanation(error)
        if message is None:
            raise
        if _name_of(error).startswith("SQLITE_IOERR") and _is_full(path):
            message = _EXPLANATIONS["SQLITE_FULL"]
        raise (DamagedError if _is_damage(error) else StoreError)(f"{path}: {message}") from error
    except UnicodeDecodeError as error:
        # SQLite quotes a damaged schema in its message, and sqlite3 cannot read that.
        raise DamagedError(f"{path}: {_EXPLANATIONS['SQLITE_CORRUPT']}") from error


def is_hindered(error: sqlite3.DatabaseError) -> bool:
    """Whether SQLite could not do its work just now (locked, full, not permitted): it says nothing of the file."""
    return _explanation(error) is not None and not _is_damage(error)


def _connect(path: Path, *, write: bool) -> sqlite3.Connection:
    if write:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path.parent}: cannot be made ({error.strerror})") from error
        db = _opened(path, "mode=rwc")
    elif not path.is_file():
        raise StoreError(f"{path}: there is no such database")
    else:
        db = connect_reading(path)
    try:
        _prepare(db, path, write=write)
    except BaseException:
        db.close()
        raise
    return db


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads a database file, whosever it is.

    On a disk that cannot be written or is full there is no room for what readers and writers share; where there is no
    log, the file can be read as unchangeable. Raises sqlite3.DatabaseError.
    """
    log = path.with_name(path.name + "-wal")
    has_log = log.exists() and log.stat().st_size > 0
    if not has_log and not os.access(path.parent, os.W_OK):
        return _opened(path, "mode=ro&immutable=1")
    db = _opened(path, "mode=ro")
    try:
        db.execute("pragma schema_version").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        if has_log or not _name_of(error).startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
            raise
        return _opened(path, "mode=ro&immutable=1")
    except BaseException:
        db.close()
        raise
    return db


def add_functions(db: sqlite3.Connection) -> None:
    """What searching asks of SQL and SQLite has not: `begins_a_word(start, title, text)`."""
    db.create_function("begins_a_word", 3, _begins_a_word, deterministic=True)


def _begins_a_word(start: str, *texts: str | None) -> bool:
    from chipreel.text.prefixes import begins_a_word

    return any(begins_a_word(start, text) for text in texts if text)


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    add_functions(db)
    return db


def _prepare(db: sqlite3.Connection, path: Path, *, write: bool) -> None:
    db.row_factory = sqlite3.Row
    db.execute("pragma foreign_keys = on")
    db.execute("pragma temp_store = memory")
    version = db.execute("pragma user_version").fetchone()[0]
    owner = db.execute("pragma application_id").fetchone()[0]
    fresh = owner == 0 and db.execute("select count(*) from sqlite_master").fetchone()[0] == 0
    if not fresh and owner != APPLICATION_ID:
        raise StoreError(f"{path}: this database belongs to another program")
    if version > LATEST:
        raise StoreError(
            f"{path}: made by a newer chipreel (schema {version}, this one knows {LATEST}); upgrade chipreel"
        )
    if not write:
        if fresh:
            raise StoreError(f"{path}: {EMPTY}")
        if version < LATEST:
            raise StoreError(f"{path}: made by an older chipreel; run `chipreel fetch` once to bring it up to date")
        return
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = normal")
    # 8 MB instead of 2: the indexes of a large database are written at random places.
    db.execute("pragma cache_size = -8000")
    if fresh:
        db.execute(f"pragma application_id = {APPLICATION_ID}")
    if version < LATEST:
        migrate(db)
    if fresh:
        mark_current(db)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return _name_of(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or str(error).startswith(NO_TEXT)


def _name_of(error: sqlite3.DatabaseError) -> str:
    return getattr(error, "sqlite_errorname", "") or ""


def _is_full(path: Path) -> bool:
    """Whether its disk has no room for the least file that SQLite makes."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _LEAST_ROOM


def _explanation(error: sqlite3.DatabaseError) -> str | None:
    if str(error).startswith(NO_TEXT):
        return _EXPLANATIONS["SQLITE_CORRUPT"]
    name = _name_of(error)
    for prefix, message in _EXPLANATIONS.items():
        if name.startswith(prefix):
            return message
    return None


_EXPLANATIONS = {
    "SQLITE_BUSY": "another program is writing to it; try again when that is done",
    "SQLITE_LOCKED": "another program is writing to it; try again when that is done",
    "SQLITE_FULL": "the disk is full; free some space, nothing was lost",
    "SQLITE_READONLY": "it cannot be written; check the permissions of the file and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the folder exists and who may read it",
    "SQLITE_PERM": "it cannot be opened; check who may read it",
    "SQLITE_IOERR": "the disk did not read or write it; check the disk",
    "SQLITE_NOTADB": "it is not an SQLite database",
    "SQLITE_CORRUPT": "it is damaged; `chipreel doctor --repair` says what can be saved",
}
