"""The APIs of platforms: what counts as a post, whose words they are, and what is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chipreel.errors import ParseError
from chipreel.parse import READERS, ParsedFeed, parse_answer
from chipreel.parse.huggingface import family_of


def read(reader: str, document: Any, **options: Any) -> ParsedFeed:
    return parse_answer(reader, json.dumps(document).encode(), options=options, url="https://example.com/api")


def hit(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "objectID": str(number),
        "author": "pg",
        "created_at": "2024-02-21T06:27:00Z",
        "points": 90,
        "num_comments": 5,
    } | fields


def test_hacker_news_tells_links_from_posts() -> None:
    """A submitted link is an article of its own site, without the submitter as author; a text or comment is a post."""
    hits = [
        hit(1, title="Sora", url="https://openai.com/sora"),
        hit(2, title="Ask HN: Sora?", story_text="<p>Is it &quot;real&quot;?"),
        hit(3, comment_text="Sora &gt; Veo", story_title="Video", url=None),
    ]
    parsed = read("hackernews", {"hits": hits, "page": 0, "nbPages": 2})
    link, ask, comment = parsed.items
    assert (link.kind, link.url, link.author, link.points, link.comments) == (
        "article",
        "https://openai.com/sora",
        None,
        90,
        5,
    )
    assert (ask.kind, ask.url, ask.author) == ("post", "https://news.ycombinator.com/item?id=2", "pg")
    assert (ask.title, ask.text) == ("Ask HN: Sora?", 'Is it "real"?')
    assert (comment.kind, comment.title, comment.text) == ("post", None, "Sora > Veo")
    assert {item.published for item in parsed.items} == {datetime(2024, 2, 21, 6, 27, tzinfo=UTC)}
    assert parsed.cursor == "1"


def test_hacker_news_near_misses_are_dropped() -> None:
    """The search is fuzzy; a word must stand whole in title, address or text, a Chinese one anywhere."""
    hits = [
        hit(1, title="Sora 2"),
        hit(2, title="Soraya"),
        hit(3, title="x", url="https://a.com/sora"),
        hit(4, title="谈可灵模型"),
    ]
    assert [item.id for item in read("hackernews", {"hits": hits}, queries=["Sora", "可灵"]).items] == ["1", "3", "4"]


def post(key: str, text: str, **fields: Any) -> dict[str, Any]:
    author = {
        "did": "did:plc:abc",
        "handle": "ann.example.com",
        "displayName": "Ann 安",
        "labels": fields.pop("labels", []),
    }
    record = {"text": text, "createdAt": "2024-02-21T06:27:00.000Z", "langs": ["en"]}
    inner = {
        "uri": f"at://did:plc:abc/app.bsky.feed.post/{key}",
        "author": author,
        "record": record,
        "likeCount": 3,
        "replyCount": 1,
    }
    return {"post": inner | fields}


def test_bluesky_posts_are_the_persons_own() -> None:
    """Reposts are dropped, a pinned post is not one; the title of a linked page stands below the words."""
    card = {"external": {"uri": "https://example.com", "title": "可灵 1.6", "description": "x"}}
    repost = post("c", "not hers") | {"reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    pinned = post("a", "First\n\nSecond 第二") | {"reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    parsed = read("bluesky", {"feed": [pinned, post("b", "See this", embed=card), repost], "cursor": "next"})
    first, second = parsed.items
    assert (first.kind, first.author, first.text, first.title) == ("post", "Ann 安", "First\n\nSecond 第二", None)
    assert (first.url, first.lang, first.points) == ("https://bsky.app/profile/did:plc:abc/post/a", "en", 3)
    assert second.text == "See this\n\n可灵 1.6"
    assert parsed.cursor == "next"


def test_bluesky_people_who_want_to_be_left_alone_are() -> None:
    """`!no-unauthenticated` is respected, and said."""
    parsed = read("bluesky", {"feed": [post("a", "x", labels=[{"val": "!no-unauthenticated"}]), post("b", "y")]})
    assert [item.text for item in parsed.items] == ["y"]
    assert parsed.note == "1 posts are for logged-in readers only"


def test_mastodon_statuses_are_public_and_own() -> None:
    """Boosts, private statuses and accounts that do not want to be indexed are left out."""
    account = {"acct": "ann", "display_name": "Ann", "noindex": False}
    own = {"id": "1", "url": "https://m.example/@ann/1", "created_at": "2024-02-21T06:27:00Z",
           "content": "<p>可灵&amp;Sora</p>", "account": account, "visibility": "public", "language": "zh",
           "favourites_count": 2, "replies_count": 0}  # fmt: skip
    others = [
        own | {"id": "2", "reblog": own},
        own | {"id": "3", "visibility": "private"},
        own | {"id": "4", "account": {"noindex": True}},
    ]
    (item,) = read("mastodon", [own, *others]).items
    assert (item.id, item.kind, item.text, item.author, item.lang) == ("1", "post", "可灵&Sora", "Ann", "zh")


def test_mastodon_rss_becomes_posts() -> None:
    """The feed behind a profile has no titles; its items are posts."""
    body = "<rss><channel><item><guid>https://m.example/1</guid><description>&lt;p&gt;可灵&lt;/p&gt;</description></item></channel></rss>"
    (item,) = parse_answer("mastodon", body.encode()).items
    assert (item.kind, item.text, item.title) == ("post", "可灵", None)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Wan-AI/Wan2.2-T2V-A14B", "Wan-AI/Wan2.2-T2V"),
        ("Wan-AI/Wan2.2-T2V-A14B-Diffusers", "Wan-AI/Wan2.2-T2V"),
        ("Qwen/Qwen3-32B-GGUF", "Qwen/Qwen3"),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8", "Qwen/Qwen3-Coder-Instruct"),
        ("tencent/HunyuanVideo-1.5", "tencent/HunyuanVideo-1.5"),
        ("lightricks/LTX-Video", "lightricks/LTX-Video"),
    ],
)
def test_variants_of_a_model_are_one_family(name: str, family: str) -> None:
    """Size, precision and file format do not make a model."""
    assert family_of(name) == family


def test_hugging_face_collapses_variants() -> None:
    """One item a model, dated and addressed by the first of its variants."""
    models = [
        {
            "id": "Wan-AI/Wan2.2-T2V-5B",
            "createdAt": "2024-02-21T06:27:00Z",
            "likes": 3,
            "pipeline_tag": "text-to-video",
        },
        {
            "id": "Wan-AI/Wan2.2-T2V-A14B",
            "createdAt": "2024-02-20T06:27:00Z",
            "likes": 9,
            "pipeline_tag": "text-to-video",
        },
        {"id": "Wan-AI/Secret", "createdAt": "2024-02-20T06:27:00Z", "private": True},
    ]
    (item,) = read("huggingface", models).items
    assert (item.id, item.url, item.points) == ("Wan-AI/Wan2.2-T2V", "https://huggingface.co/Wan-AI/Wan2.2-T2V-A14B", 9)
    assert item.published == datetime(2024, 2, 20, 6, 27, tzinfo=UTC)
    assert item.text == "Task: text-to-video\n\nVariants: Wan-AI/Wan2.2-T2V-A14B, Wan-AI/Wan2.2-T2V-5B"


def test_hugging_face_papers() -> None:
    """Papers of the day have abstract, authors and votes."""
    paper = {
        "id": "2402.00001",
        "title": "A\n  paper",
        "summary": "We\nshow.",
        "authors": [{"name": "Ann"}, {"name": "李明"}],
        "upvotes": 12,
    }
    (item,) = read("huggingface", [{"paper": paper, "publishedAt": "2024-02-21T06:27:00Z", "numComments": 2}]).items
    assert (item.id, item.title, item.author, item.points) == ("2402.00001", "A paper", "Ann, 李明", 12)
    assert item.url == "https://huggingface.co/papers/2402.00001"


EDGAR = """<feed xmlns="http://www.w3.org/2005/Atom">
<company-info><conformed-name>NVIDIA CORP</conformed-name></company-info>
<title>NVIDIA CORP  (0001045810)</title><entry><category label="form type" term="8-K"/>
<content type="text/xml"><accession-number>1-2</accession-number><form-name>Current report</form-name></content>
<id>urn:tag:sec.gov,2008:accession-number=1-2</id><link href="https://www.sec.gov/1-index.htm" rel="alternate"/>
<summary type="html">
&lt;b&gt;Filed:&lt;/b&gt; 2024-02-21
&lt;b&gt;AccNo:&lt;/b&gt; 1-2 &lt;b&gt;Size:&lt;/b&gt; 3 MB&lt;br&gt;Item 2.02: Results</summary>
<title>8-K  - Current report</title><updated>2024-02-21T16:20:33-05:00</updated></entry></feed>"""


def test_filings_name_company_and_form() -> None:
    """A filing's title says who filed what; its text, which items."""
    (item,) = parse_answer("edgar", EDGAR.encode()).items
    assert (item.title, item.text) == ("NVIDIA CORP: 8-K, Current report", "Item 2.02: Results")
    assert (item.url, item.published) == (
        "https://www.sec.gov/1-index.htm",
        datetime(2024, 2, 21, 21, 20, 33, tzinfo=UTC),
    )


def test_filings_of_everybody_name_their_company_too() -> None:
    """The list of all filers has the company in each title."""
    body = EDGAR.replace("8-K  - Current report", "8-K - ARM HOLDINGS PLC /UK (0001973239) (Filer)")
    assert parse_answer("edgar", body.encode()).items[0].title == "ARM HOLDINGS PLC /UK: 8-K"


def test_google_news_has_no_text() -> None:
    """Its description is a list of other outlets' headlines: tags from it would be false."""
    inner = "<title>英伟达 - 财新</title><description>&lt;a&gt;AMD 涨&lt;/a&gt;</description><source>财新</source>"
    body = f"<rss><channel><item>{inner}</item></channel></rss>"
    (item,) = parse_answer("googlenews", body.encode()).items
    assert (item.title, item.text, item.via) == ("英伟达", None, "财新")


def test_links_to_a_publishing_host_are_rewritten() -> None:
    """`link_host` puts the public host in place of the one that publishes."""
    body = b"<rss><channel><item><title>x</title><link>https://wf.example.com/blog/1?a=b</link></item></channel></rss>"
    (item,) = parse_answer("feed", body, options={"link_host": "www.example.com"}).items
    assert item.url == "https://www.example.com/blog/1?a=b"


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader not in ("feed", "youtube", "googlenews")])
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"[1,null]", b'{"error":"requires an authenticated user"}', b"<html></html>",
             b'{"hits":[{}],"feed":[{}],"items":[{}]}', b'[{"paper":3},{"id":["x"]}]', b"\xff\xfe", b"[" * 100_000]
)  # fmt: skip
def test_a_strange_answer_is_a_parse_error_or_empty(reader: str, body: bytes) -> None:
    """No platform's error page becomes an item or a traceback."""
    options = {"pattern": "/news/", "items": "items", "fields": {"title": "title", "url": "url"}}
    try:
        parsed = parse_answer(reader, body, options=options, url="https://example.com/")
    except ParseError:
        return
    assert all(not item.title for item in parsed.items)


def test_a_reader_that_is_not_there_is_named() -> None:
    """A kind with a reader nobody wrote is an error that lists those there are."""
    with pytest.raises(ParseError, match="there is no reader 'gopher', only bluesky"):
        parse_answer("gopher", b"")
