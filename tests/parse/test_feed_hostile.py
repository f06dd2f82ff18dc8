"""Broken and hostile feeds: mended where nothing is guessed, tolerated, or refused; nothing escapes but ParseError."""

from __future__ import annotations

import gzip
import random
import time
from contextlib import suppress

import pytest

from chipreel.errors import ParseError
from chipreel.parse import parse_feed
from chipreel.parse.parsed import MAX_ITEMS


def rss(inner: str) -> bytes:
    return f"<rss version='2.0'><channel><title>x</title>{inner}</channel></rss>".encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&T 与 R&D", "AT&T 与 R&D"),
        ("a&nbsp;b&mdash;芯片", "a b—芯片"),
        ("x?a=1&b=2", "x?a=1&b=2"),
        ("bell\x07 nul\x00 可灵\x0b", "bell nul 可灵"),
        ("num&#0;ber &#x1F; &#20013;", "number 中"),
        ("&unknown; entity", "&unknown; entity"),
        ("lone \ud800 half", "lone \ufffd half"),
    ],
)
def test_small_faults_are_mended_without_loss(title: str, expected: str) -> None:
    """Bare ampersands, HTML's entities and control characters are mended and the document is read strictly."""
    parsed = parse_feed(rss(f"<item><title>{title}</title></item><item><title>next</title></item>"))
    assert [item.title for item in parsed.items] == [expected, "next"]
    assert parsed.note is not None


@pytest.mark.parametrize(
    "body",
    [
        b"\n\n  <?xml version='1.0'?>" + rss("<item><title>可灵</title></item>"),
        b"<br />\n<b>Warning</b>: mysql in index.php<br />" + rss("<item><title>x</title></item>"),
        rss("<item><title>x</title></item>") + b"<!-- served in 3 ms --><script>track()</script>",
        rss("<item><title>x</title><media:thumbnail url='y'/></item>"),
        rss("<item><title>x</title><description><p>not closed<br></description></item>"),
        rss("<item><title>x</title></item>")[:-20],
    ],
)  # fmt: skip
def test_a_broken_feed_keeps_its_entry(body: bytes) -> None:
    """Junk before and after, undeclared prefixes, unclosed elements, a broken connection."""
    assert len(parse_feed(body).items) == 1


@pytest.mark.parametrize(
    "number", ["xD83D", "55357", "x110000", "0", "9" * 30, "9" * 5000, "xFFFFFFFFFFFFFFFFF", "x1F"]
)
def test_a_number_that_is_no_character_costs_a_broken_feed_nothing_but_itself(number: str) -> None:
    """Half of an emoji, a number beyond Unicode, a control character; in elements that never end."""
    items = "".join(f"<item><title>{title} &#{number};</title><p>" for title in ("可灵 2.0", "Kling 2.0"))
    assert [item.title for item in parse_feed(rss(items)).items] == ["可灵 2.0", "Kling 2.0"]


def test_entities_of_a_document_are_never_followed() -> None:
    """No file, no address and no billion laughs comes out of a document type."""
    outside = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rss("<item><title>x&a;y</title></item>")
    assert parse_feed(outside).items[0].title == "x&a;y"
    laughs = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    bomb = f'<!DOCTYPE l [<!ENTITY a "ha">{laughs}]>'.encode() + rss("<item><title>&j;</title></item>")
    assert parse_feed(bomb).items[0].title == "&j;"


@pytest.mark.parametrize(
    "body",
    [
        b"\0" * 1_000_000,
        bytes(range(256)) * 2000,
        rss(f"<item><title>{'字' * 3_000_000}</title></item>"),
        rss("<item/>" * 50_000),
        rss("<a>" * 100_000),
        rss("<item><title>x" * 50_000),
        rss("<" * 500_000),
        b"<rss " + b"a='1' " * 100_000 + b"/>",
        b'<!DOCTYPE l [' + b'<!ENTITY a "' * 100_000,
        b"[" * 500_000,
        b'{"items":' * 500_000,
        b'{"version":"1","items":[{"id":' + b"9" * 1_000_000 + b"}]}",
        b'{"version":null,"title":[],"items":[null,1,[],{"title":[],"id":{},"authors":3,"tags":{"a":1},"url":5}]}',
        rss("<item><title>x</title><pubDate>" + "1" * 1_000_000 + "</pubDate></item>"),
        rss("<item><title>x</title><link>http://x/" + "a" * 5_000_000 + "</link></item>"),
        gzip.compress(b"\0" * 80_000_000),
    ],
    ids=range(16),
)  # fmt: skip
def test_nothing_hangs_and_nothing_but_parse_error_escapes(body: bytes) -> None:
    """Bombs of every kind end in a feed or in a ParseError, within seconds of processor time."""
    start = time.process_time()
    with suppress(ParseError):
        parse_feed(body)
    assert time.process_time() - start < 10


def test_a_million_entries_are_cut_and_said() -> None:
    """More than the most is left out, with a note."""
    parsed = parse_feed(rss("".join(f"<item><title>{n}</title></item>" for n in range(MAX_ITEMS + 1))))
    assert len(parsed.items) == MAX_ITEMS
    assert parsed.note == f"cut after {MAX_ITEMS} entries"


def test_damage_anywhere_is_survived() -> None:
    """Five hundred feeds with random bytes overwritten, removed or doubled; test_hostile.py spoils 10,000 real ones."""
    chance = random.Random(11)
    text = "<description><![CDATA[<p>芯片</p>]]></description>"
    good = rss(f"<item><title>可灵 &amp; Sora</title><link>http://example.com/1</link>{text}</item>" * 2)
    for _ in range(500):
        body = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            body[at : at + chance.randrange(3)] = bytes(chance.randrange(256) for _ in range(chance.randrange(3)))
        with suppress(ParseError):
            assert len(parse_feed(bytes(body)).items) <= 2
