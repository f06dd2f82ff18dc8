"""Hits of Hacker News' search (Algolia): stories, text posts, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.json_values import JsonObject, objects, shape_of, string, whole
from chipreel.parse.links import resolve
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.plain import html_to_text, line_of_html, line_of_text

_PAGE = "https://news.ycombinator.com/item?id="


def read_hackernews(document: Any, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """The hits that have a word of `queries` in title, address or text: the search itself also returns near misses."""
    if not isinstance(document, Mapping) or not isinstance(document.get("hits"), list):
        raise ParseError(f"the answer is {shape_of(document)}, not hits of a search")
    queries = tuple(_query_rule(query) for query in options.get("queries") or ())
    items = (
        _item(hit, context) for hit in objects(document["hits"]) if not queries or any(rule(hit) for rule in queries)
    )
    page, pages = whole(document.get("page")) or 0, whole(document.get("nbPages")) or 0
    return ParsedFeed(identified(items), "hackernews", cursor=str(page + 1) if page + 1 < pages else None)


def _query_rule(query: str) -> Any:
    """Whether every word of a query stands in a hit, whole where the word is ASCII."""
    words = [re.compile(_whole_word(word), re.IGNORECASE) for word in re.findall(r"[^\s\"]+", query)]

    def holds(hit: JsonObject) -> bool:
        fields = ("title", "url", "comment_text", "story_text", "story_title")
        said = " ".join(value for key in fields if isinstance(value := hit.get(key), str))
        return all(word.search(said) for word in words)

    return holds


def _whole_word(word: str) -> str:
    return rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])" if word.isascii() else re.escape(word)


def _item(hit: JsonObject, context: Context) -> Item:
    number = line_of_text(string(hit.get("objectID"))) or ""
    text = html_to_text(string(hit.get("comment_text")) or string(hit.get("story_text")))
    link = resolve(string(hit.get("url")), None)
    is_comment = hit.get("comment_text") is not None
    published, note = context.date(string(hit.get("created_at")), string(hit.get("created_at_i")))
    points = hit.get("points")
    return Item(
        id=number,
        title=None if is_comment else line_of_html(string(hit.get("title"))),
        url=link if link and not is_comment else _PAGE + number,
        # Who submits a link did not write what it leads to.
        author=line_of_text(string(hit.get("author"))) if is_comment or not link else None,
        published=published,
        text=text,
        kind="post" if is_comment or not link else "article",
        points=points if isinstance(points, int) else None,
        comments=whole(hit.get("num_comments")),
        date_note=note,
        via="Hacker News",
    )
