"""One file of an archive → the articles in it that belong, as Parquet by month, and an account of the rest.

The function that is mapped over files, on one core or on many machines. What it writes depends on the file and the
annotator alone, and appears all at once: a worker that is killed leaves nothing but a folder that the next try removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chipreel.archive import schema
from chipreel.archive.first_look import FirstLook
from chipreel.archive.records import Found, ItemRecord, PageRecord, Passed, Trouble, iter_records
from chipreel.archive.signs import signs_of
from chipreel.errors import ParseError
from chipreel.model import Item, Lexicon, TagModel
from chipreel.text.fold import normalise

if TYPE_CHECKING:
    from chipreel.annotate import Annotator

#: Rows kept in memory before they are written.
_BATCH = 500
#: Troubles that are listed for one file; all are counted.
MAX_TROUBLES = 1000
_DONE = "_files"
_OPEN = "_open"


@dataclass(frozen=True, slots=True)
class Order:
    """What every file is sifted with. Small, and the same on every machine."""

    lexicon: Lexicon
    model: TagModel
    out: str
    #: True = read every page, also one that the first look would drop.
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What was in a file."""

    file: str
    bytes: int
    #: records, pages, dropped (by the first look), unread, irrelevant, duplicates, kept, troubles
    counts: dict[str, int]
    #: (offset, what is wrong)
    troubles: tuple[tuple[int, str], ...]
    #: Months with the number of articles in each.
    months: dict[str, int]


class Sifter:
    """Looks, reads and annotates; one of them serves a process."""

    def __init__(self, order: Order) -> None:
        from chipreel.annotate import Annotator

        self.annotator: Annotator = Annotator(order.lexicon, order.model)
        self._look = None if order.thorough else FirstLook(signs_of(order.lexicon, order.model))

    def sift(self, found: Found, file: str, counts: Counter[str]) -> Iterator[dict[str, Any]]:
        """The row of a record that belongs; every other record is counted. Pure but for the counts."""
        match found:
            case PageRecord():
                counts["pages"] += 1
                if self._look is not None and not self._look.may_belong(found.body):
                    counts["dropped"] += 1
                    return
                item = _item_of_page(found)
                saved = found.saved_at
            case ItemRecord():
                item, saved = _stored(found.item), None
            case _:
                return
        if item is None:
            counts["unread"] += 1
            return
        annotation = self.annotator.annotate(item)
        if not annotation.relevant:
            counts["irrelevant"] += 1
            return
        yield schema.article_row(
            replace(item, id=schema.identity_of(item)), annotation,
            file=file, offset=found.offset, saved_at=saved, version=self.annotator.version,
        )  # fmt: skip


def _item_of_page(page: PageRecord) -> Item | None:
    from chipreel.parse.page import parse_page
    from chipreel.text.dates import parse_date

    try:
        read = parse_page(page.body, url=page.url, content_type=page.content_type)
    except ParseError:
        return None
    if not read.title and not read.text:
        return None
    published, note = parse_date(read.published, page.saved_at) if read.published else (None, "undated")
    return Item(
        "", read.title, read.url or page.url, read.author, published, lang=read.lang, text=read.text, date_note=note
    )


def _stored(item: Item) -> Item:
    names = ("title", "text", "summary", "author", "url", "lang")
    told: dict[str, Any] = {name: normalise(words) for name in names if (words := getattr(item, name))}
    return replace(item, **told)


def key_of(path: str) -> str:
    """The name under which a file's results stand: readable, and distinct for files of one name."""
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    stem = "".join(char if char.isalnum() and char.isascii() else "-" for char in Path(path).name)[:60]
    return f"{stem}-{digest}"


def find_account(out: Path, path: str) -> Account | None:
    """The account of a file that is done; None = it is not, or the file has changed since."""
    try:
        raw = json.loads((out / _DONE / f"{key_of(path)}.json").read_text(encoding="utf-8"))
        if raw["bytes"] != Path(path).stat().st_size:
            return None
    except (OSError, ValueError, KeyError):
        return None
    return Account(raw["file"], raw["bytes"], raw["counts"], tuple(map(tuple, raw["troubles"])), raw["months"])


def sift_file(path: str, order: Order, sifter: Sifter) -> Account:
    """Sift one file into `order.out`. Raises OSError when it cannot be read or the results cannot be written."""
    out, key = Path(order.out), key_of(path)
    work = out / _OPEN / f"{key}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        account = _write(path, sifter, work)
        for written in sorted(work.glob("*.parquet")):
            folder = out / f"month={written.stem}"
            folder.mkdir(parents=True, exist_ok=True)
            os.replace(written, folder / f"{key}.parquet")
        _drop_old(out, key, account)
        _save_account(out, key, account)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return account


def _write(path: str, sifter: Sifter, work: Path) -> Account:
    counts: Counter[str] = Counter()
    troubles: list[tuple[int, str]] = []
    months: Counter[str] = Counter()
    seen: set[str] = set()
    with _Months(work) as files:
        for found in iter_records(Path(path)):
            counts["records"] += 1
            if isinstance(found, Trouble):
                counts["troubles"] += 1
                if len(troubles) < MAX_TROUBLES:
                    troubles.append((found.offset, found.reason))
                continue
            if isinstance(found, Passed):
                counts["passed"] += 1
            try:
                rows = list(sifter.sift(found, Path(path).name, counts))
            except Exception as error:
                # A page on which a stage stumbles is named; it must not cost the thirty thousand others of its file.
                counts["troubles"] += 1
                troubles.append((found.offset, f"stumbled over: {type(error).__name__}: {str(error)[:100]}"))
                continue
            for row in rows:
                if row["id"] in seen:
                    counts["duplicates"] += 1
                    continue
                seen.add(row["id"])
                month = schema.month_of(row["published"])
                months[month] += 1
                files.add(month, row)
    counts["kept"] = sum(months.values())
    size = Path(path).stat().st_size
    return Account(path, size, dict(sorted(counts.items())), tuple(troubles), dict(sorted(months.items())))


class _Months:
    """One Parquet file a month; rows wait in memory until there are enough of them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._schema = folder, schema.arrow_schema()
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._count = 0
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> _Months:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._flush()
        for writer in self._writers.values():
            writer.close()

    def add(self, month: str, row: dict[str, Any]) -> None:
        self._waiting.setdefault(month, []).append(row)
        self._count += 1
        if self._count >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for month, rows in sorted(self._waiting.items()):
            if month not in self._writers:
                path = self._folder / f"{month}.parquet"
                self._writers[month] = pq.ParquetWriter(path, self._schema, compression="zstd")
            self._writers[month].write_table(pa.Table.from_pylist(rows, schema=self._schema))
        self._waiting, self._count = {}, 0


def _drop_old(out: Path, key: str, account: Account) -> None:
    """Take away what an earlier state of the file left in months in which it has nothing now."""
    for old in out.glob(f"month=*/{key}.parquet"):
        if old.parent.name.removeprefix("month=") not in account.months:
            old.unlink()


def _save_account(out: Path, key: str, account: Account) -> None:
    folder = out / _DONE
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{key}.part-{os.getpid()}"
    fields = {name: getattr(account, name) for name in Account.__slots__}
    part.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    os.replace(part, folder / f"{key}.json")
