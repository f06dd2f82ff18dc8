"""Why a story that was delivered before comes back; without a reason it stays away."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chipreel.model.digest import Candidate, Sum, Wording
from chipreel.model.profile import Limits
from chipreel.text.titles import title_key

#: (label key, number or name)
Reason = tuple[str, str]
#: Reasons that do not wait for the cooldown: what was read may be wrong.
URGENT = frozenset({"reason.revised", "reason.correction"})
#: Dollars below which a new sum is no news by itself.
LEAST_SUM = 1e7
#: Two sums closer than this are one, rounded differently.
_SAME_SUM = 0.06
_CORRECTION = re.compile(
    r"\b(correct(?:ion|ed)|retract(?:ion|s|ed)|clarif(?:ication|ies))\b|更正|勘误|勘誤|辟谣|闢謠", re.I
)
_FIRST_HAND = ("official", "filings")


def update_reasons(candidate: Candidate, limits: Limits, now: datetime) -> tuple[Reason, ...]:
    """Why an update may be shown now; empty when it may not.

    Counted from the articles that the reader was given, so what comes in drop by drop adds up.
    """
    reasons = tuple(_reasons(candidate, limits))
    if not _is_cooling(candidate, limits, now):
        return reasons
    return reasons if any(key in URGENT for key, _ in reasons) else ()


def _is_cooling(candidate: Candidate, limits: Limits, now: datetime) -> bool:
    """Whether it was delivered a short while ago. A delivery in the future means that the clock was set back."""
    if candidate.delivered_at is None:
        return False
    return timedelta() <= now - candidate.delivered_at < timedelta(hours=limits.cooldown_h)


def _reasons(candidate: Candidate, limits: Limits) -> Iterator[Reason]:
    titles = {article.id: article.title for article in candidate.articles}
    new = [article for article in candidate.articles if article.is_new]
    given = [article for article in candidate.articles if article.was_given]
    for wording in candidate.wordings:
        if wording.title and title_key(wording.title) != title_key(titles[wording.article]):
            yield "reason.revised", wording.title
            break
    changed = {wording.article for wording in candidate.wordings}
    for article in candidate.articles:
        if (article.is_new or article.id in changed) and _CORRECTION.search(article.title):
            yield "reason.correction", article.source_title
            break
    more = {article.publisher for article in new} - {article.publisher for article in given}
    if len(more) >= limits.new_outlets:
        yield "reason.more", str(len(more))
    if not any(article.role in _FIRST_HAND for article in given):
        yield from (("reason.official", article.source_title) for article in new if article.role in _FIRST_HAND)
    fresh = new_sums(candidate)
    if fresh:
        yield "reason.sum", fresh[0].surface


def new_sums(candidate: Candidate) -> tuple[Sum, ...]:
    """The sums that were not told before: large enough, in no delivered wording, and not another one rounded.

    Told ones are put in order once: a story of hundreds of reports has hundreds of sums.
    """
    given = {article.id for article in candidate.articles if article.was_given}
    before = {wording.article: wording for wording in candidate.wordings}
    told = sorted(one.usd for one in candidate.sums if one.usd is not None and _was_told(one, given, before))
    return tuple(one for one in candidate.sums if _is_large(one) and not _is_among(one.usd or 0.0, told))


def _is_large(one: Sum) -> bool:
    return one.usd is not None and one.usd >= LEAST_SUM and one.role != "market-value"


def _was_told(one: Sum, given: set[int], before: dict[int, Wording]) -> bool:
    return any(_stood_in(one, article, before) for article in one.articles if article in given)


def _stood_in(one: Sum, article: int, before: dict[int, Wording]) -> bool:
    wording = before.get(article)
    if wording is None:
        return True
    return one.surface in wording.title or one.surface in wording.text


def _is_among(usd: float, told: Sequence[float]) -> bool:
    """Whether a sum is one of `told` (in order) or a rounding of one: then it is one of its two neighbours'."""
    at = bisect_left(told, usd)
    return any(abs(usd - other) <= _SAME_SUM * max(usd, other) for other in told[max(0, at - 1) : at + 1])
