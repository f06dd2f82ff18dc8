"""Furniture of a page says nothing about an item."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.tag.tagger import Tags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TSMC raises its forecast.\n\nShare on Facebook", {"tsmc"}),
        ("台积电上调预期。\n\n分享到腾讯微博", {"tsmc"}),
        ("TSMC raises its forecast.\n\nRelated articles\n\nNvidia does this\nAMD does that", {"tsmc"}),
        ("台积电上调预期。\n\n相关阅读：\n英伟达新卡发布\n华为新机发布", {"tsmc"}),
        ("TSMC raises its forecast.\n\nAbout the author: she worked at Google", {"tsmc"}),
        ("台积电上调预期。\n\n作者简介：曾任职于华为", {"tsmc"}),
        ("TSMC raises its forecast. https://www.google.com/search?q=Nvidia", {"tsmc"}),
        ("台积电上调预期。https://nvidia.com/腾讯", {"tsmc", "tencent"}),
        ("TSMC raises its forecast.\n\nRelated companies such as Nvidia, which needs every wafer it can have, rose as "
         "well, and the whole of the market followed them up.", {"tsmc", "nvidia"}),
    ],
)  # fmt: skip
def test_names_in_furniture_do_not_count(tag: Callable[..., Tags], text: str, expected: set[str]) -> None:
    """Share buttons, author boxes, lists of related articles and addresses give no tags; prose does."""
    assert {mention.id for mention in tag(text).companies} == expected


def test_furniture_is_told_as_a_reason(tag: Callable[..., Tags]) -> None:
    """What was left out says why."""
    tags = tag("台积电上调预期。\nShare on Facebook\n分享到腾讯微博")
    assert [(seen.id, seen.reason) for seen in tags.rejected] == [("meta", "share button"), ("tencent", "share button")]
