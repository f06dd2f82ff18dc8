"""What happens in a repository or organisation at GitHub, from its Atom feeds: releases, tags, commits."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, get_url, require_host
from chipreel.model.source import Source

_PATH = re.compile(r"/[\w.-]+(/[\w.-]+/(releases|tags|commits/[\w./-]+))?\.atom")


def _check(source: Source) -> None:
    require_host(source, "github.com")
    if not _PATH.fullmatch(urlsplit(source.url).path):
        hint = (
            "https://github.com/OWNER/REPOSITORY/releases.atom, …/commits/main.atom, or https://github.com/OWNER.atom"
        )
        raise ConfigError(f"{source.url!r} is no feed of GitHub", key="url", hint=hint)


KIND = Kind(name="github", parser="feed", interval_s=3 * 3600, requests=get_url, check=_check, expects="xml")
