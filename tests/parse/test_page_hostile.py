"""Pages that attack: each is read or refused within seconds, and nothing but ParseError escapes."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chipreel.errors import ParseError
from chipreel.parse.page import parse_page

TEXT = "<p>" + "可灵今天发布了新的视频模型，价格下降三成。" * 6 + "</p>"
#: Processor seconds; the slowest of these pages takes 1.3.
LIMIT_S = 6.0

LINKED = b'<script type="application/ld+json">'
PICTURE = b'<img src="data:image/png;base64,'
ODD_DATA = (
    '<script type="application/ld+json">{"@type":["NewsArticle",3,null],"headline":{"a":1},"author":[[],{"name":[]},7],'
    '"datePublished":{"x":1},"articleBody":[1],"publisher":{"name":7}}</script>'
)

READ: dict[str, Callable[[], bytes]] = {
    "deep nesting before the text": lambda: TEXT.encode() + b"<div>" * 200_000,
    "deep inline nesting": lambda: TEXT.encode() + b"<b>" * 100_000,
    "tables in tables": lambda: TEXT.encode() + b"<table><tr><td>" * 30_000,
    "NUL and control characters": lambda: b"<p>\0\0 a\0b\x1b[2J" + TEXT.encode(),
    "lone surrogates": lambda: "<p>\ud800\udfff".encode("utf-8", "surrogatepass") + TEXT.encode(),
    "odd linked data": lambda: (ODD_DATA + TEXT).encode(),
    "linked data without end": lambda: (
        b'<script type="application/ld+json">' + b"[" * 900_000 + b"</script>" + TEXT.encode()
    ),
    "a broken canonical address": lambda: b'<link rel=canonical href="http://[::1">' + TEXT.encode(),
    "truncated gzip": lambda: gzip.compress(TEXT.encode() * 50)[:-20],
    "an image of 15 MB in the page": lambda: (
        b'<img src="data:image/png;base64,' + b"A" * 15_000_000 + b'">' + TEXT.encode()
    ),
    "entities that expand": lambda: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + TEXT.encode() + b"&b;",
}

SURVIVED: dict[str, Callable[[], bytes]] = {
    "300,000 links": lambda: b"<div><a href=x>link</a> word, word.</div>" * 300_000,
    "19 MB of one paragraph": lambda: b"<p>" + b"word, and another one. " * 800_000,
    "a title of 10 MB": lambda: b"<title>" + b"a - b | c _ " * 800_000 + b"</title><p>x",
    "a heading of 10 MB": lambda: b"<h1>" + b"a - b | c _ " * 800_000 + b"</h1><p>x",
    "a class of 10 MB": lambda: b'<div class="' + b"article comments " * 600_000 + b'"><p>x',
    "700,000 lines": lambda: b"a, <br>" * 700_000,
    "brackets that never close": lambda: (b"<p>" + b"(photo [foto " * 10 + b"</p>") * 40_000,
    "dates without end": lambda: b"<h1>Title of a thing here</h1><p>" + b"2024-02-21 " * 100_000,
    "a script full of openings": lambda: b"<script>" + b'var ct = "' * 150_000 + b"</script><p>x",
    "unfinished tags": lambda: b"<meta " * 3_000_000,
    "bytes": lambda: bytes(range(256)) * 1000,
    "plain text": lambda: b"just text, no markup",
}

REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "white space": lambda: b"  \n\t ",
    "a comment": lambda: b"<!-- nothing -->",
    "more than 20 MB": lambda: b"<p>" + b"a" * 21_000_000,
    "a gzip bomb": lambda: gzip.compress(b"\0" * 70_000_000),
    "damaged gzip": lambda: b"\x1f\x8b\x08\x00damaged",
}


@pytest.mark.parametrize("name", READ)
def test_the_article_survives_what_surrounds_it(name: str) -> None:
    """The text is found beside every attack."""
    assert "可灵今天发布了新的视频模型" in (parse_page(READ[name]()).text or "")


@pytest.mark.parametrize("name", SURVIVED)
def test_large_and_strange_pages_cost_seconds_at_most(name: str) -> None:
    """No page takes time out of proportion to its size."""
    html, begin = SURVIVED[name](), time.process_time()
    parse_page(html)
    assert time.process_time() - begin < LIMIT_S


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_page_is_refused(name: str) -> None:
    """ParseError, with a reason."""
    with pytest.raises(ParseError, match=r"\w"):
        parse_page(REFUSED[name]())


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class=article>",
        "</div>",
        "<h1>",
        "<table><td>",
        "<br>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "可灵发布了新模型，",
        "The price, they said. ",
        "2024-13-99",
        "2024年2月30日",
        "<time datetime=x>",
        "&#0;",
        "&#xD800;",
        "\0",
        '<script type="application/ld+json">{"@graph":[',
        "]}",
        '<meta property=og:title content="',
        '">',
        "<svg>",
        "<a href=x>",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "gb18030", "utf-16", "cp950"]))
def test_any_soup_is_a_page_or_a_parse_error(pieces: list[str], codec: str) -> None:
    """Whatever the order of tags, halves of tags and text, in any encoding."""
    try:
        page = parse_page("".join(pieces).encode(codec, "replace"))
    except ParseError:
        return
    assert "\0" not in (page.text or "") + (page.title or "")
