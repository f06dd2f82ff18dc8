"""A sitemap or news sitemap: addresses that match `pattern`, dated by `<lastmod>` or `<news:publication_date>`."""

from __future__ import annotations

from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, get_url, require_pattern
from chipreel.model.source import Source


def _check(source: Source) -> None:
    require_pattern(source.options.get("pattern"), "pattern")
    if "exclude" in source.options:
        require_pattern(source.options["exclude"], "exclude")


def _seek(source: Source, seek: Seek) -> Request | None:
    """All of a sitemap at once; the parts of an index are places of their own."""
    return Request(seek.place or source.url)


KIND = Kind(
    name="sitemap",
    parser="sitemap",
    interval_s=6 * 3600,
    requests=get_url,
    check=_check,
    #: pattern: regular expression that an item's address matches; exclude: one that it must not match.
    options=frozenset({"pattern", "exclude"}),
    max_items=30,
    robots="crawler",
    expects="xml",
    past=(Past("sitemap", _seek, "once"),),
)
