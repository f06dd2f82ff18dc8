"""Chinese: the clause beside a quotation → its speaker and its word of speech, as places in the text."""

from __future__ import annotations

import re

from chipreel.facts.quotes.english import Attribution, Span
from chipreel.facts.quotes.words_zh import ADVERBS, LEADS, NAMING, PRONOUNS, STRONG, SURNAMES, TITLES, VERB_TAIL
from chipreel.text.fold import fold
from chipreel.text.script import HAN

_CUE = re.compile(rf"(?:{'|'.join(STRONG)}){VERB_TAIL}")
_STOP = re.compile(r"[。！？!?；;\n”」』]|…{1,2}(?=[^，。])|\u3000{1,}|\s{3,}")
_COMMA = re.compile(r"[，,：:、]")
_NAMING = re.compile("|".join(sorted(map(re.escape, NAMING), key=len, reverse=True)))
#: Words that contain a verb of speech and are none: 小说, 名称, 难道, 道路, 知道, 味道 …
_NO_CUE = re.compile(
    r"小说|传说|据说|学说|游说|名称|昵称|全称|简称|俗称|号称|对称|职称|统称|总称|堪称|称号|称呼|称为|称作|称之|难道|知道|道路|频道|渠道|轨道|隧道|管道|赛道|味道|一道|"
    r"街道|报道称?量|公道|人道|道理|道德|道具|说法|说明书|说服|听说|问题|问世|学问|访问|疑问|顾问|答案|回答者|答卷|写作|写字|编写|填写|撰写|讲究|云计算|云端|"
    r"云服务|云厂商|阿里云|腾讯云|华为云|谈判|洽谈|商谈|演讲|讲座|讲台|听讲|分析师|评论员|评论区|发言人|代言|发言权|报道者|声明书|说不定|可以说|应该说|总的来说|来说|而言|说起来|换句话说|"
    r"说白了|通道|大道|跑道|国道|栈道|茶道|王道|霸道|地道|厚道|道琼斯|显示器|显示屏|显示面板|表达式|建议书|承诺书|云集|多云|云南|云海|云层|云存储|云平台|上云|说实话|要求高|要求的"
)
_ADVERB_TAIL = re.compile(rf"(?:{ADVERBS}|[，,\s])$")
_PHRASE = re.compile(
    r"(?:在|于|向|对|就|跟|和|与|给|通过|接受|面对|谈到|谈及|当|用|以|从|把|将|针对|回应|发布|发表|出席|参加|致|被问及|被问到)"
    r"[^，。,]{0,30}(?:时|中|上|里|内|会|后|前|期间|采访|报告|表示|记者|媒体|》|」|粉丝|大家|我们?|他们?|她|员工|投资者|信|文|方式|场合|微博|平台|推特|X|博客|社交媒体)?$"
)
_LEAD = re.compile(rf"(?:{LEADS})")
_NAME_TAIL = re.compile(
    rf"(?:{TITLES})(?P<name>(?:[A-Za-zÀ-ɏ][\w.'’-]*(?:[ ·•][A-Za-zÀ-ɏ][\w.'’-]*){{0,3}}|[{HAN}]{{1,8}}(?:[·•・‧][{HAN}]{{1,8}}){{1,3}}|"
    rf"(?:{SURNAMES})[{HAN}]{{1,2}}|[{HAN}]{{2,5}}))(?:（[^（）]{{1,40}}）)?$"
)
_BARE_NAME = re.compile(rf"(?:{SURNAMES})[{HAN}]{{1,2}}(?![{HAN}])|[{HAN}]{{1,6}}(?:[·•・‧][{HAN}]{{1,8}}){{1,3}}")
_WEAK_SUBJECT = re.compile(r"^[的了着过地得之是不没也都就才已]|^(?:进一步|并|且|又|再|还|都|只|可以|应该|需要|能够|因为|如果|由于)$")
#: No clause is read further than this.
REACH = 120


def folded(text: str, low: int, high: int) -> str:
    """`text[low:high]` in the comparison form, one code point for one."""
    return fold(text[low:high])


def attribution_before(text: str, low: int, high: int) -> Attribution | None:
    """The clause that leads to a quotation: 陈知微说：“…”, 他在信中写道，“…”."""
    low = max(low, high - REACH)
    lead = folded(text, low, high)
    stripped = lead.rstrip(" \u3000，,：:")
    sentence = _last_stop(stripped)
    clause = stripped[sentence:]
    if not clause.strip():
        return None
    cues = _cues(clause)
    for start, end in reversed(cues):
        behind = clause[end:]
        if _COMMA.search(behind) and len(behind) > 40:
            break
        speaker = _subject(clause, start)
        word = clause[start:end]
        tight = not behind.strip() or (len(behind) <= 8 and lead.rstrip().endswith(("：", ":")))
        place = (low + sentence + speaker[0], low + sentence + speaker[1]) if speaker else None
        return Attribution(place, word, adjacent=tight, speech=_NAMING.search(clause[max(0, start - 2) :]) is None)
    if lead.rstrip().endswith(("：", ":")):
        speaker = _subject(clause, len(clause))
        place = (low + sentence + speaker[0], low + sentence + speaker[1]) if speaker else None
        return Attribution(place, "：", adjacent=True, speech=False)
    return None


def attribution_after(text: str, low: int, high: int) -> Attribution | None:
    """The clause that follows a quotation: “…”许言说, “…”他停顿了一下，."""
    high = min(high, low + REACH)
    clause = folded(text, low, high)
    lead = len(clause) - len(clause.lstrip(" \u3000，,—-–"))
    stop = re.search(r"[。！？!?；;\n：:“「『]", clause[lead:])
    clause = clause[: lead + stop.start()] if stop else clause
    dashed = "—" in text[low : low + lead] or "–" in text[low : low + lead]
    comma = _COMMA.search(clause, lead)
    for start, end in _cues(clause):
        if start < lead or (comma and start > comma.start() + 24):
            break
        speaker = _subject(clause, start, lead)
        if speaker and speaker[0] - lead <= 12:
            return Attribution((low + speaker[0], low + speaker[1]), clause[start:end], adjacent=True)
    name = _BARE_NAME.match(clause, lead)
    if dashed and clause[lead:].strip() and len(clause) - lead <= 24:
        return Attribution((low + lead, low + len(clause.rstrip())), "—", adjacent=True)
    if name:
        return Attribution((low + name.start(), low + name.end()), "", adjacent=False, speech=False)
    return None


def _last_stop(lead: str) -> int:
    last = 0
    for stop in _STOP.finditer(lead):
        last = stop.end()
    return last


def _cues(clause: str) -> list[Span]:
    """The words of speech of a clause, without those inside other words."""
    no = [word.span() for word in _NO_CUE.finditer(clause)]
    return [cue.span() for cue in _CUE.finditer(clause) if not any(a <= cue.start() < b for a, b in no)]


def _subject(clause: str, end: int, low: int = 0) -> Span | None:
    """The speaker before a verb at `end`: from the verb's own clause, else from the clauses before it."""
    high = end
    for _ in range(4):
        comma = max(clause.rfind(mark, low, high) for mark in "，,：:")
        start = max(comma + 1, low)
        found = _noun_phrase(clause, start, high)
        if found:
            return found
        if comma < 0:
            return None
        high = comma
    return None


def _noun_phrase(clause: str, start: int, end: int) -> Span | None:
    """The subject at the head of `clause[start:end]`, without what leads to it and what stands before the verb."""
    start = _skip_leads(clause, start, end)
    end = _strip_tail(clause, start, end)
    phrase = clause[start:end]
    while phrase.endswith(("的", " ", "、", "是")):
        phrase, end = phrase[:-1], end - 1
    if not phrase or _WEAK_SUBJECT.search(phrase) or len(phrase) > 48:
        return None
    return start, end


def _skip_leads(clause: str, start: int, end: int) -> int:
    for _ in range(4):
        while start < end and clause[start] in " \u3000、\t”」』）)":
            start += 1
        lead = _LEAD.match(clause, start, end)
        if not lead or not lead.group() or lead.end() >= end:
            return start
        start = lead.end()
    return start


def _strip_tail(clause: str, start: int, end: int) -> int:
    for _ in range(8):
        phrase = clause[start:end]
        adverb = _ADVERB_TAIL.search(phrase)
        if adverb and adverb.start() > 0:
            end = start + adverb.start()
            continue
        beside = _PHRASE.search(phrase, 2) or (_PHRASE.match(phrase) if not phrase[:2] else None)
        if beside and len(phrase) - beside.start() >= 2:
            end = start + beside.start()
            continue
        break
    return end


def personal_name(phrase: str) -> Span | None:
    """The name behind a title in a Chinese phrase (OpenAI首席执行官山姆·奥特曼 → 山姆·奥特曼), as a place in it."""
    found = _NAME_TAIL.search(fold(phrase))
    return found.span("name") if found else None


def is_pronoun(phrase: str) -> bool:
    """Whether the phrase is a Chinese pronoun."""
    return fold(phrase) in PRONOUNS
