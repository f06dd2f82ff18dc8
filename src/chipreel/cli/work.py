"""Opening what a command works on: the database and the rooms."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from chipreel.cli import context
from chipreel.config.places import Places, find_companies, find_default
from chipreel.errors import ConfigError
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database


@contextmanager
def reading(ctx: typer.Context) -> Iterator[tuple[sqlite3.Connection, Rooms]]:
    """The existing database, for reading only."""
    path = context.existing_db(ctx)
    with open_database(path, write=False) as db:
        yield db, Rooms(places_with_db(ctx, path))


@contextmanager
def writing(ctx: typer.Context) -> Iterator[tuple[sqlite3.Connection, Rooms]]:
    """The existing database, for writing by this run alone."""
    path = context.existing_db(ctx)
    with open_for_run(path) as db:
        yield db, Rooms(places_with_db(ctx, path))


def places_with_db(ctx: typer.Context, db: Path) -> Places:
    """The user's files; the packaged ones where only a database was named (the demo's, say)."""
    try:
        found = context.places(ctx)
        return Places(found.feeds, found.companies, db, found.home)
    except ConfigError:
        options = context.common(ctx)
        if options.db is None:
            raise
        companies = find_companies(options.companies, Path.cwd())
        return Places(find_default("feeds.yaml"), companies, db, db.resolve().parent)
