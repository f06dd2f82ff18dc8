"""data/companies.yaml → Lexicon."""

from __future__ import annotations

from pathlib import Path

from chipreel.config.finished_lexicon import find_finished
from chipreel.model import Lexicon


def load_lexicon(path: Path) -> Lexicon:
    """The lexicon of a companies.yaml. Raises ConfigError for the first thing that is wrong."""
    finished = find_finished(path)
    if finished is not None:
        return finished
    from chipreel.config.lexicon_yaml import read_lexicon_file  # YAML takes 30 ms to import.

    return read_lexicon_file(path)


def load_lexicon_text(text: str, name: str = "<text>") -> Lexicon:
    """The lexicon written in `text`; `name` is what errors call it."""
    from chipreel.config.lexicon_yaml import read_lexicon_text

    return read_lexicon_text(text, name)
