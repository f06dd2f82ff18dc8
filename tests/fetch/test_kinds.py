"""What each kind of source asks for, and which options it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chipreel.errors import ConfigError
from chipreel.fetch.kinds import Seek, get_kind, kind_names
from chipreel.model import FetchState, Source
from chipreel.parse.readers import READERS

NOW = datetime(2024, 2, 21, 12, 34, tzinfo=UTC)
FRESH = FetchState("s")

#: kind → (address, options) that are right.
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "feed": ("https://example.com/feed", {"paging": "wordpress", "link_host": "www.example.com"}),
    "page": ("https://example.cn/news", {"pattern": r"^https://example\.cn/news/\d+$", "exclude": "about"}),
    "sitemap": ("https://example.com/sitemap.xml", {"pattern": r"/news/"}),
    "json": (
        "https://example.cn/query",
        {
            "items": "data.list",
            "fields": {"title": "t", "url": "https://example.cn/{id}"},
            "form": {"q": "芯片"},
            "only": {"code": ["06082"]},
            "page_key": "page",
        },
    ),
    "hackernews": ("https://hn.algolia.com/api/v1/search_by_date", {"queries": ["Sora", "可灵"], "min_points": 50}),
    "bluesky": ("https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed", {"actor": "did:plc:abc123"}),
    "mastodon": ("https://mastodon.example/@somebody", {}),
    "youtube": ("https://www.youtube.com/feeds/videos.xml?channel_id=UC" + "x" * 22, {}),
    "arxiv": ("https://export.arxiv.org/api/query?search_query=all:video", {}),
    "edgar": ("https://www.sec.gov/cgi-bin/browse-edgar", {"cik": "0001045810", "forms": ["8-K", "10-Q"]}),
    "github": ("https://github.com/Wan-Video/Wan2.2/commits/main.atom", {}),
    "reddit": ("https://www.reddit.com/r/aivideo/.rss", {}),
    "googlenews": ("https://news.google.com/rss/search", {"query": "昇腾 OR 寒武纪", "edition": "zh-CN"}),
    "huggingface": ("https://huggingface.co/api/models", {"author": "Wan-AI"}),
}


def source(kind: str, url: str | None = None, **options: Any) -> Source:
    good_url, good = GOOD[kind]
    return Source("s", "S", kind, url or good_url, options={**good, **options})


def asked(kind: str, url: str | None = None, **options: Any):
    return get_kind(kind).requests(source(kind, url, **options), FRESH, NOW)


def query(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def test_there_is_an_example_of_every_kind():
    assert set(GOOD) == set(kind_names())


@pytest.mark.parametrize("name", kind_names())
def test_every_kind_keeps_the_same_promises(name):
    kind = get_kind(name)
    kind.check(source(name))
    requests = kind.requests(source(name), FRESH, NOW)
    assert kind.name == name
    assert kind.parser in READERS
    assert set(GOOD[name][1]) <= kind.options
    assert 60 <= kind.interval_s <= 86400
    assert requests
    assert all(request.url.startswith("https://") for request in requests)
    assert requests == kind.requests(source(name), FRESH, NOW), "the same question twice"


@pytest.mark.parametrize(
    "name", ["feed", "page", "sitemap", "json", "youtube", "arxiv", "github", "reddit", "mastodon"]
)
def test_a_source_that_has_moved_is_asked_at_its_new_address(name):
    moved = GOOD[name][0] + "&new" if "?" in GOOD[name][0] else GOOD[name][0] + "?new=1"
    if name == "mastodon":
        moved = "https://elsewhere.example/@somebody.rss"
    state = FetchState("s", moved_to=moved)
    assert get_kind(name).requests(source(name), state, NOW)[0].url == moved


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="there is no kind 'wechat'") as caught:
        get_kind("wechat")
    assert "hackernews" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("kind", "url", "options", "key"),
    [
        ("feed", None, {"paging": "ghost"}, "paging"),
        ("feed", None, {"link_host": "https://example.com/"}, "link_host"),
        ("page", None, {"pattern": "("}, "pattern"),
        ("page", None, {"pattern": None}, "pattern"),
        ("page", None, {"exclude": ["a"]}, "exclude"),
        ("sitemap", None, {"pattern": ""}, "pattern"),
        ("json", None, {"items": None}, "items"),
        ("json", None, {"items": "data..list"}, "items"),
        ("json", None, {"fields": {"title": "t"}}, "fields"),
        ("json", None, {"fields": {"title": "t", "url": "u", "发布": "p"}}, "fields"),
        ("json", None, {"fields": {"title": "t", "url": "https://x/{}"}}, "fields"),
        ("json", None, {"only": {"code": "06082"}}, "only"),
        ("json", None, {"form": "q=1"}, "form"),
        ("json", None, {"body": {}}, "body"),
        ("json", None, {"page_key": 1}, "page_key"),
        ("hackernews", None, {"queries": []}, "queries"),
        ("hackernews", None, {"tags": "job"}, "tags"),
        ("hackernews", None, {"min_points": "many"}, "min_points"),
        ("hackernews", None, {"window_h": True}, "window_h"),
        ("bluesky", None, {"actor": "Yann LeCun"}, "actor"),
        ("bluesky", None, {"replies": "yes"}, "replies"),
        ("mastodon", "https://mastodon.example/about", {}, "url"),
        ("youtube", "https://www.youtube.com/feeds/videos.xml?user=NVIDIA", {}, "url"),
        ("youtube", "https://example.com/feeds/videos.xml?channel_id=UC" + "x" * 22, {}, "url"),
        ("arxiv", "https://arxiv.org/list/cs.CV/recent", {}, "url"),
        ("edgar", None, {"cik": 1045810}, "cik"),
        ("edgar", None, {"forms": []}, "forms"),
        ("edgar", None, {"forms": ["SC 13D"]}, "forms"),
        ("github", "https://github.com/Wan-Video/Wan2.2", {}, "url"),
        ("reddit", "https://www.reddit.com/r/aivideo/", {}, "url"),
        ("reddit", "https://www.reddit.com/r/aivideo/.rss?feed=abc&user=me", {}, "url"),
        ("googlenews", None, {"edition": "de-DE"}, "edition"),
        ("googlenews", None, {"query": " "}, "query"),
        ("huggingface", None, {"author": "a/b"}, "author"),
        ("huggingface", "https://huggingface.co/Wan-AI", {}, "url"),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name_with_a_way_out(kind, url, options, key):
    with pytest.raises(ConfigError) as caught:
        get_kind(kind).check(source(kind, url, **options))
    assert caught.value.key == key
    assert caught.value.hint


def test_json_asks_with_get_form_or_body():
    get = get_kind("json").requests(
        Source("s", "S", "json", "https://x.example/a?b=1", options={"items": ""}), FRESH, NOW
    )
    form = asked("json", form={"q": "芯片", "n": 30})
    body = get_kind("json").requests(
        Source("s", "S", "json", "https://x.example/a", options={"body": {"q": "芯片"}}), FRESH, NOW
    )
    assert (get[0].method, get[0].url, get[0].body) == ("GET", "https://x.example/a?b=1", None)
    assert (form[0].method, form[0].body) == ("POST", b"q=%E8%8A%AF%E7%89%87&n=30")
    assert json.loads(body[0].body) == {"q": "芯片"}


def test_hacker_news_asks_once_a_word_in_a_window_of_whole_hours():
    requests = asked("hackernews")
    assert [query(request.url)["query"] for request in requests] == ["Sora", "可灵"]
    since = int(datetime(2024, 2, 18, 12, 0, tzinfo=UTC).timestamp())
    assert query(requests[0].url)["numericFilters"] == f"created_at_i>{since},points>=50"


def test_edgar_asks_once_a_form_and_never_without_one():
    assert [query(request.url)["type"] for request in asked("edgar")] == ["8-K", "10-Q"]
    assert get_kind("edgar").needs_contact


def test_bluesky_leaves_out_answers_unless_told():
    assert query(asked("bluesky")[0].url)["filter"] == "posts_no_replies"
    assert query(asked("bluesky", replies=True)[0].url)["filter"] == "posts_with_replies"


def test_mastodon_finds_the_feed_of_a_page():
    assert asked("mastodon")[0].url == "https://mastodon.example/@somebody.rss"
    tag = "https://mastodon.example/tags/芯片.rss"
    assert asked("mastodon", tag)[0].url == tag


def test_google_news_asks_the_edition_in_its_own_language():
    assert query(asked("googlenews")[0].url) == {
        "q": "昇腾 OR 寒武纪 when:7d",
        "hl": "zh-CN",
        "gl": "CN",
        "ceid": "CN:zh-Hans",
    }


def test_hugging_face_knows_models_and_papers():
    assert query(asked("huggingface", search="Hunyuan")[0].url)["search"] == "Hunyuan"
    assert "author" not in asked("huggingface", "https://huggingface.co/api/daily_papers")[0].url


@pytest.mark.parametrize(
    ("kind", "seek", "expected"),
    [
        (
            "arxiv",
            Seek(page=2),
            {
                "search_query": "all:video",
                "start": "100",
                "max_results": "100",
                "sortBy": "submittedDate",
                "sortOrder": "descending",
            },
        ),
        ("huggingface", Seek(), None),
        ("googlenews", Seek(page=2), None),
        ("bluesky", Seek(page=2), None),
    ],
)
def test_kinds_that_can_go_back_say_how(kind, seek, expected):
    request = get_kind(kind).past[0].seek(source(kind), seek)
    assert (request and query(request.url)) == expected


def test_going_back_by_cursor_by_form_by_date_and_by_query():
    bluesky = get_kind("bluesky").past[0].seek(source("bluesky"), Seek(page=2, cursor="c1"))
    assert query(bluesky.url)["cursor"] == "c1"
    form = get_kind("json").past[0].seek(source("json"), Seek(page=4))
    assert b"page=4" in form.body
    span = Seek(since=datetime(2024, 2, 1, tzinfo=UTC), until=datetime(2024, 2, 21, tzinfo=UTC))
    google = get_kind("googlenews").past[0].seek(source("googlenews"), span)
    assert query(google.url)["q"] == "昇腾 OR 寒武纪 after:2024-02-01 before:2024-02-21"
    asked = [Seek(), Seek(part=1), Seek(page=2)]
    pages = [get_kind("hackernews").past[0].seek(source("hackernews"), seek) for seek in asked]
    assert [(query(page.url)["query"], query(page.url).get("page")) for page in pages] == [
        ("Sora", None),
        ("可灵", None),
        ("Sora", "1"),
    ]
    forms = [get_kind("edgar").past[0].seek(source("edgar"), seek) for seek in asked]
    assert [(query(page.url)["type"], query(page.url).get("start")) for page in forms] == [
        ("8-K", None),
        ("10-Q", None),
        ("8-K", "40"),
    ]


@pytest.mark.parametrize("name", ["page", "youtube", "reddit"])
def test_kinds_that_cannot_go_back_say_so(name):
    assert get_kind(name).past == ()


FEED = Source("f", "F", "feed", "https://f.example/blog/feed/")


@pytest.mark.parametrize(
    ("way", "seek", "url"),
    [
        ("links", Seek(), "https://f.example/blog/feed/"),
        ("links", Seek(page=2, cursor="https://f.example/old.xml"), "https://f.example/old.xml"),
        ("wordpress", Seek(page=3), "https://f.example/blog/feed/?paged=3"),
        ("substack", Seek(page=2), "https://f.example/blog/api/v1/archive?sort=new&limit=12&offset=12"),
    ],
)
def test_a_feed_goes_back_by_its_links_or_by_the_software_behind_it(way, seek, url):
    """Whatever the way, it is asked below the site of the feed."""
    ways = {one.name: one for one in get_kind("feed").past}
    assert ways[way].seek(FEED, seek).url == url


@pytest.mark.parametrize(
    ("url", "head", "ways"),
    [
        (
            "https://f.example/feed/",
            b"<generator>https://wordpress.org/?v=6.5</generator>",
            ["wordpress-api", "wordpress"],
        ),
        ("https://f.example/category/ai/feed/", b"<generator>WordPress 6</generator>", ["wordpress"]),
        ("https://f.example/feed", b"<generator>Substack</generator>", ["substack"]),
        ("https://f.example/atom", b'<link rel="prev-archive" href="/2024.xml"/>', ["links"]),
        ("https://f.example/json", b'{"version": "", "next_url": "/2"}', ["links"]),
        ("https://f.example/rss", b"<generator>Hugo</generator>", []),
    ],
)
def test_the_feed_itself_tells_which_way_leads_back(url, head, ways):
    """The feed of one category is not replaced by the posts of the whole site."""
    feed = Source("f", "F", "feed", url)
    assert [way.name for way in get_kind("feed").past if way.fits(feed, head)] == ways
