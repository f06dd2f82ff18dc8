"""How fast quotations are found: MB/s of UTF-8 on news text, and seconds on hostile ones.

    python bench/stage_quotes.py [NEWS.jsonl]

NEWS.jsonl holds rows with `text` (and `lang`); without it the labelled examples are read, which are all quotations.
Rows are joined into texts of the length of an article.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from chipreel.facts.quotes import find_quotes

_EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "labelled" / "quotes.jsonl"
_ARTICLE = {"en": 3000, "zh": 1200}
_HOSTILE = {
    "openers": "“" * 3_000_000,
    "straight marks": '"' * 10_000_000,
    "short quotations": '"a" ' * 2_500_000,
    "verbs": " said that he said" * 500_000,
    "Chinese verbs": "张三说，" * 800_000,
    "one open quotation": "“" + "字" * 3_300_000,
}


def main() -> None:
    """Print one line per language and per hostile text."""
    for lang, texts in _read(Path(sys.argv[1]) if len(sys.argv) > 1 else _EXAMPLES).items():
        size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
        best, quotes = min(_measure(texts, lang) for _ in range(3))
        print(f"{lang}: {len(texts)} texts, {size:.2f} MB, {quotes} quotes, {size / best:.1f} MB/s")
    for name, text in _HOSTILE.items():
        elapsed, quotes = _measure([text], None)
        print(f"{name}: {elapsed:.2f} s, {quotes} quotes")


def _measure(texts: list[str], lang: str | None) -> tuple[float, int]:
    start = time.process_time()
    quotes = sum(len(find_quotes(text, lang=lang)) for text in texts)
    return time.process_time() - start, quotes


def _read(path: Path) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        lang = row.get("lang") or "en"
        articles = texts.setdefault(lang, [""])
        if len(articles[-1]) > _ARTICLE.get(lang, 3000):
            articles.append("")
        articles[-1] += (row.get("text") or "") + "\n\n"
    return texts


if __name__ == "__main__":
    main()
