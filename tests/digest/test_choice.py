"""Which stories are shown, in which order, and why: interest, mutes, updates, ranking, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chipreel.digest.compose import compose
from chipreel.digest.rank import PARTS, score_parts, total
from chipreel.digest.select import has_word, is_muted, visible
from chipreel.digest.shares import shares
from chipreel.digest.updates import update_reasons
from chipreel.model.digest import Candidate, Sum
from chipreel.model.profile import Interest, Limits, Mute, Profile

Make = Callable[..., Any]


def _shown(found: Any) -> list[str]:
    return [entry.story for entry in found.entries]


@pytest.mark.parametrize(
    ("interest", "stories"),
    [
        (Interest(), ["s1", "s2", "s3", "s4", "s5", "s6"]),
        (Interest(companies=("openai",)), ["s1"]),
        (Interest(companies=("openai", "softbank")), ["s1", "s2"]),
        (Interest(beats=("video",)), ["s1", "s4"]),
        (Interest(companies=("nvidia",), beats=("video",)), ["s1", "s4"]),
        (Interest(keywords=("芯片",)), ["s3"]),
        (Interest(keywords=("VIDEO",)), ["s1"]),
        (Interest(keywords=("晶片", "rival")), ["s2"]),
        (Interest(languages=("zh",)), ["s1", "s2", "s3"]),
        (Interest(sources=("caijing",)), ["s2"]),
        (Interest(topics=("courts",)), []),
    ],
)
def test_a_profile_sees_what_it_follows(day: list[Candidate], interest: Interest, stories: list[str]) -> None:
    """Every dimension that is given must be met, by any of its values."""
    assert [one.story for one in day if visible(one, interest, ())] == stories


def test_languages_take_articles_away_and_leave_the_story(day: list[Candidate]) -> None:
    """A reader of Chinese sees the Chinese report of it, and its sums as far as that one tells them."""
    found = visible(day[1], Interest(languages=("zh",)), ())

    assert found is not None
    assert [article.source_id for article in found.articles] == ["caijing"]
    assert len(found.sums) == 1


@pytest.mark.parametrize(
    ("mute", "muted"),
    [
        (Mute(source="caijing"), {5}),
        (Mute(keyword="芯片"), {7}),
        (Mute(keyword="chip"), {6}),
        (Mute(keyword="chips"), {4}),
        (Mute(company="softbank", keyword="造芯"), {5}),
        (Mute(company="softbank", keyword="recipe"), set()),
    ],
)
def test_a_mute_hides_what_meets_all_of_it(day: list[Candidate], mute: Mute, muted: set[int]) -> None:
    """A word is a whole word in Latin script."""
    articles = [article for one in day for article in one.articles]

    assert {article.id for article in articles if is_muted(article, mute)} == muted


def test_a_muted_story_comes_back_when_the_rule_goes(day: list[Candidate], edition: Make) -> None:
    """Mutes act when an edition is composed, on nothing that is stored."""
    rule = (Mute(source="caijing"), Mute(source="wire"))

    assert "s2" not in _shown(compose(day, edition(mutes=rule)))
    assert "s2" in _shown(compose(day, edition()))


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("A chip", "chip", True),
        ("Chips", "chip", False),
        ("用AI做", "ai", True),
        ("輝達晶片", "辉达", True),
        ("ＧＰＵ", "gpu", True),
        ("said", "ai", False),
    ],
)
def test_words(text: str, word: str, found: bool) -> None:
    """Case, width and script are set aside."""
    assert has_word(text, word) is found


def test_an_update_without_a_reason_is_no_candidate(article: Make, edition: Make) -> None:
    """One more outlet, a small sum, the same sum once more: none of them."""
    given = article(1, "Nvidia ships a chip", is_new=False, was_given=True)
    one = Candidate("s1", "update", (given, article(2, "Again", source="daily")), outlets_before=1)
    small = Sum("$2m", 2e6, None, "raised", 1, 2, None, (2,))
    same = Sum("$10 billion", 1e10, None, "raised", 2, 2, None, (1, 2))
    near = Sum("100亿美元", 1.02e10, None, "raised", 1, 2, None, (2,))

    assert _shown(compose([one], edition())) == []
    assert update_reasons(replace(one, sums=(small, same, near)), Limits(), edition().made_at) == ()


def test_the_company_itself_is_a_reason(article: Make, edition: Make) -> None:
    """Unless it had spoken before."""
    given = article(1, "Nvidia ships a chip", is_new=False, was_given=True)
    own = article(2, "Our chip", source="nvidia-blog", role="official")
    one = Candidate("s1", "update", (given, own), outlets_before=1)
    again = replace(one, articles=(replace(given, role="official"), own))

    assert update_reasons(one, Limits(), edition().made_at) == (("reason.official", "Nvidia-Blog"),)
    assert update_reasons(again, Limits(), edition().made_at) == ()


def test_a_sum_is_new_when_the_delivered_wording_did_not_have_it(article: Make, edition: Make) -> None:
    """The text was changed after its delivery, and tells a sum now."""
    from chipreel.model.digest import Wording

    given = article(1, "Nvidia raises money", is_new=False, was_given=True, is_revised=True)
    sums = (Sum("$10 billion", 1e10, "nvidia", "raised", 1, 1, None, (1,)),)
    before = (Wording(1, "Nvidia raises money", "How much is not known."),)
    told = (Wording(1, "Nvidia raises money", "It is $10 billion."),)
    one = Candidate("s1", "update", (given,), sums=sums, wordings=before, outlets_before=1)

    assert update_reasons(one, Limits(), edition().made_at) == (("reason.sum", "$10 billion"),)
    assert update_reasons(replace(one, wordings=told), Limits(), edition().made_at) == ()


# ── Ranking ──────────────────────────────────────────────────────────────────────────────────────────────────


def _score(candidate: Candidate, edition: Make, **weights: float) -> dict[str, float]:
    return dict(score_parts(candidate, edition().made_at, {k.replace("__", ":"): v for k, v in weights.items()}))


def test_every_part_is_told(day: list[Candidate], edition: Make) -> None:
    """Those that are zero too, in the order of the formula."""
    assert tuple(_score(day[0], edition)) == PARTS


def test_copies_do_not_corroborate(day: list[Candidate], edition: Make) -> None:
    """Three publishers of whom one reports on its own count as one."""
    assert _score(day[0], edition)["outlets"] > _score(replace(day[0], independent=1), edition)["outlets"] == 0


def test_order_of_articles_does_not_matter(day: list[Candidate], edition: Make) -> None:
    """Neither to the score nor to what is told."""
    turned = [replace(one, articles=one.articles[::-1]) for one in day[::-1]]

    assert compose(turned, edition()).entries == tuple(
        replace(entry, covered=entry.covered[::-1]) for entry in compose(day, edition()).entries
    )


def test_an_official_launch_stands_above_its_echo(article: Make, edition: Make) -> None:
    """And a deal of billions above a market value."""
    own = Candidate("s1", "new", (article(1, "Our chip", role="official"),))
    echo = Candidate("s2", "new", (article(2, "Their chip", role="community"),))
    deal = replace(echo, sums=(Sum("100亿美元", 1e10, "nvidia", "raised", 1, 2, None, (2,)),))
    value = replace(echo, sums=(Sum("100亿美元", 1e10, "nvidia", "market-value", 1, 2, None, (2,)),))

    points = [total(score_parts(one, edition().made_at, {})) for one in (deal, own, echo)]
    assert points == sorted(points, reverse=True)
    assert _score(deal, edition)["sums"] > _score(value, edition)["sums"] > 0


@pytest.mark.parametrize("title", ["Exclusive: Nvidia plans a chip", "独家｜英伟达将推新芯片"])
def test_a_scoop_counts_more(article: Make, edition: Make, title: str) -> None:
    """It says so of itself; a word that only contains it does not."""
    scoop, plain = (Candidate("s", "new", (article(1, one),)) for one in (title, "Nvidia exclusively plans a chip"))

    assert _score(scoop, edition)["role"] == pytest.approx(_score(plain, edition)["role"] + 0.4)


def test_a_sum_in_passing_counts_little(article: Make, edition: Make) -> None:
    """One in the headline counts most, then one of the company that the story is about."""
    plain = Candidate("s", "new", (article(1, "Nvidia and its rivals"),))
    passing = replace(plain, sums=(Sum("$7 trillion", 7e12, "openai", "seeking", 1, 1, None, (1,)),))
    own = replace(plain, sums=(Sum("$7 trillion", 7e12, "nvidia", "seeking", 1, 1, None, (1,)),))
    titled = replace(passing, articles=(article(1, "The race for $7 trillion"),))
    points = [_score(one, edition)["sums"] for one in (titled, own, passing)]

    assert points == pytest.approx([3.0, 2.4, 0.6])


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("智谱跌近20%；传iPad将升级；首款「电摩」｜极客早知道", True),
        ("一周要闻：芯片", True),
        ("The week in wafers", True),
        ("Links for Friday", True),
        ("英伟达发布新芯片；股价上涨", False),
        ("Nvidia ships a chip this weekend", False),
        ("人民日报评AI芯片", False),
    ],
)
def test_a_round_up_is_known_by_its_title(article: Make, edition: Make, title: str, is_one: bool) -> None:
    """It names much and is about little of it."""
    one = Candidate("s", "new", (article(1, title),))

    assert _score(one, edition)["companies"] == pytest.approx(0.16 if is_one else 0.4)


def test_old_news_sinks_and_what_is_dated_in_the_future_does_not_rise(article: Make, edition: Make) -> None:
    """A date after its arrival counts as its arrival."""
    now = edition().made_at
    ages = [now + timedelta(days=400), now, now - timedelta(days=1), now - timedelta(days=5)]
    fresh = [
        _score(Candidate("s", "new", (article(1, "x", published=age, first_seen=now),)), edition)["freshness"]
        for age in ages
    ]

    assert fresh[0] == fresh[1] == 1.5
    assert fresh[1] > fresh[2] > fresh[3]


@pytest.mark.parametrize("mark", ["company:nvidia", "beat:chips", "topic:product", "role:analysis", "source:lattice"])
def test_wishes_move_a_story(article: Make, edition: Make, mark: str) -> None:
    """What a profile weighs is added, once."""
    one = Candidate("s", "new", (article(1, "芯片", role="analysis", source="lattice"),))
    parts = dict(score_parts(one, edition().made_at, {mark: 2.5, "company:amd": 9}))

    assert parts["wishes"] == 2.5


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────


def _flood(article: Make, number: int, **values: Any) -> list[Candidate]:
    return [
        Candidate(f"s{n}", "new", (article(n, f"Nvidia chip number {n}", **({"source": f"a{n}"} | values)),))
        for n in range(1, number + 1)
    ]


def _limited(edition: Make, **limits: Any) -> Any:
    return edition(profile=Profile(limits=Limits(**limits)))


def test_nobody_floods_an_edition(article: Make, edition: Make) -> None:
    """So many of one source or company in full, three times as many in all; the rest is left out, with why."""
    of_source = compose(_flood(article, 20, source="wire"), _limited(edition, per_source=4, per_company=99))
    of_company = compose(_flood(article, 20), _limited(edition, per_company=5))
    in_all = compose(_flood(article, 20), _limited(edition, per_company=99, stories=3))

    for found, full, why in ((of_source, 4, "source"), (of_company, 5, "company")):
        assert [entry.is_brief for entry in found.entries] == [False] * full + [True] * full * 2
        assert {one.why for one in found.left} == {why}
    assert (len(in_all.entries), in_all.left_out, {one.why for one in in_all.left}) == (3, 17, {"stories"})


def test_what_many_report_is_not_the_flood_of_one(article: Make, edition: Make) -> None:
    """A story that others have too does not count against a source."""
    many = [
        Candidate(one.story, "new", (*one.articles, article(100 + n, "英伟达芯片", source="daily")))
        for n, one in enumerate(_flood(article, 9, source="wire"))
    ]

    assert not any(e.is_brief for e in compose(many, _limited(edition, per_source=2, per_company=99)).entries)


def test_a_slow_day_is_short(article: Make, edition: Make) -> None:
    """What is below the floor is left out, even where nothing else is."""
    found = compose(_flood(article, 2, relevance=0.1, published=None), _limited(edition, floor=5))

    assert found.entries == ()
    assert found.left_out == 2


def test_reading_takes_no_longer_than_was_wished(article: Make, edition: Make) -> None:
    """What does not fit is told in a line, and then left out; the best comes first and in full."""
    text = "Nvidia said on Friday that the chip number seven would be made in a factory in the north of the country. "
    many = _flood(article, 150, text=text * 3)
    found = compose(many, _limited(edition, per_company=999, stories=999, minutes=3))

    kinds = [("top" if e.is_top else "brief" if e.is_brief else "full") for e in found.entries]
    assert kinds == sorted(kinds, key=["top", "full", "brief"].index)
    assert set(kinds) == {"top", "full", "brief"}
    assert 2.7 < found.minutes <= 3
    assert {one.why for one in found.left} == {"minutes"}


# ── Share of voice ───────────────────────────────────────────────────────────────────────────────────────────


def test_usual_is_the_median_of_the_weeks_before() -> None:
    """One loud day does not make it louder."""
    start = date(2024, 1, 1)
    counts = [("nvidia", start + timedelta(n), 2) for n in range(60)] + [("nvidia", date(2024, 2, 1), 500)]
    found = shares(counts, date(2024, 2, 29), date(2024, 2, 29))

    assert [(one.company, one.now, one.usual) for one in found] == [("nvidia", 2, 2.0)]
    assert len(found[0].weeks) == 8
    assert found[0].weeks[-1] == 14


def test_without_history_nothing_is_usual() -> None:
    """A database of three days says nothing of what is usual."""
    counts = [("openai", date(2024, 2, 14), 3), ("openai", date(2024, 2, 16), 9), ("nvidia", date(2024, 2, 16), 1)]
    found = shares(counts, date(2024, 2, 16), date(2024, 2, 16))

    assert [(one.company, one.now, one.usual) for one in found] == [("openai", 9, None), ("nvidia", 1, None)]
