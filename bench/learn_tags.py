"""Learn the tagger's weights from labelled items and write them to data/tag_weights.json.

    python bench/learn_tags.py FILE.jsonl… [--out data/tag_weights.json] [--only relevance,beats] [--folds 5]

A labelled file has one object a line: {"id", "lang", "text" or "title", "companies", "allowed", "beats", "relevant"}.
Lines without "relevant" teach only which ambiguous names are meant. Logistic regression with a quadratic penalty, by
coordinate descent in a fixed order: the same files give the same weights. Every figure printed is cross-validated: an
item is judged by weights that never saw it.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.model import Item, Lexicon, LinearModel, TagModel
from chipreel.tag import Tagger
from chipreel.tag.linear import is_yes

#: What is believed of an ambiguous name before any label is seen; learning moves from here, and where the labels are
#: silent this stands. (Bias and weights on the logistic scale.)
BELIEFS = {
    "bias": 0.0,
    "written as the name": 1.2,
    "in capitals": 0.4,
    "in lower case": -2.8,
    "in lower case among Chinese": -0.2,
    "written as the name, as all around": -0.6,
    "a product that speaks": -2.0,
    "a product behind another name": -1.0,
    "a person's word before": -2.0,
    "part of a longer name": -1.5,
    "short, part of a longer name": -3.0,
    "trade word near": 0.2,
    "money word near": 0.9,
    "money word elsewhere": 0.3,
    "article before": -1.6,
    "capital word before": -0.9,
    "capital word after": -0.2,
    "sentence start": -0.1,
    "company word after": 0.8,
    "possessive": 0.4,
    "in a list": 0.3,
    "sign @": 0.3,
    "sign #": 0.2,
    "sign $": 2.0,
    "Chinese around": 0.7,
    "digits": -1.5,
    "company word after (zh)": 0.9,
    "edge before (zh)": 0.4,
    "same company named": 3.0,
    "source speaks for it": 2.5,
    "owner or owned named": 0.8,
    "other companies": 0.9,
    "other doubtful names": 0.5,
    "word for it near": 1.8,
    "word for it elsewhere": 0.9,
    "word against it near": -2.4,
    "word against it elsewhere": -1.2,
    "race word near": 0.6,
    "race word elsewhere": 0.1,
    "no race words": -1.0,
    "with a version": 1.2,
    "a person": -0.2,
    "a product": -0.2,
    "a product, alone": -1.5,
    "a number before": -1.5,
    "short, a product, alone": -1.5,
    "short, same company named": 3.0,
    "short, source speaks for it": 2.0,
    "short, word for it near": 1.2,
    "short, word for it elsewhere": 0.6,
    "short, word against it near": -2.4,
    "short, word against it elsewhere": -1.0,
    "short, capital word before": -1.5,
    "short, other companies": -0.3,
    "short, no race words": -1.0,
}
Row = tuple[dict[str, float], bool]
Penalty = Callable[[str], float]


def penalty_of_item(feature: str) -> float:
    """Single words and single products are seen rarely and are held back more than groups of them."""
    if feature.startswith("word "):
        return 1.5
    if feature.startswith(("product of ", "spoken for group ", "companies: ")):
        return 0.5
    if feature.startswith(("product ", "spoken ")) or ", " in feature:
        return 2.0
    return 1.0


def penalty_of_name(feature: str) -> float:
    """What one name is usually meant as is learnt readily; that a product rarely stands alone is held on to.

    Chosen by cross-validation over tags.jsonl and names.jsonl together: 87 wrong of 763, and 106 without names.
    """
    if feature.startswith("the name "):
        return 1.0
    return 8.0 if feature == "a product, alone" else 2.0


def fit(
    rows: Sequence[Row], penalty: Penalty, *, beliefs: Mapping[str, float] | None = None, passes: int = 40
) -> LinearModel:
    """Logistic regression by coordinate descent, held to `beliefs` (0 where there is none) by a quadratic penalty.

    A feature seen once or twice only and not believed in is left out.
    """
    believed = dict(beliefs or {})
    bias = believed.pop("bias", 0.0)
    columns = _columns(rows, at_least=3, known=believed)
    answers = [1.0 if answer else 0.0 for _, answer in rows]
    weights = dict.fromkeys(columns, 0.0) | believed
    sums = [bias + sum(weights.get(name, 0.0) * value for name, value in features.items()) for features, _ in rows]
    # Where nothing speaks either way a belief stands; without beliefs the labels set the base rate freely.
    hold = 20.0 if beliefs else 1e-3
    everyone = [(index, 1.0) for index in range(len(rows))]
    for _ in range(passes):
        step = _step(everyone, sums, answers, bias, hold)
        bias += step
        largest = abs(step)
        for feature, column in columns.items():
            drift = weights[feature] - believed.get(feature, 0.0)
            step = _step(column, sums, answers, drift, penalty(feature))
            weights[feature] += step
            largest = max(largest, abs(step))
        if largest < 1e-3:
            break
    kept = {feature: round(weight, 3) for feature, weight in sorted(weights.items()) if abs(weight) >= 0.02}
    return LinearModel(bias=round(bias, 3), weights=kept)


def _columns(rows: Sequence[Row], at_least: int, known: Container[str]) -> dict[str, list[tuple[int, float]]]:
    columns: dict[str, list[tuple[int, float]]] = {}
    for index, (features, _) in enumerate(rows):
        for feature, value in features.items():
            columns.setdefault(feature, []).append((index, value))
    return {
        feature: columns[feature]
        for feature in sorted(columns)
        if len(columns[feature]) >= at_least or feature in known
    }


def _step(
    column: Iterable[tuple[int, float]], sums: list[float], answers: list[float], drift: float, penalty: float
) -> float:
    """One Newton step for one weight, `drift` from what is believed of it, bounded; moves the sums along."""
    slope, bend = penalty * drift, penalty
    for index, value in column:
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, sums[index]))))
        slope += (chance - answers[index]) * value
        bend += chance * (1 - chance) * value * value
    step = max(-1.0, min(1.0, -slope / bend))
    for index, value in column:
        sums[index] += step * value
    return step


def fold_of(id_: str, folds: int) -> int:
    """The fold of an item: by its id, so that the order of the file does not matter."""
    return int(sha256(id_.encode()).hexdigest(), 16) % folds


def cross_validate(
    keyed: Sequence[tuple[str, str, Row]], penalty: Penalty, folds: int, beliefs: Mapping[str, float] | None = None
) -> tuple[list[tuple[str, bool, float]], float]:
    """(language, answer, probability) of every item by weights that never saw it, and the threshold of best F1."""
    from chipreel.tag.linear import probability

    judged = []
    for fold in range(folds):
        model = fit([row for id_, _, row in keyed if fold_of(id_, folds) != fold], penalty, beliefs=beliefs)
        for id_, lang, (features, answer) in keyed:
            if fold_of(id_, folds) == fold:
                judged.append((lang, answer, probability(model, features)))
    best = max((f1(judged, step / 100), -abs(step - 50), step / 100) for step in range(30, 71, 2))
    return judged, best[2]


def f1(judged: Sequence[tuple[str, bool, float]], threshold: float, lang: str | None = None) -> float:
    """F1 of the answers at a threshold, in one language or in all."""
    kept = [(answer, chance >= threshold) for language, answer, chance in judged if lang in (None, language)]
    right = sum(answer and said for answer, said in kept)
    wrong = sum(answer != said for answer, said in kept)
    return 2 * right / (2 * right + wrong) if right else 0.0


#: Groups of terms that may speak of a beat; the others would only be learnt by heart.
GROUPS = {
    "video": {"video generation", "image generation", "video makers", "pictures", "ai products"},
    "chips": {
        *("chips", "memory", "compute", "chip makers", "export control", "models", "ai products"),
        *("earnings", "funding", "people", "consumer", "bargain", "index round-up", "vehicles"),
    },
}


def speaks_of(model: str, feature: str) -> bool:
    """Whether a feature may weigh in a model: everything in relevance, what belongs to it in a beat."""
    groups = GROUPS.get(model)
    if groups is None:
        return True
    for lead in ("words: ", "any: ", "nobody, ", "company, "):
        if feature.startswith(lead):
            return feature.removeprefix(lead) in groups
    if feature.startswith("word "):
        return feature.removeprefix("word ").partition(":")[0] in groups
    return feature != "product of neither beat" and (model == "video" or not feature.startswith("pictures"))


def learn_item_models(tagger: Tagger, labelled: Sequence[dict[str, object]], folds: int) -> dict[str, LinearModel]:
    """Weights of relevance and both beats."""
    told = [row for row in labelled if "relevant" in row]
    features = [tagger.tag(item_of(row)).features for row in told]
    answers: dict[str, Callable[[dict[str, object]], bool]] = {
        "relevance": lambda row: bool(row["relevant"]),
        "video": lambda row: "video" in row["beats"],  # type: ignore[operator]
        "chips": lambda row: "chips" in row["beats"],  # type: ignore[operator]
    }
    models = {}
    beats: dict[str, list[tuple[str, bool, float]]] = {}
    for name, answer in answers.items():
        keyed = [
            (
                str(row["id"]),
                str(row["lang"]),
                ({feature: value for feature, value in found.items() if speaks_of(name, feature)}, answer(row)),
            )
            for row, found in zip(told, features, strict=True)
        ]
        judged, threshold = cross_validate(keyed, penalty_of_item, folds)
        figures = " ".join(f"{lang} {f1(judged, threshold, lang):.3f}" for lang in ("en", "zh"))
        print(f"{name}: cross-validated F1 {figures}, threshold {threshold}, {len(keyed)} items")
        beats[name] = [(lang, said, chance - threshold) for lang, said, chance in judged]
        models[name] = replace(fit([row for _, _, row in keyed], penalty_of_item), threshold=threshold)
    both = beats["video"] + beats["chips"]
    print("beats together:", " ".join(f"{lang} {f1(both, 0.0, lang):.3f}" for lang in ("en", "zh")))
    return models


def learn_ambiguity(tagger: Tagger, labelled: Sequence[dict[str, object]], folds: int) -> LinearModel:
    """Weights of the judge of ambiguous names: every candidate whose company the labels settle is a row."""
    keyed = []
    for row in labelled:
        _, accepted = tagger.examine(item_of(row))
        named = {found.company for found in accepted.names if not found.rule.startswith("context")}
        for candidate, company, features, _ in accepted.judged:
            meant = company in row["companies"]  # type: ignore[operator]
            free = company in row.get("allowed", [])  # type: ignore[operator]
            if candidate.name.kind == "person":
                meant = meant or free
            elif company in named or free:
                continue
            keyed.append((str(row["id"]), str(row["lang"]), (features, meant)))
    judged, _ = cross_validate(keyed, penalty_of_name, folds, BELIEFS)
    said = [is_yes(tagger.model.ambiguity, features) == answer for _, _, (features, answer) in keyed]
    print(
        f"ambiguity: {len(keyed)} names, right now {sum(said) / len(said):.3f}, learnt (cross-validated)"
        f" {sum((chance >= 0.5) == answer for _, answer, chance in judged) / len(judged):.3f}"
    )
    return fit([row for _, _, row in keyed], penalty_of_name, beliefs=BELIEFS)


def item_of(row: dict[str, object]) -> Item:
    """The item of a labelled line."""
    title, text = row.get("title"), row.get("text")
    return Item(id=str(row["id"]), title=str(title) if title else None, text=str(text) if text else None)


def render_weights(model: TagModel) -> str:
    """The weights as a file that people read: one weight a line, by name."""
    about = "Weights of the tagger, learnt by bench/learn_tags.py. A sum of weights above the threshold is a yes."
    parts = {
        name: {"bias": linear.bias, "threshold": linear.threshold, "weights": dict(sorted(linear.weights.items()))}
        for name, linear in (
            ("ambiguity", model.ambiguity),
            ("relevance", model.relevance),
            ("video", model.video),
            ("chips", model.chips),
        )
    }
    return json.dumps({"about": about, **parts}, ensure_ascii=False, indent=1) + "\n"


def read_labelled(paths: Iterable[Path]) -> list[dict[str, object]]:
    """Every line of the labelled files."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--companies", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--skip", default="", help="ambiguity or items: keep those weights as they are")
    options = parser.parse_args()
    lexicon: Lexicon = load_lexicon(options.companies or find_default("data/companies.yaml"))
    model, labelled = load_tag_model(), read_labelled(options.files)
    if options.skip != "ambiguity":
        model = replace(model, ambiguity=learn_ambiguity(Tagger(lexicon, model), labelled, options.folds))
    if options.skip != "items":
        model = replace(model, **learn_item_models(Tagger(lexicon, model), labelled, options.folds))
    if options.out:
        options.out.write_text(render_weights(model), "utf-8")


if __name__ == "__main__":
    main()
