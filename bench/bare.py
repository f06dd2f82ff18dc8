"""chipreel without annotation: fetch, parse, decide, store, index. Run like the program itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from chipreel.cli import run
from chipreel.model import Annotation, Item, Source
from chipreel.pipeline import annotating, workbench

#: First argument of the second process.
SERVE = "--serve"


class NoAnnotator:
    """Finds nothing."""

    version = "none"

    def annotate(self, item: Item, *, source: Source | None = None) -> Annotation:  # noqa: ARG002 - as the real one
        """Nothing."""
        return Annotation(None)


def no_annotator(*_: Any) -> Any:
    """Stands where the annotator is made."""
    return NoAnnotator()


if __name__ == "__main__":
    annotating.make_annotator = no_annotator
    workbench.command = lambda companies: [sys.executable, "-m", "bench.bare", SERVE, str(companies)]
    if sys.argv[1] == SERVE:
        workbench.serve_standard_streams(Path(sys.argv[2]))
    else:
        run()
