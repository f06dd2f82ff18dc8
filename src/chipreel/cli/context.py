"""What every command is told: where the files are and how much to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from chipreel.config import places as _places

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from chipreel.config.places import Places
    from chipreel.model import Lexicon


#: Largest number that an option takes: far beyond what anybody stores, and its square is still a number for SQLite.
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command takes."""

    db: Path | None = None
    feeds: Path | None = None
    companies: Path | None = None
    quiet: bool = False
    verbose: bool = False


def common(ctx: typer.Context) -> Common:
    """The common options of this call."""
    found = ctx.find_object(Common)
    return found or Common()


def places(ctx: typer.Context) -> Places:
    """The files this call works on; an error naming `chipreel init` where there is no feeds.yaml."""
    options = common(ctx)
    return _places.find_places(options.feeds, options.companies, options.db, Path.cwd())


def existing_db(ctx: typer.Context) -> Path:
    """The database of a command that only reads."""
    options = common(ctx)
    if options.db is None and options.feeds is not None:
        return _places.find_db(places(ctx).db, Path.cwd())
    return _places.find_db(options.db, Path.cwd())


def lexicon(ctx: typer.Context) -> Lexicon:
    """The lexicon of this call; the packaged one serves where the user has none."""
    from chipreel.config.lexicon import load_lexicon

    return load_lexicon(_places.find_companies(common(ctx).companies, Path.cwd()))


def now() -> datetime:
    """The clock. Only the command line reads it."""
    return datetime.now(UTC)


def zone_of(ctx: typer.Context) -> ZoneInfo:
    """The zone of the user's feeds.yaml, which rules every day and time shown; the system's where there is none."""
    from zoneinfo import ZoneInfo

    from chipreel.config.system_zone import find_system_zone
    from chipreel.errors import ConfigError

    try:
        from chipreel.pipeline.rooms import Rooms

        return Rooms(places(ctx)).zone
    except ConfigError:
        return ZoneInfo(find_system_zone())


def local(stored: str | None, zone: ZoneInfo, form: str = "%Y-%m-%d") -> str:
    """A stored moment as a day, or in another form, in a zone; "" for none."""
    return "" if not stored else datetime.fromisoformat(stored).astimezone(zone).strftime(form)
