"""The sample world through chipreel's own parser: what was written is what is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from chipreel.demo.server import SampleServer
from chipreel.demo.world import Entry, SampleSource, SampleWorld
from chipreel.model import Item
from chipreel.parse import parse_feed

WORLD = SampleWorld(Path(__file__).resolve().parents[2] / "data" / "sample")
FEEDS = [source for source in WORLD.sources if source.format != "page" and source.answer is None]


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    """The world, running."""
    with WORLD.serve(2) as running:
        yield running


def _read(source: SampleSource, server: SampleServer) -> list[Item]:
    answer = httpx.get(server.base_url + source.path, trust_env=False)
    zone = ZoneInfo(source.timezone) if source.timezone else None
    kind = answer.headers["content-type"]
    return list(parse_feed(answer.content, content_type=kind, url=str(answer.url), zone=zone, now=WORLD.clock(2)).items)


def _shape(item: Item) -> tuple[object, ...]:
    return (item.title, item.text, item.published, item.author)


def _wanted(entry: Entry) -> tuple[object, ...]:
    return (entry.title, entry.text, entry.published, entry.author)


@pytest.mark.parametrize("source", FEEDS, ids=[source.id for source in FEEDS])
def test_a_feed_of_the_sample_is_read_as_it_was_written(source: SampleSource, server: SampleServer) -> None:
    """Title, text with its paragraphs, time and author come through every format and encoding unharmed."""
    assert [_shape(item) for item in _read(source, server)] == [_wanted(entry) for entry in source.entries(2)]
