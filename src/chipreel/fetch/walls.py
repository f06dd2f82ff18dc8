"""Answers that are not what they claim to be: bot walls, login pages, HTML where a feed was expected. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|meta|title)\b", re.IGNORECASE)
_XML_ROOT = re.compile(
    rb"<(?:rss|feed|rdf:RDF|RDF|urlset|sitemapindex|channel|opml|\w+:(?:RDF|feed|urlset))\b", re.IGNORECASE
)
#: What the body of a wall says, and whose it is. Read in the first 64 KB, in lower case.
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"/cdn-cgi/challenge-platform", "Cloudflare challenge"),
    (b"cf-browser-verification", "Cloudflare challenge"),
    (b"<title>just a moment...", "Cloudflare challenge"),
    (b"<title>attention required! | cloudflare", "Cloudflare challenge"),
    (b"_incapsula_resource", "Imperva challenge"),
    (b"geo.captcha-delivery.com", "DataDome challenge"),
    (b"px-captcha", "PerimeterX challenge"),
    (b"awswafcookiedomainlist", "AWS WAF challenge"),
    (b"token.awswaf.com", "AWS WAF challenge"),
    (b"aliyun_waf", "Aliyun challenge"),
    (b"_waf_bd8ce2ce37", "Aliyun challenge"),
    (b"acw_sc__v2", "Aliyun challenge"),
    (b"tcaptcha.qq.com", "Tencent challenge"),
    (b"sec_sdk_build", "ByteDance challenge"),
    (b"errors.edgesuite.net", "Akamai refusal"),
    (b"<title>vercel security checkpoint", "Vercel challenge"),
    (b"ddos-guard", "DDoS-Guard challenge"),
    (b"g-recaptcha", "captcha"),
    (b"h-captcha", "captcha"),
    ("安全验证".encode(), "captcha"),
    ("人机验证".encode(), "captcha"),
    (b"consent.google.com", "consent page"),
)
_LOGIN = re.compile(rb"<input[^>]{0,200}type\s*=\s*[\"']?password", re.IGNORECASE)
_WINDOW = 64 * 1024


def find_wall(headers: Mapping[str, str], body: bytes, expects: str, status: int = 200) -> str | None:
    """The name of what stands in the way of the content that `expects` ("xml", "json", "html", "") asks for.

    None = nothing does. A page that was expected may carry the scripts of its guard, so on "html" a wall counts only
    when the page is short or the status is an error.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "Cloudflare challenge"
    head = body[:_WINDOW].lower()
    is_html = looks_html(head)
    if expects == "xml" and not is_html:
        return None
    if expects == "json" and (not is_html or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")):
        return None
    if expects == "html" and status < 400 and len(body) > _WINDOW // 2:
        return None
    named = next((name for sign, name in _SIGNS if sign in head), None)
    if named or expects not in ("xml", "json"):
        return named
    if _LOGIN.search(head):
        return "login page"
    return "HTML where a feed was expected" if expects == "xml" else "HTML where JSON was expected"


def looks_html(body: bytes) -> bool:
    """Whether a document is HTML, judged by whichever root element comes first (a feed may quote HTML)."""
    head = body[:_WINDOW]
    html, root = _HTML.search(head), _XML_ROOT.search(head)
    return html is not None and (root is None or html.start() < root.start())
