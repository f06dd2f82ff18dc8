"""Feeds spoilt in every way in which networks, disks and people spoil them: items or a ParseError, soon."""

from __future__ import annotations

import gzip
import json
import random
import re
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chipreel.annotate import Annotator
from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.errors import ParseError
from chipreel.parse import parse_feed

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
#: Seconds of the processor that one document may take.
LIMIT_S = 2.0


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    """With the packaged lexicon."""
    return Annotator(load_lexicon(find_default("data/companies.yaml")), load_tag_model())


def mutated(body: bytes, other: bytes, chance: random.Random) -> bytes:
    """One document, spoilt in one of the ways in which networks, disks and people spoil them."""
    raw, at = bytearray(body), chance.randrange(len(body) or 1)
    match chance.randrange(8):
        case 0:
            return bytes(raw[:at])
        case 1:
            return bytes(raw[:at] + other[chance.randrange(len(other) or 1) :])
        case 2:
            for _ in range(chance.randint(1, 60)):
                raw[chance.randrange(len(raw) or 1)] ^= 1 << chance.randrange(8)
        case 3:
            coding = chance.choice(["gb18030", "big5", "utf-16", "utf-32", "shift_jis", "latin-1", "cp1251", "utf-7"])
            return body.decode("utf-8", "replace").encode(coding, "replace")
        case 4:
            return bytes(raw[:at]) * 2 + bytes(raw[at:])
        case 5:
            piece = chance.choice(
                [b"\0", b"]]>", b"<![CDATA[", b"&#x110000;", b"<!--", b"\xff\xfe", b"<a " * 500, b"&" * 999]
            )
            return bytes(raw[:at] + piece * chance.randint(1, 20) + raw[at:])
        case 6:
            return gzip.compress(body)[: chance.randrange(1, len(body))]
        case _:
            end = min(len(raw), at + 3000)
            return bytes(raw[:at] + bytes(reversed(raw[at:end])) + raw[end:])
    return bytes(raw)


def survive(bodies: list[bytes], rounds: int, annotator: Annotator, seed: int) -> list[str]:
    """What was wrong with reading and annotating so many spoilt documents."""
    chance, wrong = random.Random(seed), []
    for number in range(rounds):
        body = mutated(chance.choice(bodies), chance.choice(bodies), chance)
        started = time.process_time()
        try:
            items = parse_feed(body, url="https://a.example/feed").items
            for item in items[:3]:
                annotator.annotate(item)
        except ParseError:
            pass
        except Exception as error:
            wrong.append(f"{seed}/{number}: {type(error).__name__}: {error}")
        if (took := time.process_time() - started) > LIMIT_S:
            wrong.append(f"{seed}/{number}: {took:.1f} s for {len(body)} bytes")
    return wrong


def own_feeds(rss: Any) -> list[bytes]:
    """Feeds of three formats in both scripts."""
    body = rss(1, range(20), NOW)
    atom = re.sub(rb"<item>.*?<title>(.*?)</title>.*?</item>", rb"<entry><id>\1</id><title>\1</title></entry>", body)
    atom = b"<feed xmlns='http://www.w3.org/2005/Atom'>" + atom.partition(b"</title>")[2]
    entries = [{"id": str(n), "title": f"英伟达 {n}", "content_html": "<p>芯片 &amp; chips</p>"} for n in range(20)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": entries}
    return [body, atom, json.dumps(feed, ensure_ascii=False).encode()]


def test_three_hundred_spoilt_feeds_are_survived(rss: Any, annotator: Annotator) -> None:
    """Cut, spliced, flipped, doubled, encoded anew: items or a ParseError, each within two seconds."""
    assert survive(own_feeds(rss), 300, annotator, seed=1) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_spoilt_real_feeds_are_survived(shared: Path, annotator: Annotator, seed: int) -> None:
    """The same with feeds as they are on the web; memory stays bounded."""
    paths = sorted(path for path in (shared / "corpus/feeds").rglob("*") if path.is_file() and path.suffix != ".tsv")
    bodies = [path.read_bytes()[:200_000] for path in paths]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert survive([body for body in bodies if body], 2500, annotator, seed) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
