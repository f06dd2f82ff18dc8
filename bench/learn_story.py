"""Learn what decides whether two articles tell of one event: data/story_weights.json and data/story_background.tsv.

    CHIPREEL_SHARED=… python bench/learn_story.py [--write] [--errors]

Labelled headlines (labelled/stories.jsonl) give pairs; a logistic regression (Newton's method, L2) gives weights. Each
window of days is also predicted by weights learnt on the other windows, and both figures are printed. The background
counts come from corpus/news.jsonl: figures about words, no sentence of it. Pure Python: it takes about a minute.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import itertools
import json
import math
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chipreel.config.glossary import load_glossary, load_story_knowledge
from chipreel.model import Annotation, Item
from chipreel.model.story import Grouping, StoryItem, StoryKnowledge
from chipreel.story.batch import cluster_fingerprints
from chipreel.story.evidence import story_item
from chipreel.story.fingerprint import Fingerprint, FingerprintMaker
from chipreel.story.pairs import find_evidence
from chipreel.story.profile import Profile
from chipreel.story.rarity import Rarity
from chipreel.story.window import Window

Evidence = dict[str, float]
#: (evidence, same event, weight of the example)
Example = tuple[Evidence, bool, float]
DATA = Path(__file__).resolve().parent.parent / "data"
#: Strength of the pull of all weights towards nought.
RIDGE = 8.0
#: What a pair of two events weighs; a pair of one event of n articles weighs (2 / n) ** EVEN_OUT, so that one big
#: story does not teach everything.
OTHER_EVENTS, EVEN_OUT = 0.7, 0.7
GROUPING = Grouping(threshold=-0.6, absent=-4.0, bound=4.0, strongest=0.5)
#: What titles alone cannot teach, in log-odds: a day more between two articles, one address, a lead that backs the
#: other's title (for each rare term), a copied text; and what there are too few examples of: one sum of one
#: company, other sums, other versions, what happens once, names of one event alone.
BY_HAND = {
    "once": 2.5,
    "dominant-name": 2.5,
    "other-version": -6.0,
    "one-sum": 1.2,
    "other-amount": -0.5,
    "other-counterpart": -6.0,
    "days": -0.3,
    "undated": -1.0,
    "same-address": 3.0,
    "lead": 0.5,
    "copied-text": 3.0,
}
#: Words counted in fewer articles of the background count as unseen.
LEAST_COUNT = 3
#: Code points of a text of the background that are read: about a headline and a half.
BACKGROUND_LENGTH = 160


def annotator() -> Callable[[Item], Annotation]:
    """The annotator with the lexicon that ships."""
    from chipreel.annotate import Annotator
    from chipreel.config.lexicon import load_lexicon
    from chipreel.config.weights import load_tag_model

    made = Annotator(load_lexicon(DATA / "companies.yaml"), load_tag_model())
    return made.annotate


def read_items(rows: Iterable[Mapping[str, Any]], annotate: Callable[[Item], Annotation]) -> list[StoryItem]:
    """Labelled or corpus rows as grouping sees them; the title is `title`, else the beginning of `text`."""
    items = []
    for row in rows:
        title = row.get("title") or row["text"][:BACKGROUND_LENGTH]
        item = Item(id=row["id"], title=title, lang=row.get("lang"), published=moment(row.get("published")))
        made = story_item(item, annotate(item))
        items.append(replace(made, lang=row.get("lang")))
    return items


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines. (Splitting by line feeds alone: a text may hold other line ends.)"""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def moment(text: str | None) -> datetime | None:
    """A labelled moment: a day or a minute."""
    try:
        return datetime.fromisoformat((text or "").replace("Z", "")).replace(tzinfo=UTC)
    except ValueError:
        return None


def count_background(fingerprints: Sequence[Fingerprint]) -> Counter[str]:
    """Term → articles with it, frequent ones only."""
    counts = Counter(term for fingerprint in fingerprints for term in fingerprint.terms)
    return Counter({term: count for term, count in counts.items() if count >= LEAST_COUNT})


def learn(examples: Sequence[Example], ridge: float = RIDGE) -> dict[str, float]:
    """Weights of a logistic regression by Newton's method over sparse rows."""
    names = sorted({name for evidence, _, _ in examples for name in evidence} - BY_HAND.keys())
    place = {name: at for at, name in enumerate(names)}
    rows = [
        ([(place[name], value) for name, value in evidence.items() if value and name in place], same, weight)
        for evidence, same, weight in examples
    ]
    weights = [0.0] * len(names)
    for _ in range(15):
        step = _newton_step(rows, weights, ridge)
        weights = [old + new for old, new in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return {name: round(value, 3) for name, value in zip(names, weights, strict=True)}


def _newton_step(
    rows: Sequence[tuple[list[tuple[int, float]], bool, float]], weights: list[float], ridge: float
) -> list[float]:
    size = len(weights)
    slope = [-ridge * weight for weight in weights]
    curve = [[ridge if row == column else 0.0 for column in range(size)] for row in range(size)]
    for values, same, importance in rows:
        log_odds = sum(weights[at] * value for at, value in values)
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
        push, bend = importance * (same - chance), importance * chance * (1 - chance)
        for at, value in values:
            slope[at] += push * value
            row, scaled = curve[at], bend * value
            for other, second in values:
                row[other] += scaled * second
    return _solve(curve, slope)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with partial pivoting."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            if factor:
                rows[below] = [low - factor * high for low, high in zip(rows[below], rows[at], strict=True)]
    solution = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * solution[column] for column in range(at + 1, size))
        solution[at] = (rows[at][size] - known) / rows[at][at]
    return solution


class Labelled:
    """Labelled headlines, their fingerprints and the evidence between all pairs within a window of days."""

    def __init__(self, rows: list[dict[str, Any]], prints: dict[str, Fingerprint], knowledge: StoryKnowledge) -> None:
        self.rows, self.prints, self.knowledge = rows, prints, knowledge
        self.story = {row["id"]: row["cluster"] for row in rows}
        self.size = Counter(self.story.values())
        self.windows: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            self.windows[row["cluster"].split("/")[0]].append(row["id"])
        self.evidence = {window: self._evidence(ids) for window, ids in self.windows.items()}

    def _evidence(self, ids: list[str]) -> list[tuple[str, str, Evidence]]:
        held = Window()
        for id in ids:
            held.add(self.prints[id])
        rarity = Rarity(self.knowledge.background, self.knowledge.background_size, held)
        profiles = {id: Profile(self.prints[id], rarity) for id in ids}
        return [
            (a, b, find_evidence(profiles[a], profiles[b], rarity))
            for a, b in itertools.combinations(sorted(ids), 2)
            if profiles[a].terms & profiles[b].terms
        ]

    def examples(self, windows: Iterable[str]) -> list[Example]:
        """The pairs of some windows, weighed."""
        return [
            (evidence, same, (2 / self.size[self.story[a]]) ** EVEN_OUT if same else OTHER_EVENTS)
            for window in windows
            for a, b, evidence in self.evidence[window]
            for same in (self.story[a] == self.story[b],)
        ]

    def group(self, window: str, weights: Mapping[str, float], how: Grouping) -> dict[str, str]:
        """The stories of one window under some weights."""
        known = replace(self.knowledge, weights=dict(weights) | BY_HAND, grouping=how)
        return cluster_fingerprints([self.prints[id] for id in self.windows[window]], known)

    def group_held_out(self, how: Grouping, ridge: float = RIDGE) -> dict[str, str]:
        """The stories of every window under weights learnt on the others."""
        found: dict[str, str] = {}
        for window in self.windows:
            weights = learn(self.examples(other for other in self.windows if other != window), ridge)
            found |= self.group(window, weights, how)
        return found


def figures(shared: Path, rows: list[dict[str, Any]], found: Mapping[str, str], errors: int = 0) -> str:
    """What the scorer says of a grouping."""
    spec = importlib.util.spec_from_file_location("score", shared / "score" / "score.py")
    assert spec
    assert spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        last = scorer.stories(rows, [{"id": id, "story": story} for id, story in found.items()], errors)
    return printed.getvalue() + last


def prepare(shared: Path, annotate: Callable[[Item], Annotation]) -> tuple[Labelled, Counter[str], int]:
    """Labelled headlines with their evidence, and the background."""
    maker = FingerprintMaker(load_glossary(DATA / "glossary.yaml"))
    corpus = read_rows(shared / "corpus" / "news.jsonl")
    counts = count_background([maker.make(item) for item in read_items(corpus, annotate)])
    rows = read_rows(shared / "labelled" / "stories.jsonl")
    prints = {item.id: maker.make(item) for item in read_items(rows, annotate)}
    knowledge = StoryKnowledge(background=counts, background_size=len(corpus))
    return Labelled(rows, prints, knowledge), counts, len(corpus)


def save(labelled: Labelled, counts: Mapping[str, int], size: int) -> None:
    """Write both files."""
    weights = learn(labelled.examples(labelled.windows))
    table = {
        "about": "Log-odds that two articles tell of one event: each kind of evidence times its weight, summed. "
        "Kinds are explained in docs/design.md and in story/pairs.py.",
        "learnt_on": f"stories.jsonl: {len(labelled.rows)} headlines, {len(labelled.size)} events",
        "weights": dict(sorted(weights.items(), key=lambda pair: -pair[1])),
        "set_by_hand": BY_HAND,
        "grouping": {name: getattr(GROUPING, name) for name in ("threshold", "absent", "bound", "strongest")},
    }
    (DATA / "story_weights.json").write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = [f"articles\t{size}", *(f"{term}\t{count}" for term, count in sorted(counts.items()))]
    (DATA / "story_background.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write both files")
    parser.add_argument("--errors", type=int, default=0, help="print that many mistakes of the held-out grouping")
    options = parser.parse_args()
    shared = Path(os.environ["CHIPREEL_SHARED"])
    labelled, counts, size = prepare(shared, annotator())
    print(
        "each window by weights learnt on the others\n"
        + figures(shared, labelled.rows, labelled.group_held_out(GROUPING), options.errors)
    )
    weights = learn(labelled.examples(labelled.windows))
    plain: dict[str, str] = {}
    for window in labelled.windows:
        plain |= labelled.group(window, weights, GROUPING)
    print("learnt and tested on all\n" + figures(shared, labelled.rows, plain))
    if options.write:
        save(labelled, counts, size)
        print("version", load_story_knowledge().version)


if __name__ == "__main__":
    main()
