"""One form for one page, and who owns a host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chipreel.text.addresses import TRACKING, canonical_url, is_web_url, registrable_domain

PAGE = "https://example.com/news/sora"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/news/sora",
        "https://www.example.com/news/sora/",
        "https://m.example.com/news/sora",
        "HTTPS://EXAMPLE.COM/news/sora",
        "https://example.com:443/news/sora",
        "https://example.com//news//sora",
        "https://example.com/news/sora#comments",
        "https://example.com/news/sora?",
        "https://example.com/news/sora/amp",
        "https://amp.example.com/news/sora",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/sora/amp",
        "https:/example.com/news/sora",
        "https://https://example.com/news/sora",
        "https:\\\\example.com\\news\\sora",
        "//example.com/news/sora",
        " https://example.com/news/sora ",
        "https://example.com/news/sora?ref=newsletter",
        "https://example.com/news/sora?utm_source=x&utm_medium=rss",
    ],
)
def test_forms_of_one_page_are_one(url: str) -> None:
    """Scheme, host prefix, port, slashes, fragment, AMP and tracking do not make another page."""
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize("parameter", sorted(TRACKING))
def test_every_tracking_parameter_goes(parameter: str) -> None:
    """Each parameter is taken off by itself, and its neighbours stay."""
    assert canonical_url(f"{PAGE}?id=7&{parameter}=abc") == f"{PAGE}?id=7"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://example.com/s?ref=h100-review", "https://example.com/s?ref=mi300-review"),
        ("https://example.com/中文", "https://example.com/英文"),
    ],
)
def test_different_pages_stay_different(first: str, second: str) -> None:
    """What may change the content stays in the address."""
    assert canonical_url(first) != canonical_url(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/新闻", "https://example.com/%E6%96%B0%E9%97%BB"),
        ("https://youtube.com/shorts/abcdefg", "https://www.youtube.com/watch?v=abcdefg&feature=share"),
        ("https://例子.com/a", "https://xn--fsqu00a.com/a"),
    ],
)
def test_ways_to_write_one_address_are_one(first: str, second: str) -> None:
    """Order of the query, percent signs, host names in Chinese."""
    assert canonical_url(first) == canonical_url(second)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "https://", "ftp://a.b/c"]
)
def test_what_is_no_web_address_has_no_form(url: str) -> None:
    """Only http and https are pages."""
    assert canonical_url(url) is None
    assert not is_web_url(url)


@given(st.text())
def test_no_text_breaks_an_address(text: str) -> None:
    """Any text is an address or none, and a canonical address is its own."""
    found = canonical_url(text)

    assert found is None or canonical_url(found) == found


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.theverge.com", "theverge.com"),
        ("tech.sina.com.cn", "sina.com.cn"),
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("someone.substack.com", "someone.substack.com"),
        ("someone.github.io", "someone.github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("group.softbank", "group.softbank"),
    ],
)
def test_registrable_domain_is_who_registered_it(host: str, domain: str) -> None:
    """Public suffixes are known, and shared hosts keep the subdomain."""
    assert registrable_domain(host) == domain
