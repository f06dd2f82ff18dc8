"""How well sums are found: labelled texts against what `find_money` says of them.

A sum is right when its span overlaps the labelled one by half of both together, its amount is one of the labelled ends
and its currency the labelled one. Where a label names a role or an owner, those are counted too, among the right sums.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chipreel.evaluate.score import Score

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MoneyScore:
    """Counts of one language, or of all ("all")."""

    sums: Score = field(default_factory=Score)
    #: Of the right sums with a label for it: how many have it right, and how many there are.
    roles_right: int = 0
    roles: int = 0
    owners_right: int = 0
    owners: int = 0

    def __add__(self, other: MoneyScore) -> MoneyScore:
        return MoneyScore(
            self.sums + other.sums,
            self.roles_right + other.roles_right,
            self.roles + other.roles,
            self.owners_right + other.owners_right,
            self.owners + other.owners,
        )


def score_money(gold: Iterable[Row], pred: Iterable[Row]) -> dict[str, MoneyScore]:
    """Scores by language and "all".

    `gold`: rows of data/labelled/money.jsonl (`id`, `lang`, `expected`, `ignore`); `pred`: rows of `chipreel annotate`
    (`id`, `money`), joined on the id. A row without a prediction counts as missed throughout.
    """
    found = {row["id"]: row.get("money") or [] for row in pred}
    scores: dict[str, MoneyScore] = {"all": MoneyScore()}
    for row in gold:
        lang = row.get("lang", "en")
        score = _score_row(row, found.get(row["id"], []))
        scores[lang] = scores.get(lang, MoneyScore()) + score
        scores["all"] += score
    return scores


def _score_row(row: Row, sums: Iterable[Row]) -> MoneyScore:
    left: list[Row] = list(row["expected"])
    extra: list[Row] = []
    pairs: list[tuple[Row, Row]] = []
    for money in sums:
        hit = next((label for label in left if _is_same(money, label)), None)
        if hit is None:
            extra.append(money)
        else:
            left.remove(hit)
            pairs.append((money, hit))
    # The other end of a range and what is too vague to label are neither right nor wrong.
    neutral = [*row.get("ignore", ()), *(label for label in row["expected"] if label.get("value_high") is not None)]
    extra = [money for money in extra if not any(_overlap(money, span) for span in neutral)]
    roles, owners = _compare(pairs, "role"), _compare(pairs, "owner")
    return MoneyScore(Score(len(pairs), len(extra), len(left)), sum(roles), len(roles), sum(owners), len(owners))


def _compare(pairs: Iterable[tuple[Row, Row]], key: str) -> list[bool]:
    return [money.get(key) == label[key] for money, label in pairs if key in label]


def _overlap(a: Row, b: Row) -> int:
    return max(0, min(int(a["end"]), int(b["end"])) - max(int(a["start"]), int(b["start"])))


def _is_same(money: Row, label: Row) -> bool:
    whole = int(max(money["end"], label["end"])) - int(min(money["start"], label["start"]))
    if money.get("amount") is None or _overlap(money, label) * 2 < whole:
        return False
    ends = [end for end in (label["value"], label.get("value_high")) if end is not None]
    near = any(math.isclose(float(money["amount"]), abs(float(end)), rel_tol=1e-6) for end in ends)
    return near and label["currency"] in (None, money.get("currency"))
