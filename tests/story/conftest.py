"""Headlines of our own making, as grouping sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chipreel.config.glossary import load_story_knowledge
from chipreel.model.story import StoryItem, StoryKnowledge

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def knowledge() -> StoryKnowledge:
    """The tables that ship."""
    return load_story_knowledge()


@pytest.fixture(scope="session")
def tell() -> Callable[..., StoryItem]:
    """Makes an article: `tell("a1", "Title", "en", companies=("openai",), hours=3)`."""

    def make(id: str, title: str, lang: str = "en", *, hours: float = 0, **known: Any) -> StoryItem:
        known.setdefault("published", MONDAY + timedelta(hours=hours))
        known.setdefault("source", f"source-{id}")
        known.setdefault("url", f"https://{id}.example/{id}")
        named = []
        for name in known.pop("names", ()):
            start = title.index(name)
            named.append((start, start + len(name)))
        return StoryItem(id=id, title=title, lang=lang, named=tuple(named), **known)

    return make


@pytest.fixture(scope="session")
def week(tell: Callable[..., StoryItem]) -> dict[str, tuple[StoryItem, ...]]:
    """Four events of one week, told in both scripts; name of the event → articles."""
    sora = {"companies": ("openai",), "products": ("sora",), "names": ("OpenAI", "Sora")}
    kling = {"companies": ("kuaishou",), "products": ("kling",)}
    return {
        "shutdown": (
            tell("s1", "OpenAI will shut down Sora app in June", "en", **sora),
            tell("s2", "OpenAI is closing its Sora video app", "en", hours=2, **sora),
            tell("s3", "OpenAI 宣布关闭 Sora 视频应用", "zh", hours=5, **sora),
            tell("s4", "OpenAI 宣佈關閉 Sora 影片應用程式", "zh", hours=6, **sora),
        ),
        "funding": (
            tell("f1", "Kuaishou raises $2 billion for Kling", "en", hours=1, names=("Kuaishou", "Kling"), **kling),
            tell("f2", "快手为可灵融资20亿美元", "zh", hours=3, names=("快手", "可灵"), **kling),
        ),
        "lawsuit": (
            tell("l1", "Studios sue Midjourney over copyright of film characters", "en", companies=("midjourney",),
                 names=("Midjourney",)),
            tell("l2", "好莱坞制片厂起诉Midjourney侵犯电影角色版权", "zh", hours=9, companies=("midjourney",),
                 names=("Midjourney",)),
        ),
        "foundry": (
            tell("t1", "TSMC breaks ground on second fab in Arizona", "en", companies=("tsmc",), names=("TSMC",)),
            tell("t2", "台积电亚利桑那州第二座晶圆厂动工", "zh", hours=4, companies=("tsmc",), names=("台积电",)),
        ),
    }  # fmt: skip
