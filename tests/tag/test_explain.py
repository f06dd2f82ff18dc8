"""Every tag says why, and so does every name that was left out."""

from __future__ import annotations

import json

import pytest

from chipreel.annotate import Annotator
from chipreel.config.weights import load_tag_model
from chipreel.model import Item, Lexicon


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon, load_tag_model())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia buys H20 wafers; apple pie. Sora 2, says Sam Altman. $MU",
         [("Nvidia", True, "name"), ("H20", True, "context"), ("apple", False, "word against it near"),
          ("Sora 2", True, "family"), ("Sam Altman", True, "person"), ("MU", True, "ticker")]),
        ("英伟达下单H20芯片；果园苹果一斤两元。可灵2.0，奥特曼谈OpenAI。688981",
         [("英伟达", True, "name"), ("H20", True, "context"), ("苹果", False, "word against it near"),
          ("可灵2.0", True, "family"), ("奥特曼", True, "context"), ("OpenAI", True, "name"),
          ("688981", True, "ticker")]),
    ],
)  # fmt: skip
def test_every_mention_is_marked_with_its_reason(
    annotator: Annotator, text: str, expected: list[tuple[str, bool, str]]
) -> None:
    """Marks come in the order of the text, accepted ones with their rule, rejected ones with what spoke against."""
    marks = annotator.explain(Item(id="x", text=text))["marks"]
    told = {(mark["surface"], mark["accepted"], why) for mark in marks for why in _parts(mark["why"])}
    assert set(expected) <= told
    assert [mark["start"] for mark in marks] == sorted(mark["start"] for mark in marks)
    assert all(text[mark["start"] : mark["end"]] == mark["surface"] for mark in marks)


def _parts(why: str) -> tuple[str, ...]:
    return (why.split(":")[0], *why.split(", "))


@pytest.mark.parametrize("text", ["Nvidia unveils a GPU for data centers", "英伟达发布数据中心GPU"])
def test_decisions_show_their_largest_contributions(annotator: Annotator, text: str) -> None:
    """Each decision comes with its probability, its threshold and the features that moved it, weightiest first."""
    decisions = annotator.explain(Item(id="x", text=text))["decisions"]
    assert set(decisions) == {"relevance", "video", "chips"}
    for decision in decisions.values():
        weights = [abs(part["weight"]) for part in decision["contributions"]]
        assert weights
        assert weights == sorted(weights, reverse=True)
        assert decision["yes"] == (decision["probability"] >= decision["threshold"])
    assert decisions["chips"]["yes"]
    assert decisions["relevance"]["yes"]


def test_an_explanation_is_plain_data(annotator: Annotator) -> None:
    """It can be written as JSON as it is."""
    explained = annotator.explain(Item(id="x", title="输出", text="Meta and 苹果"))
    assert json.loads(json.dumps(explained, ensure_ascii=False)) == explained


def test_what_is_explained_is_what_is_annotated(annotator: Annotator) -> None:
    """Explanation and annotation come from the same decisions."""
    item = Item(id="x", title="快手可灵2.0上线", text="Apple, Arm and 甲骨文 watch; Oracle bones, apples.")
    annotation, explained = annotator.annotate(item), annotator.explain(item)
    assert [m.id for m in annotation.companies] == [m["id"] for m in explained["companies"]]
    assert annotation.relevant == explained["decisions"]["relevance"]["yes"]
    assert {m["id"] for m in explained["marks"] if not m["accepted"]} == {seen.id for seen in annotation.rejected}


@pytest.mark.parametrize(
    "text",
    [
        "An apple pie cools beside the oracle's arm; a runway, a pika",
        "果园的苹果一斤两元，天边的地平线，早餐是包子和豆包",
    ],
)
def test_a_rejected_name_is_listed_once(annotator: Annotator, text: str) -> None:
    """Whatever number of companies, people and products go by a name, a place is told of once."""
    rejected = annotator.annotate(Item(id="x", text=text)).rejected
    places = [(seen.field, seen.start, seen.end) for seen in rejected]
    assert places
    assert len(places) == len(set(places))
