"""How fast an item is annotated whole (tags, quotes, sums): MB/s of UTF-8 on one core, per language.

    python bench/stage_annotate.py [NEWS.jsonl]

NEWS.jsonl holds rows with `title` and `text` (and `lang`); without it the items of the sample world are read.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from chipreel.annotate import Annotator
from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.demo.world import SampleWorld
from chipreel.model import Item


def main() -> None:
    """Print one line per language."""
    annotator = Annotator(load_lexicon(find_default("data/companies.yaml")), load_tag_model())
    for lang, items in _read(Path(sys.argv[1]) if len(sys.argv) > 1 else None).items():
        size = sum(len(f"{item.title or ''}{item.text or ''}".encode("utf-8", "replace")) for item in items) / 1e6
        best = min(_measure(annotator, items) for _ in range(3))
        print(f"{lang}: {len(items)} items, {size:.2f} MB, {size / best:.2f} MB/s")


def _measure(annotator: Annotator, items: list[Item]) -> float:
    start = time.process_time()
    for item in items:
        annotator.annotate(item)
    return time.process_time() - start


def _read(path: Path | None) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    if path is None:
        for source in SampleWorld(find_default("data/sample")).sources:
            for item in source.items:
                found.setdefault(source.language, []).append(
                    Item(item.first.id, item.first.title, text=item.first.text)
                )
        return found
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        found.setdefault(row.get("lang") or "en", []).append(Item(str(number), row.get("title"), text=row.get("text")))
    return found


if __name__ == "__main__":
    main()
