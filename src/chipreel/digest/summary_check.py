"""Whether a summary by a language model may stand: it names nothing that the story's articles do not contain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chipreel.digest.sentences import iter_sentences
from chipreel.text.fold import fold

#: Code points and sentences that a summary may have.
MOST_LENGTH, MOST_SENTENCES = 500, 3
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九十百千两兩]{2,}|[一二三四五六七八九十百千]+(?=[万亿兆萬億])")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{2,})[”\"」』]")
#: Latin words with a capital that does not begin a sentence: names, for the most part.
_NAME = re.compile(r"(?<![.!?。！？]\s)(?<!^)\b([A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*)")


def is_supported(summary: str, texts: Sequence[str], *, named: Iterable[str], in_articles: Iterable[str]) -> bool:
    """Whether every number, quote and name of a summary stands in the articles.

    `named` are the companies, people and products found in the summary, `in_articles` those found in the articles.
    """
    text = " ".join(summary.split())
    if not text or len(text) > MOST_LENGTH or len(list(iter_sentences(text))) > MOST_SENTENCES:
        return False
    if not set(named) <= set(in_articles):
        return False
    source = fold("\n".join(texts))
    return (
        _numbers(text) <= _numbers("\n".join(texts))
        and all(fold(quote[1]).strip(" .,，。") in source for quote in _QUOTED.finditer(text))
        and all(_stands(name, source) for name in _names(text))
    )


def _numbers(text: str) -> set[str]:
    """The numbers of a text: digits without their grouping, and Chinese numerals as written."""
    plain = fold(text)
    digits = {match[0].replace(",", "").rstrip(".") for match in _NUMBER.finditer(plain)}
    return digits | {match[0] for match in _CHINESE_NUMBER.finditer(plain)}


def _names(text: str) -> set[str]:
    return {match[1] for match in _NAME.finditer(text)}


def _stands(name: str, source: str) -> bool:
    plain = fold(name)
    return plain in source or all(word.removesuffix("'s") in source for word in plain.split())
