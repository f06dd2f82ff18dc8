"""How well sums are found: floors on our own labelled texts and on the shared ones."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chipreel.evaluate.money import MoneyScore, score_money
from chipreel.facts.money import find_money


def _score(path: Path) -> dict[str, MoneyScore]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return score_money(rows, [_predict(row) for row in rows])


def _predict(row: dict[str, Any]) -> dict[str, Any]:
    names = [(name["id"], name["start"], name["end"]) for name in row.get("names", ())]
    return {"id": row["id"], "money": [asdict(m) for m in find_money(row["text"], lang=row["lang"], companies=names)]}


def test_our_own_labels_are_well_formed(project: Path) -> None:
    """At least 120 texts, half of them Chinese, in both forms of it; every span is where it says."""
    path = project / "data" / "labelled" / "money.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    langs = [row["lang"] for row in rows]
    assert len(rows) >= 120
    assert abs(langs.count("en") - langs.count("zh")) <= 10
    for row in rows:
        for label in row["expected"]:
            assert row["text"][label["start"] : label["end"]] == label["surface"]


def test_the_floor_on_our_own_labels_holds(project: Path) -> None:
    """Sums, roles and owners in both languages."""
    scores = _score(project / "data" / "labelled" / "money.jsonl")
    assert scores["en"].sums.f1 >= 0.98
    assert scores["zh"].sums.f1 >= 0.98
    assert scores["all"].roles_right >= 0.96 * scores["all"].roles
    assert scores["all"].owners_right >= 0.96 * scores["all"].owners


def test_the_floor_on_the_shared_labels_holds(shared: Path) -> None:
    """Sums in both languages; the texts are of many kinds and eras."""
    scores = _score(shared / "labelled" / "money.jsonl")
    assert scores["en"].sums.f1 >= 0.93
    assert scores["zh"].sums.f1 >= 0.95


def test_the_race_of_february_2024_comes_out_right(shared: Path) -> None:
    """Seven trillion and ten billion sought, a hundred billion sought, 1.78 trillion of market value, the start-ups."""
    text = (shared / "corpus" / "article-2024-02-21.txt").read_text(encoding="utf-8")
    names = {
        "openai": "OpenAI",
        "nvidia": "英伟达",
        "softbank": "软银集团",
        "cerebras": "Cerebras",
        "graphcore": "Graphcore",
    }
    people = {"sam-altman": "奥特曼", "masayoshi-son": "孙正义"}
    found = find_money(text, companies=_places(text, names), people=_places(text, people))
    told = [(m.surface, m.role, m.owner) for m in found]
    assert told == [
        ("七万亿美元", "seeking", "openai"),
        ("1.78万亿美元", "market-value", "nvidia"),
        ("1000亿美元", "seeking", "softbank"),
        ("60亿美元", "raised", None),
        ("250亿美元", "valued", None),
        ("100亿美元", "seeking", "sam-altman"),
        ("7万亿美元", "seeking", "sam-altman"),
    ]


def _places(text: str, names: dict[str, str]) -> list[tuple[str, int, int]]:
    found = []
    for key, name in names.items():
        place = text.find(name)
        while place >= 0:
            found.append((key, place, place + len(name)))
            place = text.find(name, place + 1)
    return found
