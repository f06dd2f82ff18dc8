"""Indirect speech with a clear word of speech, kept where the speaker is known or named in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from chipreel.facts.quotes import chinese, clauses_en
from chipreel.facts.quotes.clauses_en import Span
from chipreel.facts.quotes.clauses_zh import Phrase
from chipreel.facts.quotes.known import Known, names_of_persons
from chipreel.facts.quotes.one_of import one_of
from chipreel.facts.quotes.speakers import is_unnamed
from chipreel.facts.quotes.words_en import NO_NAME, REPORTING_VERBS, TITLES
from chipreel.facts.quotes.words_zh import REPORTING
from chipreel.text.late import late

#: How far before the verb its subject and behind it its content may reach, in characters.
REACH = 320
#: No more verbs than this are looked at in one text.
MOST = 2000
_DAY = r"(?: (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?"
_WHERE = r"(?: (?:on|in|at|to) [^,.;:\"“]{2,40}?)?"
#: Verbs that need no "that": what follows others may be a thing (announced a chip).
_CLEAR = "said|says|believes|insists|insisted|argues|argued"
_REPORTING = one_of(sorted(REPORTING_VERBS))
_VERB = late(
    rf" (?:({_REPORTING}){_DAY}{_WHERE},? that "
    rf"|({_CLEAR}){_DAY}{_WHERE},? )(?=[A-Za-z$€£\d])"
)
#: How every match of `_VERB` begins; `_VERB` is only tried here.
_VERB_HEAD = late(rf" {_REPORTING}(?=[ ,])")
_REPORTED = sorted((*REPORTING, "报道", "报导", "看来", "消息"), key=len, reverse=True)
_VERB_ZH = late(rf"{one_of(_REPORTED)}(?:道|说|称)?[，,：:]")
_END_ZH = late(r"[。！？；\n“”「」]")
_FULL_NAME = late(r"[A-ZÀ-Þ][\w’'-]+(?: (?:[A-ZÀ-Þ][\w.’'-]*|de|van|von|al|bin))+$")
_QUOTE_MARKS = frozenset('"“”「『')


@dataclass(frozen=True, slots=True)
class Reported:
    """Words that are reported without marks."""

    start: int
    end: int
    speaker: Span
    cue: str
    #: The speaker is a pronoun or "the company": it counts only if the text tells who that is.
    unnamed: bool = False


def find_reported(text: str, form: str, known: tuple[Known, ...], *, is_chinese: bool) -> Iterator[Reported]:
    """Indirect speech of `text`; `form` is the text in Simplified characters."""
    return _chinese(text, form, known) if is_chinese else _english(text, known)


def _english(text: str, known: tuple[Known, ...]) -> Iterator[Reported]:
    done = 0
    for verb in islice(_verbs(text), MOST):
        if verb.start() < done:
            continue
        low = max(done, verb.start() - REACH)
        start = clauses_en.sentence_start(text, low, verb.start())
        speaker = clauses_en.subject_before(text, start, verb.start())
        if not speaker:
            continue
        unnamed = is_unnamed(text[slice(*speaker)])
        if not unnamed and not _is_named(text, speaker, known):
            continue
        end = clauses_en.sentence_end(text, verb.end(), min(len(text), verb.end() + REACH))
        content = text[verb.end() : end]
        if len(content.split()) >= 4 and not _QUOTE_MARKS.intersection(content):
            yield Reported(
                verb.end(), verb.end() + len(content.rstrip(" .!?")), speaker, verb.group(1) or verb.group(2), unnamed
            )
            done = end


def _verbs(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for head in _VERB_HEAD.finditer(text):
        verb = _VERB.match(text, head.start()) if head.start() >= end else None
        if verb:
            yield verb
            end = verb.end()


def _is_named(text: str, speaker: Span, known: tuple[Known, ...]) -> bool:
    if any(name.start < speaker[1] and name.end > speaker[0] for name in known):
        return True
    phrase = text[slice(*speaker)]
    if phrase.rsplit(" ", 1)[-1].lower() in TITLES:
        return False
    return bool(_FULL_NAME.search(phrase)) and phrase.split(" ", 1)[0].lower() not in NO_NAME


_ENCLOSED = late(r"(?:^|(?<=[。！？；，\n”]))(?:据|在)(?!悉|此)")
_BODY = late(r"(?:公司|集团|科技|发言人|负责人|方面|银行|证券|大学|研究院|协会|委员会|社|报|网|》|台|机构|团队)$")


def _chinese(text: str, form: str, known: tuple[Known, ...]) -> Iterator[Reported]:
    names = names_of_persons(form, known)
    done = 0
    for verb in islice(_VERB_ZH.finditer(form), MOST):
        stop = _END_ZH.search(form, verb.end(), min(len(form), verb.end() + REACH))
        end = stop.start() if stop else min(len(form), verb.end() + REACH)
        if end - verb.end() < 6 or (stop is not None and stop.group() in "“”「」"):
            continue
        low = max(done, verb.start() - 120)
        start = low + chinese.last_stop(form[low : verb.start()])
        found = _speaker_zh(form, start, verb, names)
        if found is None:
            continue
        speaker = (found.start, found.end)
        unnamed = is_unnamed(form[slice(*speaker)])
        is_known = any(name.start < speaker[1] and name.end > speaker[0] for name in known)
        is_body = found.strength == 2 and _BODY.search(form[slice(*speaker)])
        if unnamed or is_known or is_body or found.strength == 3:
            yield Reported(verb.end(), end, speaker, text[slice(*verb.span())].rstrip("，,：:"), unnamed)
            done = end


def _speaker_zh(form: str, start: int, verb: re.Match[str], names: frozenset[str]) -> Phrase | None:
    """The speaker before the verb; 据路透社报道 and 在李飞飞看来 enclose theirs."""
    enclosed = _ENCLOSED.search(form, start, verb.start())
    if verb.group().startswith(("报道", "报导", "看来", "消息")) and not enclosed:
        return None
    found = chinese.subject_of(form[enclosed.end() if enclosed else start : verb.start()], names)
    if not found:
        return None
    by = enclosed.end() if enclosed else start
    return Phrase(by + found.start, by + found.end, found.strength)
