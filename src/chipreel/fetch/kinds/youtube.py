"""A YouTube channel or playlist: its fifteen newest videos.

YouTube's feeds answer 404 and 500 to everybody for hours, several times a year; that passes and is not held against
the channel.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, get_url, require_host
from chipreel.model.source import Source

_IDS = {"channel_id": re.compile(r"UC[\w-]{22}"), "playlist_id": re.compile(r"[A-Z]{2,4}[\w-]{16,40}")}


def _check(source: Source) -> None:
    require_host(source, "youtube.com")
    query = parse_qs(urlsplit(source.url).query)
    for key, form in _IDS.items():
        if key in query and form.fullmatch(query[key][0]):
            return
    raise ConfigError(
        "names no channel",
        key="url",
        hint="https://www.youtube.com/feeds/videos.xml?channel_id=UC… (`user=` no longer works)",
    )


KIND = Kind(
    name="youtube",
    parser="youtube",
    interval_s=6 * 3600,
    requests=get_url,
    check=_check,
    expects="xml",
    transient=frozenset({404, 500}),
)
