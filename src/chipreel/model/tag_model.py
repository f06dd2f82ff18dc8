"""What the tagger weighs with: word lists in both languages and learnt weights. Read from data/ by `config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A sum of weighted features and the line it must reach. Readable: every weight has a name."""

    bias: float = 0.0
    #: Weight of each feature; a feature that is not listed weighs nothing.
    weights: Mapping[str, float] = field(default_factory=dict)
    #: At least this much on the logistic scale of 0 to 1 is a yes.
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class TagModel:
    """Word lists and weights of one release. The default holds none: then every company named is relevant."""

    #: Group → words of both scripts: "chips" → ("gpu", "芯片", …).
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Whether an ambiguous name is meant as the company.
    ambiguity: LinearModel = LinearModel()
    relevance: LinearModel = LinearModel()
    video: LinearModel = LinearModel()
    chips: LinearModel = LinearModel()
    #: Digest of the content, for telling whether stored tags are of this release.
    version: str = ""
