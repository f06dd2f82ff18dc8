"""Stories keep their names."""

from __future__ import annotations

import pytest

from chipreel.model.story import Merge, Split
from chipreel.story import keep_names


def grouping(**stories: str) -> dict[str, str]:
    """`grouping(s1="abc")` puts articles a, b and c into s1."""
    return {id: story for story, ids in stories.items() for id in ids}


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (grouping(s1="ab"), grouping(k="ab"), {"k": "s1"}),
        (grouping(s1="ab"), grouping(k="abcde"), {"k": "s1"}),
        (grouping(s1="abc", s2="d"), grouping(k="abcd"), {"k": "s1"}),
        (grouping(s1="abc"), grouping(k="ab", m="c"), {"k": "s1"}),
        (grouping(s9="a", s12="b"), grouping(k="ab"), {"k": "s9"}),
        (grouping(s1="abc", s2="de"), grouping(k="abd", m="ce"), {"k": "s1", "m": "s2"}),
        (grouping(s1="ab"), grouping(k="xy"), {}),
        ({}, grouping(k="a"), {}),
    ],
    ids=["same", "grows", "merges", "splits", "natural order", "both", "all gone", "first time"],
)
def test_names_go_where_most_articles_went(old: dict[str, str], new: dict[str, str], kept: dict[str, str]) -> None:
    assert kept == dict(keep_names(old, new).kept)


def test_a_merged_story_points_to_its_heir() -> None:
    found = keep_names(grouping(s1="abc", s2="de"), grouping(k="abcde"))
    assert (Merge("s2", "s1"),) == found.merged
    assert found.split == ()


def test_a_split_off_story_points_to_its_origin() -> None:
    found = keep_names(grouping(s1="abcd"), grouping(k="abc", m="d"))
    assert (Split("s1", "m"),) == found.split
    assert found.merged == ()


def test_no_name_is_given_twice() -> None:
    """A story that falls into equal halves names one of them."""
    found = keep_names(grouping(s1="abcd"), grouping(k="ab", m="cd"))
    assert dict(found.kept) == {"k": "s1"}
