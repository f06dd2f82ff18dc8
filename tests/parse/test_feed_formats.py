"""Every format of feed, written as its publishers write it, gives the same facts."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chipreel.errors import ParseError
from chipreel.parse import feed_rows, parse_feed

RSS_2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>芯片日报 &amp; Chip Daily</title><link>https://example.com/</link><language>zh-CN</language><ttl>45</ttl>
<atom:link rel="hub" href="https://hub.example.com/"/>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
<skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<item><title><![CDATA[可灵 <b>上线</b>]]></title><link>/2024/kling</link><guid isPermaLink="false">k-1</guid>
<dc:creator>李明</dc:creator><dc:creator>Ann Lee</dc:creator><pubDate>Wed, 21 Feb 2024 14:27:00 +0800</pubDate>
<category>视频</category><category>AI</category><category>AI</category><slash:comments>7</slash:comments>
<description>&lt;p&gt;短&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>第一段。</p><p>Second &amp; last.</p>]]></content:encoded></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">Chip &amp;amp; Video</title>
<link href="https://example.com/"/><link rel="hub" href="https://hub.example.com/"/>
<author><name>Ann Lee</name></author>
<entry><id>tag:example.com,2024:1</id><title type="text">Sora &amp; 可灵 &lt;beta&gt;</title>
<link rel="replies" href="/r"/><link rel="alternate" type="application/json" href="/1.json"/><link href="/1"/>
<published>2024-02-21T14:27:00+08:00</published><updated>2024-02-22T00:00:00Z</updated>
<category term="video" label="Video"/><summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &lt;b&gt;.</p><p>二。</p></div></content>
</entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.jp/"><title>半導体</title>
<link>https://example.jp/</link><dc:language>ja</dc:language></channel>
<item rdf:about="https://example.jp/1"><title>ソフトバンク</title><link>https://example.jp/1</link>
<dc:date>2024-02-21T15:27:00+09:00</dc:date><description>本文</description></item></rdf:RDF>"""

FEBRUARY_21 = datetime(2024, 2, 21, 6, 27, tzinfo=UTC)


def test_rss_2_says_everything() -> None:
    """Channel and item of RSS 2.0 with its usual extensions."""
    feed = parse_feed(RSS_2.encode(), url="https://example.com/feed.xml")
    assert (feed.format, feed.title, feed.link, feed.lang) == (
        "rss 2.0",
        "芯片日报 & Chip Daily",
        "https://example.com/",
        "zh-CN",
    )
    assert (feed.ttl_s, feed.skip_hours, feed.skip_days) == (2700, (0, 3), ("sunday",))
    assert (feed.update_period_s, feed.hub, feed.note) == (21_600, "https://hub.example.com/", None)
    (item,) = feed.items
    assert (item.id, item.title, item.url) == ("k-1", "可灵 上线", "https://example.com/2024/kling")
    assert (item.author, item.categories, item.comments) == ("李明, Ann Lee", ("视频", "AI"), 7)
    assert (item.text, item.summary, item.published) == ("第一段。\n\nSecond & last.", "短", FEBRUARY_21)


def test_atom_says_everything() -> None:
    """Types of text, choice of link, inherited author and language of Atom 1.0."""
    feed = parse_feed(ATOM.encode(), url="https://example.com/atom.xml")
    assert (feed.format, feed.title, feed.hub) == ("atom 1.0", "Chip & Video", "https://hub.example.com/")
    (item,) = feed.items
    assert (item.id, item.title, item.url) == ("tag:example.com,2024:1", "Sora & 可灵 <beta>", "https://example.com/1")
    assert (item.author, item.lang, item.categories) == ("Ann Lee", "en", ("Video",))
    assert (item.text, item.summary) == ("One <b>.\n\n二。", "Short.")
    assert (item.published, item.updated) == (FEBRUARY_21, datetime(2024, 2, 22, tzinfo=UTC))


def test_rdf_items_stand_beside_the_channel() -> None:
    """RSS 1.0 is read by its own shape."""
    feed = parse_feed(RDF.encode())
    (item,) = feed.items
    assert (feed.format, feed.title, item.lang) == ("rdf", "半導体", "ja")
    assert (item.id, item.url, item.title) == ("https://example.jp/1", "https://example.jp/1", "ソフトバンク")
    assert (item.published, item.text) == (FEBRUARY_21, "本文")


def test_json_feed_says_everything() -> None:
    """JSON Feed 1.1, numbers as ids included."""
    document = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Chips", "home_page_url": "https://example.com/",
        "hubs": [{"type": "WebSub", "url": "https://hub.example.com/"}],
        "items": [{"id": 7, "url": "/7", "title": "可灵", "content_html": "<p>一</p><p>二</p>", "summary": "短",
                   "date_published": "2024-02-21T14:27:00+08:00", "authors": [{"name": "Ann"}],
                   "tags": ["AI", 3, None]}],
    }  # fmt: skip
    feed = parse_feed(json.dumps(document).encode(), url="https://example.com/feed.json")
    (item,) = feed.items
    assert (feed.format, feed.hub, item.id, item.url) == (
        "json feed",
        "https://hub.example.com/",
        "7",
        "https://example.com/7",
    )
    assert (item.text, item.summary, item.author, item.categories) == ("一\n\n二", "短", "Ann", ("AI", "3"))
    assert item.published == FEBRUARY_21


def test_a_json_feed_cut_off_keeps_its_whole_entries() -> None:
    """A connection that broke loses the last entry, not all."""
    body = b'{"version":"1","title":"x","items":[{"id":"1","title":"a"},{"id":"2","title":"b"},{"id":"3","tit'
    feed = parse_feed(body)
    assert [item.title for item in feed.items] == ["a", "b"]
    assert feed.note == "cut off: only whole entries are read"


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_old_rss_is_read_alike(version: str) -> None:
    """RSS 0.9x differs in what it leaves out."""
    item = "<item><title>caf&eacute; 芯片</title><link>http://example.com/1</link></item>"
    head = '<!DOCTYPE rss PUBLIC "-//x" "http://x/rss-0.91.dtd">'
    body = f'{head}<rss version="{version}"><channel><title>x</title>{item}</channel></rss>'
    feed = parse_feed(body.encode())
    assert (feed.format, feed.items[0].title) == (f"rss {version}", "café 芯片")


def test_gzip_bytes_are_a_feed_too() -> None:
    """Some servers send the archive itself."""
    assert parse_feed(gzip.compress(RSS_2.encode())).items == parse_feed(RSS_2.encode()).items


def test_a_zoneless_date_is_meant_in_the_sources_zone() -> None:
    """The zone of the source decides; without one it is noted."""
    body = "<rss><channel><item><title>可灵</title><pubDate>2024-02-21 14:27</pubDate></item></channel></rss>".encode()
    placed, noted = parse_feed(body, zone=ZoneInfo("Asia/Shanghai")).items[0], parse_feed(body).items[0]
    assert (placed.published, placed.date_note) == (FEBRUARY_21, None)
    assert (noted.published, noted.date_note) == (FEBRUARY_21.replace(hour=14), "no zone")


def test_an_atom_entry_without_published_is_dated_by_its_update() -> None:
    """Many feeds have `updated` only; with both, `published` is the date."""
    body = ATOM.replace("<published>2024-02-21T14:27:00+08:00</published>", "").encode()
    assert parse_feed(body).items[0].published == datetime(2024, 2, 22, tzinfo=UTC)


def test_youtube_describes_its_videos() -> None:
    """The description stands in media:group, as plain text with lines."""
    body = """<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
    xmlns="http://www.w3.org/2005/Atom"><title>Chips</title><entry><id>yt:video:a</id><title>H100 拆解</title>
    <link rel="alternate" href="https://www.youtube.com/watch?v=a"/><published>2024-02-21T06:27:00+00:00</published>
    <media:group><media:title>H100</media:title><media:description>第一行
second line

new paragraph</media:description></media:group></entry></feed>"""
    (item,) = parse_feed(body.encode()).items
    assert item.text == "第一行\nsecond line\n\nnew paragraph"
    assert item.url == "https://www.youtube.com/watch?v=a"


def test_google_news_names_the_outlet() -> None:
    """`source` is the outlet, and its name goes from the end of the title."""
    link = "<link>https://news.google.com/rss/articles/CBMi1</link><source url='https://x.cn'>财新</source>"
    body = f"<rss><channel><item><title>Nvidia 涨 - 财新</title>{link}</item></channel></rss>"
    (item,) = parse_feed(body.encode()).items
    assert (item.title, item.via) == ("Nvidia 涨", "财新")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><head><title>Login</title></head><body>x</body></html>", "HTML page"),
        (b"<html><body>Just a moment...</body></html>", "HTML page"),
        (b'{"error": 1}', "no JSON Feed"),
        (b"[1, 2]", "no JSON Feed"),
        (b"<opml version='2.0'><body/></opml>", "<opml> is of no feed"),
        (b"hello", "no feed"),
        (b"\x1f\x8bxxxxxxxxxx", "gzip"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, message: str) -> None:
    """A page, an error in JSON or nothing at all is told apart in words."""
    with pytest.raises(ParseError, match=message):
        parse_feed(body)


def test_an_empty_channel_is_no_error() -> None:
    """arXiv's feeds are empty on two days of the week."""
    assert parse_feed(b"<rss version='2.0'><channel><title>cs.CV</title></channel></rss>").items == ()


def test_rows_are_plain_values() -> None:
    """`parse` prints times with Z and the file as it was given."""
    (row,) = feed_rows(parse_feed(RSS_2.encode()), "feeds/a.xml")
    assert list(row) == [
        "file",
        "id",
        "url",
        "title",
        "author",
        "published",
        "updated",
        "lang",
        "summary",
        "text",
        "categories",
    ]
    assert (row["file"], row["published"], row["updated"]) == ("feeds/a.xml", "2024-02-21T06:27:00Z", None)
    assert row["categories"] == ["视频", "AI"]
