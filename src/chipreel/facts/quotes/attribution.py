"""Passages → which of them are speech, and whose: the order in which the clauses beside a passage are believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chipreel.facts.quotes import chinese, english
from chipreel.facts.quotes.english import Attribution, Span
from chipreel.facts.quotes.marks import Passage
from chipreel.facts.quotes.words_en import PRONOUNS
from chipreel.text.script import has_han

#: How far back the subject of a sentence is looked for, in characters.
REACH = 400


@dataclass(frozen=True, slots=True)
class Said:
    """A passage that is speech."""

    start: int
    end: int
    speaker: Span | None
    cue: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A passage and its surroundings: the text between the passages before and behind it."""

    text: str
    passage: Passage
    low: int
    high: int
    previous: Said | None

    @property
    def words(self) -> str:
        return self.text[self.passage.start : self.passage.end].strip()

    def said(self, by: Attribution | None) -> Said:
        speaker = by.speaker if by else self.previous.speaker if self.previous else None
        return Said(self.passage.start, self.passage.end, speaker, by.cue if by else "")


def attribute(text: str, passages: Sequence[Passage]) -> list[Said]:
    """The passages that are speech, with the place where their speaker is named."""
    said: list[Said] = []
    for number, passage in enumerate(passages):
        low = passages[number - 1].after if number else 0
        high = passages[number + 1].before if number + 1 < len(passages) else len(text)
        previous = said[-1] if said and passage.start - said[-1].end < REACH else None
        setting = Setting(text, passage, max(low, passage.start - REACH), min(high, passage.end + REACH), previous)
        is_chinese = has_han(text[max(0, passage.start - 24) : passage.end + 24])
        found = (_chinese if is_chinese else _english)(setting)
        if found:
            said.append(found)
    return said


_TITLE_CASE = re.compile(r"[A-Z0-9][^\s]*|(?:of|the|a|an|and|in|on|at|to|for|with|is|by|or|vs\.?)$")
_OPEN_ENDED = (",", "?", "!", "…", "—", "–", "..", "-")


def _english(setting: Setting) -> Said | None:
    text, passage, words = setting.text, setting.passage, setting.words.split()
    before = english.attribution_before(text, setting.low, passage.before, max(0, passage.start - REACH))
    after = _english_after(setting, words)
    if before and before.adjacent and before.speech and not _gives_way(text, before, after):
        return setting.said(before)
    if after and after.speech:
        return setting.said(after)
    if _is_title(words):
        return None
    if before and (len(words) >= 2 or before.speech):
        return setting.said(before)
    return _english_bare(setting, words)


def _gives_way(text: str, before: Attribution, after: Attribution | None) -> bool:
    """A bare colon gives way to a clause behind that names somebody: Lee fired back: "…," he wrote."""
    if before.cue != ":" or not after:
        return False
    named = after.speaker and text[slice(*after.speaker)].lower() not in PRONOUNS
    return bool(named or not before.speaker)


def _english_after(setting: Setting, words: list[str]) -> Attribution | None:
    text, at = setting.text, setting.passage.after
    last = words[-1]
    after = english.attribution_after(text, at, setting.high)
    if last.endswith(".") and not last.endswith(".."):
        return after if after and after.cue == "—" else None
    if after and (last.endswith(_OPEN_ENDED) or len(words) >= 5):
        return after
    if last.endswith(",") and len(words) >= 3 and not _is_title(words):
        return english.clause_after(text, at, setting.high)
    return None


def _english_bare(setting: Setting, words: list[str]) -> Said | None:
    """Words that no clause announces: the speaker before goes on, else the subject of the sentence."""
    starts_sentence = not english.has_lead(setting.text, setting.low, setting.passage.before)
    if setting.previous and starts_sentence and (len(words) >= 4 or words[-1].endswith((".", "!", "?"))):
        return setting.said(None)
    if len(words) >= 5:
        return setting.said(english.subject_of_sentence(setting.text, setting.low, setting.passage.before))
    return None


def _is_title(words: list[str]) -> bool:
    """Every word but the smallest is capitalised: the name of a work or a programme."""
    return len(words) <= 9 and words[0][:1].isalnum() and all(_TITLE_CASE.match(word) for word in words)


def _chinese(setting: Setting) -> Said | None:
    text, passage, inner = setting.text, setting.passage, setting.words
    before = chinese.attribution_before(text, setting.low, passage.before)
    after = chinese.attribution_after(text, passage.after, setting.high)
    if before and before.adjacent and before.speech:
        return setting.said(before)
    if after and after.adjacent and (inner.endswith(("。", "，", "！", "？", "…", "!", "?", ",")) or len(inner) >= 12):
        return setting.said(after)
    if (inner.endswith(("。", "！", "？", "…", "!", "?", "”")) and len(inner) >= 6) or len(inner) >= 14:
        return setting.said(before or after)
    if before and before.speech and len(inner) >= 5:
        return setting.said(before)
    return None
