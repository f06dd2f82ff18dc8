"""Links: absolute, http(s), the entry's own page."""

from __future__ import annotations

import pytest

from chipreel.parse import parse_feed
from chipreel.parse.links import document_base, resolve


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://example.com/新闻/1", "https://example.com/新闻/1"),
        ("/1", "https://example.com/1"),
        ("../1?a=b", "https://example.com/1?a=b"),
        ("//cdn.example.com/1", "https://cdn.example.com/1"),
        ("www.example.org/1", "https://www.example.org/1"),
        ("https://example.com/a\n  b", "https://example.com/a%20%20b"),
        (" https://example.com/1\t", "https://example.com/1"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@example.com", None),
        ("http://", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
        ("x" * 9000, None),
    ],
)
def test_a_link_is_absolute_or_nothing(link: str | None, expected: str | None) -> None:
    """What cannot be opened in a browser is no link."""
    assert resolve(link, "https://example.com/feeds/all.xml") == expected


def test_a_feed_service_is_not_the_base() -> None:
    """Links of a feed served elsewhere are relative to the site, not to the service."""
    assert document_base("https://feeds.example.net/x", "https://example.com/blog/") == "https://example.com/blog/"
    assert document_base("https://example.com/blog/feed", "https://example.com/") == "https://example.com/blog/feed"
    assert document_base(None, "https://example.com/") == "https://example.com/"


def test_xml_base_is_heard() -> None:
    """Every level of xml:base counts."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/a/">
    <entry xml:base="b/"><title>x</title>
    <link href="c"/></entry></feed>"""
    assert parse_feed(body, url="https://feeds.example.com/atom").items[0].url == "https://example.com/a/b/c"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("<link>https://example.com/1</link><guid>https://example.com/g</guid>", "https://example.com/1"),
        ("<guid>https://example.com/g</guid>", "https://example.com/g"),
        ("<guid isPermaLink='false'>https://example.com/g</guid>", None),
        ("<a:link href='https://example.com/a'/>", "https://example.com/a"),
        (
            "<link>https://feeds.example.net/~r/1</link><f:origLink>https://example.com/1</f:origLink>",
            "https://example.com/1",
        ),
    ],
)
def test_the_entrys_own_page_is_found(entry: str, expected: str | None) -> None:
    """In the order in which publishers mean it."""
    body = f"""<rss xmlns:a="http://www.w3.org/2005/Atom" xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><channel>
    <item><title>x</title>{entry}</item></channel></rss>"""
    assert parse_feed(body.encode()).items[0].url == expected
