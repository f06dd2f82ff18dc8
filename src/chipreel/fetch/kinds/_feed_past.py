"""What a feed published before: by its own links (RFC 5005), or by the software behind it.

A feed holds its newest entries only. Which way leads further back shows in the feed itself; `paging` in feeds.yaml
names one where it does not.
"""

from __future__ import annotations

import re
from datetime import UTC
from urllib.parse import urlsplit, urlunsplit

from chipreel.fetch.kinds._kind import Past, Request, Seek, page_offset, with_query
from chipreel.model.source import Source

_LINKS = re.compile(rb"""rel\s*=\s*["'](?:prev-archive|next)["']|"next_url"\s*:""")
_WORDPRESS = re.compile(rb"<generator>[^<]{0,40}wordpress", re.IGNORECASE)
_SUBSTACK = re.compile(rb"<generator>\s*Substack\s*</generator>")
#: The feed of a part of a site: the API would bring all of it.
_OF_A_PART = re.compile(r"/(?:category|tag|author|topics?|section)/|/comments/")
_FEED_PATH = re.compile(r"/(?:feed|rss|rss2|atom)(?:/(?:rss2|atom|rdf))?/?$|/feed\.xml$|/index\.xml$")

_WORDPRESS_PAGE = 50
_SUBSTACK_PAGE = 12


def _chosen(source: Source) -> object:
    return source.options.get("paging")


def _site(source: Source, path: str) -> str:
    """An address below the site of a feed: example.com/blog/feed/ → example.com/blog + `path`."""
    parts = urlsplit(source.url)
    return urlunsplit((parts.scheme, parts.netloc, _FEED_PATH.sub("", parts.path).rstrip("/") + path, "", ""))


def _by_links(source: Source, seek: Seek) -> Request | None:
    if seek.page == 1:
        return Request(source.url)
    return Request(seek.cursor) if seek.cursor else None


def _by_wordpress_api(source: Source, seek: Seek) -> Request | None:
    span = {
        name: f"{moment:%Y-%m-%dT%H:%M:%S}"
        for name, moment in (("after", seek.since), ("before", seek.until))
        if moment
    }
    fields = "id,date_gmt,modified_gmt,guid,link,title,excerpt,content"
    url = _site(source, "/wp-json/wp/v2/posts")
    return Request(with_query(url, per_page=_WORDPRESS_PAGE, page=seek.page, **span, _fields=fields))


def _by_paged(source: Source, seek: Seek) -> Request | None:
    return Request(with_query(source.url, paged=seek.page if seek.page > 1 else None))


def _by_substack(source: Source, seek: Seek) -> Request | None:
    url = _site(source, "/api/v1/archive")
    offset = page_offset(seek, _SUBSTACK_PAGE)
    return Request(with_query(url, sort="new", limit=_SUBSTACK_PAGE, offset=offset))


def _is_wordpress(source: Source, body: bytes) -> bool:
    return _chosen(source) == "wordpress" or _WORDPRESS.search(body[:20_000]) is not None


def _is_whole_wordpress(source: Source, body: bytes) -> bool:
    parts = urlsplit(source.url)
    return (
        _is_wordpress(source, body)
        and _chosen(source) != "wordpress"
        and not parts.query
        and not _OF_A_PART.search(parts.path)
    )


_POST = {
    "id": "guid.rendered",
    "title": "title.rendered",
    "url": "link",
    "published": "date_gmt",
    "updated": "modified_gmt",
    "summary": "excerpt.rendered",
    "text": "content.rendered",
}
_LETTER = {
    "id": "canonical_url",
    "title": "title",
    "url": "canonical_url",
    "published": "post_date",
    "summary": "subtitle",
    "text": "truncated_body_text",
}

#: Every way, the best first: RFC 5005 is the publisher's own word, the API is exact about dates, `?paged=` a makeshift.
WAYS = (
    Past("links", _by_links, "cursor", fits=lambda _, body: _LINKS.search(body[:20_000]) is not None),
    Past(
        "substack",
        _by_substack,
        parser="json",
        options={"items": "", "fields": _LETTER},
        fits=lambda _, body: _SUBSTACK.search(body[:20_000]) is not None,
    ),
    Past(
        "wordpress-api",
        _by_wordpress_api,
        parser="json",
        options={"items": "", "fields": _POST},
        zone=UTC,
        fits=_is_whole_wordpress,
    ),
    Past("wordpress", _by_paged, fits=_is_wordpress),
)
