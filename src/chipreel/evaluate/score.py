"""What is counted of every question: right, extra and missed, and the shares that follow from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one question."""

    #: Found and labelled; found and not labelled; labelled and not found.
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
        return harmonic_mean(self.precision, self.recall)

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.extra + other.extra, self.missed + other.missed)


def harmonic_mean(precision: float, recall: float) -> float:
    """F1 of two shares, 0 to 1; 0 when both are 0."""
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0
