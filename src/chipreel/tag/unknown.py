"""Names that keep turning up beside tracked ones and are in no lexicon. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from chipreel.text.fold import fold
from chipreel.text.script import HAN

#: One to four capitalised words, or one word with capitals inside: Black Forest Labs, ByteDance, vLLM.
_LATIN = re.compile(
    r"(?<![\w.@/-])(?:[A-Z][A-Za-z0-9]*[a-z0-9][A-Za-z0-9]*|[a-z]+[A-Z][A-Za-z0-9]+|[A-Z]{3,})"
    r"(?: (?:[A-Z][A-Za-z0-9]+|AI)){0,3}(?![\w@])"
)
#: A Chinese name that says itself that it is one: up to six characters before a word for a kind of company.
_CHINESE = re.compile(
    f"(?<![{HAN}])([{HAN}]{{2,6}}?(?:科技|智能|半导体|微电子|电子|集团|资本|创投|芯片|光电|存储|机器人))"
)
#: A Chinese name before or behind a word that goes with organisations.
_INTRODUCED = re.compile(
    f"(?:初创公司|创业公司|独角兽|芯片公司|企业|厂商|公司|平台|模型)[“「]?([{HAN}]{{2,5}}?)[”」]?(?=发布|推出|宣布|完成|获|表示|称|开源|融资|上市|，|。)"
)
_SMALL = frozenset(
    """the a an and or of for with in on at by to from as is are was were it its he she they we you i this that these
    those what why how when where who which new more most after before here there all but not no yes if so then
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday ai ceo cto cfo ipo gpu gpus cpu api llm llms usa us uk eu china chinese american
    europe european japan japanese korea korean taiwan india indian beijing shanghai shenzhen washington london
    silicon valley wall street today week year company inc corp ltd""".split()
)
_GENERIC = frozenset(
    "有限 股份 这家 该公 多家 一家 几家 相关 国产 本土 国内 海外 全球 中国 美国 人工 高新 互联网 新一代".split()
)


#: Words that stand before a Chinese name and are no part of it.
_LEADING = re.compile(
    "^(?:对手|公司|厂商|伙伴|客户|老板|旗下|以及|还有|包括|来自|与|和|及|由|向|对|在|从|让|给|被|为|是)+"
)


@dataclass(slots=True)
class Suggestion:
    """A name that no lexicon has."""

    name: str
    #: Articles that hold it.
    articles: int = 0
    #: Tracked companies named beside it, with how often.
    beside: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at of one article."""

    title: str
    text: str
    #: Surfaces that the tagger knows, whatever they are.
    known: frozenset[str]
    companies: tuple[str, ...]


def suggest_names(articles: Iterable[Seen], *, least: int = 3, most: int = 40) -> list[Suggestion]:
    """Unknown names in at least `least` articles that name a tracked company, the most frequent first."""
    found: dict[str, Suggestion] = {}
    for article in articles:
        if not article.companies:
            continue
        known = {fold(surface) for surface in article.known}
        for name in dict.fromkeys(iter_names(f"{article.title}\n{article.text[:2000]}")):
            if not _is_known(fold(name), known):
                _count(found, name, article)
    kept = [one for one in found.values() if one.articles >= least]
    return sorted(kept, key=lambda one: (-one.articles, one.name))[:most]


def iter_names(text: str) -> Iterator[str]:
    """What looks like a name of an organisation or product. A capital at the start of a sentence proves nothing."""
    for match in _LATIN.finditer(text):
        words = match[0].split()
        while words and words[0].lower() in _SMALL:
            words = words[1:]
        name = " ".join(words)
        if not name or name.lower() in _SMALL or (len(words) == 1 and _begins_sentence(text, match.start(), name)):
            continue
        yield name
    for pattern in (_CHINESE, _INTRODUCED):
        for match in pattern.finditer(text):
            name = _LEADING.sub("", match[1])
            if len(name) >= 2 and not any(name.startswith(word) for word in _GENERIC):
                yield name


def _begins_sentence(text: str, start: int, name: str) -> bool:
    """Whether only the place gives the word its capital; one with a capital or digit inside is a name anywhere."""
    if any(char.isupper() or char.isdigit() for char in name[1:]):
        return False
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:\n"


def _is_known(name: str, known: set[str]) -> bool:
    return name in known or any(len(surface) > 2 and (surface in name or name in surface) for surface in known)


def _count(found: dict[str, Suggestion], name: str, article: Seen) -> None:
    one = found.setdefault(fold(name), Suggestion(name))
    one.articles += 1
    for company in article.companies:
        one.beside[company] = one.beside.get(company, 0) + 1
    if len(one.examples) < 3 and article.title:
        one.examples.append(article.title)
