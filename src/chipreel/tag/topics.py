"""Topics for reading: what kind of news an item is. Several may hold."""

from __future__ import annotations

from collections.abc import Mapping

#: Words that say by themselves that a model comes out.
_NEW_MODEL = ("word release: new model", "word release: new models", "word release: 新模型")
#: Every topic, in the order in which it is shown.
TOPICS = ("model-release", "product", "funding", "earnings", "chips-supply", "policy", "courts", "people", "research",
          "opinion")  # fmt: skip


def find_topics(features: Mapping[str, float]) -> tuple[str, ...]:
    """The topics that the words of an item's head speak of.

    One word of a narrow group is enough; of a wide one (people, policy, research, opinion) it takes two.
    """

    def words(group: str) -> float:
        return features.get(f"words: {group}", 0.0)

    release = words("release") >= 1
    models = words("models") + words("video generation") + words("image generation") >= 1
    held = {
        "model-release": release and (models or any(word in features for word in _NEW_MODEL)),
        "product": release and words("consumer") + words("platform") + words("chips") >= 1,
        "funding": words("funding") >= 1,
        "earnings": words("earnings") >= 2,
        "chips-supply": words("chips") + words("memory") + words("compute") + words("chip makers") >= 1,
        "policy": words("export control") >= 1 or words("policy") >= 2,
        "courts": words("court") >= 1,
        "people": words("people") >= 2,
        "research": words("research") >= 2,
        "opinion": words("opinion") >= 2,
    }
    return tuple(topic for topic in TOPICS if held[topic])
