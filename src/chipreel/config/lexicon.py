"""data/companies.yaml → Lexicon."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from chipreel.config.finished import find_finished
from chipreel.config.finished_lexicon import unpack_lexicon
from chipreel.model import Lexicon


def load_lexicon(path: Path) -> Lexicon:
    """The lexicon of a companies.yaml. Raises ConfigError for the first thing that is wrong."""
    finished = None
    with suppress(OSError):  # Told by who reads it.
        finished = find_finished("data/companies.yaml", path.read_bytes())
    if finished is not None:
        return unpack_lexicon(finished)
    from chipreel.config.lexicon_yaml import read_lexicon_file  # YAML takes 30 ms to import.

    return read_lexicon_file(path)


def load_lexicon_text(text: str, name: str = "<text>") -> Lexicon:
    """The lexicon written in `text`; `name` is what errors call it."""
    from chipreel.config.lexicon_yaml import read_lexicon_text

    return read_lexicon_text(text, name)
