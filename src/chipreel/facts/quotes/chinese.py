"""Chinese: the clause beside a quotation → its speaker and its word of speech, as places in the text."""

from __future__ import annotations

import re
from itertools import pairwise

from chipreel.facts.quotes.clauses_en import Span
from chipreel.facts.quotes.clauses_zh import Phrase, head_phrase, name_at, noun_phrase
from chipreel.facts.quotes.english import Attribution
from chipreel.facts.quotes.named import Roster
from chipreel.facts.quotes.words_zh import (
    CONTACT,
    GIVEN,
    NAMING,
    OTHER_SURNAMES,
    PLAIN_SURNAMES,
    PRONOUNS,
    SPEECH,
    VERB_TAIL,
)
from chipreel.text.late import late

_CUE = late(rf"(?:{'|'.join(SPEECH)}){VERB_TAIL}")
_CONTACT = late(
    rf"(?:{'|'.join(sorted({*SPEECH, *CONTACT}, key=len, reverse=True))}){VERB_TAIL}"
    r"(?:着|是|起|一?句|[一二两三四几]个[字词])?$"
)
_STOP = late(r"[。！？!?；;\n”」』]|…{1,2}(?=[^，。])|\u3000{1,}|\s{3,}")
_CLAUSE_END = late(r"[。！？!?；;\n：:]|[“「『](?![^”」』]{1,14}[”」』])")
_SENTENCE_END = late(r"[。！？\n]")
_COMMA = late(r"[，,：:]")
_NAMING = late("|".join(sorted(map(re.escape, NAMING), key=len, reverse=True)))
#: Words that contain a verb of speech and are none: 小说, 名称, 难道, 道路, 知道, 味道 …
_NO_CUE = late(
    r"小说|传说|据说|学说|游说|名称|昵称|全称|简称|俗称|号称|对称|职称|统称|总称|堪称|称号|称呼|称为|称作|称之|难道|知道|道路|频道|渠道|轨道|隧道|管道|赛道|味道|一道|"
    r"街道|报道称?量|公道|人道|道理|道德|道具|说法|说明书|说服|听说|问题|问世|学问|访问|疑问|顾问|答案|回答者|答卷|"
    r"分析师|评论员|评论区|发言人|发言权|说不定|可以说|应该说|总的来说|来说|而言|说起来|换句话说|"
    r"说白了|或者说|比如说|譬如说|就是说|也就是说|通道|大道|跑道|国道|栈道|茶道|王道|霸道|地道|厚道|道琼斯|建议书|承诺书|说实话|下称|大肆报道|据报道|问答|质问题|反问题|小道|声明书|叹为|慰问|提出的|称得上|称霸|要说|叹号|无道|答应|报答|所谓|名义|(?<![言责])人称|说好|并称|提问者"
)
#: Verbs so plain that the few characters before them are the speaker, known or not: 知远说.
_PLAIN_CUE = late(r"(?:说|称|表示|认为|指出|坦言|回忆|介绍|强调|透露|告诉|写道|回答)")
_NAME_HERE = late(rf"[{PLAIN_SURNAMES}{OTHER_SURNAMES}][{GIVEN}]{{2}}")
_CITED = late(r"(?:引用|援引|引述|借用|套用|用|按照|按)(?:了)?([^，。的]{2,30})的话来?$")
#: No clause is read further than this.
REACH = 160
_NO_NAMES: frozenset[str] = frozenset()


def attribution_before(text: str, low: int, high: int, roster: Roster | None = None) -> Attribution | None:
    """The clause that leads to a quotation: 林知遥说：“…”, 他在信中写道，“…”. `text` is in its comparison form."""
    low = max(low, high - REACH)
    lead = text[low:high]
    stripped = lead.rstrip(" \u3000，,：:")
    sentence = last_stop(stripped)
    clause = stripped[sentence:]
    if not clause.strip():
        return None
    names = roster.names if roster else _NO_NAMES
    contact = _CONTACT.search(clause)
    colon = lead.rstrip().endswith(("：", ":"))
    for start, end in reversed(_cues(clause) + ([contact.span()] if contact else [])):
        found = (
            _cited(clause, start)
            or (_at_colon(clause, end, names) if colon else None)
            or _subject(clause, start, names)
        )
        tight = not clause[end:].strip() or (len(clause) - end <= 10 and colon)
        naming = _NAMING.search(clause, max(0, start - 1), end + 2) is not None
        return Attribution(_moved(found, low + sentence), clause[start:end], tight, not naming, low + sentence + start)
    found = _subject(clause, len(clause), names)
    if colon:
        return Attribution(_moved(found, low + sentence), "：", adjacent=True, speech=False)
    if found and found.strength == 3:
        return Attribution(_moved(found, low + sentence), "", adjacent=False, speech=False)
    return None


def _at_colon(clause: str, low: int, names: frozenset[str]) -> Phrase | None:
    """The name at the head of the last clause before a colon: 面对提问，许映川没有犹豫：."""
    comma = max(clause.rfind(mark, low) for mark in "，,")
    found = head_phrase(clause, comma + 1, len(clause), names) if comma >= 0 else None
    return found if found and found.strength == 3 else None


def _cited(clause: str, end: int) -> Phrase | None:
    """援引某人的话说: the words are of the person cited."""
    cited = _CITED.search(clause[:end])
    return Phrase(cited.start(1), cited.end(1), 2) if cited else None


def _moved(found: Phrase | None, by: int) -> Span | None:
    return (found.start + by, found.end + by) if found else None


def attribution_after(text: str, low: int, high: int, roster: Roster | None = None) -> Attribution | None:
    """The clause that follows a quotation: “…”林知遥说, “…”他停了一下，."""
    clause = text[low : min(high, low + REACH)]
    lead = len(clause) - len(clause.lstrip(" \n\u3000，,—-–"))
    broken = "\n" in clause[:lead]
    if clause.startswith(("。——", "。—")):
        lead = len(clause) - len(clause.lstrip("。—"))
    stop = _CLAUSE_END.search(clause, lead)
    clause = clause[: stop.start()] if stop else clause
    names = roster.names if roster else _NO_NAMES
    comma = _COMMA.search(clause, lead)
    if broken:
        return _after_break(clause, lead, low, names)
    for start, end in _cues(clause):
        if start < lead or (comma and start > comma.start() + 30):
            break
        found = _subject(clause, start, names, lead)
        if found and found.strength >= 2 and clause.count("，", lead, found.start) <= 1:
            return Attribution(
                (low + found.start, low + found.end), clause[start:end], adjacent=True, cue_start=low + start
            )
        told = found and found.end - found.start <= 4 and _PLAIN_CUE.match(clause, start)
        if found and (len(clause) - end <= 2 or told or (found.end == start and start - lead <= 16)):
            return Attribution(
                (low + found.start, low + found.end), clause[start:end], adjacent=True, cue_start=low + start
            )
    if "—" in clause[:lead] or "–" in clause[:lead]:
        signed = noun_phrase(clause, lead, len(clause.rstrip()), names)
        if signed and signed.strength >= 2 and len(clause) - lead <= 24 and not comma:
            return Attribution((low + signed.start, low + signed.end), "—", adjacent=True)
    head = name_at(clause, lead, names) or _name_here(clause, lead) or _pronoun_at(clause, lead)
    return Attribution((low + head[0], low + head[1]), "", adjacent=False, speech=False) if head else None


def _after_break(clause: str, lead: int, low: int, names: frozenset[str]) -> Attribution | None:
    """A line of its own that only names the speaker: ↵ 研究所所长林知远说。"""
    for start, end in _cues(clause):
        found = _subject(clause, start, names, lead)
        if found and len(clause) - end <= 1 and len(clause) - lead <= 48:
            return Attribution(
                (low + found.start, low + found.end), clause[start:end], adjacent=True, cue_start=low + start
            )
    return None


def _name_here(clause: str, at: int) -> Span | None:
    """A name of three characters right behind the closing mark: “…”何知远翻开本子."""
    found = _NAME_HERE.match(clause, at)
    return found.span() if found else None


def _pronoun_at(clause: str, at: int) -> Span | None:
    for length in (2, 1):
        if clause[at : at + length] in PRONOUNS and clause[at : at + length] not in (
            "其",
            "我",
            "我们",
            "你",
            "它",
            "双方",
        ):
            return at, at + length
    return None


def carried(text: str, low: int, high: int, roster: Roster) -> Attribution | None:
    """The speaker of the sentences before: reported speech that a quotation goes on with, else their subject."""
    stops = [low, *(stop.end() for stop in _STOP.finditer(text, low, high)), high]
    for start, end in reversed(list(pairwise(stops))):
        clause = text[start:end]
        for cue in _cues(clause):
            found = _subject(clause, cue[0], roster.names)
            if found and found.strength >= 2:
                return Attribution((start + found.start, start + found.end), "", adjacent=False)
        head = head_phrase(clause, 0, len(clause), roster.names)
        if head:
            return Attribution((start + head.start, start + head.end), "", adjacent=False)
        named = roster.first_in(start, end)
        if named:
            return Attribution(named, "", adjacent=False)
    last = roster.last_before(high)
    return Attribution((last[0], last[0] + len(last[1])), "", adjacent=False) if last and high - last[0] < 400 else None


def sentence_end(text: str, low: int) -> int:
    """Where the sentence that begins at `low` ends."""
    while low < len(text) and text[low].isspace():
        low += 1
    stop = _SENTENCE_END.search(text, low, low + REACH)
    return stop.start() if stop else min(len(text), low + REACH)


def subject_of(clause: str, names: frozenset[str]) -> Phrase | None:
    """The subject of the verb that follows `clause`; `names` are known."""
    return _subject(clause, len(clause), names)


def is_pronoun(phrase: str) -> bool:
    """Whether the phrase is a Chinese pronoun."""
    return phrase in PRONOUNS


def last_stop(lead: str) -> int:
    """Where the last sentence of `lead` begins."""
    last = 0
    for stop in _STOP.finditer(lead):
        last = stop.end()
    return last


def _cues(clause: str) -> list[Span]:
    """The words of speech of a clause, without those inside other words."""
    no = [word.span() for word in _NO_CUE.finditer(clause)]
    return [cue.span() for cue in _CUE.finditer(clause) if not any(a <= cue.start() < b for a, b in no)]


def _subject(clause: str, end: int, names: frozenset[str], low: int = 0) -> Phrase | None:
    """The speaker before a verb at `end`: from the verb's own clause, else from the clauses before it."""
    high, weak = end, None
    for _ in range(6):
        comma = _last_pause(clause, low, high)
        start = max(comma + 1, low)
        found = noun_phrase(clause, start, high, names) if high == end else None
        if found and found.end == end and found.end - found.start <= 4 and _PLAIN_CUE.match(clause, end):
            return found
        if not found or found.strength < 2:
            found = head_phrase(clause, start, high, names) or found or noun_phrase(clause, start, high, names)
        if found and found.strength >= 2:
            return _apposed(clause, start, found, names, low)
        weak = weak or found
        if comma < 0:
            break
        high = comma
    return weak


def _last_pause(clause: str, low: int, high: int) -> int:
    """Where the last comma or colon of `clause[low:high]` stands, -1 = nowhere."""
    return max([clause.rfind(mark, low, high) for mark in "，,：:"])


def _apposed(clause: str, start: int, found: Phrase, names: frozenset[str], low: int) -> Phrase:
    """柏舟，一位从业二十年的摄影师，: the name before what describes it."""
    if not clause.startswith(("一位", "一名"), found.start) or start - 1 <= low:
        return found
    before = _last_pause(clause, low, start - 1)
    named = noun_phrase(clause, max(before + 1, low), start - 1, names)
    return named if named and named.end - named.start <= 4 and named.end == start - 1 else found
