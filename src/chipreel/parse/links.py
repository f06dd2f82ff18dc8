"""Addresses in feeds: joined to their base, mended where the slip is plain, or nothing."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from chipreel.text.addresses import host_of, is_web_url

#: An address with a host of ordinary characters, the case for which nothing has to be taken apart.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\x00-\x20\x7f]*+)?")


def resolve(link: str | None, base: str | None) -> str | None:
    """`link` as an absolute http(s) address; None when it is none and cannot become one.

    >>> resolve("/2024/02/sora", "https://example.com/feed.xml")
    'https://example.com/2024/02/sora'
    """
    if not link or len(link) > 8000:
        return None
    if _PLAIN.fullmatch(link):
        return link
    link = "".join(link.split("\n")).replace("\r", "").replace("\t", "").strip()
    if not link.startswith(("http://", "https://")):
        link = _joined(link, base)
    link = link.replace(" ", "%20")
    return link if is_web_url(link) else None


def _joined(link: str, base: str | None) -> str:
    if link.lower().startswith("www."):
        return f"https://{link}"
    try:
        return urljoin(base or ("https:" if link.startswith("//") else ""), link)
    except ValueError:
        return ""


def document_base(url: str | None, site: str | None) -> str | None:
    """What relative links of a document are relative to.

    The document's own address, unless it is served by another host than the site it belongs to (a feed service): then
    the site's.
    """
    site = resolve(site, url)
    if url and (not site or host_of(url) == host_of(site) or not is_web_url(url)):
        return url if is_web_url(url) else site
    return site
