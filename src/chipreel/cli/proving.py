"""Labelled files → tables of precision, recall and F1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chipreel.evaluate.score import Score


def prove(what: str, rows: Iterable[dict[str, Any]], companies: Path | None) -> list[dict[str, Any]]:
    """What chipreel finds in labelled rows against their labels: one row a question and language."""
    gold = list(rows)
    if what == "stories":
        return _stories(gold, companies)
    found = list(_found(gold, companies))
    if what == "tags":
        from chipreel.evaluate.tags import score_tags

        scores = score_tags(gold, found)
        return [_row(question, lang, score) for (question, lang), score in sorted(scores.items())]
    if what == "money":
        from chipreel.evaluate.money import score_money

        return [_row("money", lang, score.sums) for lang, score in sorted(score_money(gold, found).items())]
    return _quotes(gold, found)


def _quotes(gold: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from chipreel.evaluate.quotes import score_quotes

    table = []
    for lang, score in sorted(score_quotes(gold, found).items()):
        table.append(_row("quotes", lang, score.passages))
        table.append(_row("quotes with speaker", lang, score.spoken))
    return table


def _stories(gold: list[dict[str, Any]], companies: Path | None) -> list[dict[str, Any]]:
    from chipreel.cli.rooms import cluster_rows
    from chipreel.evaluate.stories import score_stories

    score = score_stories(gold, [{"id": key, "story": story} for key, story in cluster_rows(gold, companies)])
    bcubed = {
        "question": "BCubed",
        "lang": "all",
        "precision": score.bcubed_precision,
        "recall": score.bcubed_recall,
        "f1": score.bcubed_f1,
        "right": "",
        "extra": "",
        "missed": "",
    }
    return [bcubed, *(_row("pairs", lang, pairs) for lang, pairs in sorted(score.pairs.items()))]


def _found(gold: Sequence[dict[str, Any]], companies: Path | None) -> Iterable[dict[str, Any]]:
    from chipreel.cli.lines import annotation_line, item_of
    from chipreel.cli.rooms import annotator

    tagger = annotator(companies)
    for row in gold:
        item, source = item_of({**row, "companies": None})
        yield annotation_line(row, item, tagger.annotate(item, source=source))


def _row(question: str, lang: str, score: Score) -> dict[str, Any]:
    return {
        "question": question,
        "lang": lang,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "right": score.right,
        "extra": score.extra,
        "missed": score.missed,
    }
