"""The order of an edition: one sum of a few parts, each kept with the story.

    score = outlets + role + sums + companies + relevance + velocity + voice + freshness + wishes

    outlets     1.5 · log2(publishers that report on their own); of an update, of those that came new, and one
    role        of its best new report: official 1.2, filings 1, research .6, press and analysis .5, commentary .4;
                .4 more for a report that calls itself exclusive
    sums        log10 of its largest sum over ten million dollars, at most 3; all of it for a sum in a headline, .8 for
                one of a company that the story is about, else .2: long texts name large sums in passing; of that half
                where nobody says what it is for, and a third for a market value, which every report repeats
    companies   .4 for each tracked company that it is about, at most 1.2
    relevance   how surely it belongs in this tracker: 0 where that is even, 1 where it is certain
    velocity    .5 · log2(1 + reports within six hours of its first new one, that one left out)
    voice       .5 when somebody known is quoted
    freshness   1.5, halved with every day since its newest report was published
    wishes      the profile's own weights, added up

Of a round-up, which tells of many things at once, sums, companies and voice count .4.

The weights were set on the sample world, so that an official launch of one company stands above its echo, a sum of
billions above both, and a lone post of yesterday at the floor.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chipreel.model.digest import Candidate, DigestArticle, Sum

ROLE_POINTS = {"official": 1.2, "filings": 1.0, "research": 0.6, "press": 0.5, "analysis": 0.5, "commentary": 0.4}
#: Share of a sum's points by what it is for; 1 for a deal.
SUM_SHARES = {None: 0.5, "market-value": 1 / 3}
#: Names of the parts, in the order in which they are told.
PARTS = ("outlets", "role", "sums", "companies", "relevance", "velocity", "voice", "freshness", "wishes")
_SCOOP = re.compile(r"\bexclusive\b|独家|獨家", re.I)
_ROUND_UP = re.compile(
    r"[；;].*[；;]|早知道|早报|早報|晚报|晚報|周报|週報|周刊|(?:一周|本周)(?:要闻|回顾|回顧)"
    r"|\b(?:week in|the week|weekly|round-?up|newsletter|links? for)\b",
    re.I,
)
_BURST = timedelta(hours=6)

Parts = tuple[tuple[str, float], ...]


def score_parts(candidate: Candidate, now: datetime, weights: Mapping[str, float]) -> Parts:
    """The parts of a candidate's score, those that are zero too. Their sum is the score."""
    articles = candidate.articles
    new = [article for article in articles if article.is_new] or list(articles)
    share = 0.4 if all(is_round_up(article.title) for article in articles) else 1.0
    points = (
        1.5 * math.log2(max(1, _outlets(candidate))),
        max(_role_points(article) for article in new),
        share * _most_points(candidate.sums, articles),
        share * min(1.2, 0.4 * len({company for article in articles for company in article.primary})),
        max(0.0, 2 * max(article.relevance for article in articles) - 1),
        0.5 * math.log2(1 + _burst(new)),
        share * 0.5 * any(said.speaker_id is not None for said in candidate.said),
        1.5 * 0.5 ** (_age_d(new, now)),
        _wishes(articles, weights),
    )
    return tuple((name, round(value, 3)) for name, value in zip(PARTS, points, strict=True))


def total(parts: Parts) -> float:
    """The score."""
    return round(sum(value for _, value in parts), 3)


def _outlets(candidate: Candidate) -> int:
    publishers = {article.publisher for article in candidate.articles}
    count = len(publishers) if candidate.independent is None else min(len(publishers), candidate.independent)
    return count if candidate.state == "new" else max(1, count - candidate.outlets_before + 1)


def _role_points(article: DigestArticle) -> float:
    return ROLE_POINTS.get(article.role, 0.0) + 0.4 * (_SCOOP.search(article.title) is not None)


def is_round_up(title: str) -> bool:
    """Whether a title announces a collection: three headlines in one, or the name of a morning's or week's column."""
    return _ROUND_UP.search(title) is not None


def _most_points(sums: Sequence[Sum], articles: Sequence[DigestArticle]) -> float:
    titles = "\0".join(article.title for article in articles)
    primary = {article.id: article.primary for article in articles}
    return max((_sum_points(one, titles, primary) for one in sums), default=0.0)


def _sum_points(one: Sum, titles: str, primary: Mapping[int, Sequence[str]]) -> float:
    """`titles` of all articles in one text; `primary` companies by article."""
    if one.usd is None or one.usd <= 1e7:
        return 0.0
    share = 0.2
    if any(surface in titles for surface in one.surfaces or (one.surface,)):
        share = 1.0
    elif any(one.owner in primary.get(article, ()) for article in one.articles):
        share = 0.8
    return share * min(3.0, math.log10(one.usd / 1e7)) * SUM_SHARES.get(one.role, 1.0)


def _burst(new: Sequence[DigestArticle]) -> int:
    moments = sorted(_moment(article) for article in new)
    return sum(1 for moment in moments[1:] if moment - moments[0] <= _BURST)


def _age_d(new: Sequence[DigestArticle], now: datetime) -> float:
    """Days since the newest report; what is dated in the future is as new as can be."""
    newest = max(_moment(article) for article in new)
    return max(0.0, (now - newest) / timedelta(days=1))


def _moment(article: DigestArticle) -> datetime:
    return min(article.published or article.first_seen, article.first_seen)


def _wishes(articles: Sequence[DigestArticle], weights: Mapping[str, float]) -> float:
    if not weights:
        return 0.0
    marks = {f"company:{one}" for article in articles for one in article.primary or article.companies}
    marks |= {f"beat:{one}" for article in articles for one in article.beats}
    marks |= {f"topic:{one}" for article in articles for one in article.topics}
    marks |= {f"role:{article.role}" for article in articles}
    marks |= {f"source:{article.source_id}" for article in articles}
    return sum(weights[mark] for mark in sorted(marks & weights.keys()))
