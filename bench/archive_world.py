# ruff: noqa: E501
"""A test archive: the articles of the sample world and, where they are, saved pages, multiplied with changes, as WARC.

    python -m bench.archive_world OUT.warc.gz RECORDS [--pages FOLDER]

The same arguments make the same bytes. About one page in six belongs; the others are of daily life.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path

#: Of every so many pages one is of the sample world, the others are not of this tracker.
ONE_IN = 6
START = datetime(2024, 2, 1, tzinfo=UTC)
_DAILY = (
    "The town council met on Tuesday to talk about the new swimming pool and the price of tickets.",
    "Rain is expected along the coast until the weekend, and the ferries run on a reduced timetable.",
    "The bakery on the corner opens at six, and the queue for its plum cake is long by seven.",
    "周末的集市上，菜农带来了新摘的黄瓜和西红柿，价格比上个月便宜了两成。",
    "市图书馆将在下周延长开放时间，方便学生晚上自习，周一仍然闭馆整理书架。",
    "Gardeners prune their roses before the frost, and leave the fallen leaves under the hedge.",
    "火车站前的广场正在重新铺设石板，工人们说工程会在春天以前完成。",
)
_FRAME = (
    "<!doctype html><html lang='{lang}'><head><meta charset='{charset}'><title>{title}</title>"
    "<meta property='article:published_time' content='{at}'><style>{style}</style><script>{script}</script></head>"
    "<body><nav>{nav}</nav><main><article><h1>{title}</h1>{body}</article></main>"
    "<footer>Facebook Instagram 微信 · {number}</footer></body></html>"
)


def texts_of_world(folder: Path) -> list[tuple[str, str, str]]:
    """(language, title, text) of every titled item of the sample world."""
    from chipreel.demo.world import SampleWorld

    world = SampleWorld(folder)
    found = []
    for source in world.sources:
        entries = (item.first for item in source.items)
        found += [(source.language, one.title, one.text) for one in entries if one.title and len(one.text) > 80]
    return found


def iter_pages(
    count: int, world: Sequence[tuple[str, str, str]], saved: Sequence[bytes]
) -> Iterator[tuple[str, bytes]]:
    """(address, HTML) of so many pages; encodings of both scripts take turns."""
    dice = random.Random(20240215)
    for number in range(count):
        url = f"https://site{number % 97}.example/{number}"
        if saved and number % 5 == 4:
            # A saved page, changed so that no two are the same.
            yield url, saved[dice.randrange(len(saved))] + f"<!-- {number} -->".encode()
            continue
        at = START + timedelta(hours=(number * 7) % (24 * 700))
        belongs = number % ONE_IN == 0
        if belongs:
            lang, title, text = world[dice.randrange(len(world))]
            title, text = f"{title} ({number})", f"{text}\n\n{dice.choice(_DAILY)}"
        else:
            lines = [dice.choice(_DAILY) for _ in range(dice.randrange(6, 14))]
            lang, title, text = "mul", f"{lines[0][:40]} {number}", "\n\n".join(lines)
        charset = ("utf-8", "gb18030", "utf-8", "big5")[number % 4] if lang == "zh" else "utf-8"
        page = _FRAME.format(
            lang=lang,
            charset=charset,
            title=escape(title),
            at=at.isoformat(),
            style=".a{margin:0;padding:0}\n" * dice.randrange(100, 600),
            script="window.q=window.q||[];q.push('view');\n" * dice.randrange(100, 800),
            nav="".join(f"<a href='/s/{n}'>Section {n}</a>" for n in range(40)),
            body="".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n")),
            number=number,
        )
        yield url, page.encode(charset, "xmlcharrefreplace")


def warc_record(url: str, page: bytes, number: int) -> bytes:
    """A response record as one gzip member."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page
    name = hashlib.sha256(f"{number} {url}".encode()).hexdigest()[:32]
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{name}>\r\nWARC-Date: 2026-01-15T00:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=5, mtime=0) as member:
        member.write(head.encode() + http + b"\r\n\r\n")
    return packed.getvalue()


def load_saved(folder: Path | None) -> list[bytes]:
    """Saved pages below a folder, unpacked; none where there is none."""
    if folder is None or not folder.is_dir():
        return []
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and ".htm" in path.name)
    bodies = (path.read_bytes() for path in paths)
    return [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in bodies]


def make_archive(out: Path, count: int, sample: Path, saved: Sequence[bytes] = ()) -> int:
    """Write a WARC of so many pages; returns the bytes of its pages."""
    size = 0
    with out.open("wb") as handle:
        for number, (url, page) in enumerate(iter_pages(count, texts_of_world(sample), saved)):
            handle.write(warc_record(url, page, number))
            size += len(page)
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("records", type=int)
    parser.add_argument("--pages", type=Path, default=None)
    given = parser.parse_args()
    sample = Path(__file__).resolve().parent.parent / "data/sample"
    print(make_archive(given.out, given.records, sample, load_saved(given.pages)), "bytes of pages")


if __name__ == "__main__":
    main()
