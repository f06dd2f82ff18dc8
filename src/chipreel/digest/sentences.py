"""Text → sentences, verbatim: every one is a piece of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Ends a sentence: Chinese marks with what closes behind them; Latin ones with a capital, a digit or Chinese after.
_END = re.compile(
    r"[。！？!?…]++[」』”’）)\"']*+(?=.)|(?<=[A-Za-z0-9%)\]\"”’'])[.][\"”’)]*(?=\s+[\"“‘(]?[A-Z0-9\u3400-\u9fff])",
    re.DOTALL,
)
#: Words whose full stop ends nothing.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Inc|Corp|Ltd|Co|Cos|vs|No|Nos|approx|est|Fig|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept?|Oct|Nov|Dec|[A-Z]|(?:[A-Za-z]\.)+[A-Za-z])$"
)
#: Code points of a text that are looked at.
_LOOKED_AT = 4000


def iter_sentences(text: str) -> Iterator[str]:
    """The sentences of the beginning of a text; a line is never joined with the next."""
    for line in text[:_LOOKED_AT].splitlines():
        start = 0
        for match in _END.finditer(line):
            if match[0].startswith(".") and _ABBREVIATION.search(line[max(start, match.start() - 12) : match.start()]):
                continue
            yield from _stripped(line[start : match.end()])
            start = match.end()
        yield from _stripped(line[start:])


def _stripped(sentence: str) -> Iterator[str]:
    if bare := sentence.strip():
        yield bare
