"""What is told of a story: its clearest headline, and the one or two sentences that say most beyond it.

Nothing is written here; headline and lines are verbatim pieces of the articles.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chipreel.digest.rank import is_round_up
from chipreel.digest.sentences import iter_sentences
from chipreel.model.digest import Candidate, DigestArticle
from chipreel.text.fold import fold

#: Roles from the one that speaks first to the one that speaks last.
ROLE_ORDER = ("official", "filings", "press", "research", "analysis", "commentary", "community")
_WORD = re.compile(r"[a-z][a-z'’-]{2,}|\d[\d.,]*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_STOP = frozenset(
    "the and for that with from this has have had was were are will its his her their said says but not who which more "
    "than into also been would could about after over new they one can all out".split()
)
_BOILERPLATE = re.compile(
    r"subscribe|newsletter|sign up|click here|read more|all rights reserved|getty images|photo:|image:|advertisement"
    r"|cookies?\b|点击|點擊|责任编辑|責任編輯|来源：|來源：|转载|轉載|订阅|訂閱|扫码|掃碼|关注我们|關注我們|图源|圖源|版权",
    re.I,
)
_AMOUNT = re.compile(r"[$€£¥₩]\s?\d|\d\s?(?:bn|billion|million|trillion)\b|\d\s?[万萬亿億兆]|%|％", re.I)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Code points of a readable sentence, and of a headline."""

    line: tuple[int, int]
    title: tuple[int, int]


_LATIN = _Bounds((40, 280), (35, 115))
_CHINESE = _Bounds((14, 120), (12, 42))


def lead_article(candidate: Candidate, lang: str) -> DigestArticle:
    """The article with the clearest headline, in the reader's language where there is one."""
    articles = candidate.articles
    ours = [article for article in articles if article.lang == lang] or list(articles)
    return max(ours, key=lambda article: (_clarity(article, candidate), -article.id))


def in_order(candidate: Candidate, lead: DigestArticle, lang: str) -> tuple[DigestArticle, ...]:
    """All articles: the lead, then what is new, the reader's language, those that speak first-hand, the earliest."""

    def rank(article: DigestArticle) -> tuple[bool, bool, bool, int, float, int]:
        role = ROLE_ORDER.index(article.role) if article.role in ROLE_ORDER else len(ROLE_ORDER)
        return (
            article is not lead,
            not article.is_new,
            article.lang != lang,
            role,
            article.first_seen.timestamp(),
            article.id,
        )

    return tuple(sorted(candidate.articles, key=rank))


def best_lines(ordered: Sequence[DigestArticle], most: int = 2) -> tuple[str, ...]:
    """The sentences of one article that say most of what all of them tell and least of what the headline says.

    They come from the lead, or, where that has no text, from the next article in its language; in their own order.
    """
    core = _core(ordered)
    for article in ordered:
        if article.lang == ordered[0].lang and article.text:
            chosen = _chosen(article, ordered[0].title, core, most)
            if chosen:
                return chosen
    return ()


def _clarity(article: DigestArticle, candidate: Candidate) -> float:
    title, bounds = article.title, _bounds(article.title)
    points = float(min(2, len(article.primary)))
    points += 1.0 * any(one.surface in title for one in candidate.sums[:8]) + 0.5 * bool(re.search(r"\d", title))
    points += 1.0 * (bounds.title[0] <= len(title) <= bounds.title[1])
    points -= 1.0 * title.rstrip().endswith(("?", "？")) + 0.5 * title.rstrip().endswith(("…", "..."))
    points -= 2.0 * (article.kind == "post") + 1.0 * (article.role == "community")
    points -= 2.0 * is_round_up(title)
    points += 0.6 * (article.role in ("official", "filings")) + 0.4 * (article.role == "press")
    # Of an update, the report that is new is what the reader has not read.
    return points + (1.5 if candidate.state == "update" else 0.5) * article.is_new


def _bounds(text: str) -> _Bounds:
    han = sum(len(run) for run in _HAN.findall(text))
    return _CHINESE if han * 3 > len(text) else _LATIN


def terms(text: str) -> set[str]:
    """The words that tell what a text is about: Latin words and numbers, and pairs of Chinese characters."""
    plain = fold(text)
    found = {word for word in _WORD.findall(plain) if word not in _STOP}
    for run in _HAN.findall(plain):
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def _core(articles: Sequence[DigestArticle]) -> Counter[str]:
    """In how many titles and first paragraphs of the story each term stands."""
    core: Counter[str] = Counter()
    for article in articles[:12]:
        core.update(terms(article.title))
        core.update(terms((article.text or "")[:400]))
    return core


def _chosen(article: DigestArticle, headline: str, core: Counter[str], most: int) -> tuple[str, ...]:
    told = terms(headline)
    sentences = [
        (place, sentence, terms(sentence))
        for place, sentence in enumerate(dict.fromkeys(iter_sentences(article.text or "")))
        if _is_readable(sentence)
    ][:24]
    chosen: list[tuple[int, str]] = []
    for _ in range(most):
        scored = [(_worth(one, told, core), -one[0], one) for one in sentences]
        if not scored or max(scored)[0] <= 0:
            break
        place, sentence, found = max(scored)[2]
        chosen.append((place, sentence))
        told = told | found
        sentences = [one for one in sentences if one[0] != place]
    return tuple(sentence for _, sentence in sorted(chosen))


def _is_readable(sentence: str) -> bool:
    low, high = _bounds(sentence).line
    return low <= len(sentence) <= high and not _BOILERPLATE.search(sentence)


def _worth(one: tuple[int, str, set[str]], told: set[str], core: Counter[str]) -> float:
    """What a sentence adds: what others tell too, and was not told yet; early ones and amounts count more."""
    place, sentence, found = one
    if not found or len(found & told) > 0.7 * len(found):
        return 0.0
    added: float = sum(min(3, core[term]) for term in found - told) / math.sqrt(len(found))
    opening = 1.5 / (1 + 0.5 * place)
    return added + opening + 0.8 * bool(_AMOUNT.search(sentence)) - 1.0 * sentence.endswith(("?", "？", ":", "："))
