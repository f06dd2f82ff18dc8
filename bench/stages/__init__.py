"""Every stage of the pipeline, beside its peer or its floor in the same run.

    python -m bench stages [--feeds FOLDER] [--pages FOLDER] [--news FILE.jsonl] [--window 5000] [--json FILE]

Without folders and files the project's own texts are read: made-up feeds, the pages of the sample world, the labelled
texts. Rates are of processor time, the best of some rounds, everybody in turns.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bench.stages.annotating import measure_annotating
from bench.stages.grouping import measure_grouping
from bench.stages.rates import Rate
from bench.stages.reading import measure_extract, measure_parse


def table(rates: list[Rate]) -> str:
    """The rates as Markdown."""
    lines = ["| stage | rate | beside | its rate | times | of |", "|---|--:|---|--:|--:|---|"]
    lines += [
        f"| {one.stage} | {one.ours:.3g} {one.unit} | {one.beside} | {one.theirs:.3g} {one.unit} "
        f"| {one.ours / one.theirs:.2g} | {one.of} |"
        for one in rates
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure every stage, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench stages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=Path, help="A folder of saved feeds.")
    parser.add_argument("--pages", type=Path, help="A folder of saved pages.")
    parser.add_argument("--news", type=Path, help="Items as JSON lines.")
    parser.add_argument("--window", type=int, default=5000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    rates = [measure_parse(given.feeds), measure_extract(given.pages)]
    rates += [*measure_annotating(given.news), *measure_grouping(given.window)]
    print(table(rates))
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in rates], ensure_ascii=False, indent=1))
