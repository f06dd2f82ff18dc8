"""How right grouping is: labelled clusters against the stories given.

BCubed: for each item, which share of its story belongs with it, and which share of what belongs with it is there.
Pairs: the same question of every two items. Items of different windows (the part of a cluster's name before a slash)
are not compared: nothing is labelled across windows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from chipreel.evaluate.score import Score, harmonic_mean

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoryScore:
    """How well items were grouped."""

    #: Mean over items, 0 to 1.
    bcubed_precision: float
    bcubed_recall: float
    #: Pairs of items by languages: "en", "zh", "across", "all".
    pairs: Mapping[str, Score]

    @property
    def bcubed_f1(self) -> float:
        """Harmonic mean of both."""
        return harmonic_mean(self.bcubed_precision, self.bcubed_recall)


def score_stories(gold: Iterable[Row], pred: Iterable[Row]) -> StoryScore:
    """Scores of a grouping; gold rows have `cluster`, predicted ones `story`. An item without a story stands alone."""
    rows = list(gold)
    story = {row["id"]: row.get("story") for row in pred}
    window = {row["id"]: str(row["cluster"]).partition("/")[0] for row in rows}
    truth = {row["id"]: str(row["cluster"]) for row in rows}
    mine = {key: (window[key], story.get(key) or f"alone {key}") for key in truth}
    wanted, given = _members(truth), _members(mine)
    shares = [(given[mine[key]], wanted[truth[key]]) for key in truth]
    precision = sum(len(group & want) / len(group) for group, want in shares)
    recall = sum(len(group & want) / len(want) for group, want in shares)
    count = max(1, len(truth))
    return StoryScore(precision / count, recall / count, _pairs(rows, truth, mine))


def _pairs(rows: list[Row], truth: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Score]:
    lang = {row["id"]: row.get("lang") or "en" for row in rows}
    scores: defaultdict[str, Score] = defaultdict(Score)
    for first, second in combinations(sorted(truth), 2):
        same, should = mine[first] == mine[second], truth[first] == truth[second]
        if same or should:
            score = Score(int(same and should), int(same and not should), int(should and not same))
            scores[lang[first] if lang[first] == lang[second] else "across"] += score
            scores["all"] += score
    return dict(scores)


def _members(groups: Mapping[str, Any]) -> dict[Any, set[str]]:
    members: defaultdict[Any, set[str]] = defaultdict(set)
    for key, group in groups.items():
        members[group].add(key)
    return members
