"""How fast sums are found: MB/s of UTF-8 on news text, and seconds on hostile ones.

    python bench/stage_money.py [NEWS.jsonl]

NEWS.jsonl holds rows with `text` (and `lang`); without it the items of the bundled sample world are read.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from chipreel.facts.money import find_money

_HOSTILE = {
    "10 MB of digits": "7" * 10_000_000,
    "10 MB of $": "$" * 10_000_000,
    "bare units": "亿元" * 1_600_000,
    "nothing but sums": "1元" * 2_500_000,
    "commas": "1," * 5_000_000 + "元",
}


def main() -> None:
    """Print one line per language and per hostile text."""
    for lang, texts in _read(Path(sys.argv[1]) if len(sys.argv) > 1 else None).items():
        size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
        start = time.process_time()
        found = sum(len(find_money(text, lang=lang)) for text in texts)
        elapsed = time.process_time() - start
        print(f"{lang}: {len(texts)} texts, {size:.2f} MB, {found} sums, {size / elapsed:.1f} MB/s")
    for name, text in _HOSTILE.items():
        start = time.process_time()
        found = len(find_money(text))
        print(f"{name}: {time.process_time() - start:.2f} s, {found} sums")


def _read(path: Path | None) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    if path is not None:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts.setdefault(row.get("lang") or "en", []).append(row.get("text") or "")
        return texts
    sample = Path(__file__).resolve().parent.parent / "data" / "sample"
    whole = "\n".join(file.read_text(encoding="utf-8") for file in sorted(sample.rglob("*.yaml")))
    return {"mul": [whole] * 20}


if __name__ == "__main__":
    main()
