"""A list page without a feed: its links whose absolute address matches `pattern`, in the order of the page.

Title and date come from the article's own metadata (`text: page`), because class names on list pages change with every
redesign and addresses do not.
"""

from __future__ import annotations

from chipreel.fetch.kinds._kind import Kind, get_url, require_pattern
from chipreel.model.source import Source


def _check(source: Source) -> None:
    require_pattern(source.options.get("pattern"), "pattern")
    if "exclude" in source.options:
        require_pattern(source.options["exclude"], "exclude")


KIND = Kind(
    name="page",
    parser="page",
    interval_s=3 * 3600,
    requests=get_url,
    check=_check,
    #: pattern: regular expression that an item's address matches; exclude: one that it must not match.
    options=frozenset({"pattern", "exclude"}),
    max_items=30,
    robots="crawler",
    expects="html",
)
