"""What a file of an archive holds: pages and items one by one, and what is wrong with it, each with its offset."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from chipreel.errors import ParseError
from chipreel.model import Item

#: A body of more bytes is no article and is not read.
MAX_BODY = 10_000_000
#: A line of more bytes is passed over.
_MAX_LINE = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b\x08"
_TEXT_FIELDS = ("title", "text", "lang", "url", "author", "summary", "kind")


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A saved page."""

    #: Bytes before it in the file, as the file is stored; the number of the line for JSON lines.
    offset: int
    url: str | None
    body: bytes
    content_type: str | None = None
    #: When it was saved; None = not said.
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An item whose text stands in the file itself."""

    offset: int
    item: Item


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read."""

    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that holds no page: a request, a picture, an answer without content."""

    offset: int
    reason: str


Found = PageRecord | ItemRecord | Trouble | Passed


def iter_records(path: Path) -> Iterator[Found]:
    """Everything in a file: a WARC, JSON lines or a saved feed, plain or gzip. Raises OSError."""
    with path.open("rb") as handle:
        head = _first_bytes(handle)
    if head.startswith(b"WARC/"):
        yield from iter_warc(path)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and not _is_feed(head):
        yield from iter_lines(path)
    elif head:
        yield from iter_feed(path)
    else:
        yield Trouble(0, "the file is empty or damaged from its first byte")


def _first_bytes(handle: BinaryIO) -> bytes:
    head = handle.read(65536)
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 65536)
    except zlib.error:
        return b""


def _is_feed(head: bytes) -> bool:
    return b"jsonfeed.org/version" in head[:2000]


def iter_warc(path: Path) -> Iterator[Found]:
    """The HTML answers of a WARC. Behind damage it goes on with the next record that can be found."""
    start: int | None = 0
    while start is not None:
        here, held, error = start, None, None
        with path.open("rb") as handle:
            handle.seek(start)
            try:
                for record in _records(handle):
                    # One is held back: only behind the last one does it show that it was cut off.
                    if held is not None:
                        yield held
                    here = max(start, record.stream_pos)
                    held = _warc_record(record, here)
            except (OSError, ValueError, RuntimeError, EOFError) as raised:
                error = f"damaged: {str(raised)[:100] or type(raised).__name__}"
        if error is None and held is not None and _is_cut(path, here):
            held = Trouble(here, "the record is cut off")
        if held is not None:
            yield held
        following = find_next_record(path, here + 1) if error is not None else None
        # Damage behind a good record is told of the record in which it is, when that is tried by itself.
        if error is not None and (held is None or following is None):
            yield Trouble(here, error)
        start = following


def _records(handle: BinaryIO) -> Iterator[Any]:
    from fastwarc.warc import ArchiveIterator

    return iter(ArchiveIterator(handle, parse_http=False, quirks_mode=True))


def _warc_record(record: Any, offset: int) -> Found:
    from fastwarc.warc import WarcRecordType

    if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
        return Passed(offset, "no answer")
    if record.content_length > MAX_BODY:
        return Trouble(offset, f"{record.content_length} bytes are too many for a page")
    declared = record.content_length
    content_type = record.headers.get("Content-Type")
    if record.is_http:
        record.parse_http(auto_decode="all")
        status = record.http_headers.status_code if record.http_headers else None
        if status != 200:
            return Passed(offset, f"status {status}")
        content_type = record.http_headers.get("Content-Type")
    body = record.reader.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        return Trouble(offset, "too long when unpacked")
    if content_type and "html" not in content_type.lower():
        return Passed(offset, "no page")
    if not body.strip():
        return (
            Trouble(offset, f"empty although {declared} bytes were announced")
            if declared > 2000
            else Passed(offset, "empty")
        )
    url = record.headers.get("WARC-Target-URI")
    saved = record.record_date
    return PageRecord(offset, url.strip("<>") if url else None, body, content_type, _utc(saved))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def find_next_record(path: Path, start: int) -> int | None:
    """Offset of the next gzip member or plain record that begins with WARC/, from `start` on; None = there is none."""
    with path.open("rb") as handle:
        is_gzip = handle.read(3) == _GZIP
        mark = _GZIP if is_gzip else b"WARC/1."
        at, tail = start, b""
        handle.seek(start)
        while block := handle.read(1 << 20):
            data, base = tail + block, at - len(tail)
            place = data.find(mark)
            while place >= 0:
                if not is_gzip or _is_member(path, base + place):
                    return base + place
                place = data.find(mark, place + 1)
            tail, at = data[-16:], at + len(block)
    return None


def _is_member(path: Path, offset: int) -> bool:
    with path.open("rb") as handle:
        handle.seek(offset)
        try:
            return zlib.decompressobj(31).decompress(handle.read(4096), 64).startswith(b"WARC/")
        except zlib.error:
            return False


def _is_cut(path: Path, offset: int) -> bool:
    """Whether the last gzip member, at `offset`, has no end."""
    with path.open("rb") as handle:
        handle.seek(offset)
        if handle.read(3) != _GZIP:
            return False
        handle.seek(offset)
        unpack = zlib.decompressobj(31)
        try:
            while block := handle.read(1 << 16):
                data = unpack.decompress(block, 1 << 20)
                while data and unpack.unconsumed_tail:
                    data = unpack.decompress(unpack.unconsumed_tail, 1 << 20)
                if unpack.eof:
                    return False
        except zlib.error:
            return True
    return True


def iter_lines(path: Path) -> Iterator[Found]:
    """JSON lines: {"url", "html"} for pages, {"id", "title", "text", "published", "url"} for items."""
    with path.open("rb") as plain:
        packed = plain.read(3) == _GZIP
        plain.seek(0)
        handle: Any = gzip.open(plain) if packed else plain  # noqa: SIM115 - closed with `plain`
        number = 0
        try:
            while line := handle.readline(_MAX_LINE):
                number += 1
                if len(line) == _MAX_LINE and not line.endswith(b"\n"):
                    while (rest := handle.readline(_MAX_LINE)) and not rest.endswith(b"\n"):
                        pass
                    yield Trouble(number, "the line is longer than 64 MB")
                elif line.strip():
                    yield _line_record(line, number)
        except (OSError, EOFError, zlib.error) as error:
            yield Trouble(number + 1, f"damaged: {error}")


def _line_record(line: bytes, number: int) -> Found:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Trouble(number, f"not JSON: {str(error)[:100]}")
    if not isinstance(row, dict) or any(
        row.get(name) is not None and not isinstance(row[name], str) for name in _TEXT_FIELDS
    ):
        return Trouble(number, "not an item: a text field holds something else")
    html = row.get("html")
    if isinstance(html, str):
        body = html.encode("utf-8", "replace")
        if len(body) > MAX_BODY:
            return Trouble(number, f"{len(body)} bytes are too many for a page")
        return PageRecord(number, row.get("url"), body, "text/html; charset=utf-8")
    if not row.get("title") and not row.get("text"):
        return Passed(number, "empty")
    texts: dict[str, Any] = {name: row.get(name) for name in _TEXT_FIELDS if name != "kind"}
    name = row.get("id")
    name = str(name) if isinstance(name, (str, int)) and name != "" else texts["url"] or f"line {number}"
    return ItemRecord(
        number, Item(name, published=_moment(row.get("published")), kind=row.get("kind") or "article", **texts)
    )


def _moment(value: Any) -> datetime | None:
    from chipreel.text.dates import parse_date

    return parse_date(value, None, UTC)[0] if isinstance(value, str) and value else None


def iter_feed(path: Path) -> Iterator[Found]:
    """The items of a saved feed; what is no feed is one trouble."""
    from chipreel.parse import parse_feed

    if path.stat().st_size > MAX_BODY:
        yield Trouble(0, "too long for a feed, and neither WARC nor JSON lines")
        return
    try:
        parsed = parse_feed(path.read_bytes())
    except ParseError as error:
        yield Trouble(0, f"neither WARC nor JSON lines nor a feed: {error}")
        return
    for number, item in enumerate(parsed.items, 1):
        yield ItemRecord(number, item)
