"""The tables of grouping: what ships is sound, what is wrong is refused with its place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from chipreel.config.glossary import load_background, load_glossary, load_story_knowledge, load_weights
from chipreel.config.places import find_default
from chipreel.errors import ConfigError
from chipreel.text.fold import fold


def test_every_word_belongs_to_one_concept() -> None:
    """Words of the glossary that ship are unique in either language, and no Chinese word is one character."""
    concepts = load_glossary(find_default("data/glossary.yaml"))
    assert len(concepts) > 300
    for lang in ("en", "zh"):
        words = Counter(fold(word) for concept in concepts for word in set(getattr(concept, lang)))
        assert [word for word, count in words.items() if count > 1] == []
    assert [word for concept in concepts for word in concept.zh if len(word) < 2] == []


def test_every_event_is_in_both_languages() -> None:
    concepts = load_glossary(find_default("data/glossary.yaml"))
    assert [concept.id for concept in concepts if not (concept.en and concept.zh)] == []


def test_what_ships_is_complete() -> None:
    """Weights, background and version come along; the same files have the same version."""
    knowledge = load_story_knowledge()
    assert knowledge.weights["base"] < 0 < knowledge.weights["who-what"]
    assert knowledge.background_size > 1000
    assert knowledge.version == load_story_knowledge().version


def test_results_are_once_a_quarter() -> None:
    """The first concept of the family decides, the others go along."""
    by_id = {concept.id: concept for concept in load_glossary(find_default("data/glossary.yaml"))}
    assert (by_id["earnings"].once, by_id["earnings"].decisive) == ("company", True)
    assert (by_id["stock-down"].once, by_id["stock-down"].decisive) == ("company", False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a list", "mapping"),
        ("verb: {sue: {en: [sue], zh: [起诉]}}", "unknown kind"),
        ("event: {sue: [sue, 起诉]}", "en and zh"),
        ("event: {sue: {en: sue}}", "lists"),
        ("event: {sue: {en: [sue]}}\nfamily: {court: [ruling]}", "no concept"),
        ("event: {sue: {en: [sue]}}\nonce: {city: [sue]}", "once"),
        ("event: {sue: {en: [sue", "YAML"),
    ],
)
def test_a_faulty_glossary_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as caught:
        load_glossary(path)
    assert caught.value.path == str(path)


def test_faulty_numbers_are_refused(tmp_path: Path) -> None:
    weights, background = tmp_path / "weights.json", tmp_path / "background.tsv"
    weights.write_text('{"weights": {"base": "much"}}', encoding="utf-8")
    background.write_text("articles\t10\nc:openai\tmany\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_weights(weights)
    with pytest.raises(ConfigError):
        load_background(background)
