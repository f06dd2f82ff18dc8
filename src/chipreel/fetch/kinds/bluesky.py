"""What one person writes on Bluesky, from the public AppView, by DID where it is known (handles change hands)."""

from __future__ import annotations

import re
from datetime import datetime

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, with_query
from chipreel.model.source import FetchState, Source

_ACTOR = re.compile(r"did:(plc|web):[a-zA-Z0-9._:%-]+|([a-z0-9-]+\.)+[a-z]{2,}")


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del state, now
    return (_page(source, None),)


def _page(source: Source, cursor: str | None) -> Request:
    posts = "posts_with_replies" if source.options.get("replies") else "posts_no_replies"
    url = with_query(source.url, actor=source.options["actor"], limit=50, filter=posts, cursor=cursor)
    return Request(url)


def _seek(source: Source, seek: Seek) -> Request | None:
    return _page(source, seek.cursor) if seek.cursor or seek.page == 1 else None


def _check(source: Source) -> None:
    actor = source.options.get("actor")
    if not isinstance(actor, str) or not _ACTOR.fullmatch(actor):
        raise ConfigError(f"{actor!r} is nobody", key="actor", hint="did:plc:… or a handle like name.bsky.social")
    if not isinstance(source.options.get("replies", False), bool):
        raise ConfigError("must be true or false", key="replies", hint="true also takes answers to others")


KIND = Kind(
    name="bluesky",
    parser="bluesky",
    interval_s=2 * 3600,
    requests=_requests,
    check=_check,
    options=frozenset({"actor", "replies"}),
    robots="api",
    expects="json",
    past=(Past("cursor", _seek, "cursor"),),
    item_kind="post",
)
