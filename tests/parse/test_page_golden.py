"""Pages written for these tests: each with the article that is in it, in English and in both Chinese scripts."""

from __future__ import annotations

import codecs
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from chipreel.parse.page import Page, page_row, parse_page

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


def expected(name: str) -> dict[str, Any]:
    row = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return {**row, "text": "\n\n".join(row["text"]), "file": name}


def body(name: str) -> str:
    return (PAGES / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_article_is_found_and_nothing_else(name: str) -> None:
    """Address, title, author, date, language and exactly the paragraphs: no menu, caption, comment or link list."""
    assert page_row(parse_page((PAGES / f"{name}.html").read_bytes()), name) == expected(name)


def test_the_pages_are_in_both_scripts() -> None:
    """English, Simplified and Traditional each have pages."""
    assert {name.rsplit("_", 1)[1] for name in NAMES} == {"en", "zh", "hant"}


@pytest.mark.parametrize(
    ("name", "codec", "declared", "content_type"),
    [
        ("portal_zh", "gb18030", "gb2312", None),
        ("portal_zh", "gb18030", "utf-8", None),  # declared wrongly
        ("portal_zh", "gb18030", "", "text/html; charset=GBK"),
        ("portal_zh", "gb18030", "", "text/html"),  # declared nowhere
        ("portal_zh", "utf-8", "gb2312", None),  # a left-over of an older system
        ("portal_zh", "utf-8", "utf-8", "text/html; charset=ISO-8859-1"),
        ("portal_zh", "utf-16", "utf-8", None),
        ("table_layout_hant", "cp950", "big5", None),
        ("table_layout_hant", "cp950", "", None),
        ("newsroom_en", "cp1252", "iso-8859-1", None),
        ("newsroom_en", "utf-8", "iso-8859-1", "text/html; charset=iso-8859-1"),
    ],
)
def test_a_page_reads_the_same_in_every_encoding(
    name: str, codec: str, declared: str, content_type: str | None
) -> None:
    """A declaration is believed only when the bytes bear it out."""
    text = body(name)
    for old in ("charset=utf-8", 'charset="utf-8"'):
        text = text.replace(old, f'charset="{declared}"' if declared else "x")
    if declared and "charset" not in text:
        text = text.replace("<head>", f'<head><meta charset="{declared}">')
    page = parse_page(text.encode(codec), content_type=content_type)
    assert (page.title, page.text) == (expected(name)["title"], expected(name)["text"])


def test_gzip_and_a_byte_order_mark_change_nothing() -> None:
    """A page is the same packed, and with a mark before it."""
    plain = body("portal_zh").encode()
    assert parse_page(gzip.compress(plain)) == parse_page(codecs.BOM_UTF8 + plain) == parse_page(plain)


def test_the_given_address_serves_where_the_page_names_none() -> None:
    """The page's own canonical address goes first; a canonical address that is but the front page is not believed."""
    own, none = body("newsroom_en"), body("portal_zh")
    front = none.replace("<title>", '<link rel="canonical" href="/"><title>')
    given = "https://mirror.example/a/1?utm_source=x"
    urls = [parse_page(text.encode(), url=given).url for text in (own, none, front)]
    assert urls == ["https://lantern.example/tech/harbour-labs-price", given, given]


def article(head: str = "", after_title: str = "", title: str = "海港实验室宣布视频模型降价") -> Page:
    paragraph = "<p>海港实验室宣布，其视频模型的价格从今天起下调一半，包月套餐保持不变。</p>"
    html = f"<html><head><meta charset=utf-8>{head}</head><body><h1>{title}</h1>{after_title}<div>{paragraph * 4}</div>"
    return parse_page(html.encode())


@pytest.mark.parametrize(
    ("head", "after_title", "published"),
    [
        ("", "<span>2024-02-21 14:27:19</span>", "2024-02-21T14:27:19"),
        ("", "<span>2024年2月21日 来源：灯塔网</span>", "2024-02-21"),
        ("", "<span>2024年02月21日08:05</span>", "2024-02-21T08:05:00"),
        ("", "<span>21. Februar 2024</span>", "2024-02-21"),
        ("", "<span>Feb. 21, 2024 at 2:27 PM</span>", "2024-02-21T14:27:00"),
        ("", "<span>21 February 2024</span>", "2024-02-21"),
        ("", "<span>21.02.2024, 14:27</span>", "2024-02-21T14:27:00"),
        ("", '<time datetime="2024-02-21T23:30:00+08:00">yesterday</time>', "2024-02-21T23:30:00+08:00"),
        (
            '<meta property="article:published_time" content="2024-02-21T23:30:00-0500">',
            "",
            "2024-02-21T23:30:00-05:00",
        ),
        ('<meta name="pubdate" content="2024-02-21 23:30">', "<span>2023-01-01</span>", "2024-02-21T23:30:00"),
        (
            '<script type="application/ld+json">{"@type":"Report","datePublished":"2024-02-21T01:00:00Z"}</script>',
            "<span>2024-02-20</span>",
            "2024-02-21T01:00:00+00:00",
        ),
        ("", "<span>第2024-13-45号文件</span>", None),
        ("", "", None),
    ],
)
def test_the_date_is_as_the_page_states_it(head: str, after_title: str, published: str | None) -> None:
    """A day stays a day, a time keeps its offset and is never moved; what is no date is none."""
    assert article(head, after_title).published == published


@pytest.mark.parametrize(
    ("claimed", "title"),
    [
        ("Harbour Labs halves its price | The Lantern", "Harbour Labs halves its price"),
        ("Harbour Labs halves its price - Technology - The Lantern", "Harbour Labs halves its price"),
        ("Price halved again - here's what it means for you", "Price halved again - here's what it means for you"),
        ("海港实验室价格减半_科技频道_灯塔网", "海港实验室价格减半"),
        ("海港實驗室價格減半 | 晨港日報", "海港實驗室價格減半"),
        ("灯塔网 | 海港实验室价格减半", "海港实验室价格减半"),
        ("可灵3.0-Turbo发布，价格减半", "可灵3.0-Turbo发布，价格减半"),
    ],
)
def test_the_name_of_the_site_is_taken_off_a_title(claimed: str, title: str) -> None:
    """Sections and sites after a separator go, what belongs to the headline stays."""
    site = '<meta property="og:site_name" content="灯塔网">'
    html = f"<html><head><meta charset=utf-8>{site}<title>{claimed}</title></head><body><p>正文正文，正文。</p></body>"
    assert parse_page(html.encode()).title == title


def test_a_heading_that_the_page_vouches_for_is_the_title() -> None:
    """Not the site's logo, not a sidebar, not the shortened title of the head: the heading of the article."""
    html = (
        "<title>Harbour Labs halves its price - The Lantern</title><h1>The Lantern</h1><h2>Most read today</h2>"
        "<h1>Harbour Labs halves its price for the third time</h1><p>A paragraph of text, and one more.</p>"
    )
    assert parse_page(html.encode()).title == "Harbour Labs halves its price for the third time"


@pytest.mark.parametrize(
    ("head", "line", "author"),
    [
        ('<meta name="author" content="林若溪">', "", "林若溪"),
        ("", "<p>灯塔网 作者：林若溪 2024-02-21</p>", "林若溪"),
        ("", "<p>By Ines Okafor | March 4, 2026</p>", "Ines Okafor"),
        ('<meta name="author" content="https://example.com/by/7">', "", None),
        ('<meta name="author" content="admin">', "", None),
    ],
)
def test_the_author_is_a_name(head: str, line: str, author: str | None) -> None:
    """Meta elements and the line under the title name the author; addresses and roles are no names."""
    assert article(head, line).author == author
