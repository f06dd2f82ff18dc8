"""Passages → which of them are speech, and whose: the order in which the clauses beside a passage are believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chipreel.facts.quotes import chinese, english
from chipreel.facts.quotes.clauses_en import Span
from chipreel.facts.quotes.english import Attribution
from chipreel.facts.quotes.marks import Passage
from chipreel.facts.quotes.named import LateRoster, Roster
from chipreel.facts.quotes.words_en import PRONOUNS
from chipreel.text.late import late
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
        cue = by.cue if by else ""
        if by and by.cue_start >= 0:
            cue = self.text[by.cue_start : by.cue_start + len(cue)]
        return Said(self.passage.start, self.passage.end, speaker, cue)


def attribute(text: str, passages: Sequence[Passage], form: str, roster: LateRoster) -> list[Said]:
    """The passages that are speech, with the place where their speaker is named."""
    said: list[Said] = []
    for number, passage in enumerate(passages):
        low = passages[number - 1].after if number else 0
        high = passages[number + 1].before if number + 1 < len(passages) else len(text)
        previous = said[-1] if said and passage.start - said[-1].end < REACH else None
        setting = Setting(text, passage, max(low, passage.start - REACH), min(high, passage.end + REACH), previous)
        is_chinese = has_han(text[max(0, passage.start - 24) : passage.end + 24])
        found = _chinese(setting, form, roster) if is_chinese else _english(setting)
        if found:
            said.append(found)
    return _carried_back(said, {passage.start for passage in passages if passage.continues})


def _carried_back(said: list[Said], open_ended: set[int]) -> list[Said]:
    """Words that go on in the next paragraph are of the one who is named there."""
    for index in range(len(said) - 2, -1, -1):
        one, following = said[index], said[index + 1]
        if one.start in open_ended and not one.cue:
            said[index] = Said(one.start, one.end, following.speaker, following.cue)
    return said


_TITLE_CASE = late(r"[A-Z0-9][^\s]*|(?:of|the|a|an|and|in|on|at|to|for|with|is|by|or|vs\.?)$")
#: What stands, in small letters, before the name of a thing: the slogan "…", a film titled "…", the word "…".
_NAMED_AS_EN = late(
    r"(?:slogan|motto|nickname|nicknamed|titled?|entitled|named|code-?named|dubbed|so-called|song|film|book|movie|"
    r"episode|series|album|novel|poem|band|show|game|magazine|newspaper|headline|chapter|essay|podcast|"
    r"known\b[^,.;]{0,40}\bas|titles?d? (?:its|his|her|their|the|a) \w+|prompts?(?: \w+)?:?|"
    r"(?:the|a) (?:word|term|phrase|words|name|label|tag|hashtag))s?,?\s*$"
)
_LETTER = late(r"[^\W\d_]")
_DETERMINED = late(r"(?i)(?:\b(?:a|an|the|his|her|its|their|our|my|this|that|some|any|no|of)|['’]s)\s*$")
_OPEN_ENDED = (",", "?", "!", "…", "—", "–", "..", "-")


def _english(setting: Setting) -> Said | None:
    text, passage, words = setting.text, setting.passage, setting.words.split()
    before = english.attribution_before(text, setting.low, passage.before, max(0, passage.start - REACH))
    after = _english_after(setting, words)
    if _is_thing(setting, words, after):
        return None
    if passage.continues and not before:
        return setting.said(None)
    if before and before.adjacent and before.speech and not _gives_way(text, before, after):
        return setting.said(before)
    if after and after.speech:
        return setting.said(after)
    if _is_title(words):
        return None
    if before and (len(words) >= 2 or before.speech):
        return setting.said(before)
    return _english_bare(setting, words)


def _is_thing(setting: Setting, words: list[str], after: Attribution | None) -> bool:
    """The name of a thing, not words of somebody: a "yield curve", the slogan "…", a sign that reads "…"."""
    at = setting.passage.before
    lead = setting.text[max(setting.low, at - 60) : at]
    if len(words) <= 8 and _NAMED_AS_EN.search(lead.lower()):
        return True
    if after and after.speech:
        return False
    if len(words) <= 3 and _DETERMINED.search(lead):
        return True
    announced = lead.rstrip().endswith((",", ":")) or words[-1].endswith(("!", "?"))
    return len(words) >= 2 and _is_title(words) and not announced


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
    if after and (last.endswith(_OPEN_ENDED) or len(words) >= 5 or text[at : at + 1] == ","):
        return after
    if last.endswith(",") and len(words) >= 3 and not _is_title(words):
        return english.clause_after(text, at, setting.high)
    return None


def _english_bare(setting: Setting, words: list[str]) -> Said | None:
    """Words that no clause announces: the speaker before goes on, else the subject of the sentence."""
    starts_sentence = not english.has_lead(setting.text, setting.low, setting.passage.before)
    if setting.previous and starts_sentence and (len(words) >= 4 or words[-1].endswith((".", "!", "?"))):
        return setting.said(None)
    if len(words) < 5:
        return None
    of_sentence = english.subject_of_previous if starts_sentence else english.subject_of_sentence
    return setting.said(of_sentence(setting.text, setting.low, setting.passage.before))


def _is_title(words: list[str]) -> bool:
    """Every word but the smallest is capitalised: the name of a work or a programme."""
    return 0 < len(words) <= 9 and words[0][:1].isalnum() and all(_TITLE_CASE.match(word) for word in words)


_JOINED = late(r"[，、,；]?(?:和|及|以及|又|这|还|并|而|也|更)?")
_ZH_END = ("。", "！", "？", "…", "!", "?", "”", "；")
_PAUSE = ("，", ",", "：", ":")
#: Verbs after which the mark may follow without a pause, whatever stands in it.
_SAYING = late(
    r"(?:说|称|道|表示|写|喊|问|答|曰|告诉|强调|指出|直言|坦言|认为|预言|看来|感慨|感叹|惊呼|直呼|高呼|大喊|喊话|调侃|打趣|吐槽|自嘲|反问|追问|[写说喊问]了?[一两几]句|为|成)$"
)
_NAMED_AS = late(
    r"(?:下称|简称|名为|称为|称作|题为|所谓|叫做|叫|号称|誉为|俗称|命名为|堪称|主题是?|(?:口号|标语|书名|片名|名字|标题)(?:是|为)?|[写印刻贴挂]着|写有|印有|打出|[届款部所座项场首本档支个种类条的]|首批|荣获|获得|获评|入选)[：:，,]?$"
)
_NAME_GOES_ON = late(
    r"的|[：:]|[（(]|(?:问题|工程|计划|行动|事件|政策|模式|时代|概念|现象|效应|案|一词|奖|系列|战略|项目|品牌|称号|口号|大赛|活动|论坛|峰会|理论|精神|理念|原则|体系|联盟|平台|时刻|标签|之称|之名|之争)"
)


#: What somebody asks a model to draw: behind 提示词, or called a description.
_PROMPT_ZH = late(r"(?i)(?:提示词|提示语|文本提示|prompt|指令)[^。！？；“”「」]{0,6}$")
#: What is shown or had is a thing: 画面呈现“…”.
_SHOWN_ZH = late(r"(?:呈现|展示|展现|描绘|包含|包括|具备|具有|拥有|提供)(?:了|出|着)?$")
_PROMPT_BEHIND_ZH = late(r"等?(?:这样的|这类|的)?(?:文字|文本)?(?:描述|提示词|提示语|指令)")


def _is_shown(text: str, passage: Passage) -> bool:
    return bool(
        _PROMPT_ZH.search(text[max(0, passage.before - 16) : passage.before])
        or _SHOWN_ZH.search(text[max(0, passage.before - 4) : passage.before])
        or _PROMPT_BEHIND_ZH.match(text, passage.after)
    )


def _chinese(setting: Setting, text: str, late: LateRoster) -> Said | None:
    passage, inner = setting.passage, setting.words
    joined = setting.previous and setting.low == setting.previous.end + 1
    if joined and _JOINED.fullmatch(text, setting.low, passage.before):
        return setting.said(None)
    lead = text[max(0, passage.before - 8) : passage.before].rstrip(" \u3000")
    if _is_name(text, passage, inner, lead) or _is_shown(text, passage):
        return None
    roster = late()
    before = chinese.attribution_before(text, setting.low, passage.before, roster)
    ended = inner.endswith(_ZH_END)
    paused = lead.endswith(_PAUSE)
    clear = ended or paused or len(inner) >= 8 or _SAYING.search(lead)
    if clear and before and before.adjacent and before.speech and before.speaker:
        return setting.said(before)
    after = chinese.attribution_after(text, passage.after, passage.end + REACH, roster)
    if (
        after
        and after.adjacent
        and (ended or inner.endswith(("，", ",")) or len(inner) >= 12 or _ends_clause(text, passage, after))
    ):
        return setting.said(after)
    if not (ended and (len(inner) >= 6 or lead.endswith(("：", ":")))) and len(inner) < 14 and not inner.endswith("，"):
        return setting.said(before) if _is_part(text, passage, before, inner) else None
    if before and before.speaker:
        return setting.said(before)
    return setting.said(after or _from_around(setting, text, roster))


def _ends_clause(text: str, passage: Passage, after: Attribution) -> bool:
    """“会赢的”——首席科学家林知遥说。: the clause behind does nothing but announce."""
    stop = chinese.sentence_end(text, passage.after)
    return bool(after.cue) and text[passage.after : stop].rstrip("。").endswith(after.cue)


#: 说OpenAI“真的非常牛”: a word of speech, whom it is about, and what is said of them.
_SAID_OF = late(r"(?:说|称|认为|直言|坦言)(?:[A-Za-z][\w .-]{0,8}|[他她它])$")


def _is_part(text: str, passage: Passage, before: Attribution | None, inner: str) -> bool:
    """A few words inside reported speech: 他称产能“到春天都排满了”。"""
    ends_clause = text[passage.after : passage.after + 1] in ("", "，", "。", "；", "！", "？", "\n", ",")
    near = len(inner) >= 4 and _SAID_OF.search(text[max(0, passage.before - 10) : passage.before])
    return before is not None and before.speech and bool(before.cue) and bool(len(inner) >= 8 or near) and ends_clause


def _from_around(setting: Setting, text: str, roster: Roster) -> Attribution | None:
    """No clause announces the words: whom the sentence behind names, else who spoke before."""
    at = setting.passage.before
    if text[max(0, at - 1) : at] in ("", "\n", "\u3000", " "):
        first = roster.first_in(setting.passage.after, chinese.sentence_end(text, setting.passage.after))
        if first:
            return Attribution(first, "", adjacent=False)
    return chinese.carried(text, max(0, at - REACH), at, roster)


def _is_name(text: str, passage: Passage, inner: str, lead: str) -> bool:
    """A name, a figure or an attribute between marks: “…”的口号, 下称“…”."""
    if not _LETTER.search(inner):
        return True
    opened = text.rfind("《", max(0, passage.before - 60), passage.before)
    if opened >= 0 and "》" not in text[opened : passage.before]:
        return True
    if inner.endswith(_ZH_END) or len(inner) >= 20 or lead.endswith(_PAUSE):
        return False
    return bool(_NAMED_AS.search(lead) or _NAME_GOES_ON.match(text, passage.after))
