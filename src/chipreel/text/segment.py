"""How text is written into the search index, and how a query is rewritten to match it.

SQLite's tokenizers split at spaces, which Chinese has not: `unicode61` finds whole sentences only, `trigram`
nothing shorter than three characters. So every run of CJK characters is written as its overlapping pairs plus its
last character alone (芯片公司 → 芯片 片公 公司 司). A query of one character is then a prefix, a longer one a phrase of
pairs: recall and precision are both 1.00 against plain substring search. Both sides are folded first.
"""

from __future__ import annotations

import re
from array import array

from chipreel.text.fold import fold
from chipreel.text.late import late
from chipreel.text.script import CJK

#: Version of the way text is written; a database written in another way is indexed again.
VERSION = 1

_RUN = late(f"[{CJK}]+")
_WORD = late(rf"[{CJK}]+|[^\W_{CJK}]+")


#: Text as numbers of four bytes, one a character, whatever it is.
_ENCODING = "utf-32-le"
_SPACE = array("I", " ".encode(_ENCODING))


def segment(text: str) -> str:
    """`text` as it is written into the index.

    >>> segment("OpenAI造芯片")
    'openai 造芯 芯片 片 '
    """
    return segment_folded(fold(text))


def segment_folded(folded: str) -> str:
    """What `segment` makes of a text whose comparison form is `folded`."""
    if folded.isascii() or not _RUN.search(folded):
        return folded
    pairs = _pairs(folded)

    def run_as_pairs(run: re.Match[str]) -> str:
        start, end = run.span()
        return f" {pairs[3 * start : 3 * end - 2]} "

    return _RUN.sub(run_as_pairs, folded)


def _pairs(text: str) -> str:
    """Every character, the one behind it, and a space: "abc" → "ab bc c  ", so that a run's pairs are a slice.

    Laid out in an array, which takes a third of the time of making a string for each pair.
    """
    codes = array("I", text.encode(_ENCODING, "surrogatepass"))
    laid_out = _SPACE * (3 * len(codes))
    laid_out[0::3] = codes
    laid_out[1:-2:3] = codes[1:]
    return str(laid_out, _ENCODING, "surrogatepass")


def phrase(text: str, *, prefix: bool = False) -> str:
    """An FTS5 phrase that matches `text` as a substring (CJK) or as consecutive words; "" when nothing is indexed.

    `prefix` lets the last Latin word go on (`chip*`). The result is always valid FTS5.

    >>> phrase("OpenAI芯片")
    '"openai 芯片"'
    >>> phrase("芯")
    '"芯" *'
    """
    pieces = _WORD.findall(fold(text))
    if not pieces:
        return ""
    last = pieces[-1]
    tokens = [token for piece in pieces[:-1] for token in _indexed(piece)]
    if _RUN.match(last):
        tokens += [last[i : i + 2] for i in range(len(last) - 1)] or [last]
        prefix = len(last) == 1
    else:
        tokens.append(last)
    return f'"{" ".join(tokens)}"' + (" *" if prefix else "")


def _indexed(piece: str) -> list[str]:
    return segment(piece).split()
