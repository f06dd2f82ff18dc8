"""Topics for reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chipreel.tag.tagger import Tags
from chipreel.tag.topics import TOPICS


@pytest.mark.parametrize(
    ("english", "chinese", "topic"),
    [
        ("OpenAI releases a new language model", "OpenAI发布新语言模型", "model-release"),
        ("Huawei launches a foldable phone", "华为推出折叠屏手机", "product"),
        ("Cerebras raises $1 billion at a higher valuation", "壁仞完成新一轮融资，估值上升", "funding"),
        ("Nvidia revenue and profit beat the forecast this quarter", "英伟达季度营收与净利润均超预期", "earnings"),
        ("TSMC expands advanced packaging of HBM chips", "台积电扩产先进封装与HBM芯片", "chips-supply"),
        ("Washington tightens export controls", "美国收紧出口管制", "policy"),
        ("Authors sue over copyright", "作家就版权提起诉讼", "courts"),
        ("The chief scientist leaves, a co-founder joins", "首席科学家离职，联合创始人加盟", "people"),
        ("Researchers publish a paper on a new algorithm", "研究团队发表论文，提出新算法", "research"),
    ],
)
def test_topics_in_both_languages(tag: Callable[..., Tags], english: str, chinese: str, topic: str) -> None:
    """The same news has the same topic in English and in Chinese."""
    assert topic in tag(english).topics
    assert topic in tag(chinese).topics


def test_topics_come_in_one_order(tag: Callable[..., Tags]) -> None:
    """Several may hold, always in the order in which they are shown."""
    topics = tag("OpenAI sues over a paper: funding, export controls, CEO leaves, new model released").topics
    assert list(topics) == [topic for topic in TOPICS if topic in topics]
    assert len(topics) > 2
