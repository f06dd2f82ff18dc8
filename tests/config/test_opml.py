"""Lists of feeds in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.config.feeds import load_feeds
from chipreel.config.opml import READABLE, Outline, parse_opml, render_opml
from chipreel.errors import ConfigError
from chipreel.model import Source

NOW = datetime(2024, 2, 21, 12, tzinfo=UTC)
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>x</title></head><body>
  <outline text="芯片"><outline text="美国">
    <outline type="rss" text="SemiWiki &amp; more" xmlUrl="https://semiwiki.com/feed/" htmlUrl="https://semiwiki.com/"/>
  </outline></outline>
  <outline title="量子位" XMLURL=" https://www.qbitai.com/feed " language="zh"/>
  <outline text="again" xmlUrl="https://semiwiki.com/feed/"/>
  <outline xmlUrl="https://example.com/nameless"/>
  <!-- nothing --><outline text="empty folder"/>
</body></opml>"""


def test_feeds_come_in_order_each_once_with_their_folders():
    assert parse_opml(LIST.encode()) == (
        Outline("SemiWiki & more", "https://semiwiki.com/feed/", "https://semiwiki.com/", ("芯片", "美国")),
        Outline("量子位", "https://www.qbitai.com/feed", language="zh"),
        Outline("https://example.com/nameless", "https://example.com/nameless"),
    )


def test_a_list_in_gb18030_is_read():
    text = LIST.replace("UTF-8", "GB18030")
    assert parse_opml(text.encode("gb18030"))[1].title == "量子位"


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<rss/>", b"{}", b"<!doctype html><html></html>"])
def test_what_is_no_list_is_refused(body):
    with pytest.raises(ConfigError, match="no OPML"):
        parse_opml(body)


def test_entities_and_depth_do_no_harm():
    bomb = '<!DOCTYPE o [<!ENTITY a "x"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = f'{bomb}<opml><body><outline text="t&f;" xmlUrl="https://example.com/"/></body></opml>'
    assert "root:" not in str(parse_opml(body.encode()))
    deep = "<opml>" + "<outline text='x'>" * 200 + "<outline xmlUrl='https://example.com/'/>" + "</outline>" * 200
    assert len(parse_opml((deep + "</opml>").encode())) == 1


def test_what_goes_out_comes_in_again(project: Path):
    sources = load_feeds(project / "feeds.yaml").sources
    back = parse_opml(render_opml(sources, NOW).encode())
    readable = [source for source in sources if source.kind in READABLE]
    assert {outline.title for outline in back} == {source.title for source in readable}
    assert {outline.folders for outline in back} <= {(source.role,) for source in readable}


def test_a_mastodon_page_goes_out_as_its_feed_and_a_list_page_not_at_all():
    sources = [
        Source("m", "M", "mastodon", "https://mastodon.example/@a"),
        Source("p", "P", "page", "https://example.com/news"),
    ]
    assert [outline.url for outline in parse_opml(render_opml(sources, NOW).encode())] == [
        "https://mastodon.example/@a.rss"
    ]
