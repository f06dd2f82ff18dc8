"""A day of the race as candidates: both scripts, an update, a post, sums, quotes, troubles. All of it invented."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chipreel.digest.compose import Edition, compose
from chipreel.model.digest import (
    Candidate,
    Digest,
    DigestArticle,
    Found,
    OpenDelivery,
    Said,
    SourceTrouble,
    Sum,
    Wording,
)
from chipreel.model.profile import Limits, Profile

NOW = datetime(2024, 2, 16, 23, 30, tzinfo=UTC)
NAMES = (
    ("nvidia", "Nvidia", "英伟达"),
    ("openai", "OpenAI", "OpenAI"),
    ("sam-altman", "Sam Altman", "萨姆·奥尔特曼"),
    ("softbank", "SoftBank", "软银"),
)
SNAPSHOTS = Path(__file__).with_name("snapshots")


def make_article(number: int, title: str, **values: Any) -> DigestArticle:
    """An article; what is not told is that of a press report of two hours ago."""
    source = values.pop("source", "wire")
    base = DigestArticle(
        id=number,
        title=title,
        url=f"https://{source}.example/{number}",
        source_id=source,
        source_title=source.title(),
        publisher=source,
        role="press",
        lang="zh" if any("\u3400" <= char <= "\u9fff" for char in title) else "en",
        published=NOW - timedelta(hours=2, minutes=number),
        first_seen=NOW - timedelta(hours=1, minutes=number),
        relevance=0.9,
        companies=("nvidia",),
        primary=("nvidia",),
        beats=("chips",),
        topics=("product",),
    )
    return replace(base, **values)


def a_day() -> list[Candidate]:
    """Six stories."""
    launch = (
        make_article(
            1,
            "OpenAI shows a model that makes a minute of video",
            source="openai-blog",
            role="official",
            companies=("openai",),
            primary=("openai",),
            beats=("video",),
            text="The model is called Sora. It makes videos of up to a minute from a description. Read more.",
        ),
        make_article(
            2,
            "OpenAI发布视频模型Sora，一句话生成一分钟视频",
            source="jiangwan",
            companies=("openai",),
            primary=("openai",),
            beats=("video",),
            text="OpenAI周四发布了视频模型Sora。它能根据一句话生成长达60秒的视频，画面连贯。公司称暂不向公众开放。",
        ),
        make_article(3, "Sora: a minute of video from one line", source="tidewater", beats=("video",), text=None),
    )
    money = (
        make_article(
            4,
            "SoftBank seeks $100 billion for chips",
            companies=("softbank", "nvidia"),
            primary=("softbank",),
            text="The founder of SoftBank seeks up to $100 billion for a maker of AI chips. Nvidia would be its rival.",
        ),
        make_article(
            5,
            "软银拟筹1000亿美元造芯",
            source="caijing",
            companies=("softbank",),
            primary=("softbank",),
            text="软银要造芯。",
        ),
    )
    update = (
        make_article(6, "Nvidia's chip is late", source="daily", is_new=False, was_given=True, is_revised=True),
        make_article(7, "英伟达芯片推迟到明年", source="nanhu"),
    )
    post = (
        make_article(
            8,
            "Physics *is* [not] in the prompt <b>",
            source="posts",
            role="community",
            kind="post",
            author="A. Researcher",
            published=None,
            beats=("video", "chips"),
            url="javascript:alert(1)",
        ),
    )
    quiet = (make_article(9, "A week in wafers", source="lattice", role="analysis", primary=(), beats=()),)
    return [
        Candidate(
            "s1",
            "new",
            launch,
            said=(
                Said("今天这个消息太大了", "奥尔特曼", "sam-altman", 1, 2, "https://jiangwan.example/2", (2,)),
                Said("We are sharing our research early,", "Altman", "sam-altman", 2, 1, None, (1, 3)),
            ),
        ),
        Candidate(
            "s2",
            "new",
            money,
            sums=(
                Sum("$100 billion", 1e11, "softbank", "seeking", 2, 4, None, (4, 5), ("$100 billion", "1000亿美元")),
            ),
        ),
        Candidate(
            "s3",
            "update",
            update,
            outlets_before=1,
            delivered_at=NOW - timedelta(days=1),
            wordings=(Wording(6, "Nvidia's chip is on time", ""),),
            sums=(Sum("32亿欧元", 3.4e9, None, "capex", 1, 7, "https://nanhu.example/7", (7,), ("32亿欧元",)),),
        ),
        Candidate("s4", "new", post),
        Candidate("s5", "new", quiet),
        Candidate("s6", "new", (make_article(10, "Old talk", published=NOW - timedelta(days=9), relevance=0.3),)),
    ]


def an_edition(lang: str = "en", **values: Any) -> Edition:
    """What surrounds the day."""
    base = Edition(
        profile=Profile(limits=Limits(floor=1.5, top=2)),
        lang=lang,
        timezone="Asia/Shanghai",
        made_at=NOW,
        since=NOW - timedelta(days=1),
        names=NAMES,
        troubles=(
            SourceTrouble("mill", "Old | Mill", "blocked", "HTML where a feed was expected", NOW - timedelta(5)),
        ),
        attention=tuple(("nvidia", date(2024, 1, 1) + timedelta(n), 1 + n % 3) for n in range(48)),
        open_deliveries=(OpenDelivery(7, 3, "mail", "unknown", NOW - timedelta(days=1), "interrupted"),),
        found=(Found("HBM", "高带宽内存涨价", "https://chaoxin.example/1", "潮芯观察", 99),),
    )
    return replace(base, **values)


@pytest.fixture
def article() -> Callable[..., DigestArticle]:
    """Makes articles."""
    return make_article


@pytest.fixture
def day() -> list[Candidate]:
    """Six stories."""
    return a_day()


@pytest.fixture
def edition() -> Callable[..., Edition]:
    """Makes what surrounds them."""
    return an_edition


@pytest.fixture(params=["en", "zh"])
def digest(request: pytest.FixtureRequest) -> Digest:
    """The day, composed, in both languages."""
    return compose(a_day(), an_edition(request.param))


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compares a text with the one kept under a name; CHIPREEL_SNAPSHOTS=write keeps it anew."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("CHIPREEL_SNAPSHOTS") == "write":
            SNAPSHOTS.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
