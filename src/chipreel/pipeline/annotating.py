"""The annotator, with the data tables that ship."""

from __future__ import annotations

from chipreel.annotate import Annotator
from chipreel.config.weights import load_tag_model
from chipreel.model import Lexicon


def make_annotator(lexicon: Lexicon) -> Annotator:
    """An annotator for a lexicon."""
    return Annotator(lexicon, load_tag_model())
