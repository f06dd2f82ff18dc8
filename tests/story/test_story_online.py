"""New articles find their story among those of the last days."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from chipreel.model.story import StoryItem, StoryKnowledge
from chipreel.story import StoryIndex, cluster, pack_fingerprint, unpack_fingerprint

Tell = Callable[..., StoryItem]
Week = dict[str, tuple[StoryItem, ...]]


@pytest.fixture
def index(knowledge: StoryKnowledge) -> StoryIndex:
    return StoryIndex(knowledge)


def test_a_batch_gives_the_stories_of_the_batch_grouping(
    week: Week, index: StoryIndex, knowledge: StoryKnowledge
) -> None:
    """Into an empty index, online and batch grouping agree."""
    items = [item for event in week.values() for item in event]
    assert cluster(items, knowledge) == {one.item: one.story for one in index.assign(items)}


def test_the_order_within_a_batch_does_not_matter(week: Week, knowledge: StoryKnowledge) -> None:
    items = week["shutdown"] + week["funding"]
    found = {
        frozenset((one.item, one.story) for one in StoryIndex(knowledge).assign(order))
        for order in itertools.islice(itertools.permutations(items), 0, 720, 97)
    }
    assert len(found) == 1


def test_one_article_after_another_ends_in_the_same_stories(
    week: Week, index: StoryIndex, knowledge: StoryKnowledge
) -> None:
    """Articles that come alone, Chinese and English in turn, join the story that stands."""
    items = sorted((item for event in week.values() for item in event), key=lambda item: (item.published, item.id))
    found = {}
    for item in items:
        (one,) = index.assign([item])
        found[one.item] = one.story
    assert cluster(items, knowledge) == found


def test_a_new_article_joins_a_story_from_the_store(week: Week, index: StoryIndex) -> None:
    """What `add` let in keeps its name; the tie tells whom the new one joined, `explain` why."""
    first, *others = week["shutdown"]
    index.add(first, "s41")
    found = index.assign(others)
    assert [one.story for one in found] == ["s41"] * 3
    assert not any(one.is_new for one in found)
    assert all(one.edge and one.edge.a == "s1" for one in found)
    assert all(edge.contributions for edge in index.explain(["s1", *(one.item for one in found)]))


def test_a_new_story_is_named_by_the_caller(week: Week, index: StoryIndex) -> None:
    found = index.assign(week["foundry"], name=lambda id: f"s-{id}")
    assert {("t1", "s-t1", True), ("t2", "s-t1", True)} == {(one.item, one.story, one.is_new) for one in found}


def test_a_bridge_joins_two_stories_and_tells_what_moved(tell: Tell, index: StoryIndex) -> None:
    """When a new article shows that two stories are one, the smaller becomes part of the larger."""
    known = {"companies": ("anthropic",), "products": ("claude",)}
    for at, title in enumerate(
        ("Claude outage hits users across Europe", "Claude outage continues for users in Europe")
    ):
        index.add(tell(f"en{at}", title, "en", names=("Claude",), **known), "s1")
    index.add(tell("zh0", "Claude服务大面积宕机，用户无法登录", "zh", names=("Claude",), **known), "s2")
    found = index.assign([tell("zh1", "Claude服务大面积宕机，欧洲用户受影响", "zh", names=("Claude",), **known)])
    assert {one.item: one.story for one in found} == {"zh1": "s1", "zh0": "s1"}
    assert [one.moved_from for one in found if one.moved_from] == ["s2"]


def test_what_left_the_window_is_forgotten(tell: Tell, index: StoryIndex) -> None:
    """After `forget_before` a like report starts a new story."""
    old = tell("old", "Runway launches Gen-6 video model", companies=("runway",))
    index.add(old, "s1")
    index.forget_before(old.published.timestamp() / 86400 + 1)  # type: ignore[union-attr]
    assert len(index) == 0
    (found,) = index.assign([tell("new", "Runway launches Gen-6 video model", companies=("runway",), hours=30)])
    assert found.is_new


def test_the_window_keeps_to_its_capacity(tell: Tell, knowledge: StoryKnowledge) -> None:
    """An archive put in at one go does not grow the window; the first articles go first."""
    index = StoryIndex(knowledge, capacity=50)
    for at in range(0, 300, 25):
        index.assign([tell(f"a{number:03}", f"Rumour number {number} about chips") for number in range(at, at + 25)])
    assert 50 <= len(index) <= 55
    assert index.explain(["a299"]) == ()
    with pytest.raises(KeyError):
        index.explain(["a000"])


def test_an_article_that_comes_again_is_placed_anew(tell: Tell, index: StoryIndex) -> None:
    """A revised title can move an article; it is never in two stories."""
    index.assign([tell("a", "Kuaishou raises $2 billion for Kling", companies=("kuaishou",))])
    index.assign([tell("b", "Arm unveils a server chip of its own", companies=("arm",))])
    (moved,) = index.assign([tell("b", "Kuaishou raises $2 billion for Kling video", companies=("kuaishou",))])
    assert moved.story == "a"
    assert len(index) == 2


def test_an_empty_batch_changes_nothing(index: StoryIndex) -> None:
    assert index.assign([]) == ()
    index.remove(["unknown"])


def test_a_packed_fingerprint_is_the_fingerprint(week: Week, index: StoryIndex) -> None:
    """Packing loses nothing; a line of another version of the tables is refused."""
    for item in week["shutdown"]:
        made = index.maker.make(item)
        assert made == unpack_fingerprint(item.id, pack_fingerprint(made, "v1"), "v1")
        assert unpack_fingerprint(item.id, pack_fingerprint(made, "v1"), "v2") is None
    assert unpack_fingerprint("1", "not a line", "v1") is None
