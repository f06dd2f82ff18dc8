"""Archives: pages and megabytes a second, memory over a longer input, the first look, and what a month would cost.

    python -m bench.archive [--records 1500] [--pages FOLDER]

Prints one JSON object. Beside it stands trafilatura alone over the same records: the floor of whoever extracts text.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.archive_world import load_saved, make_archive

ROOT = Path(__file__).resolve().parent.parent
#: Pages a day that Common Crawl's news archive is estimated with, and their compressed size on average.
NEWS_PAGES_A_DAY = 400_000
_SIFT = """
import json, resource, sys, time
from pathlib import Path
from chipreel.archive.engine import sift_one
from chipreel.archive.sift import Order
from chipreel.config.lexicon import load_lexicon
from chipreel.config.weights import load_tag_model
files, out, thorough = sys.argv[3:], sys.argv[1], sys.argv[2] == "thorough"
order = Order(load_lexicon(Path("data/companies.yaml")), load_tag_model(), out, thorough)
from chipreel.archive import engine
from chipreel.archive.sift import Sifter
engine._SIFTERS[f"{order.lexicon.version}-{order.model.version}-{thorough}"] = Sifter(order)
import trafilatura, pyarrow.parquet
start, cpu = time.perf_counter(), time.process_time()
counts = [sift_one(file, order).counts for file in files]
total = {key: sum(one.get(key, 0) for one in counts) for key in ("records", "dropped", "kept")}
print(json.dumps({**total, "s": time.perf_counter() - start, "cpu_s": time.process_time() - cpu,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
_FLOOR = """
import json, sys, time
from pathlib import Path
from trafilatura import bare_extraction
from chipreel.archive.records import PageRecord, iter_records
pages = [one.body for one in iter_records(Path(sys.argv[1])) if isinstance(one, PageRecord)]
bare_extraction(pages[0])
start, cpu = time.perf_counter(), time.process_time()
for page in pages:
    bare_extraction(page, with_metadata=True, include_comments=False)
print(json.dumps({"records": len(pages), "s": time.perf_counter() - start, "cpu_s": time.process_time() - cpu}))
"""


def run(code: str, *arguments: str) -> dict[str, float]:
    """A measurement in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: dict[str, float] = json.loads(told.stdout)
    return found


def at_once(jobs: list[tuple[str, ...]]) -> float:
    """Seconds from the start of the slowest to its end, started together."""
    begun = [
        subprocess.Popen([sys.executable, "-c", _SIFT, *job], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for job in jobs
    ]
    return max(json.loads(one.communicate()[0])["s"] for one in begun)


def measure(records: int, pages: Path | None) -> dict[str, object]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        saved = load_saved(pages)
        files, size = [], 0
        for number in range(2):
            file = place / f"{number}.warc.gz"
            size = make_archive(file, records, ROOT / "data/sample", saved)
            files.append(str(file))
        one = run(_SIFT, str(place / "one"), "look", files[0])
        thorough = run(_SIFT, str(place / "all"), "thorough", files[0])
        floor = run(_FLOOR, files[0])
        both = at_once([(str(place / f"two-{n}"), "look", file) for n, file in enumerate(files)])
        short, long = place / "short.warc.gz", place / "long.warc.gz"
        make_archive(short, max(50, records // 20), ROOT / "data/sample", saved)
        memory = [run(_SIFT, str(place / "short"), "look", str(short))["mb"]]
        with long.open("wb") as handle:
            for _ in range(20):
                handle.write(short.read_bytes())
        memory.append(run(_SIFT, str(place / "long"), "look", str(long))["mb"])
        per_s = one["records"] / one["s"]
        # Wall clock is of a busy machine; what a rented core does is told by its own seconds.
        per_cpu_s = one["records"] / one["cpu_s"]
        return {
            "records": records,
            "bytes a page": round(size / records),
            "one core": _rate(one, size),
            "one core, every page read": _rate(thorough, size),
            "trafilatura alone, one core": _rate(floor, size),
            "kept with and without the first look": [one["kept"], thorough["kept"]],
            "dropped by the first look": round(one["dropped"] / one["records"], 3),
            "two cores against one": round(2 * records / both / per_s, 2),
            "memory at 1 x and 20 x input, MB": [round(mb) for mb in memory],
            "a month of the news archive, hours": {
                cores: round(30 * NEWS_PAGES_A_DAY / per_cpu_s / cores / 3600, 1) for cores in (16, 64, 256)
            },
            "cores here": len(os.sched_getaffinity(0)),
        }


def _rate(told: dict[str, float], size: int) -> dict[str, float]:
    return {
        "pages/s": round(told["records"] / told["s"], 1),
        "MB/s": round(size / 1e6 / told["s"], 1),
        "pages a cpu second": round(told["records"] / told["cpu_s"], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1500)
    parser.add_argument("--pages", type=Path, default=None, help="A folder of saved pages to mix in.")
    given = parser.parse_args()
    started = time.monotonic()
    figures = measure(given.records, given.pages)
    print(json.dumps({**figures, "measured in s": round(time.monotonic() - started)}, indent=1))


if __name__ == "__main__":
    main()
