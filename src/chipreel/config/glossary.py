"""The tables that grouping works with: data/glossary.yaml, data/story_weights.json, data/story_background.tsv."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from chipreel.config.finished import find_finished
from chipreel.config.places import find_default
from chipreel.errors import ConfigError
from chipreel.model.story import Concept, Grouping, StoryKnowledge

KINDS = ("event", "thing", "place", "body", "measure")


def load_story_knowledge(
    glossary: Path | None = None, weights: Path | None = None, background: Path | None = None
) -> StoryKnowledge:
    """The glossary, the weights and the background counts, by default those that ship with the program.

    Raises ConfigError naming the file and the entry.
    """
    glossary = glossary or find_default("data/glossary.yaml")
    weights = weights or find_default("data/story_weights.json")
    background = background or find_default("data/story_background.tsv")
    size, counts = load_background(background)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (glossary, weights, background))).hexdigest()
    learnt, grouping = load_weights(weights)
    return StoryKnowledge(load_glossary(glossary), learnt, counts, size, grouping, digest[:12])


def load_glossary(path: Path) -> tuple[Concept, ...]:
    """The concepts of a glossary file."""
    finished = find_finished("data/glossary.yaml", path.read_bytes())
    if finished is None:
        return read_glossary(path)
    return tuple(
        Concept(name, kind, tuple(en), tuple(zh), *others) for name, kind, en, zh, *others in finished["concepts"]
    )


def pack_glossary(concepts: Iterable[Concept]) -> dict[str, Any]:
    """Concepts in values that JSON has."""
    return {"concepts": [list(astuple(concept)) for concept in concepts]}


def read_glossary(path: Path) -> tuple[Concept, ...]:
    """The concepts of a glossary in YAML: a mapping of kind → id → {en: [...], zh: [...]}."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError("not readable as YAML", path=str(path), line=mark.line + 1 if mark else None) from error
    if not isinstance(raw, dict):
        raise ConfigError("a glossary is a mapping of kinds", path=str(path), hint=", ".join(KINDS))
    families = _families(path, raw.pop("family", {}))
    once = _once(path, raw.pop("once", {}), families)
    concepts = tuple(
        replace(_concept(path, str(kind), str(name), entry), family=families.get(str(name)), **once.get(str(name), {}))
        for kind, entries in raw.items()
        for name, entry in _entries(path, str(kind), entries)
    )
    unknown = sorted(families.keys() - {concept.id for concept in concepts})
    if unknown:
        raise ConfigError(f"no concept is called {unknown[0]!r}", path=str(path), key="family")
    return concepts


def load_weights(path: Path) -> tuple[dict[str, float], Grouping]:
    """(kind of evidence → weight, how pairs become groups). What was learnt and what was set by hand count alike."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        weights = raw["weights"] | raw.get("set_by_hand", {})
        grouping = Grouping(**{str(name): float(value) for name, value in raw.get("grouping", {}).items()})
        return {str(name): float(value) for name, value in weights.items()}, grouping
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError("not a table of weights", path=str(path), hint='{"weights": {"name": 1.0}}') from error


def load_background(path: Path) -> tuple[int, dict[str, int]]:
    """(number of articles counted, term → how many of them hold it). The first line holds the number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        size = int(lines[0].split("\t")[1])
        return size, {term: int(count) for term, _, count in (line.partition("\t") for line in lines[1:] if line)}
    except (ValueError, IndexError) as error:
        raise ConfigError("not a table of counts", path=str(path), hint="articles<TAB>number first") from error


def _entries(path: Path, kind: str, entries: Any) -> list[tuple[Any, Any]]:
    if kind not in KINDS:
        raise ConfigError(f"unknown kind {kind!r}", path=str(path), key=kind, hint=", ".join(KINDS))
    if not isinstance(entries, dict):
        raise ConfigError("a kind is a mapping of ids", path=str(path), key=kind)
    return list(entries.items())


def _families(path: Path, raw: Any) -> dict[str, str]:
    """Concept → the family it belongs to."""
    if not isinstance(raw, dict) or not all(isinstance(members, list) for members in raw.values()):
        raise ConfigError("a family is a list of concepts", path=str(path), key="family")
    return {str(member): str(family) for family, members in raw.items() for member in members}


def _once(path: Path, raw: Any, families: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Concept → whose occurrence it is, and whether it names it by itself (the first of a family does)."""
    if not isinstance(raw, dict) or not set(raw) <= {"company", "product", "person"}:
        raise ConfigError("once is a mapping of company, product or person", path=str(path), key="once")
    found: dict[str, dict[str, Any]] = {}
    for whose, names in raw.items():
        for name in names:
            members = [concept for concept, family in families.items() if family == name] or [str(name)]
            found |= {member: {"once": whose, "decisive": member == members[0]} for member in members}
    return found


def _concept(path: Path, kind: str, name: str, entry: Any) -> Concept:
    if not isinstance(entry, dict) or not set(entry) <= {"en", "zh"} or not entry:
        raise ConfigError("a concept has the keys en and zh", path=str(path), key=f"{kind}.{name}")
    words = {lang: entry.get(lang) or [] for lang in ("en", "zh")}
    if not all(isinstance(group, list) for group in words.values()):
        raise ConfigError("en and zh are lists of words", path=str(path), key=f"{kind}.{name}")
    en, zh = (tuple(str(word) for word in words[lang]) for lang in ("en", "zh"))
    return Concept(name, kind, en, zh)
