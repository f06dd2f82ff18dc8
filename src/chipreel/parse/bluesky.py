"""What one person posted on Bluesky: `app.bsky.feed.getAuthorFeed`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.json_values import JsonObject, listed, object_at, objects, shape_of, string, whole
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.plain import line_of_text, text_to_text

_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,200})/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]{1,100})")
#: The label of people who do not want to be shown to whoever is not logged in.
_LOGGED_IN_ONLY = "!no-unauthenticated"


def read_bluesky(document: Any, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """The person's own posts: no reposts, nothing by whom the label keeps to those who are logged in."""
    del options
    if not isinstance(document, Mapping) or not isinstance(document.get("feed"), list):
        told = string(document.get("message")) if isinstance(document, Mapping) else None
        raise ParseError(f"the answer is no feed of posts: {told or shape_of(document)}")
    entries = [entry for entry in objects(document["feed"]) if not _is_repost(entry)]
    posts = [object_at(entry, "post") for entry in entries]
    hidden = [post for post in posts if _is_hidden(post)]
    items = identified(item for post in posts if not _is_hidden(post) and (item := _item(post, context)))
    note = f"{len(hidden)} posts are for logged-in readers only" if hidden else None
    return ParsedFeed(
        items, "bluesky", title=items[0].author if items else None, cursor=string(document.get("cursor")), note=note
    )


def _is_repost(entry: JsonObject) -> bool:
    return "reasonRepost" in str(object_at(entry, "reason").get("$type", ""))


def _is_hidden(post: JsonObject) -> bool:
    labels = objects(object_at(post, "author").get("labels"))
    return any(label.get("val") == _LOGGED_IN_ONLY and not label.get("neg") for label in labels)


def _item(post: JsonObject, context: Context) -> Item | None:
    place = _URI.fullmatch(string(post.get("uri")) or "")
    if not place:
        return None
    record, author = object_at(post, "record"), object_at(post, "author")
    published, note = context.date(string(record.get("createdAt")), string(post.get("indexedAt")))
    languages = [code for code in listed(record.get("langs")) if isinstance(code, str)]
    return Item(
        id=place[0],
        url=f"https://bsky.app/profile/{place[1]}/post/{place[2]}",
        author=line_of_text(string(author.get("displayName")) or string(author.get("handle"))),
        published=published,
        lang=line_of_text(languages[0]) if len(languages) == 1 else None,
        text=_text(record, post),
        kind="post",
        points=whole(post.get("likeCount")),
        comments=whole(post.get("replyCount")),
        date_note=note,
    )


def _text(record: JsonObject, post: JsonObject) -> str | None:
    """The words of the post, and below them the title of the page that it links."""
    card = object_at(object_at(post, "embed"), "external") or object_at(object_at(record, "embed"), "external")
    parts = (text_to_text(string(record.get("text"))), line_of_text(string(card.get("title"))))
    return "\n\n".join(part for part in parts if part) or None
