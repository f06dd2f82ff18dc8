"""How right tags are: labelled items against what was found in them.

Labels name `companies`; those in `allowed` are neither right nor wrong. Where they stand, `relevant` (0 or 1) and
`beats` are scored too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TagScore:
    """Counts of one question in one language."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was given that is right; 0 when nothing was given."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 0.0

    @property
    def recall(self) -> float:
        """Share of what should be given that was; 0 when there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: TagScore) -> TagScore:
        return TagScore(self.right + other.right, self.extra + other.extra, self.missed + other.missed)


#: (question, language or "all") → counts. Questions: companies, relevant, beats, and company:<id>.
Scores = dict[tuple[str, str], TagScore]


def score_tags(gold: Iterable[Row], pred: Iterable[Row]) -> Scores:
    """Counts by question and language; an item without a prediction counts as one in which nothing was found."""
    found = {row["id"]: row for row in pred}
    scores: defaultdict[tuple[str, str], TagScore] = defaultdict(TagScore)
    for row in gold:
        got = found.get(row["id"], {})
        for question, score in _scored(row, got):
            for lang in (row.get("lang") or "en", "all"):
                scores[question, lang] += score
    return dict(scores)


def _scored(row: Row, got: Row) -> Iterable[tuple[str, TagScore]]:
    want, free = set(row.get("companies", ())), set(row.get("allowed", ()))
    given = _ids(got.get("companies")) - (free - want)
    yield "companies", _compare(given, want)
    for company in sorted(given | want):
        yield f"company:{company}", _compare(given & {company}, want & {company})
    if "relevant" in row:
        yield "relevant", _compare({1} if got.get("relevant") else set(), {1} if row["relevant"] else set())
    if "beats" in row:
        yield "beats", _compare(set(got.get("beats") or ()), set(row["beats"]))


def _ids(mentions: Any) -> set[Any]:
    return {mention["id"] if isinstance(mention, Mapping) else mention for mention in mentions or ()}


def _compare(given: set[Any], want: set[Any]) -> TagScore:
    return TagScore(len(given & want), len(given - want), len(want - given))
