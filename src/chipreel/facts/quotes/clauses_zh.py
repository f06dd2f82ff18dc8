"""Chinese noun phrases: which part of a clause names a speaker, and how surely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from chipreel.facts.quotes.words_zh import (
    ADVERBS,
    COMPOUND_SURNAMES,
    GIVEN,
    KIN,
    LEADS,
    PLAIN_SURNAMES,
    PRONOUNS,
    SPEAKER_NOUNS,
    SPEECH,
    SURNAMES,
    TITLES,
)
from chipreel.text.late import late
from chipreel.text.script import HAN
from chipreel.text.traditional import SIMPLIFIED, TRADITIONAL

Span = tuple[int, int]

_LEAD = late(rf"(?:{LEADS})")
_ADVERB_TAIL = late(rf"(?:{ADVERBS}|[，,\s])$")
_MANNER = late(rf"(?:很|非常|十分|颇为|更)?[{HAN}]{{2}}地$")
_IDIOM = late(rf"[{HAN}]{{4}}地$")
#: Places, occasions and hearers between the speaker and the verb.
_BESIDE = late(
    r"(?:(?:在(?!线|职|校|场)|于|从(?!业|事))[^，。,]{1,40}?(?:时|中|上|里|内|会|后|前|期间|之际|采访|方面|处|下|报告|节目|公告|研报|平台|微博|博客|信|视频|直播|文章|财报|论坛|X|推特)"
    r"|(?:对(?!方|手|外|冲)|向(?!来)|跟|给)[^，。,]{1,24}?|就(?!业|职|读)[^，。,]{2,30}?|(?:接受|面对|通过|经(?!济|理|营|典|验|历|销|纪|贸|常)|用(?!户)|以(?!色列|来|及))[^，。,]{1,30}?"
    r"|(?:回应|谈到|谈及|被问及|被问到|答记者|答)[^，。,]{0,30}?(?:时)?|(?:出席|参加)[^，。,]{1,30}?|(?:发布|发表)[^，。,]{1,30}?(?:时|称)?|在|对|向|就|通过)$"
)
_LATIN_NAME = r"[A-Za-zÀ-ɏ][\w.'’-]*(?:[ ·•][A-Za-zÀ-ɏ][\w.'’-]*){0,3}"
_FOREIGN = rf"[{HAN}]{{1,8}}(?:[·•・‧][{HAN}]{{1,8}}){{1,3}}"
_NAME_TAIL = late(
    rf"(?:{TITLES})(?P<name>{_LATIN_NAME}|{_FOREIGN}|(?:{SURNAMES})[{HAN}]{{1,2}}|(?:(?![的了着过是不没我你他她它们这那在])[{HAN}]){{2,5}})"
    rf"(?:（[^（）]{{1,40}}）|\([^()]{{1,40}}\))?$"
)
#: Work that a name may follow without a title of the list: 高级技师林敏, 司机老王.
_WORKER_TAIL = late(
    rf"(?<=[{HAN}][师员家长者人工官手士生授任裁理监警])(?P<name>(?:{COMPOUND_SURNAMES}|[{PLAIN_SURNAMES}])[{GIVEN}]{{1,2}})$"
)
_PLACE_TAIL = late(rf"(?<=[{HAN}A-Za-z])[在于][{HAN}A-Za-z]{{2,10}}$")
_PERSON = late(
    rf"(?:(?:{COMPOUND_SURNAMES}|[{PLAIN_SURNAMES}])[{HAN}]{{1,2}}|(?:{SURNAMES})[{HAN}]{{2}}|{_FOREIGN}|"
    rf"[{HAN}]{{2,5}}（[A-Za-z][A-Za-z .'-]{{2,40}}）|{_LATIN_NAME})$"
)
_COMMON = late(rf"(?:{SPEAKER_NOUNS})$|^(?:有人|一位|一名|某|该|有的|众人|大家|不少|许多|多位|多名|部分)")
_PRONOUN = late("|".join(sorted(PRONOUNS, key=len, reverse=True)))
_VERB_HEAD = late(rf"(?:{'|'.join(word for word in SPEECH if len(word) > 1)})(?![人员者家师])")
_TITLE_END = frozenset("人师员长家监总官授生者裁理演导事")
_KIN = late(rf"(?:(?![给把被让对向])[{HAN}]){{0,6}}?(?:{KIN})(?!们?的)们?|(?:(?![给把被让对向])[{HAN}]){{1,4}}们(?!的)")
_NO_NOUN = late(
    r"^(?:[这那](?![位名家个些])|那些$|此|进一步|可以|应该|需要|能够|因为|如果|由于|不|没|只|都|所|一(?![位名家个])|多达|了|着|过|拿|让|把|通过|对于|关于|针对|根据|经过|为了|除了|除|作用|别人|怎么|什么|但是|见到|而)|[时地后着]$"
)


@cache
def _table() -> dict[int, str]:
    return {ord(old): new for old, new in zip(TRADITIONAL, SIMPLIFIED, strict=True)}


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{TRADITIONAL}]")


def simplified(text: str) -> str:
    """`text` in Simplified characters, one for one; everything else stays."""
    return text if text.isascii() or not _traditional().search(text) else text.translate(_table())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a clause."""

    start: int
    end: int
    #: 3 a name or pronoun, 2 a common noun of people or bodies, 1 anything else.
    strength: int


def noun_phrase(clause: str, start: int, end: int, names: frozenset[str] = frozenset()) -> Phrase | None:
    """The subject in `clause[start:end]`, the words in front of a verb of speech."""
    start = _skip_leads(clause, start, end)
    pronoun = _PRONOUN.match(clause, start, end)
    if pronoun and not clause.startswith(("其中", "其实", "其他", "其余", "我国", "自己的"), start):
        behind = clause[pronoun.end() : end]
        if not (behind.startswith("的") and len(behind) > 1) and not re.match(
            r"(?:个人|母亲|父亲|妻子|丈夫|公司)", behind
        ):
            return Phrase(start, pronoun.end(), 3)
    end = _strip_tail(clause, start, end)
    if end <= start or _VERB_HEAD.match(clause, start, end):
        return None
    return _graded(clause, start, end, names)


def _graded(clause: str, start: int, end: int, names: frozenset[str]) -> Phrase | None:
    phrase = clause[start:end]
    if _NO_NOUN.search(phrase):
        return None
    if known := [name for name in names if phrase.startswith(name) or phrase.endswith(name)]:
        named = max(known, key=len)
        at = start if phrase.startswith(named) else end - len(named)
        return Phrase(at, at + len(named), 3)
    titled = _NAME_TAIL.search(phrase) or _WORKER_TAIL.search(phrase)
    if titled:
        return Phrase(start + titled.start("name"), start + titled.end("name"), 3)
    tail = phrase.rfind("的") + 1
    if tail and _PERSON.match(phrase, tail) and len(phrase) - tail >= 2:
        return Phrase(start + tail, end, 3)
    if _PERSON.fullmatch(phrase):
        return Phrase(start, end, 3)
    if _COMMON.search(phrase) and len(phrase) <= 60:
        return Phrase(start, end, 2)
    if not 2 <= len(phrase) <= 20:
        return None
    return Phrase(start, end, 1)


def _skip_leads(clause: str, start: int, end: int) -> int:
    for _ in range(5):
        while start < end and clause[start] in " \u3000、\t”」』）)（(，,—-●◆■•·":
            start += 1
        lead = _LEAD.match(clause, start, end)
        if not lead or lead.end() >= end:
            return start
        start = lead.end()
    return start


def _strip_tail(clause: str, start: int, end: int) -> int:
    for _ in range(8):
        phrase = clause[start:end]
        cut = _tail_start(phrase)
        if cut is None:
            break
        end = start + cut
    while end > start and clause[end - 1] in " \u3000、的是":
        end -= 1
    return end


def _tail_start(phrase: str) -> int | None:
    """Where what stands between the subject and the verb begins, one piece at a time."""
    beside = _beside_start(phrase)
    if beside is not None:
        return beside
    manner = _MANNER.search(phrase)
    if manner:
        idiom = _IDIOM.search(phrase)
        good = idiom and (_NAME_TAIL.search(phrase[: idiom.start()]) or _PERSON.fullmatch(phrase[: idiom.start()]))
        return idiom.start() if idiom and good else manner.start()
    adverb = _ADVERB_TAIL.search(phrase)
    place = _PLACE_TAIL.search(phrase)
    if place and _PERSON.fullmatch(phrase[: place.start()]):
        return place.start()
    return adverb.start() if adverb and (adverb.start() > 0 or len(phrase) <= 4) else None


def _beside_start(phrase: str) -> int | None:
    """The last place from which the rest of the phrase is a place, an occasion or a hearer."""
    for at in range(len(phrase) - 1, -1, -1):
        if phrase[at] in "在于从对向跟给就接面通经用以回谈被答出参发" and _BESIDE.match(phrase, at):
            if at and phrase[at - 1 : at + 1] in _WITHIN_WORDS:
                continue
            if at == 1 and phrase[0] not in "他她它":
                continue
            return at
    return None


_WITHIN_WORDS = frozenset(
    """由于 关于 对于 等于 至于 终于 存在 现在 正在 所在 潜在 内在 实在 方向 面向 反对 相对 绝对 应对 针对
    成就 造就 参与 给与 开发 研发 爆发 出发 使用 应用 采用 引用 利用 信用 可以 所以 予以 难以 以及 全面 方面
    前面 里面 普通 交通 沟通 卡通 精通 已经 曾经 财经 神经""".split()
)


def head_phrase(clause: str, start: int, end: int, names: frozenset[str]) -> Phrase | None:
    """The subject of a clause whose verb is not one of speech: a known name, a pronoun, people without a name."""
    start = _skip_leads(clause, start, end)
    named = name_at(clause, start, names)
    if named and named[1] <= end:
        return Phrase(*named, 3)
    pronoun = _PRONOUN.match(clause, start, end)
    if (
        pronoun
        and pronoun.group() in ("他", "她", "他们", "她们")
        and clause[pronoun.end() : pronoun.end() + 1] != "的"
    ):
        return Phrase(start, pronoun.end(), 3)
    if _VERB_HEAD.match(clause, start, end) or _NO_NOUN.match(clause, start, end):
        return None
    kin = _KIN.match(clause, start, end)
    return Phrase(start, kin.end(), 2) if kin else None


def name_at(clause: str, start: int, names: frozenset[str]) -> Span | None:
    """A name that is known in this text, at the head of a clause."""
    start = _skip_leads(clause, start, len(clause))
    for length in range(min(12, len(clause) - start), 1, -1):
        if clause[start : start + length] in names:
            return start, start + length
    return None
