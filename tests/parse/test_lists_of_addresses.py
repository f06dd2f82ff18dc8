"""Sitemaps and list pages: addresses that match, each once, with what is said of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chipreel.errors import ParseError
from chipreel.parse import parse_answer
from chipreel.parse.list_page import find_links

SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://example.com/news/sora</loc><lastmod>2024-02-15</lastmod></url>
<url><loc>https://example.com/about</loc><lastmod>2024-02-22</lastmod></url>
<url><loc> https://example.com/news/可灵 </loc><news:news><news:publication><news:name>例</news:name>
<news:language>zh-cn</news:language></news:publication><news:publication_date>2024-02-21T14:27:00+08:00</news:publication_date>
<news:title>可灵 &amp; Sora</news:title><news:keywords>视频, AI，芯片</news:keywords></news:news></url>
<url><loc>https://example.com/news/tag/x</loc></url></urlset>"""

PAGE = """<html><head><title>News 新闻</title><base href="/zh/"></head><body>
<a href="news/1"><img src="x"></a><a href="news/1"><h3>可灵上线</h3><p>很长的摘要</p></a><a href="news/1">阅读全文</a>
<a href="https://example.com/zh/news/2#comments">Sora is here</a><a href="news/2?page=2">x</a>
<a href="javascript:void(0)">no</a><a>none</a><a href="news/3" aria-label="Labelled"><img></a>
<a href="/about">About</a></body></html>"""


def test_a_sitemap_gives_what_matches_newest_first() -> None:
    """`pattern` and `exclude` are searched in the absolute address; a news sitemap dates and titles its items."""
    options = {"pattern": r"/news/", "exclude": r"/tag/"}
    items = parse_answer("sitemap", SITEMAP.encode(), options=options).items
    assert [item.url for item in items] == ["https://example.com/news/可灵", "https://example.com/news/sora"]
    first, second = items
    assert (first.title, first.lang, first.categories) == ("可灵 & Sora", "zh-cn", ("视频", "AI", "芯片"))
    assert first.published == datetime(2024, 2, 21, 6, 27, tzinfo=UTC)
    assert (second.published, second.updated, second.date_note) == (None, datetime(2024, 2, 15, tzinfo=UTC), "undated")


def test_an_index_names_its_parts_newest_first() -> None:
    """A sitemap index has no items, but children."""
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>https://example.com/old.xml</loc><lastmod>2023-01-01</lastmod></sitemap>
    <sitemap><loc>https://example.com/new.xml.gz</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>"""
    parsed = parse_answer("sitemap", body)
    assert (parsed.items, parsed.format) == ((), "sitemap index")
    assert parsed.children == ("https://example.com/new.xml.gz", "https://example.com/old.xml")


def test_a_feed_is_no_sitemap() -> None:
    """The root element decides."""
    with pytest.raises(ParseError, match="no sitemap"):
        parse_answer("sitemap", b"<rss version='2.0'><channel/></rss>", options={"pattern": "."})


def test_links_come_in_the_order_of_the_page() -> None:
    """Each address once, with its heading, longest words or label; never "read more"."""
    assert find_links(PAGE, "https://example.com/", r"/zh/news/\d$") == (
        ("https://example.com/zh/news/1", "可灵上线"),
        ("https://example.com/zh/news/2", "Sora is here"),
        ("https://example.com/zh/news/3", "Labelled"),
    )


def test_a_list_page_becomes_undated_items() -> None:
    """Address and title; date and text stand on the article's own page."""
    parsed = parse_answer("page", PAGE.encode(), options={"pattern": r"/zh/news/1$"}, url="https://example.com/")
    (item,) = parsed.items
    assert (item.id, item.url, item.title, item.date_note) == (
        item.url,
        "https://example.com/zh/news/1",
        "可灵上线",
        "undated",
    )
    assert parsed.title == "News 新闻"


def test_addresses_in_a_pages_data_are_found() -> None:
    """Pages that a script builds bring their addresses in its data."""
    data = rb'["{\"slug\":\"/news/sora-2\"}", "https:\/\/example.com\/news\/gen-4"]'
    body = b"<html><script>self.data=" + data + b"</script></html>"
    items = parse_answer("page", body, options={"pattern": r"/news/[\w-]+$"}, url="https://example.com/news").items
    assert [item.url for item in items] == ["https://example.com/news/sora-2", "https://example.com/news/gen-4"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pattern": "/nowhere/"}, "no link of the page matches /nowhere/"),
        ({}, "needs the option pattern"),
        ({"pattern": "("}, "no regular expression"),
        ({"pattern": 3}, "no regular expression"),
    ],
)
def test_a_page_without_links_says_why(options: dict[str, object], message: str) -> None:
    """A redesign, a missing or a broken pattern is told in words."""
    with pytest.raises(ParseError, match=message):
        parse_answer("page", PAGE.encode(), options=options, url="https://example.com/")


@pytest.mark.parametrize(
    "body", [b"", b"plain", b"<a href='x'>" * 20_000, b"<div>" * 100_000, b"\0<a href='\xff'>" * 1000]
)
def test_a_hostile_page_is_refused(body: bytes) -> None:
    """No link, no items, no other error."""
    with pytest.raises(ParseError):
        parse_answer("page", body, options={"pattern": "/news/"}, url="https://example.com/")
