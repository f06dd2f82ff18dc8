"""Archives: the user's lexicon handed to the sifting of files, and what it kept brought into the database."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from chipreel.archive.engine import sift_locally, sift_on_cluster
from chipreel.archive.schema import VERSION, item_of_row
from chipreel.archive.sift import Account, Order, find_account
from chipreel.config.weights import load_tag_model
from chipreel.errors import ConfigError
from chipreel.model import Item, Lexicon, Source
from chipreel.pipeline.importing import import_rows
from chipreel.pipeline.rooms import Rooms, Tally


@dataclass(slots=True)
class Sifted:
    """What a run over an archive did."""

    accounts: list[Account] = field(default_factory=list)
    #: Files that earlier runs had done.
    known: int = 0
    #: (file, what went wrong)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def total(self, name: str) -> int:
        """The sum of one count over all files."""
        return sum(account.counts.get(name, 0) for account in self.accounts)


@dataclass(frozen=True, slots=True)
class Engine:
    """Where the work is done."""

    #: Processes; None = one for each core that we may use.
    workers: int | None = None
    #: Address of a Dask scheduler; None = this machine.
    scheduler: str | None = None


def sift_archive(
    files: Sequence[Path],
    out: Path,
    lexicon: Lexicon,
    engine: Engine,
    *,
    thorough: bool = False,
    progress: Callable[[int, str], None] = lambda *_: None,
    said: Callable[[str], None] = lambda _: None,
) -> Sifted:
    """Sift files into Parquet below `out`. Files that are done are not read again; failed ones are listed."""
    check_extras(cluster=engine.scheduler is not None)
    order = Order(lexicon, load_tag_model(), str(out.resolve()), thorough)
    sifted, todo = Sifted(), []
    for path in dict.fromkeys(str(file.resolve()) for file in files):
        account = find_account(out, path)
        if account is None:
            todo.append(path)
        else:
            sifted.accounts.append(account)
            sifted.known += 1
    for done, (path, result) in enumerate(_results(todo, order, engine, said), 1):
        if isinstance(result, str):
            sifted.failed.append((path, result))
        else:
            sifted.accounts.append(result)
        progress(done, Path(path).name)
    if not sifted.failed:
        shutil.rmtree(out / "_open", ignore_errors=True)
    sifted.accounts.sort(key=lambda account: account.file)
    sifted.failed.sort()
    return sifted


def _results(
    todo: Sequence[str], order: Order, engine: Engine, said: Callable[[str], None]
) -> Iterator[tuple[str, Account | str]]:
    if not todo:
        return iter(())
    if engine.scheduler is None:
        workers = min(engine.workers or len(os.sched_getaffinity(0)), len(todo))
        return sift_locally(todo, order, workers)
    return sift_on_cluster(todo, order, engine.scheduler, said=said)


def check_extras(*, cluster: bool) -> None:
    """Raise ConfigError naming the extra that is missing."""
    from importlib.util import find_spec

    wanted = {"archive": ("fastwarc", "pyarrow"), "cluster": ("distributed",) if cluster else ()}
    for extra, modules in wanted.items():
        if any(find_spec(module) is None for module in modules):
            raise ConfigError("is not installed", key=extra, hint=f"pip install 'chipreel[{extra}]'")


def import_archive(
    db: sqlite3.Connection,
    rooms: Rooms,
    source: Source,
    folder: Path,
    now: datetime,
    *,
    progress: Callable[[int, str], None] = lambda *_: None,
) -> Tally:
    """Put the articles of sifted archives into the database, as background: the past is no news. Twice is once."""
    check_extras(cluster=False)
    return import_rows(db, rooms, source, iter_items(folder), now, progress=progress, background=True)


def iter_items(folder: Path) -> Iterator[Item]:
    """The articles below a folder, month by month. Memory does not grow with them."""
    import pyarrow.parquet as pq

    files = sorted(folder.glob("month=*/*.parquet"))
    if not files:
        raise ConfigError("holds no Parquet of an archive", path=str(folder), hint="chipreel archive FILE… --out DIR")
    for path in files:
        with pq.ParquetFile(path) as parquet:
            _check_version(parquet.schema_arrow.metadata or {}, path)
            for batch in parquet.iter_batches(200):
                rows: list[dict[str, Any]] = batch.to_pylist()
                yield from map(item_of_row, rows)


def _check_version(metadata: dict[bytes, bytes], path: Path) -> None:
    version = metadata.get(b"chipreel.schema", b"")
    if not version.isdigit() or int(version) > VERSION:
        raise ConfigError("was not written by this chipreel", path=str(path), hint="upgrade chipreel")
