"""English noun phrases and sentences: where a sentence begins and ends, and which words of it name a speaker."""

from __future__ import annotations

import re

from chipreel.facts.quotes.words_en import ADVERBS, NO_NAME, OPENERS, PRONOUNS, SPEECH_VERBS

Span = tuple[int, int]

_TRAILING = re.compile(rf"(?:[\s,]+{ADVERBS})+\s*$|\s+$")
_PP = (
    "in|on|at|to|during|when|while|as|after|before|about|for|with|from|by|via|upon|through|following|because|that|who|whose|"
    "which|if|whether|last|this|earlier|later|yesterday|today|tonight|recently|then|afterwards?|adding|referring|outside|"
    "inside|near|alongside|amid|against|over|under|since|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_NP_END = re.compile(rf"[,;:!?()\[\]\n\"“”—–]|\.(?=\s|$)|\s(?:{_PP})\b", re.IGNORECASE)
_PREPOSITION = re.compile(rf"(?:{_PP})$", re.IGNORECASE)
_NP_BORDER = re.compile(r"[,;:()\[\]\"“”—–]")
_CLAUSE = re.compile(
    r"[,;:—–()\[\]\"“”]|(?<![\w’'-])(?:that|when|while|as|because|after|before|if|where|but|and|which|who|whether|although|though|since|"
    r"until|so|than|or)(?=\s)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\s,;:()\[\]\"“”—–]+")
#: "the deputy, Aiko Brandvold.": the name that a description is followed by.
_APPOSED = re.compile(r",\s+([A-Z][\w’'-]+(?:\s[A-Z][\w’'-]*\.?)*\s[A-Z][\w’'-]+)(?=[,.;]|$)")
DETERMINERS = frozenset("the a an his her their its this that these those one some another our my".split())
_SAID = frozenset(("said", "says", "told", "added", "wrote"))
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|St|Inc|Corp|Co|Ltd|Jr|Sr|vs|No|Reps|Sens|[A-Z]|(?:[A-Z]\.)+[A-Z])$"
)
_STOP = re.compile(r"[.!?…](?=[\s\"”’)]*\s+[\"“‘'(\[]?[A-Z0-9])|\n")


def sentence_start(text: str, low: int, high: int) -> int:
    """Where the sentence that reaches `high` begins, not before `low`."""
    best = low
    for stop in _STOP.finditer(text, low, high):
        if not _is_abbreviation(text, low, stop.start()):
            best = stop.end()
    # A full stop right before `high` has no capital behind it inside the window.
    tail = text[best:high].rstrip(" \t\n\xa0'‘(")
    if tail.endswith((".", "!", "?")) and not _is_abbreviation(text, low, best + len(tail) - 1):
        return high
    return best


def sentence_end(text: str, low: int, high: int) -> int:
    """Where the sentence that begins at `low` ends, not behind `high`."""
    for stop in _STOP.finditer(text, low, high):
        if not _is_abbreviation(text, low, stop.start()):
            return stop.start()
    return high


def _is_abbreviation(text: str, low: int, at: int) -> bool:
    return text[at : at + 1] == "." and _ABBREVIATION.search(text[max(low, at - 12) : at]) is not None


def forward_np(text: str, start: int, high: int) -> Span | None:
    """The noun phrase that begins at `start`: "chip analyst Ann Lee" of "… Ann Lee, who"."""
    stop = _NP_END.search(text, start, high)
    while stop and stop.group() == "." and _is_abbreviation(text, start, stop.start()):
        stop = _NP_END.search(text, stop.end(), high)
    end = stop.start() if stop else high
    phrase = text[start:end].rstrip(" .,'’\xa0")
    named = _APPOSED.match(text, end, high) if phrase[:1].islower() and not is_name(phrase.split()[-1]) else None
    if named:
        return named.span(1)
    return (start, start + len(phrase)) if 0 < len(phrase) <= 160 else None


def skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def subject_before(text: str, start: int, end: int) -> Span | None:
    """The noun phrase that ends right before a verb at `end`."""
    end = _strip_adverbs(text, start, end)
    if end <= start:
        return None
    head = text[start:end]
    if head.endswith((",", ")")):
        return _before_apposition(text, start, end)
    last = head.rsplit(None, 1)[-1].lower()
    if last in ("and", "or", "but", "then"):
        return main_subject(text, start, end)
    if last in ("who", "which", "that"):
        end = start + len(head[: -len(last)].rstrip(" ,\xa0"))
        return _last_np(text, start, end)
    return _last_np(text, start, end)


def _strip_adverbs(text: str, start: int, end: int) -> int:
    for _ in range(4):
        trailing = _TRAILING.search(text[max(start, end - 60) : end])
        if not trailing:
            return end
        end = max(start, end - 60) + trailing.start()
    return end


def _before_apposition(text: str, start: int, end: int) -> Span | None:
    """Skip ", a former editor," or "(R-Fla.)" and take the name before it."""
    opener = "(" if text[end - 1] == ")" else ","
    previous = text.rfind(opener, start, end - 1)
    if previous < 0:
        stop = end - 1
        return _last_np(text, start, stop)
    if opener == "," and previous - start < 60 and text[start:previous].split(None, 1)[0:1]:
        first = text[start:previous].split(None, 1)[0].lower()
        if first in OPENERS:
            return _last_np(text, previous + 1, end - 1)
    return _last_np(text, start, previous)


def _last_np(text: str, start: int, end: int) -> Span | None:
    """The last noun phrase of `text[start:end]`: from the last clause border, article or run of names on."""
    clause = start
    for border in _CLAUSE.finditer(text, start, end):
        clause = border.end()
    words = [(word.start(), word.end()) for word in WORD.finditer(text, clause, end)]
    if not words:
        return None
    words = words[-12:]
    for index, word in enumerate(words[:-1]):
        if text[slice(*word)].lower() in _SAID:
            return _trimmed(text, words[index + 1 :])
    return _trimmed(text, words)


def _trimmed(text: str, words: list[Span]) -> Span | None:
    if text[slice(*words[-1])].lower() in DETERMINERS - {"this", "that", "these", "those", "one", "some", "another"}:
        return None  # the "verb" behind an article is a noun: the report, a tweet
    first = len(words) - 1
    while first > 0 and not _begins_np(text, words, first):
        first -= 1
    return words[first][0], words[-1][1]


def _begins_np(text: str, words: list[Span], index: int) -> bool:
    """Whether the noun phrase begins at this word: an article, a pronoun, or the first of a run of names."""
    word = text[slice(*words[index])]
    if word.lower() in DETERMINERS or word.lower() in PRONOUNS:
        return True
    before = text[slice(*words[index - 1])]
    if before.lower() in DETERMINERS or before.endswith(("’s", "'s")):
        return False
    return (
        is_name(word)
        and not is_name(before)
        and before.lower() not in ("of", "de", "van", "von", "bin", "al", "for", "la")
    )


def is_name(word: str) -> bool:
    return word[:1].isupper() and word.lower() not in NO_NAME


_VERB = re.compile(
    r"(?:is|are|was|were|has|have|had|will|would|could|can|may|did|does|do|made|took|gave|went|came|got|began|sent|[a-z]{2,}(?:ed|es)|"
    r"[a-z]+ly|sees|says|talks|makes|gives|takes|wants|keeps|seems)$"
)


def main_subject(text: str, start: int, end: int) -> Span | None:
    """The subject of the sentence: the first noun phrase after what leads to it (In March, …; But …)."""
    at = skip_space(text, start)
    for _ in range(3):
        word = WORD.match(text, at, end)
        if not word:
            return None
        first = word.group().lower()
        comma = text.find(",", at, min(end, at + 160))
        if (first in OPENERS or first.endswith(("ing", "ly"))) and comma > 0:
            at = skip_space(text, comma + 1)
        elif first in (
            "and",
            "but",
            "so",
            "yet",
            "or",
            "still",
            "then",
            "now",
            "later",
            "recently",
            "meanwhile",
            "when",
            "while",
        ):
            at = skip_space(text, word.end() + (text[word.end() : word.end() + 1] == ","))
        else:
            break
    return first_np(text, at, end)


def first_np(text: str, at: int, end: int) -> Span | None:
    stop = _NP_BORDER.search(text, at, end)
    words = list(WORD.finditer(text, at, stop.start() if stop else end))[:10]
    if not words:
        return None
    if words[0].group().lower() in PRONOUNS:
        return words[0].span()
    named = is_name(words[0].group())
    last = words[0]
    for word in words[1:]:
        token = word.group()
        if _VERB.match(token) or token.lower() in SPEECH_VERBS or _PREPOSITION.match(token):
            break
        if named and not (is_name(token) or token.lower() in ("of", "de", "van", "von", "the", "and", "al")):
            break
        last = word
    return words[0].start(), last.end()
