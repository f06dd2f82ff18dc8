"""English: the clause beside a quotation → its speaker and its word of speech, as places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chipreel.facts.quotes.words_en import ADVERBS, NAMING_VERBS, NO_NAME, OPENERS, PRONOUNS, SPEECH_VERBS

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said it and by which word. `speaker` is a place in the text, None = the clause names nobody."""

    speaker: Span | None
    cue: str
    #: The clause and the quotation touch: only a comma, a colon or a few words stand between them.
    adjacent: bool
    #: The verb announces words (said), it does not merely name something (called).
    speech: bool = True


_ALL = SPEECH_VERBS | NAMING_VERBS | {"according", "put", "puts"}
_LETTERS = re.compile(r"[A-Za-z]+")
_TWO_WORDS = re.compile(r"(?i:according to|puts? it)(?![\w-])")
_LEAD = re.compile(r"[\s,;—–―-]*")
_INVERTED = re.compile(rf"(?:{ADVERBS}\s+){{0,2}}(according to|[a-z]+)(?:\s+{ADVERBS})?\s+(?=\S)")
_TRAILING = re.compile(rf"(?:[\s,]+{ADVERBS})+\s*$|\s+$")
_PP = (
    "in|on|at|to|during|when|while|as|after|before|about|for|with|from|by|via|upon|through|following|because|that|who|whose|"
    "which|if|whether|last|this|earlier|later|yesterday|today|tonight|recently|then|afterwards?|adding|referring|outside|"
    "inside|near|alongside|amid|against|over|under|since|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_NP_END = re.compile(rf"[,;:!?()\[\]\n\"“”—–]|\.(?=\s|$)|\s(?:{_PP})\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[,;:—–()\[\]\"“”]|(?<![\w’'-])(?:that|when|while|as|because|after|before|if|where|but|and|which|who|whether|although|though|since|"
    r"until|so|than|or)(?=\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s,;:()\[\]\"“”—–]+")
_DETERMINERS = frozenset("the a an his her their its this that these those one some another our my".split())
_JOINTS = frozenset("-'’")
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


def _cues(text: str, low: int, high: int) -> Iterator[re.Match[str]]:
    """The words of speech between two places; by words, not by one large pattern, which is five times slower."""
    for word in _LETTERS.finditer(text, low, high):
        if (
            word.group().lower() not in _ALL
            or text[word.start() - 1 : word.start()] in _JOINTS
            or text[word.end() : word.end() + 1] == "-"
        ):
            continue
        if word.group().lower() in ("according", "put", "puts"):
            two = _TWO_WORDS.match(text, word.start(), high)
            if two:
                yield two
        else:
            yield word


def attribution_after(text: str, low: int, high: int) -> Attribution | None:
    """The clause that follows a quotation: "…", said Ann Lee; "…", she told reporters."""
    high = sentence_end(text, low, high)
    start = _LEAD.match(text, low, high).end()  # type: ignore[union-attr]
    inverted = _INVERTED.match(text, start, high)
    if inverted and _is_speech(inverted.group(1)):
        speaker = _forward_np(text, inverted.end(), high)
        if speaker:
            return Attribution(speaker, inverted.group(1), adjacent=True)
    return _normal_after(text, start, high, dashed=any(dash in text[low:start] for dash in "—–―"))


def _normal_after(text: str, start: int, high: int, *, dashed: bool) -> Attribution | None:
    for cue in _cues(text, start, min(high, start + 260)):
        word = cue.group().lower()
        if word.endswith("ing") and cue.start() - start > 1:
            continue
        speaker = subject_before(text, start, cue.start())
        if not speaker:
            continue
        if speaker[0] - start <= 60:
            return Attribution(speaker, cue.group(), adjacent=True, speech=_is_speech(word))
        return None
    if dashed and high - start <= 120 and text[start : start + 1].isupper():
        speaker = _forward_np(text, start, high)
        return Attribution(speaker, "—", adjacent=True) if speaker else None
    return None


def clause_after(text: str, low: int, high: int) -> Attribution | None:
    """Any clause behind a comma inside the marks: "…," an angry Lee retaliated."""
    high = sentence_end(text, low, high)
    start = _LEAD.match(text, low, high).end()  # type: ignore[union-attr]
    word = _WORD.match(text, start, high)
    if not word or not (_is_name(word.group()) or word.group().lower() in _DETERMINERS | PRONOUNS):
        return None
    speaker = _first_np(text, start, high)
    return Attribution(speaker, "", adjacent=True) if speaker else None


def _is_speech(word: str) -> bool:
    return word in SPEECH_VERBS or " " in word


def _forward_np(text: str, start: int, high: int) -> Span | None:
    """The noun phrase that begins at `start`: "conservative activist Bob Klaus" of "… Bob Klaus, who"."""
    stop = _NP_END.search(text, start, high)
    while stop and stop.group() == "." and _is_abbreviation(text, start, stop.start()):
        stop = _NP_END.search(text, stop.end(), high)
    end = stop.start() if stop else high
    phrase = text[start:end].rstrip(" .,'’\xa0")
    return (start, start + len(phrase)) if 0 < len(phrase) <= 160 else None


def attribution_before(text: str, low: int, high: int, reach: int = 0) -> Attribution | None:
    """The clause that leads to a quotation: Ann Lee said, "…"; he called it "…".

    `low` is the end of the passage before, `reach` how far back the subject of the sentence may stand.
    """
    start = sentence_start(text, low, high)
    lead = text[start:high].rstrip()
    if not lead:
        return None
    whole = start if start > low else sentence_start(text, min(reach, low), high)
    weak: Attribution | None = None
    for cue in reversed(list(_cues(text, start, high))):
        found = _cue_before(text, (whole, start, high), cue)
        if found and found.speech and not (weak and weak.adjacent and not _is_pronoun(text, weak.speaker)):
            return found
        weak = weak or found
    if weak:
        return weak
    if lead.endswith(":"):
        return Attribution(_colon_speaker(text, start, start + len(lead) - 1), ":", adjacent=True)
    return None


def _cue_before(text: str, bounds: tuple[int, int, int], cue: re.Match[str]) -> Attribution | None:
    whole, start, high = bounds
    word = cue.group().lower()
    if word == "according to":
        return Attribution(_forward_np(text, _skip_space(text, cue.end()), high), word, adjacent=True)
    between = text[cue.end() : high].strip()
    speaker = _subject(text, start, cue.start(), word) or main_subject(text, whole, cue.start())
    if not speaker or text[slice(*speaker)].lower() in _DETERMINERS:
        return None
    return Attribution(speaker, cue.group(), adjacent=not between or between[-1] in ",:", speech=_is_speech(word))


def has_lead(text: str, low: int, high: int) -> bool:
    """Whether the sentence has words before the passage that opens at `high`."""
    return bool(text[sentence_start(text, low, high) : high].strip(" \t\n\xa0[(-–—"))


def subject_of_sentence(text: str, low: int, high: int) -> Attribution | None:
    """The subject of the sentence that leads to `high`, where no word of speech does."""
    start = sentence_start(text, low, high)
    speaker = main_subject(text, start, high)
    return Attribution(speaker, "", adjacent=False, speech=False) if speaker else None


def _is_pronoun(text: str, speaker: Span | None) -> bool:
    return speaker is not None and text[slice(*speaker)].lower() in PRONOUNS


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _colon_speaker(text: str, start: int, end: int) -> Span | None:
    """Who stands before a bare colon: a name alone (after a dash), else the subject of the sentence."""
    dash = max(text.rfind(mark, start, end) for mark in "—–―")
    hyphen = text.rfind(" - ", start, end)
    begin = max(dash + 1, hyphen + 3 if hyphen >= 0 else 0, start)
    phrase = text[begin:end].strip()
    if phrase and len(phrase.split()) <= 6:
        at = text.index(phrase, begin)
        return (at, at + len(phrase))
    return main_subject(text, start, end)


def _subject(text: str, start: int, end: int, word: str) -> Span | None:
    if word.endswith("ing"):
        head = text[start:end].rstrip()
        if (
            not head
            or head.endswith((",", "—", "–"))
            or head.rsplit(None, 1)[-1].lower() in ("by", "and", "before", "without")
        ):
            return main_subject(text, start, end)
    return subject_before(text, start, end)


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
    """Skip ", a former newspaperman," or "(R-Fla.)" and take the name before it."""
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
    words = [(word.start(), word.end()) for word in _WORD.finditer(text, clause, end)]
    if not words:
        return None
    words = words[-12:]
    for index, word in enumerate(words[:-1]):
        if text[slice(*word)].lower() in _SAID:
            return _trimmed(text, words[index + 1 :])
    return _trimmed(text, words)


def _trimmed(text: str, words: list[Span]) -> Span | None:
    if text[slice(*words[-1])].lower() in _DETERMINERS - {"this", "that", "these", "those", "one", "some", "another"}:
        return None  # the "verb" behind an article is a noun: the report, a tweet
    first = len(words) - 1
    while first > 0 and not _begins_np(text, words, first):
        first -= 1
    return words[first][0], words[-1][1]


def _begins_np(text: str, words: list[Span], index: int) -> bool:
    """Whether the noun phrase begins at this word: an article, a pronoun, or the first of a run of names."""
    word = text[slice(*words[index])]
    if word.lower() in _DETERMINERS or word.lower() in PRONOUNS:
        return True
    before = text[slice(*words[index - 1])]
    if before.lower() in _DETERMINERS or before.endswith(("’s", "'s")):
        return False
    return (
        _is_name(word)
        and not _is_name(before)
        and before.lower() not in ("of", "de", "van", "von", "bin", "al", "for", "la")
    )


def _is_name(word: str) -> bool:
    return word[:1].isupper() and word.lower() not in NO_NAME


_VERB = re.compile(
    r"(?:is|are|was|were|has|have|had|will|would|could|can|may|did|does|do|made|took|gave|went|came|got|began|sent|[a-z]{2,}(?:ed|es)|"
    r"[a-z]+ly|sees|says|talks|makes|gives|takes|wants|keeps|seems)$"
)


def main_subject(text: str, start: int, end: int) -> Span | None:
    """The subject of the sentence: the first noun phrase after what leads to it (In March, …; But …)."""
    at = _skip_space(text, start)
    for _ in range(3):
        word = _WORD.match(text, at, end)
        if not word:
            return None
        first = word.group().lower()
        comma = text.find(",", at, min(end, at + 160))
        if (first in OPENERS or first.endswith(("ing", "ly"))) and comma > 0:
            at = _skip_space(text, comma + 1)
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
            at = _skip_space(text, word.end() + (text[word.end() : word.end() + 1] == ","))
        else:
            break
    return _first_np(text, at, end)


def _first_np(text: str, at: int, end: int) -> Span | None:
    stop = re.compile(r"[,;:()\[\]\"“”—–]").search(text, at, end)
    words = list(_WORD.finditer(text, at, stop.start() if stop else end))[:10]
    if not words:
        return None
    if words[0].group().lower() in PRONOUNS:
        return words[0].span()
    named = _is_name(words[0].group())
    last = words[0]
    for word in words[1:]:
        token = word.group()
        if _VERB.match(token) or token.lower() in SPEECH_VERBS or re.match(rf"(?:{_PP})$", token, re.IGNORECASE):
            break
        if named and not (_is_name(token) or token.lower() in ("of", "de", "van", "von", "the", "and", "al")):
            break
        last = word
    return words[0].start(), last.end()
