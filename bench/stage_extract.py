"""How quickly chipreel reads articles out of pages, beside trafilatura: the same bytes, the same process, in turns.

    python bench/stage_extract.py FOLDER [--rounds 3]

Every .html and .html.gz below FOLDER is read once from disk and then parsed in memory: by `parse_page` with everything
it does (decoding, title, author, date, text), and by trafilatura with its metadata. The best of the rounds counts for
each, in processor time, so that a busy machine disturbs the ratio little.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import time
from collections.abc import Callable
from pathlib import Path

from trafilatura import bare_extraction

from chipreel.errors import ParseError
from chipreel.parse.page import parse_page


def with_chipreel(pages: list[bytes]) -> int:
    """Number of pages in which an article was found."""
    found = 0
    for page in pages:
        try:
            found += bool(parse_page(page).text)
        except ParseError:
            continue
    return found


def with_trafilatura(pages: list[bytes]) -> int:
    """Number of pages in which an article was found."""
    return sum(bare_extraction(page, with_metadata=True, include_comments=False) is not None for page in pages)


def best_of(rounds: int, read: Callable[[list[bytes]], int], pages: list[bytes]) -> tuple[float, int]:
    """Processor seconds of the quickest round, and what was found."""
    seconds, found = float("inf"), 0
    for _ in range(rounds):
        begin = time.process_time()
        found = read(pages)
        seconds = min(seconds, time.process_time() - begin)
    return seconds, found


def main() -> None:
    """Print pages and seconds of both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    logging.disable(logging.ERROR)
    files = sorted(path for path in arguments.folder.rglob("*") if path.name.endswith((".html", ".html.gz")))
    pages = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files]
    took = {}
    for name, read in (("chipreel", with_chipreel), ("trafilatura", with_trafilatura)):
        took[name], found = best_of(arguments.rounds, read, pages)
        print(f"{name:12} {found} articles in {len(pages)} pages, {len(pages) / took[name]:.0f} pages/s")
    print(f"chipreel takes {took['chipreel'] / took['trafilatura']:.2f} of trafilatura's time")


if __name__ == "__main__":
    main()
