"""OPML: lists of feeds as other programs write them, read and written."""

from __future__ import annotations

import pytest

from chipreel.errors import ParseError
from chipreel.model import Source
from chipreel.parse.opml import parse_opml, render_opml

LIST = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><body>
<outline text="芯片" title="晶片">
  <outline type="rss" text="The\u009bWire\u202e" xmlUrl="https://a.example/feed" language="en-GB"/>
  <outline type="rss" title="輝達&#10;部落格" xmlUrl=" https://b.example/feed " language="zh-TW"/>
  <outline type="rss" text="again" xmlUrl="https://a.example/feed"/>
  <outline type="rss" text="本地" xmlUrl="file:///etc/passwd"/>
  <outline type="rss" text="Empty" xmlUrl=""/>
  <outline type="rss" text="沒有地址"/>
  <outline type="rss" text="\u202e" XMLURL="https://c.example/feed"/>
</outline></body></opml>"""


def test_titles_are_read_as_they_would_be_stored() -> None:
    """Without what drives a terminal or turns the direction of writing around, on one line."""
    found = parse_opml(LIST.encode()).sources
    assert [(source.title, source.url, source.language) for source in found] == [
        ("TheWire", "https://a.example/feed", "en"),
        ("輝達 部落格", "https://b.example/feed", "zh"),
        ("c.example", "https://c.example/feed", "en"),
    ]


def test_entries_that_lead_nowhere_are_told_and_folders_are_none() -> None:
    """Another scheme, an empty address, none at all."""
    assert parse_opml(LIST.encode()).left_out == (("本地", "file:///etc/passwd"), ("Empty", ""), ("沒有地址", ""))


def test_what_is_no_opml_is_refused() -> None:
    """Not XML, or another root."""
    for body in (b"", "这不是".encode(), b"<rss/>"):
        with pytest.raises(ParseError, match="not OPML"):
            parse_opml(body)


def test_a_title_that_xml_cannot_say_is_written_without_it() -> None:
    """What comes out can be read again."""
    source = Source("a", "A\x1b[31m\x00 芯片 晶片", "feed", "https://a.example/feed")
    assert parse_opml(render_opml([source], "x\x1b")).sources[0].title == "A[31m 芯片 晶片"
