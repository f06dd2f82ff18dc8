"""Floors of the tagger on the shared labelled sets, by language. Lowering one takes a reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.model import Item
from chipreel.tag import Tagger
from chipreel.tag.tagger import Tags

Judged = list[tuple[dict[str, object], Tags]]

#: (file, language) → least F1 of companies.
#: Five of the nine mistakes left in English names are labels one may argue about (International Business Machines, the
#: waters of the Amazon), which is why that floor is lower.
COMPANIES = {("tags", "en"): 0.98, ("tags", "zh"): 0.98, ("names", "en"): 0.95, ("names", "zh"): 0.96}
#: language → least F1 on tags.jsonl.
BEATS = {"en": 0.92, "zh": 0.92}
RELEVANCE = {"en": 0.95, "zh": 0.945}
#: What the article that began it names.
ARTICLE = """openai google meta apple amazon nvidia amd intel arm softbank samsung skhynix cerebras graphcore biren
moorethreads dmatrix sequoia 5y-capital bytedance runway pika stability midjourney""".split()


@pytest.fixture(scope="module")
def full_tagger() -> Tagger:
    return Tagger(load_lexicon(find_default("data/companies.yaml")), load_tag_model())


@pytest.fixture(scope="module")
def judged(shared: Path, full_tagger: Tagger) -> dict[str, Judged]:
    return {name: _tag_all(full_tagger, shared / "labelled" / f"{name}.jsonl") for name in ("tags", "names")}


def _tag_all(tagger: Tagger, path: Path) -> Judged:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [(row, tagger.tag(Item(id=row["id"], text=row["text"]))) for row in rows]


def f1(pairs: Iterable[tuple[set[str], set[str], set[str]]]) -> float:
    """F1 over (said, wanted, neither right nor wrong)."""
    right = wrong = missed = 0
    for said, wanted, free in pairs:
        right += len(said & wanted)
        wrong += len(said - wanted - free)
        missed += len(wanted - said)
    return 2 * right / (2 * right + wrong + missed)


@pytest.mark.parametrize(("name", "lang"), COMPANIES)
def test_companies(judged: dict[str, Judged], name: str, lang: str) -> None:
    """Companies named in a text are found, and hardly any others."""
    pairs = [
        ({m.id for m in tags.companies}, set(row["companies"]), set(row["allowed"]))  # type: ignore[call-overload]
        for row, tags in judged[name]
        if row["lang"] == lang
    ]
    assert f1(pairs) >= COMPANIES[name, lang]


@pytest.mark.parametrize("lang", BEATS)
def test_beats(judged: dict[str, Judged], lang: str) -> None:
    """Video and chips are told from the rest."""
    pairs = [
        (set(tags.beats), set(row["beats"]), set[str]())  # type: ignore[call-overload]
        for row, tags in judged["tags"]
        if row["lang"] == lang
    ]
    assert f1(pairs) >= BEATS[lang]


@pytest.mark.parametrize("lang", RELEVANCE)
def test_relevance(judged: dict[str, Judged], lang: str) -> None:
    """What a follower of the race wants stays, the rest of a newspaper goes."""
    yes, no = {"yes"}, set[str]()
    pairs = [
        (yes if tags.relevant else no, yes if row["relevant"] else no, set[str]())
        for row, tags in judged["tags"]
        if row["lang"] == lang
    ]
    assert f1(pairs) >= RELEVANCE[lang]


def test_the_article_that_began_it(shared: Path, full_tagger: Tagger) -> None:
    """Every company of a long commentary is found and nothing else."""
    lines = (shared / "corpus" / "article-2024-02-21.txt").read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("东京街头"))
    tags = full_tagger.tag(Item(id="a", title=lines[place], text="\n".join(lines[place + 1 :])))
    assert {m.id for m in tags.companies if m.via is None} == set(ARTICLE)
