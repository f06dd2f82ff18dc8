"""Every error that chipreel raises on purpose.

    ChipreelError
    ├── ConfigError        the user's file or flag is wrong         exit 2
    ├── NotFoundError      an id that names nothing                 exit 2
    ├── SourceError        one source failed; the run goes on
    │   ├── FetchError     its bytes could not be had
    │   └── ParseError     its bytes could not be read
    ├── StoreError         the database is locked, full, not ours or newer   exit 1
    │   └── DamagedError   SQLite finds the file itself damaged
    ├── BusyError          another run holds the lock               exit 1
    └── DeliveryError      a channel refused a digest

Anything else that escapes is a bug and ends in a traceback.
"""

from __future__ import annotations


class ChipreelError(Exception):
    """Base of all errors a user can do something about; `exit_code` is what the CLI returns."""

    exit_code = 1


class ConfigError(ChipreelError):
    """A configuration file or a flag holds something chipreel cannot accept.

    `path` and `line` (1-based) say where, `key` names the entry, `hint` says what to write instead.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.path, self.line, self.key, self.hint = message, path, line, key, hint

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        lead = f"{where}: " if where else ""
        key = f"{self.key}: " if self.key else ""
        return f"{lead}{key}{self.message}" + (f" ({self.hint})" if self.hint else "")


class NotFoundError(ChipreelError):
    """An id given by the user names nothing that is stored."""

    exit_code = 2


class SourceError(ChipreelError):
    """One source failed. It is recorded with the source; the run goes on."""


class FetchError(SourceError):
    """The bytes of a source could not be fetched."""


class ParseError(SourceError):
    """The bytes of a source could not be read as what the source is said to be."""


class StoreError(ChipreelError):
    """The database cannot be used: locked, full, corrupt, another program's, or newer than this program."""


class DamagedError(StoreError):
    """The database file is damaged: rows may be lost, and only a repair or a backup helps."""


class BusyError(ChipreelError):
    """Another run of chipreel holds the lock of this database."""


class DeliveryError(ChipreelError):
    """A channel did not take a digest. `unknown` is true when it may have arrived all the same."""

    def __init__(self, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.unknown = unknown
