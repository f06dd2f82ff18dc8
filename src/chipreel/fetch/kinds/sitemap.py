"""A sitemap or news sitemap: addresses that match `pattern`, dated by `<lastmod>` or `<news:publication_date>`."""

from __future__ import annotations

from chipreel.fetch.kinds._kind import Kind, get_url, require_pattern
from chipreel.model.source import Source


def _check(source: Source) -> None:
    require_pattern(source.options.get("pattern"), "pattern")
    if "exclude" in source.options:
        require_pattern(source.options["exclude"], "exclude")


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
)
