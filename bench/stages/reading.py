"""Feeds and pages: bytes → items and articles, beside feedparser and trafilatura."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from bench.stages.rates import Rate, best_s
from bench.world import make_feed
from chipreel.config.places import find_default
from chipreel.errors import ParseError
from chipreel.parse import parse_feed
from chipreel.parse.page import parse_page

_NO_FEEDS = frozenset({".tsv", ".csv", ".md", ".py"})


def measure_parse(folder: Path | None) -> Rate:
    """Everything `parse_feed` does, plain text included, beside feedparser as it comes."""
    import feedparser

    if folder is None:
        bodies = [make_feed(number, 30) for number in range(40)]
    else:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in _NO_FEEDS]
        bodies = [path.read_bytes() for path in paths]
    size = sum(map(len, bodies)) / 1e6
    ours, theirs = best_s(
        [
            lambda: [_or_none(parse_feed, body) for body in bodies],
            lambda: [feedparser.parse(BytesIO(body)) for body in bodies],
        ]
    )
    peer = f"feedparser {feedparser.__version__}"
    return Rate("parse", size / ours, "MB/s", peer, size / theirs, f"{len(bodies)} feeds, {size:.1f} MB")


def measure_extract(folder: Path | None) -> Rate:
    """Everything `parse_page` does (title, author, date, text), beside trafilatura with its metadata."""
    from importlib.metadata import version

    from trafilatura import bare_extraction

    logging.disable(logging.ERROR)
    pages = _sample_pages() if folder is None else _saved_pages(folder)
    ours, theirs = best_s(
        [
            lambda: [_or_none(parse_page, page) for page in pages],
            lambda: [bare_extraction(page, with_metadata=True, include_comments=False) for page in pages],
        ],
        rounds=2,
    )
    peer = f"trafilatura {version('trafilatura')}, with metadata"
    size = sum(map(len, pages)) / 1e6
    return Rate(
        "extract", len(pages) / ours, "pages/s", peer, len(pages) / theirs, f"{len(pages)} pages, {size:.1f} MB"
    )


def _or_none(read: object, body: bytes) -> object:
    try:
        return read(body)  # type: ignore[operator]
    except ParseError:
        return None


def _sample_pages() -> Sequence[bytes]:
    """The articles of the sample world as pages."""
    from chipreel.demo.formats import render_article_page
    from chipreel.demo.world import SampleWorld

    sources = SampleWorld(find_default("data/sample")).sources
    return [render_article_page(source, item.first) for source in sources for item in source.items]


def _saved_pages(folder: Path) -> Sequence[bytes]:
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]
