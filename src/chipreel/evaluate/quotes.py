"""How well quotations are found: labelled texts against what `find_quotes` says of them.

A passage is found when it overlaps the labelled one by four fifths of both together, marks and spaces at the edges set
aside. Its speaker is right when one name holds the other, titles aside; where the label has a pronoun, every name does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chipreel.evaluate.score import Score
from chipreel.text.script import has_han

Row = Mapping[str, Any]
Span = tuple[int, int]

#: Share of both passages together that must be common.
_COMMON = 0.8
_PRONOUNS = frozenset(
    "he she they it i we you who one his her their 他 她 它 他们 她们 我 我们 你 自己 其 后者 对方".split()
)
_SMALL = frozenset("the a an of and for in at on by mr mrs ms dr sir".split())
#: A speaker may be given with this many words (characters in Chinese) more than the label has.
_MORE_WORDS, _MORE_CHARACTERS = 8, 16


@dataclass(frozen=True, slots=True)
class QuoteScore:
    """Counts of one language, or of all ("all")."""

    #: Of passages, whoever speaks.
    passages: Score = field(default_factory=Score)
    #: Of passages with the right speaker: a wrong speaker counts as extra and as missed.
    spoken: Score = field(default_factory=Score)

    def __add__(self, other: QuoteScore) -> QuoteScore:
        return QuoteScore(self.passages + other.passages, self.spoken + other.spoken)


def score_quotes(gold: Iterable[Row], pred: Iterable[Row]) -> dict[str, QuoteScore]:
    """Scores of direct speech by language and "all".

    `gold`: rows of data/labelled/quotes.jsonl (`id`, `lang`, `text`, `quotes` with `type`, `speaker` and
    `quoted_segments`); `pred`: rows of `chipreel annotate` (`id`, `quotes`), joined on the id. Labels that are not
    "direct" are neutral: a passage that touches one is neither right nor wrong.
    """
    told = {row["id"]: row.get("quotes") or [] for row in pred}
    scores: dict[str, QuoteScore] = {"all": QuoteScore()}
    for row in gold:
        lang = row.get("lang", "en")
        score = _score_row(row, told.get(row["id"], []))
        scores[lang] = scores.get(lang, QuoteScore()) + score
        scores["all"] += score
    return scores


def _score_row(row: Row, quotes: Iterable[Row]) -> QuoteScore:
    text = row["text"]
    wanted = [(_bare(text, span), _speakers(label)) for label in row["quotes"] for span in _spans(label, direct=True)]
    neutral = [span for label in row["quotes"] for span in _spans(label, direct=False)]
    left, extra, right = list(wanted), 0, 0
    for quote in quotes:
        if quote.get("kind", "direct") != "direct":
            continue
        span = _bare(text, (quote["start"], quote["end"]))
        hit = next((label for label in left if _is_same(span, label[0])), None)
        if hit is not None:
            left.remove(hit)
            right += any(is_same_speaker(name, quote.get("speaker")) for name in hit[1])
        elif not any(_overlap(span, other) for other in neutral) and not _lies_within(span, wanted):
            extra += 1
    found, missed = len(wanted) - len(left), len(left)
    wrong = found - right
    return QuoteScore(Score(found, extra, missed), Score(right, extra + wrong, missed + wrong))


def is_same_speaker(label: str | None, name: str | None) -> bool:
    """Whether `name` is who the label means; a label without a speaker wants none."""
    if not label or not name:
        return not label and not name
    if _squeezed(label) in _PRONOUNS:
        return True
    if has_han(label + name):
        a, b = _squeezed(label), _squeezed(name)
        return min(len(a), len(b)) >= 2 and (a in b or b in a) and len(b) <= len(a) + _MORE_CHARACTERS
    a_words, b_words = _words(label), _words(name)
    if not a_words & b_words or b_words <= _PRONOUNS:
        return False
    return (a_words <= b_words or b_words <= a_words) and len(b_words) <= len(a_words) + _MORE_WORDS


def _spans(label: Row, *, direct: bool) -> list[Span]:
    if (label.get("type", "direct") == "direct") != direct:
        return []
    return [(start, end) for start, end in label.get("quoted_segments") or label.get("spans") or ()]


def _speakers(label: Row) -> list[str | None]:
    return [label.get("speaker"), *label.get("speaker_aliases", ())]


def _bare(text: str, span: Span) -> Span:
    start, end = span
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return start, end


def _is_edge(char: str) -> bool:
    return char.isspace() or unicodedata.category(char).startswith("P")


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _is_same(a: Span, b: Span) -> bool:
    both = _overlap(a, b)
    return both > 0 and both >= _COMMON * (max(a[1], b[1]) - min(a[0], b[0]))


def _lies_within(span: Span, wanted: Iterable[tuple[Span, object]]) -> bool:
    return any(outer[0] <= span[0] and span[1] <= outer[1] for outer, _ in wanted)


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _words(name: str) -> set[str]:
    return set(re.findall(r"[\w'’.-]+", name.casefold())) - _SMALL
