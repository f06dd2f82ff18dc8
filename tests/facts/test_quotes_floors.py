"""How well quotations are found: floors on our own labelled texts and on the shared ones."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from chipreel.evaluate.quotes import QuoteScore, score_quotes
from chipreel.facts.quotes import find_quotes


def _score(path: Path) -> dict[str, QuoteScore]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    told = [
        {"id": row["id"], "quotes": [asdict(quote) for quote in find_quotes(row["text"], lang=row["lang"])]}
        for row in rows
    ]
    return score_quotes(rows, told)


def test_our_own_labels_are_well_formed(project: Path) -> None:
    """At least 120 texts, half of them Chinese, in both forms of it; segments lie between quotation marks."""
    path = project / "data" / "labelled" / "quotes.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    langs = [row["lang"] for row in rows]
    assert len({row["id"] for row in rows}) == len(rows) >= 120
    assert abs(langs.count("en") - langs.count("zh")) <= 12
    assert sum("「" in row["text"] for row in rows) >= 8
    for row in rows:
        for label in row["quotes"]:
            for start, end in label["quoted_segments"]:
                assert row["text"][start - 1] in "“\"「‘'"
                assert row["text"][end : end + 1] in "”\"」’'\n"
            assert label["speaker"] is None or label["speaker"] in row["text"]


def test_the_floor_on_our_own_labels_holds(project: Path) -> None:
    """Passages and speakers in both languages."""
    scores = _score(project / "data" / "labelled" / "quotes.jsonl")
    assert min(scores["en"].passages.f1, scores["zh"].passages.f1) >= 0.98
    assert min(scores["en"].spoken.f1, scores["zh"].spoken.f1) >= 0.95


def test_the_floor_on_the_shared_labels_holds(shared: Path) -> None:
    """News paragraphs of many papers; half of them were never looked at while the English rules were written."""
    scores = _score(shared / "labelled" / "quotes.jsonl")
    assert scores["en"].passages.f1 >= 0.975
    assert scores["zh"].passages.f1 >= 0.96
    assert scores["en"].spoken.f1 >= 0.93
    assert scores["zh"].spoken.f1 >= 0.82
