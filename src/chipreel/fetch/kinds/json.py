"""Any JSON API: a declared path to the list of items, and a path or template for each field of an item.

items: data.list                 # dots go into mappings, numbers into lists; "" = the answer itself is the list
fields:
  id: announcementId             # a path in the item …
  title: announcementTitle
  url: "https://static.example.cn/{adjunctUrl}"   # … or a template with paths in braces
  published: announcementTime    # seconds or milliseconds since 1970, ISO 8601, or what `timezone` makes plain
only: {secCode: ["688256"]}      # keep an item only when the path holds one of these values
form: {pageNum: 1}               # POST with a form; or `body:` for POST with JSON
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek, with_query
from chipreel.model.source import FetchState, Source

FIELDS = ("id", "title", "url", "published", "updated", "author", "summary", "text", "lang")
_PATH = re.compile(r"[^\s.{}]+(\.[^\s.{}]+)*")


def _requests(source: Source, state: FetchState, now: datetime) -> tuple[Request, ...]:
    del now
    return (_request(source, state.moved_to or source.url, None),)


def _request(source: Source, url: str, page: int | None) -> Request:
    """The question for a page; None = the newest, exactly as feeds.yaml has it."""
    options = source.options
    key = options.get("page_key")
    if "form" in options:
        form = {**options["form"], **({key: page} if key and page else {})}
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        return Request(url, "POST", headers, urlencode(form).encode())
    if "body" in options:
        body = {**options["body"], **({key: page} if key and page else {})}
        return Request(url, "POST", {"content-type": "application/json"}, json.dumps(body).encode())
    return Request(with_query(url, **{key: page}) if key and page else url)


def _seek(source: Source, seek: Seek) -> Request | None:
    return _request(source, source.url, seek.page) if source.options.get("page_key") else None


def _check(source: Source) -> None:
    options = source.options
    items = options.get("items")
    if not isinstance(items, str) or (items and not _PATH.fullmatch(items)):
        raise ConfigError("must be the path to the list of items", key="items", hint="data.list, or '' for the answer")
    _check_fields(options.get("fields"))
    _check_only(options.get("only", {}))
    for key in ("form", "body"):
        if key in options and not isinstance(options[key], dict):
            raise ConfigError("must be a mapping", key=key, hint="{pageNum: 1, pageSize: 30}")
    if "form" in options and "body" in options:
        raise ConfigError("cannot stand beside form", key="body", hint="keep one of them")
    for key, hint in (("page_key", "page"), ("date_format", "%d/%m/%Y %H:%M")):
        if not isinstance(options.get(key, ""), str):
            raise ConfigError("must be a text", key=key, hint=hint)


def _check_fields(fields: Any) -> None:
    hint = "a mapping with title and url, for example {title: title, url: 'https://example.com/{slug}'}"
    if not isinstance(fields, dict) or not {"title", "url"} <= fields.keys():
        raise ConfigError("must say where title and url are", key="fields", hint=hint)
    for name, path in fields.items():
        if name not in FIELDS:
            raise ConfigError(f"{name!r} is no field of an item", key="fields", hint=f"one of {', '.join(FIELDS)}")
        paths = re.findall(r"\{([^{}]*)\}", path) if isinstance(path, str) and "{" in path else [path]
        if not all(isinstance(entry, str) and _PATH.fullmatch(entry) for entry in paths):
            raise ConfigError(f"{path!r} is neither a path nor a template", key="fields", hint=hint)


def _check_only(only: Any) -> None:
    if not isinstance(only, dict) or not all(isinstance(values, list) and values for values in only.values()):
        raise ConfigError("must map a path to the values to keep", key="only", hint="{code: ['06082', '02513']}")


KIND = Kind(
    name="json",
    parser="json",
    interval_s=60 * 60,
    requests=_requests,
    check=_check,
    options=frozenset({"items", "fields", "only", "form", "body", "page_key", "date_format"}),
    robots="crawler",
    expects="json",
    past=(Past("pages", _seek),),
)
