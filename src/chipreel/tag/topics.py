"""Topics for reading: what kind of news an item is. Several may hold."""

from __future__ import annotations

from collections.abc import Mapping

#: Words that say by themselves that a model comes out.
_NEW_MODEL = frozenset({"word release: new model", "word release: new models", "word release: 新模型"})
#: What a model that comes out, a product and the supply of chips are told by.
_MODELS = frozenset({"any: models", "any: video generation", "any: image generation"}) | _NEW_MODEL
_GOODS = frozenset({"any: consumer", "any: platform", "any: chips"})
_SUPPLY = frozenset({"any: chips", "any: memory", "any: compute", "any: chip makers"})
#: Every topic, in the order in which it is shown.
TOPICS = ("model-release", "product", "funding", "earnings", "chips-supply", "policy", "courts", "people", "research",
          "opinion")  # fmt: skip


def find_topics(features: Mapping[str, float]) -> tuple[str, ...]:
    """The topics that the words of an item's head speak of.

    One word of a narrow group is enough; of a wide one (people, policy, research, opinion) it takes two.
    """
    seen = features.keys()
    count = features.get
    release = "any: release" in seen
    held = {
        "model-release": release and not seen.isdisjoint(_MODELS),
        "product": release and not seen.isdisjoint(_GOODS),
        "funding": "any: funding" in seen,
        "earnings": count("words: earnings", 0) >= 2,
        "chips-supply": not seen.isdisjoint(_SUPPLY),
        "policy": "any: export control" in seen or count("words: policy", 0) >= 2,
        "courts": "any: court" in seen,
        "people": count("words: people", 0) >= 2,
        "research": count("words: research", 0) >= 2,
        "opinion": count("words: opinion", 0) >= 2,
    }
    return tuple([topic for topic in TOPICS if held[topic]])
