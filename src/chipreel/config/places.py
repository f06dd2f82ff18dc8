"""Where the user's files are.

feeds.yaml is looked for in the working directory and above it; `data/` beside it holds companies.yaml and the database.
The packaged defaults serve the filters, the demo and `init`; a database is never made silently somewhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chipreel.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one installation. `db` need not exist yet; the others may be the packaged defaults."""

    feeds: Path
    companies: Path
    db: Path
    #: Folder that holds feeds.yaml: relative paths in it and chipreel.env are meant from here.
    home: Path


def find_default(name: str) -> Path:
    """A file or folder that ships with the program, by its path in the project: "data/companies.yaml"."""
    packaged = Path(__file__).resolve().parent.parent / "defaults" / name
    if packaged.exists():
        return packaged
    checkout = Path(__file__).resolve().parents[3] / name
    if checkout.exists():
        return checkout
    raise ConfigError(f"{name} is missing from this installation", hint="install chipreel again")


def find_home(start: Path) -> Path | None:
    """The nearest folder with a feeds.yaml, `start` or above it; None where there is none."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / "feeds.yaml").is_file()), None)


def find_companies(given: Path | None, start: Path) -> Path:
    """companies.yaml: the one given, else the user's, else the packaged one (filters need no home)."""
    if given is not None:
        return _existing(given, "--companies")
    home = find_home(start)
    own = home / "data" / "companies.yaml" if home else None
    return own if own is not None and own.is_file() else find_default("data/companies.yaml")


def find_rates(home: Path | None) -> Path:
    """rates.csv: the user's, beside their companies.yaml, else the packaged one."""
    own = home / "data" / "rates.csv" if home else None
    return own if own is not None and own.is_file() else find_default("data/rates.csv")


def find_places(feeds: Path | None, companies: Path | None, db: Path | None, start: Path) -> Places:
    """The files that a command works on, from what was given and what is found from `start` up.

    Raises ConfigError: naming `chipreel init` where there is no feeds.yaml, or a given file that is missing.
    """
    if feeds is not None:
        feeds = _existing(feeds, "--feeds")
        home: Path | None = feeds.resolve().parent
    else:
        home = find_home(start)
        feeds = home / "feeds.yaml" if home else None
    if feeds is None or home is None:
        raise ConfigError(
            f"no feeds.yaml in {start} or above it",
            hint="write one with `chipreel init DIR`, or name one with --feeds FILE",
        )
    return Places(feeds, find_companies(companies, home), db or home / "data" / "chipreel.db", home)


def find_db(db: Path | None, start: Path) -> Path:
    """The database of a command that only reads: the one given, else the one beside the nearest feeds.yaml."""
    if db is None:
        db = find_places(None, None, None, start).db
    if not db.is_file():
        raise ConfigError(f"there is no database at {db}", hint="`chipreel fetch` or `chipreel daily` makes it")
    return db


def _existing(path: Path, option: str) -> Path:
    if not path.is_file():
        raise ConfigError(f"{path} is not a file", key=option, hint="check the path")
    return path
