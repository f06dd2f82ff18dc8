"""Tags, quotes, sums and the whole of annotation: text → facts, beside the least that finding them could cost."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import ahocorasick_rs

from bench.stages.rates import Rate, best_s, megabytes, texts_of
from chipreel.annotate import Annotator
from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.demo.world import SampleWorld
from chipreel.facts.money import find_money
from chipreel.facts.quotes import find_quotes
from chipreel.model import Item
from chipreel.tag import Tagger
from chipreel.tag.names import Names
from chipreel.text.fold import fold

#: Short items are joined until they are as long as an article.
ARTICLE_BYTES = 3000
#: What stands between quotation marks, and digits beside a currency: what one line finds, without speaker and amount.
_MARKED = re.compile(r"[\"“「『]([^\"“”「」『』]{2,400})[\"”」』]")
_SUM = re.compile(
    r"[$€£¥]\s?\d[\d.,]*(?:\s?(?:million|billion|trillion))?|\d[\d.,]*\s?[万亿]{0,2}(?:美元|元|日元|欧元)"
)


def measure_annotating(news: Path | None) -> list[Rate]:
    """Four rates over articles of 3 KB, dense AI news where no other file is given."""
    items = join_to_articles(read_items(news))
    texts = texts_of(items)
    size, of = megabytes(texts), f"{len(items)} articles of AI news, {megabytes(texts):.1f} MB"
    lexicon, model = load_lexicon(find_default("data/companies.yaml")), load_tag_model()
    tagger, annotator = Tagger(lexicon, model), Annotator(lexicon, model)
    names = Names(lexicon).keys
    plain = ahocorasick_rs.AhoCorasick(names)
    works = {
        "tag": lambda: [tagger.tag(item) for item in items],
        "quotes": lambda: [find_quotes(text) for text in texts],
        "sums": lambda: [find_money(text) for text in texts],
        "annotate, whole": lambda: [annotator.annotate(item) for item in items],
        "names": lambda: [plain.find_matches_as_indexes(fold(text), overlapping=True) for text in texts],
        "marks": lambda: [_MARKED.findall(text) for text in texts],
        "digits": lambda: [_SUM.findall(text) for text in texts],
    }
    took = dict(zip(works, best_s(list(works.values())), strict=True))
    floors = {
        "tag": ("names", f"a scan for {len(names):,} names (ahocorasick_rs)"),
        "quotes": ("marks", "one expression for what is between marks"),
        "sums": ("digits", "one expression for digits at a currency"),
        "annotate, whole": ("names", "the same scan"),
    }
    return [
        Rate(stage, size / took[stage], "MB/s", floor, size / took[work], of) for stage, (work, floor) in floors.items()
    ]


def read_items(path: Path | None) -> list[Item]:
    """Rows with `title` and `text` of a file of JSON lines, else the project's labelled texts and the sample world."""
    if path is not None:
        return _rows(path)
    labelled = [item for file in sorted(find_default("data/labelled").glob("*.jsonl")) for item in _rows(file)]
    sources = SampleWorld(find_default("data/sample")).sources
    told = [item.first for source in sources for item in source.items]
    return labelled + [Item(entry.id, entry.title, text=entry.text) for entry in told]


def _rows(path: Path) -> list[Item]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Item(id=str(n), title=row.get("title"), text=row.get("text")) for n, row in enumerate(rows)]


def join_to_articles(items: Sequence[Item]) -> list[Item]:
    """Items one after another until they are as long as an article, the beginning of the first its title."""
    articles: list[Item] = []
    parts: list[str] = []
    for item in items:
        parts.append("\n\n".join(part for part in (item.title, item.text) if part))
        if sum(len(part.encode()) for part in parts) >= ARTICLE_BYTES:
            articles.append(Item(id=str(len(articles)), title=parts[0][:60], text="\n\n".join(parts)))
            parts = []
    return articles
