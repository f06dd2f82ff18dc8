"""From the address of any page to the sources it could be."""

from __future__ import annotations

import pytest

from chipreel.fetch.discovery import Proposal, discover, find_by_address, find_in_page
from chipreel.model import Failed

PAGE = """<!doctype html><html><head><base href="/zh/">
<link rel="alternate" type="application/rss+xml" title="评论 comments" href="comments.xml">
<link rel="alternate nofollow" type="application/atom+xml" title="量子位" href=" /atom ">
<link rel="alternate" type="application/rss+xml" href="feed.xml">
<link rel="alternate" hreflang="en" type="text/html" href="/en/">
<link rel="stylesheet" href="a.css"></head><body></body></html>""".encode()


@pytest.mark.parametrize(
    ("url", "kind", "part"),
    [
        ("https://www.youtube.com/channel/UCHuiy8bXnmK5nisYHUd1J5g", "youtube", "channel_id=UCHuiy8bXnmK5nisYHUd1J5g"),
        ("https://github.com/Lightricks/LTX-2", "github", "/Lightricks/LTX-2/releases.atom"),
        ("https://www.reddit.com/r/aivideo/", "reddit", "/r/aivideo/.rss"),
        ("https://bsky.app/profile/simonwillison.net", "bluesky", "getAuthorFeed"),
        ("https://huggingface.co/Wan-AI", "huggingface", "/api/models"),
        ("https://arxiv.org/list/cs.CV/recent", "arxiv", "rss.arxiv.org/rss/cs.CV"),
    ],
)
def test_platforms_are_known_by_their_addresses(url, kind, part):
    proposal = find_by_address(url)
    assert proposal is not None
    assert proposal.kind == kind
    assert part in proposal.url


@pytest.mark.parametrize("url", ["https://www.qbitai.com/", "https://huggingface.co/blog", "https://github.com/", "x"])
def test_other_pages_must_be_asked(url):
    assert find_by_address(url) is None


def test_a_page_names_its_feeds_and_those_of_comments_come_last():
    assert find_in_page(PAGE, "https://www.qbitai.com/x/") == (
        Proposal("feed", "https://www.qbitai.com/atom"),
        Proposal("feed", "https://www.qbitai.com/zh/feed.xml"),
        Proposal("feed", "https://www.qbitai.com/zh/comments.xml"),
    )


def test_a_youtube_page_names_its_channel():
    body = b'<html><script>{"externalId":"UCHuiy8bXnmK5nisYHUd1J5g"}</script></html>'
    (found,) = find_in_page(body, "https://www.youtube.com/@NVIDIA")
    assert found.url.endswith("channel_id=UCHuiy8bXnmK5nisYHUd1J5g")


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"<", b"<html>" * 5000, "可灵".encode("gbk")])
def test_whatever_the_page_holds_nothing_breaks(body):
    assert find_in_page(body, "https://example.com/") == ()


def test_a_feed_is_its_own_answer(world, reply, fetcher, now):
    world.routes["/feed"] = reply()
    ((proposal, fetched),) = discover(fetcher, world.url(), now)
    assert (proposal.kind, proposal.url, fetched.status) == ("feed", world.url(), 200)


def test_a_page_leads_to_the_feeds_that_answer(world, reply, fetcher, now):
    world.routes |= {"/": reply(body=PAGE), "/atom": reply(), "/zh/feed.xml": reply(404, b"")}
    found = discover(fetcher, world.url("/"), now)
    assert [proposal.url for proposal, _ in found] == [world.url("/atom")]


def test_a_silent_page_is_searched_in_the_usual_places(world, reply, fetcher, now):
    world.routes |= {"/blog": reply(body=b"<html><p>hello</p></html>"), "/rss": reply()}
    found = discover(fetcher, world.url("/blog"), now)
    assert [proposal.url for proposal, _ in found] == [world.url("/rss")]
    assert len(world.seen) <= 8


def test_a_page_without_any_feed_gives_nothing_and_a_dead_one_its_reason(world, reply, fetcher, now):
    world.routes |= {"/": reply(body=b"<html><p>hello</p></html>"), "/gone": reply(410, b"")}
    assert discover(fetcher, world.url("/"), now) == ()
    dead = discover(fetcher, world.url("/gone"), now)
    assert isinstance(dead, Failed)
    assert dead.gone
