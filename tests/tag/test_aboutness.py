"""Primary or passing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.tag.tagger import Tags

EN = "Prices rose again this week as buyers waited for news of supply. " * 6
ZH = "本周价格再度上涨，买家等待供货的消息，市场观望情绪浓厚。" * 15


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Nvidia raises its forecast", f"Nvidia sees more demand. {EN} Huawei was also seen at the fair."),
        ("英伟达上调预期", f"英伟达看到更多需求。{ZH}华为也到了展会。"),
    ],
)
def test_the_title_makes_primary_and_the_tail_passing(tag: Callable[..., Tags], title: str, text: str) -> None:
    """Who stands in the title is what the item is about; who comes by once near the end is not."""
    tags = tag(text, title=title)
    assert [(m.id, m.primary) for m in tags.companies] == [("nvidia", True), ("huawei", False)]


def test_scores_are_between_0_and_1_and_order_the_mentions(tag: Callable[..., Tags]) -> None:
    """The first of the companies is the one the item is most about."""
    scores = [m.score for m in tag("TSMC and 华为 " * 400 + EN + "AMD", title="Nvidia Nvidia 英伟达").companies]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_repetition_counts_for_more(tag: Callable[..., Tags]) -> None:
    """The same place named again and again weighs more than once."""
    once, often = tag(f"{EN} AMD. Huawei."), tag(f"{EN} AMD. AMD. AMD. AMD. Huawei.")
    scores = [{m.id: m.score for m in tags.companies} for tags in (once, often)]
    assert scores[1]["amd"] > scores[0]["amd"]
    assert scores[1]["amd"] > scores[1]["huawei"]
