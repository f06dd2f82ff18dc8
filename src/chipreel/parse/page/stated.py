"""What a page states about itself outside its text: meta elements, JSON-LD, the canonical address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from chipreel.text.addresses import is_web_url

#: A longer JSON-LD is not about one article.
_MAX_SCRIPT = 1_000_000
#: How many objects of JSON-LD are looked at.
_MAX_OBJECTS = 300
#: A longer value of a meta element says nothing that is used.
_MAX_VALUE = 2_000
_ARTICLES = ("Article", "Posting", "Report", "WebPage", "Review")
_UNDER = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stated:
    """What the head of a page says."""

    #: First value of every meta element, by its property, name or itemprop in lower case.
    meta: dict[str, str]
    #: The JSON-LD objects that are about an article, the best first.
    articles: tuple[Json, ...]
    #: Text of the title element.
    title: str | None
    canonical: str | None

    def first(self, *names: str) -> str | None:
        """The first meta value that there is."""
        return next((self.meta[name] for name in names if name in self.meta), None)

    def iter_linked(self, key: str) -> Iterator[Any]:
        """Every value of a key in the JSON-LD articles."""
        for article in self.articles:
            if article.get(key):
                yield article[key]


def read_stated(root: Any, url: str | None) -> Stated:
    """What a tree states about its page."""
    title = root.find(".//head/title")
    if title is None:
        title = root.find(".//title")
    return Stated(
        meta=_meta(root),
        articles=_articles(root),
        title=" ".join("".join(title.itertext())[:_MAX_VALUE].split()) or None if title is not None else None,
        canonical=_canonical(root, url),
    )


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        value = " ".join((element.get("content") or "")[:_MAX_VALUE].split())
        for key in ("property", "name", "itemprop"):
            name = element.get(key)
            if name and value:
                found.setdefault(name.strip().lower()[:80], value)
    return found


def _canonical(root: Any, url: str | None) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and (found := _absolute(element.get("href"), url)):
            return found
    for element in root.iter("meta"):
        if element.get("property") == "og:url" and (found := _absolute(element.get("content"), url)):
            return found
    return None


def _absolute(href: str | None, url: str | None) -> str | None:
    """A web address beyond a site's front page: many a template names that as every page's canonical address."""
    try:
        whole = urljoin(url or "", (href or "").strip()[:_MAX_VALUE])
    except ValueError:
        return None
    return whole if is_web_url(whole) and whole.split("://", 1)[1].partition("/")[2].strip("/") else None


def _articles(root: Any) -> tuple[Json, ...]:
    found: list[Json] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            found.extend(_objects(script.text or ""))
    articles = [(rank, one) for one in found if (rank := _rank(one)) is not None]
    return tuple(one for _, one in sorted(articles, key=lambda pair: pair[0]))


def _objects(text: str) -> list[Json]:
    if len(text) > _MAX_SCRIPT:
        return []
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().removeprefix("//<![CDATA[").rstrip(" ;/]>\n")
    try:
        queue = [json.loads(text if text[-1:] in "}]" else text + "]", strict=False)]
    except (ValueError, RecursionError):
        return []
    found: list[Json] = []
    while queue and len(found) < _MAX_OBJECTS:
        value = queue.pop(0)
        if isinstance(value, list):
            queue.extend(value[:_MAX_OBJECTS])
        elif isinstance(value, dict):
            found.append(value)
            queue.extend(value[key] for key in _UNDER if isinstance(value.get(key), dict | list))
    return found


def _rank(one: Json) -> int | None:
    """0 for an article, higher for what may speak of one; None for anything else."""
    kinds = one.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str):
            for rank, ending in enumerate(_ARTICLES):
                if kind.endswith(ending):
                    return rank
    return len(_ARTICLES) if one.get("headline") else None
