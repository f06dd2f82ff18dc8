"""Which sums of a story are new to its reader, compared pair by pair; and of hundreds, as quickly as of a few."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chipreel.digest.updates import new_sums
from chipreel.model.digest import Candidate, DigestArticle, Sum

MakeArticle = Callable[..., DigestArticle]
VALUES = st.one_of(st.none(), st.sampled_from([9.4e7, 1e8, 1.06e8, 7e12]), st.floats(1e5, 1e13))


def make_sum(usd: float | None, article: int, role: str | None = None) -> Sum:
    return Sum(f"${usd}", usd, None, role, 1, article, articles=(article,))


@given(
    told=st.lists(VALUES, max_size=12),
    more=st.lists(st.tuples(VALUES, st.sampled_from([None, "funding", "market-value"])), max_size=12),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sum_is_new_when_it_is_near_none_that_was_told(
    article: MakeArticle, told: list[float | None], more: list[tuple[Any, str | None]]
) -> None:
    """As if each were held against every other; small ones and market values are never news."""
    articles = (article(1, "英伟达融资", was_given=True), article(2, "Nvidia raises more", is_new=True))
    sums = (*(make_sum(usd, 1) for usd in told), *(make_sum(usd, 2, role) for usd, role in more))

    found = new_sums(Candidate("s1", "update", articles, sums=sums))

    known = [usd for usd in told if usd is not None]
    wanted = [
        usd
        for usd, role in more
        if usd is not None
        and usd >= 1e7
        and role != "market-value"
        and not any(abs(usd - other) <= 0.06 * max(usd, other) for other in known)
    ]
    assert [one.usd for one in found] == wanted
    assert all(one.article == 2 for one in found)


def test_a_story_of_thousands_of_sums_takes_no_longer_for_each(article: MakeArticle) -> None:
    """Twenty times the sums: hardly more than twenty times the time, where pairs would take four hundred."""

    def seconds(count: int) -> float:
        articles = (article(1, "英伟达", was_given=True), article(2, "Nvidia", is_new=True))
        sums = tuple(make_sum(1e7 * 1.01**n, n % 2 + 1) for n in range(count))
        candidate = Candidate("s1", "update", articles, sums=sums)
        started = time.process_time()
        for _ in range(20):
            new_sums(candidate)
        return time.process_time() - started

    assert min(seconds(2000) for _ in range(3)) < 100 * min(seconds(100) for _ in range(3))
