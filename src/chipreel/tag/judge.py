"""Whether an ambiguous name is meant: apple the fruit or Apple, 三星 the hotel or Samsung.

Evidence becomes named features, a linear model weighs them; the same features tell a reader why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nsmallest

from chipreel.model.tag_model import LinearModel
from chipreel.tag.candidates import Candidate
from chipreel.tag.linear import probability
from chipreel.text.script import has_han

#: How far a context word may stand from the name, in code points; half as far among Han characters.
NEAR = 90

_ARTICLE = re.compile(r"(?:^|[^a-z])(?:the|a|an|this|these|those|my|your|his|her|its|their|our|every|each|no|of an?) $")
_PREPOSITION = re.compile(r"(?:^|[^a-z])(?:at|by|from|with|for|on|in|via|and|vs\.?|versus|against|to|between|than) $")
_COMPANY_AFTER = re.compile(
    r"(?:'s|s')? ?(?:says?|said|will|has|had|is|was|to|and|plans?|reports?|launch\w*|unveil\w*|announce\w*|releas\w*|"
    r"introduc\w*|debuts?|sues?|sued|buys?|hires?|cuts?|wants?|adds?|gets?|makes?|builds?|brings?|rolls?|may|could|"
    r"ceo|cto|cfo|coo|co-founder|founder|chief|exec\w*|inc|corp|corporation|co|ltd|plc|holdings|platforms|research|labs?|"
    r"shares?|stock|earnings|revenue|profits?|sales|ai|chips?|gpus?|cpus?|model|models|cloud|app|tv|pay|watch|music|store|"
    r"engineers?|employees|users|customers|executives?|spokes\w+|investors?|researchers?|team|scientists?|data cent\w+)"
    r"(?![a-z])"
)
_POSSESSIVE = re.compile(r"'s? ")
_LIST_EDGE = re.compile(r"\s*(?:,|、|/|&|\+|and |or |与|和|及|跟|vs)")
_HAN_AFTER = re.compile(
    r"\s*(?:公司|集团|股份|科技|官方|官宣|宣布|发布|推出|开源|上线|回应|表示|称|说|将|正|被|要|拟|计划|申请|起诉|收购|投资|领投|投了|"
    r"ceo|cto|创始人|总裁|高管|员工|工程师|研究|团队|股价|市值|财报|业绩|营收|利润|净利|跌|涨|大跌|大涨|手机|芯片|模型|大模型|"
    r"电脑|汽车|系统|平台|用户|产品|最新|新品|新机|首款|旗下|自研|的|在|与|和|、|也|又|再|已|终于|突然|裁员|招聘|研发|版|ai|app|云|机)"
)
_HAN_BEFORE = re.compile(
    r"(?:^|[,，。:：;；、!！?？\s“”\"'()（）【】《》|丨/]|与|和|被|对|向|让|把|由|给|从|比|跟|是|用|在|据|前|曝|传|因|为|将|及|或)$"
)
_SPEAKS = re.compile(
    r",? (?:says?|said|told|tells|wrote|writes|added|adds|explained|recalled|testified|replied)(?![a-z])"
)
_KIN = re.compile(
    r"(?:^|[^a-z])(?:daughter|son|wife|husband|girlfriend|boyfriend|mother|father|sister|brother|named|mr\.?|mrs\.?|ms\.?|"
    r"dr\.?|saint|actor|actress|singer|coach|uncle|aunt|queen|king|princess|prince|lady|sir|driver|player) $"
)
_COUNT_BEFORE = re.compile(r"[一二三四五六七八九十百千万亿两几数每多半个\d]$")
_CAPITAL_BEFORE = re.compile(r"(?:^|[^A-Za-z])[A-Z][a-z]+ $")
_CAPITAL_AFTER = re.compile(r" [A-Z][a-z]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;。！？：\n|–—]\s*[\"'“‘(\[*#]*|^[\"'“‘(\[*#]+)$")
_WORDS = re.compile(r"[A-Za-z]{4,}")


@dataclass(frozen=True, slots=True)
class Around:
    """What an item says besides the candidate; the same for every candidate of the item but for `terms`."""

    #: Companies named beyond doubt.
    companies: frozenset[str]
    #: Companies only ambiguous names speak of.
    doubtful: frozenset[str]
    #: Owners of those beyond doubt in the item's year, and what they own.
    family: frozenset[str]
    #: Companies the source speaks for.
    source: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Accepted or not, how surely, and the two features that decided."""

    accepted: bool
    probability: float
    summary: str


def judge(model: LinearModel, features: Mapping[str, float]) -> Verdict:
    """Weigh the features of one candidate."""
    chance = probability(model, features)
    accepted = chance >= model.threshold
    return Verdict(accepted, chance, _summary(model, features, 1 if accepted else -1))


def _summary(model: LinearModel, features: Mapping[str, float], sign: int) -> str:
    weights = model.weights
    parts = [(weights[name] * features[name] * sign, name) for name in features.keys() & weights.keys()]
    told = nsmallest(2, [(-value, name) for value, name in parts if value > 0])
    return ", ".join(name for _, name in told) or "no context"


def features_of(
    candidate: Candidate,
    text: str,
    folded: str,
    company: str,
    around: Around,
    near: Mapping[str, int],
    far: Mapping[str, int],
) -> dict[str, float]:
    """Named evidence for one candidate.

    `near` and `far` count context words close to it and anywhere in the item: "for" and "against" of the lexicon, and
    the groups of race terms as "race".
    """
    features = _shape(candidate, text, folded)
    features |= _company(company, around)
    features[f"a {candidate.name.kind}"] = 1.0
    features[f"the name {folded[candidate.start : candidate.end]}"] = 1.0
    if candidate.versioned:
        features["with a version"] = 1.0
    if candidate.name.kind == "product" and company not in around.companies and not near.get("for"):
        features["a product, alone"] = 1.0
        if "capital word before" in features:
            features["a product behind another name"] = 1.0
    for side, what in (
        ("for", "word for it"),
        ("against", "word against it"),
        ("race", "race word"),
        ("trade", "trade word"),
        ("money", "money word"),
    ):
        close, anywhere = near.get(side, 0), far.get(side, 0)
        if close:
            features[f"{what} near"] = min(close, 2)
        if anywhere > close:
            features[f"{what} elsewhere"] = min(anywhere - close, 2)
    if not near.get("race") and not far.get("race"):
        features["no race words"] = 1.0
    # A letter and a number (H20, M4) is another kind of riddle than a word, and is weighed by itself.
    return {f"short, {name}": value for name, value in features.items()} if candidate.name.joined else features


def _company(company: str, around: Around) -> dict[str, float]:
    features: dict[str, float] = {}
    if company in around.companies:
        features["same company named"] = 1.0
    if company in around.source:
        features["source speaks for it"] = 1.0
    if company in around.family:
        features["owner or owned named"] = 1.0
    others = len(around.companies - {company})
    if others:
        features["other companies"] = min(others, 2)
    doubtful = len(around.doubtful - around.companies - {company})
    if doubtful:
        features["other doubtful names"] = min(doubtful, 2)
    return features


def _shape(candidate: Candidate, text: str, folded: str) -> dict[str, float]:
    start, end = candidate.start, candidate.end
    if has_han(candidate.surface):
        return _han_shape(folded, start, end)
    if not any(char.isalpha() for char in candidate.surface):
        return {"digits": 1.0, **_han_shape(folded, start, end)}
    return _latin_shape(candidate, text, folded)


def _han_shape(folded: str, start: int, end: int) -> dict[str, float]:
    features = {"Chinese name": 1.0}
    if _COUNT_BEFORE.search(folded[max(0, start - 1) : start]):
        features["a number before"] = 1.0
    if _HAN_AFTER.match(folded, end):
        features["company word after (zh)"] = 1.0
    if _HAN_BEFORE.search(folded[max(0, start - 2) : start]):
        features["edge before (zh)"] = 1.0
    return features


def _latin_shape(candidate: Candidate, text: str, folded: str) -> dict[str, float]:
    start, end, surface = candidate.start, candidate.end, candidate.surface
    before = folded[max(0, start - 12) : start]
    case = _case(surface, candidate.name.text)
    among_chinese = has_han(text[max(0, start - 2) : end + 2])
    features = {f"{case} among Chinese" if among_chinese and case == "in lower case" else case: 1.0}
    if _is_title_case(text, start, end):
        features[f"{case}, as all around"] = 1.0
    elif surface[0].isupper() and _SENTENCE_START.search(text[max(0, start - 6) : start]):
        features["sentence start"] = 1.0
    elif _CAPITAL_BEFORE.search(text[max(0, start - 16) : start]) and surface[0].isupper():
        features["capital word before"] = 1.0
    if _CAPITAL_AFTER.match(text, end) and not _COMPANY_AFTER.match(folded, end):
        features["capital word after"] = 1.0
    if _ARTICLE.search(before):
        features["article before"] = 1.0
    elif _PREPOSITION.search(before):
        features["preposition before"] = 1.0
    if _COMPANY_AFTER.match(folded, end):
        features["company word after"] = 1.0
    if _POSSESSIVE.match(folded, end):
        features["possessive"] = 1.0
    if _LIST_EDGE.match(folded, end):
        features["in a list"] = 1.0
    if start and folded[start - 1] in "@#$":
        features[f"sign {folded[start - 1]}"] = 1.0
    if among_chinese:
        features["Chinese around"] = 1.0
    if candidate.name.kind == "product" and _SPEAKS.match(folded, end):
        features["a product that speaks"] = 1.0
    if _KIN.search(folded[max(0, start - 14) : start]):
        features["a person's word before"] = 1.0
    if start and folded[start - 1] == "-" and folded[start - 2 : start - 1].isalnum():
        features["part of a longer name"] = 1.0
    return features


def _case(surface: str, written: str) -> str:
    if surface == written[: len(surface)] or surface[:1] + surface[1:].lower() == written[: len(surface)]:
        return "written as the name"
    if surface.isupper():
        return "in capitals"
    return "in lower case" if surface.islower() else "in mixed case"


def _is_title_case(text: str, start: int, end: int) -> bool:
    words = _WORDS.findall(text[max(0, start - 80) : start]) + _WORDS.findall(text[end : end + 80])
    return len(words) >= 3 and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
