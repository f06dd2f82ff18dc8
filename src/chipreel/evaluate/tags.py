"""How right tags are: labelled items against what was found in them.

Labels name `companies`; those in `allowed` are neither right nor wrong. Where they stand, `relevant` (0 or 1) and
`beats` are scored too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from chipreel.evaluate.score import Score

Row = Mapping[str, Any]


#: (question, language or "all") → counts. Questions: companies, relevant, beats, and company:<id>.
Scores = dict[tuple[str, str], Score]


def score_tags(gold: Iterable[Row], pred: Iterable[Row]) -> Scores:
    """Counts by question and language; an item without a prediction counts as one in which nothing was found."""
    found = {row["id"]: row for row in pred}
    scores: defaultdict[tuple[str, str], Score] = defaultdict(Score)
    for row in gold:
        got = found.get(row["id"], {})
        for question, score in _scored(row, got):
            for lang in (row.get("lang") or "en", "all"):
                scores[question, lang] += score
    return dict(scores)


def _scored(row: Row, got: Row) -> Iterable[tuple[str, Score]]:
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


def _compare(given: set[Any], want: set[Any]) -> Score:
    return Score(len(given & want), len(given - want), len(want - given))
