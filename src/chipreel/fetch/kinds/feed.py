"""RSS, Atom, RDF and JSON Feed at any address."""

from __future__ import annotations

from urllib.parse import urlsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._feed_past import WAYS
from chipreel.fetch.kinds._kind import Kind, get_url, require_choice
from chipreel.model.source import Source

#: How older entries are asked for; without it the feed itself tells which software is behind it.
_PAGING = (*(way.name for way in WAYS), "none")


def _check(source: Source) -> None:
    require_choice(source.options.get("paging", "none"), "paging", _PAGING)
    host_to = source.options.get("link_host")
    if host_to is not None and (not isinstance(host_to, str) or urlsplit(f"//{host_to}").hostname != host_to):
        raise ConfigError("must be a host name", key="link_host", hint="for example www.example.com")


KIND = Kind(
    name="feed",
    parser="feed",
    interval_s=30 * 60,
    requests=get_url,
    check=_check,
    #: link_host: the host that its links are rewritten to, where they name a publishing host.
    options=frozenset({"paging", "link_host"}),
    expects="xml",
    past=WAYS,
)
