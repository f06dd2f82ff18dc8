"""How fast the tagger is, beside a plain Aho–Corasick scan of the same names over the same text in the same run.

    python bench/stage_tag.py [FILE.jsonl…] [--rounds 3]

Files hold items, one object a line with "title" and "text"; without files the labelled texts that ship are used. Items
are measured as they are and joined to articles of some 3 KB. Times are of the processor; the best round counts.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ahocorasick_rs

from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.model import Item
from chipreel.tag import Tagger
from chipreel.tag.names import collect_names
from chipreel.text.fold import fold

ARTICLE_BYTES = 3000


def read_items(paths: Sequence[Path]) -> list[Item]:
    """The items of some files of JSON lines."""
    rows = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Item(id=str(n), title=row.get("title"), text=row.get("text")) for n, row in enumerate(rows)]


def join_to_articles(items: Sequence[Item]) -> list[Item]:
    """Items of one language one after another until they are as long as an article, the first line its title."""
    articles: list[Item] = []
    parts: list[str] = []
    for item in items:
        parts.append("\n\n".join(part for part in (item.title, item.text) if part))
        if sum(len(part.encode()) for part in parts) >= ARTICLE_BYTES:
            articles.append(Item(id=str(len(articles)), title=parts[0][:60], text="\n\n".join(parts)))
            parts = []
    return articles


def megabytes(items: Sequence[Item]) -> float:
    """UTF-8 size of titles and texts."""
    return sum(len(part.encode()) for item in items for part in (item.title, item.text) if part) / 1e6


def best_s(work: Callable[[], object], rounds: int) -> float:
    """Seconds of processor time of the best round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    start = time.perf_counter()
    lexicon = load_lexicon(find_default("data/companies.yaml"))
    read = time.perf_counter()
    tagger = Tagger(lexicon, load_tag_model())
    built = time.perf_counter()
    names = list(collect_names(lexicon))
    print(f"lexicon read in {read - start:.3f} s, tagger built in {built - read:.3f} s, {len(names)} names")
    plain = ahocorasick_rs.AhoCorasick(names)
    items = read_items(options.files or sorted(find_default("data/labelled").glob("*.jsonl")))
    for label, kept in (("items as they are", items), ("articles of 3 KB", join_to_articles(items))):
        size = megabytes(kept)
        fields = [part for item in kept for part in (item.title, item.text) if part]
        scan = best_s(
            lambda fields=fields: [plain.find_matches_as_indexes(fold(text), overlapping=True) for text in fields],
            options.rounds,
        )
        tag = best_s(lambda kept=kept: [tagger.tag(item) for item in kept], options.rounds)
        print(f"{label}: {size:.2f} MB, tags {size / tag:.1f} MB/s, plain scan {size / scan:.1f} MB/s")


if __name__ == "__main__":
    main()
