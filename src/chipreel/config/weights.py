"""Read the tagger's word lists and weights: data/tag_terms.json and data/tag_weights.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from chipreel.config.places import find_default
from chipreel.errors import ConfigError
from chipreel.model.tag_model import LinearModel, TagModel


def load_tag_model(terms: Path | None = None, weights: Path | None = None) -> TagModel:
    """The tag model of two files, by default those that ship. Raises ConfigError for one missing or out of shape."""
    terms = terms or find_default("data/tag_terms.json")
    weights = weights or find_default("data/tag_weights.json")
    words, figures = _load(terms), _load(weights)
    try:
        return TagModel(
            terms={group: (*lists["en"], *lists["zh"]) for group, lists in words["groups"].items()},
            ambiguity=_linear(figures["ambiguity"]),
            relevance=_linear(figures["relevance"]),
            video=_linear(figures["video"]),
            chips=_linear(figures["chips"]),
            version=hashlib.sha256(terms.read_bytes() + weights.read_bytes()).hexdigest()[:12],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"not a file of weights: {error!r}", path=str(weights), hint="bench/learn_tags.py writes it"
        ) from error


def _load(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot be read: {error}", path=str(path)) from error
    if not isinstance(loaded, dict):
        raise ConfigError("must hold an object", path=str(path))
    return loaded


def _linear(entry: dict[str, Any]) -> LinearModel:
    weights = {str(name): float(value) for name, value in entry["weights"].items()}
    return LinearModel(bias=float(entry["bias"]), weights=weights, threshold=float(entry["threshold"]))
