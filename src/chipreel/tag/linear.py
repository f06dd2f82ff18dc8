"""A linear model that can say why: features times weights, squeezed to 0…1."""

from __future__ import annotations

import math
from collections.abc import Mapping

from chipreel.model.tag_model import LinearModel

#: (feature, what it added to the sum), the weightiest first.
Contributions = tuple[tuple[str, float], ...]


def probability(model: LinearModel, features: Mapping[str, float]) -> float:
    """0 to 1: how much the features speak for a yes."""
    weights = model.weights
    parts = [weights[name] * value for name, value in features.items() if name in weights]
    parts.append(model.bias)
    # fsum rounds once, so that the order of the features cannot change the last digit.
    total = math.fsum(parts)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def is_yes(model: LinearModel, features: Mapping[str, float]) -> bool:
    """Whether the sum reaches the model's line."""
    return probability(model, features) >= model.threshold


def contributions(model: LinearModel, features: Mapping[str, float], *, limit: int = 8) -> Contributions:
    """The features that moved the sum most, with the bias as a feature of its own."""
    weights = model.weights
    parts = [(name, weights[name] * features[name]) for name in features.keys() & weights.keys()]
    parts.append(("bias", model.bias))
    parts.sort(key=lambda part: (-abs(part[1]), part[0]))
    return tuple((name, round(value, 3)) for name, value in parts[:limit] if value)
