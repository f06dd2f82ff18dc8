"""English: the clause beside a quotation → its speaker and its word of speech, as places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chipreel.facts.quotes.clauses_en import (
    DETERMINERS,
    WORD,
    Span,
    first_np,
    forward_np,
    is_name,
    main_subject,
    sentence_end,
    sentence_start,
    skip_space,
    subject_before,
)
from chipreel.facts.quotes.words_en import ADVERBS, NAMING_VERBS, PRONOUNS, SPEECH_VERBS


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said it and by which word. `speaker` is a place in the text, None = the clause names nobody."""

    speaker: Span | None
    cue: str
    #: The clause and the quotation touch: only a comma, a colon or a few words stand between them.
    adjacent: bool
    #: The verb announces words (said), it does not merely name something (called).
    speech: bool = True
    #: Where the word of speech stands, if it was read in another form of the text; -1 = `cue` is as written.
    cue_start: int = -1


_ALL = SPEECH_VERBS | NAMING_VERBS | {"according", "put", "puts"}
_LETTERS = re.compile(r"[A-Za-z]+")
_TWO_WORDS = re.compile(r"(?i:according to|puts? it)(?![\w-])")
_LEAD = re.compile(r"[\s,;—–―-]*")
_INVERTED = re.compile(rf"(?:{ADVERBS}\s+){{0,2}}(according to|[a-z]+)(?:\s+{ADVERBS})?\s+(?=\S)")


_JOINTS = frozenset("-'’")


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
        speaker = forward_np(text, inverted.end(), high)
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
        speaker = forward_np(text, start, high)
        return Attribution(speaker, "—", adjacent=True) if speaker else None
    return None


def clause_after(text: str, low: int, high: int) -> Attribution | None:
    """Any clause behind a comma inside the marks: "…," an angry Lee retaliated."""
    high = sentence_end(text, low, high)
    start = _LEAD.match(text, low, high).end()  # type: ignore[union-attr]
    word = WORD.match(text, start, high)
    if not word or not (is_name(word.group()) or word.group().lower() in DETERMINERS | PRONOUNS):
        return None
    speaker = first_np(text, start, high)
    return Attribution(speaker, "", adjacent=True) if speaker else None


def _is_speech(word: str) -> bool:
    return word in SPEECH_VERBS or " " in word


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
        return Attribution(forward_np(text, skip_space(text, cue.end()), high), word, adjacent=True)
    between = text[cue.end() : high].strip()
    speaker = _subject(text, start, cue.start(), word) or main_subject(text, whole, cue.start())
    if not speaker or text[slice(*speaker)].lower() in DETERMINERS:
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


def subject_of_previous(text: str, low: int, high: int) -> Attribution | None:
    """The person whom the sentence before a quotation is about: Ann Lee was unimpressed. "…"."""
    end = low + len(text[low:high].rstrip())
    if end <= low or "\n" in text[end:high]:
        return None
    start = sentence_start(text, low, end - 1)
    speaker = main_subject(text, start, end)
    if not speaker or not (is_name(text[slice(*speaker)]) or text[slice(*speaker)].lower() in ("he", "she")):
        return None
    return Attribution(speaker, "", adjacent=False, speech=False)


def _is_pronoun(text: str, speaker: Span | None) -> bool:
    return speaker is not None and text[slice(*speaker)].lower() in PRONOUNS


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
