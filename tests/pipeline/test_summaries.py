"""Summaries by a language model: a model of our own that says what it is told to say."""

from __future__ import annotations

from typing import Any

import pytest

from chipreel.config.places import Places, find_default
from chipreel.errors import ConfigError
from chipreel.pipeline.editions import preview
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.summaries import summarise

TEXT = "Nvidia ships a chip called B200. It costs $40,000, the chief executive said on Monday in San Jose, California."
CHINESE = "英伟达发布了B200芯片。首席执行官周一表示，它的价格为4万美元，年底前开始供货给主要客户。"


@pytest.fixture
def rooms(project: Any, tmp_path: Any) -> Rooms:
    """With the lexicon that ships."""
    return Rooms(Places(project / "feeds.yaml", find_default("data/companies.yaml"), tmp_path / "x.db", tmp_path))


@pytest.mark.parametrize(
    ("lang", "answer", "stands"),
    [
        ("en", "Nvidia ships a chip named B200.\nIt costs $40,000.", True),
        ("en", "Nvidia ships a chip named B200. It costs $70,000.", False),
        ("en", "Nvidia ships a chip named B200 that beats AMD.", False),
        ("en", "Nvidia ships a chip, “the best there is”.", False),
        ("zh", "英伟达发布B200芯片，价格为4万美元。", True),
        ("zh", "英伟达与软银发布B200芯片。", False),
        ("zh", "英伟达发布B200芯片，黄仁勋称“天下无双”。", False),
    ],
)
def test_a_summary_stands_only_if_the_articles_bear_it(
    newsroom: Any, rooms: Rooms, lang: str, answer: str, stands: bool
) -> None:
    """Else the lines of the articles stand alone."""
    newsroom.article("Nvidia ships B200", text=TEXT, story=newsroom.story())
    newsroom.article("英伟达发布B200", text=CHINESE, story=1, source="caijing", lang="zh")
    newsroom.lang = lang
    asked = []

    def write(instruction: str, reports: str) -> str:
        asked.append((instruction, reports))
        return answer

    made = summarise(newsroom.db, rooms, preview(newsroom.db, newsroom.wanted()), "fake", write)

    assert made.entries[0].summary == (" ".join(answer.split()) if stands else None)
    assert made.entries[0].lines
    assert [TEXT in reports and CHINESE in reports for _, reports in asked] == [True]


def test_only_top_stories_are_summarised_and_a_model_that_fails_delays_nothing(newsroom: Any, rooms: Rooms) -> None:
    """Whatever its plugin raises."""
    for number in range(8):
        newsroom.article(f"Nvidia ships chip {number}", text=TEXT)
    count = 0

    def fail(_instruction: str, _reports: str) -> str:
        nonlocal count
        count += 1
        raise RuntimeError("no credit left")

    before = preview(newsroom.db, newsroom.wanted())
    made = summarise(newsroom.db, rooms, before, "fake", fail)

    assert made == before
    assert count == newsroom.profile.limits.top


def test_the_real_library_is_asked(newsroom: Any, rooms: Rooms, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A model registered with `llm` as any plugin does it; one that nobody registered is an error of the settings."""
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    llm = pytest.importorskip("llm")

    class Parrot(llm.Model):  # type: ignore[misc]
        model_id = "parrot"
        can_stream = False

        def execute(self, prompt: Any, stream: bool, response: Any, conversation: Any = None) -> Any:
            assert "two plain sentences" in prompt.system
            yield prompt.prompt.splitlines()[1].split(". ")[0] + "."

    monkeypatch.setattr(llm, "get_model", lambda name: Parrot() if name == "parrot" else _unknown(llm, name))
    newsroom.article("Nvidia ships B200", text=TEXT)
    digest = preview(newsroom.db, newsroom.wanted())

    assert summarise(newsroom.db, rooms, digest, "parrot").entries[0].summary == "Nvidia ships a chip called B200."
    with pytest.raises(ConfigError, match="no model"):
        summarise(newsroom.db, rooms, digest, "cuckoo")


def _unknown(llm: Any, name: str) -> Any:
    raise llm.UnknownModelError(name)
