"""Statuses of Mastodon's API; its RSS goes through `feed`, as posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.json_values import JsonObject, object_at, objects, shape_of, string, whole
from chipreel.parse.links import resolve
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text


def read_mastodon(document: Any, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """The account's own public statuses: no boosts, nothing of accounts that do not want to be indexed."""
    del options
    if isinstance(document, Mapping) and document.get("acct") and document.get("id"):
        return _account(document, context)
    if not isinstance(document, list):
        told = string(document.get("error")) if isinstance(document, Mapping) else None
        raise ParseError(f"the answer is no list of statuses: {told or shape_of(document)}")
    items = identified(_item(status, context) for status in objects(document) if _is_public(status))
    return ParsedFeed(
        items, "mastodon", title=items[0].author if items else None, cursor=items[-1].id if items else None
    )


def _account(account: JsonObject, context: Context) -> ParsedFeed:
    """Who somebody is: where what they wrote is listed, unless they do not want to be indexed."""
    number = line_of_text(string(account.get("id")))
    if account.get("noindex") or account.get("indexable") is False or not (number or "").isalnum():
        return ParsedFeed((), "mastodon account", note="does not want to be indexed")
    query = "exclude_replies=true&exclude_reblogs=true&limit=40"
    place = resolve(f"/api/v1/accounts/{number}/statuses?{query}", context.base)
    return ParsedFeed((), "mastodon account", children=(place,) if place else ())


def as_posts(parsed: ParsedFeed) -> ParsedFeed:
    """A feed of what people wrote: every item a post, none with a title made of its own first words."""
    return replace(parsed, items=tuple(replace(item, kind="post") for item in parsed.items))


def _is_public(status: JsonObject) -> bool:
    boosted = status.get("reblog") is not None
    return (
        not boosted
        and status.get("visibility", "public") in ("public", "unlisted")
        and not object_at(status, "account").get("noindex")
    )


def _item(status: JsonObject, context: Context) -> Item:
    account = object_at(status, "account")
    published, note = context.date(string(status.get("created_at")))
    warning, text = line_of_text(string(status.get("spoiler_text"))), html_to_text(string(status.get("content")))
    card = line_of_html(string(object_at(status, "card").get("title")))
    return Item(
        id=line_of_text(string(status.get("id")) or string(status.get("uri"))) or "",
        url=resolve(string(status.get("url")), context.base) or resolve(string(status.get("uri")), context.base),
        author=line_of_text(string(account.get("display_name")) or string(account.get("acct"))),
        published=published,
        updated=context.date(string(status.get("edited_at")))[0],
        lang=line_of_text(string(status.get("language"))),
        text="\n\n".join(part for part in (warning, text, card) if part) or None,
        categories=tuple(filter(None, (line_of_text(string(tag.get("name"))) for tag in objects(status.get("tags")))))[
            :50
        ],
        kind="post",
        points=whole(status.get("favourites_count")),
        comments=whole(status.get("replies_count")),
        date_note=note,
    )
