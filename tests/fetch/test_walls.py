"""Answers that are not what they claim to be."""

from __future__ import annotations

import pytest

from chipreel.fetch.walls import find_wall

RSS = b"\xef\xbb\xbf<?xml version='1.0'?><rss><channel><item><description>&lt;html&gt;</description></item></channel>"
QUOTING = b"<rss><channel><item><description><![CDATA[<html><head><script>g-recaptcha</script></head>]]></description>"
PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>"


def page(title: str = "News", body: str = "") -> bytes:
    return PAGE % (title.encode(), body.encode())


@pytest.mark.parametrize(
    ("body", "expects", "wall"),
    [
        (RSS, "xml", None),
        (QUOTING, "xml", None),
        (b"<rdf:RDF xmlns:rdf='x'><channel/></rdf:RDF>", "xml", None),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "xml", None),
        (b"garbage", "xml", None),
        (page("Just a moment..."), "xml", "Cloudflare challenge"),
        (page("x", '<script src="/cdn-cgi/challenge-platform/h/b"></script>'), "xml", "Cloudflare challenge"),
        (page("x", '<script>var acw_sc__v2="1"</script>'), "xml", "Aliyun challenge"),
        (page("安全验证"), "xml", "captcha"),
        (page("x", '<form><input name="p" type="password"></form>'), "xml", "login page"),
        (page("首页"), "xml", "HTML where a feed was expected"),
        (page("Home"), "json", "HTML where JSON was expected"),
        (b'{"html": "<html><body>g-recaptcha</body></html>"}', "json", None),
        (b'[{"title": "x"}]', "json", None),
        (page("News", "<a href=/1>1</a>"), "html", None),
        (page("Just a moment..."), "html", "Cloudflare challenge"),
        (page("News", "g-recaptcha " + "text " * 10_000), "html", None),
        (b"", "xml", None),
    ],
)
def test_walls_are_named_and_feeds_are_let_pass(body, expects, wall):
    assert find_wall({}, body, expects) == wall


def test_cloudflare_says_so_in_a_header():
    assert find_wall({"cf-mitigated": "challenge"}, b"", "xml", 403) == "Cloudflare challenge"


def test_a_huge_body_is_judged_by_its_beginning_only():
    body = b"<rss>" + b"x" * 10_000_000 + b"<html>g-recaptcha"
    assert find_wall({}, body, "xml") is None
