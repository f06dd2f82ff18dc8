"""How a stage is measured: processor time, the best of some rounds, ours and the others' in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chipreel.model import Item


@dataclass(frozen=True)
class Rate:
    """One stage beside what people would use instead, or beside the least that it could cost."""

    stage: str
    #: Units a second.
    ours: float
    unit: str
    beside: str
    theirs: float
    #: What was read.
    of: str


def best_s(works: Sequence[Callable[[], object]], rounds: int = 3) -> list[float]:
    """Seconds of the processor that each takes in its best round; they take turns."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            started = time.process_time()
            work()
            best[number] = min(best[number], time.process_time() - started)
    return best


def megabytes(texts: Sequence[str]) -> float:
    """UTF-8 size."""
    return sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6


def texts_of(items: Sequence[Item]) -> list[str]:
    """Titles and texts."""
    return [text for item in items for text in (item.title, item.text) if text]
