"""Declared JSON: paths, templates, filters, and errors that say which path leads nowhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chipreel.errors import ParseError
from chipreel.parse import ParsedFeed, parse_answer

OPTIONS: dict[str, Any] = {
    "items": "data.list",
    "fields": {
        "id": "no",
        "title": "{name}：{title}",
        "url": "https://static.example.cn/{path}?id={no}",
        "published": "extra.date",
        "author": "authors.0.name",
    },
}
ENTRY = {"no": 7, "name": "寒武纪", "title": "关于<em>芯片</em>的公告 &amp; more", "path": "2024/公告 1.pdf",
         "extra": {"date": 1708496820000},
         "authors": [{"name": "李明"}]}  # fmt: skip


def read(document: Any, **options: Any) -> ParsedFeed:
    return parse_answer(
        "json", json.dumps(document).encode(), options=OPTIONS | options, zone=ZoneInfo("Asia/Shanghai")
    )


def test_paths_and_templates_make_an_item() -> None:
    """Numbers and lists are walked, addresses are quoted, titles lose their markup, milliseconds are a moment."""
    (item,) = read({"data": {"list": [ENTRY]}}).items
    assert (item.id, item.title, item.author) == ("7", "寒武纪：关于芯片的公告 & more", "李明")
    assert item.url == "https://static.example.cn/2024/%E5%85%AC%E5%91%8A%201.pdf?id=7"
    assert item.published == datetime(2024, 2, 21, 6, 27, tzinfo=UTC)


@pytest.mark.parametrize("date", ["2024-02-21 14:27", "2024年2月21日 14:27", 1708496820, "2024-02-21T06:27:00Z"])
def test_dates_are_meant_in_the_sources_zone(date: object) -> None:
    """One field may hold dates of several kinds."""
    (item,) = read({"data": {"list": [ENTRY | {"extra": {"date": date}}]}}).items
    assert (item.published, item.date_note) == (datetime(2024, 2, 21, 6, 27, tzinfo=UTC), None)


def test_a_declared_layout_settles_an_ambiguous_date() -> None:
    """03/04/2024 is nobody's guess, but `date_format` knows."""
    document = {"data": {"list": [ENTRY | {"extra": {"date": "03/04/2024 14:27"}}]}}
    assert read(document).items[0].published is None
    (item,) = read(document, date_format="%d/%m/%Y %H:%M").items
    assert item.published == datetime(2024, 4, 3, 6, 27, tzinfo=UTC)


def test_only_some_are_kept() -> None:
    """`only` compares as text: 688256 and "688256" are one."""
    entries = [ENTRY | {"no": n, "code": code} for n, code in ((1, "688256"), (2, 688256), (3, "x"), (4, None))]
    assert [item.id for item in read({"data": {"list": entries}}, only={"code": ["688256"]}).items] == ["1", "2"]


def test_an_answer_that_is_the_list_itself() -> None:
    """An empty path means the top."""
    assert len(read([ENTRY], items="").items) == 1


def test_no_items_is_no_error() -> None:
    """Some servers say null for none."""
    assert read({"data": {"list": None}}).items == ()
    assert read({"data": {"list": []}}).items == ()


@pytest.mark.parametrize(
    ("document", "options", "message"),
    [
        ({"code": 1, "msg": "denied"}, {}, "no list at items: data.list; the answer is an object with code, msg"),
        (
            {"data": {"list": [{"headline": "x"}]}},
            {},
            "no item has anything at .*: the first is an object with headline",
        ),
        ([ENTRY], {"items": 3}, "the option items must be the path"),
        ([ENTRY], {"fields": None}, "the option fields must say"),
        ([ENTRY], {"fields": {"title": "a", "url": "b", "date": "c"}}, "not date"),
        ("text", {"items": ""}, "no list at items: the top; the answer is a text"),
    ],
)
def test_what_does_not_fit_is_told(document: Any, options: dict[str, Any], message: str) -> None:
    """The message names the option and what the answer has."""
    with pytest.raises(ParseError, match=message):
        read(document, **options)


def test_what_is_no_json_is_told() -> None:
    """A page instead of JSON."""
    with pytest.raises(ParseError, match="the answer is not JSON"):
        parse_answer("json", b"<html>", options=OPTIONS)
