"""Moments as typed, snippets, titles, languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chipreel.text.script import detect_language
from chipreel.text.snippet import find_terms, snippet
from chipreel.text.spans import parse_moment
from chipreel.text.titles import title_key

NOW = datetime(2024, 2, 21, 6, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2024-02-16", "2024-02-15T16:00:00+00:00"),
        ("2024-02-16T08:00", "2024-02-16T00:00:00+00:00"),
        ("2024-02-16T08:00Z", "2024-02-16T08:00:00+00:00"),
        ("2024-02", "2024-01-31T16:00:00+00:00"),
        ("7d", "2024-02-14T06:30:00+00:00"),
        ("7天", "2024-02-14T06:30:00+00:00"),
        ("12h", "2024-02-20T18:30:00+00:00"),
        ("2周", "2024-02-07T06:30:00+00:00"),
        ("today", "2024-02-20T16:00:00+00:00"),
        ("昨天", "2024-02-19T16:00:00+00:00"),
    ],
)
def test_moments_are_meant_in_the_readers_zone(typed: str, moment: str) -> None:
    """A day begins at midnight where the reader is, in both languages."""
    assert parse_moment(typed, now=NOW, zone=SHANGHAI) == datetime.fromisoformat(moment)


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    """`until` a day includes the day, also over a change of daylight saving."""
    berlin = ZoneInfo("Europe/Berlin")

    assert parse_moment("2024-03-31", now=NOW, zone=berlin, end=True) == datetime(2024, 3, 31, 22, tzinfo=UTC)
    assert parse_moment("2024-12", now=NOW, zone=UTC, end=True) == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles"])
@pytest.mark.parametrize("typed", ["0001-01-01", "0001", "9999-12-31", "9999", "9999-12", "9999-12-31T23:59:59-08:00"])
def test_a_day_at_the_end_of_all_days_can_be_reckoned_with(typed: str, zone: str) -> None:
    """Nothing is stored there, but a person may write "from the beginning" so."""
    for end in (False, True):
        found = parse_moment(typed, now=NOW, zone=ZoneInfo(zone), end=end)
        assert found is not None
        assert found - timedelta(days=200_000) < found < found + timedelta(days=200_000)


@given(st.text())
def test_any_text_is_a_moment_or_none(text: str) -> None:
    """Nothing typed raises."""
    found = parse_moment(text, now=NOW, zone=SHANGHAI)

    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "term", "marked"),
    [
        ("国产芯片公司发布新一代AI芯片", "芯片", ["芯片", "芯片"]),
        ("輝達發表新晶片", "辉达", ["輝達"]),
        ("New chips from Nvidia", "chip", ["chips"]),
        ("One chip", "chips", ["chip"]),
        ("metadata of Meta", "meta", ["Meta"]),
        ("ＧＰＵ短缺", "gpu", ["ＧＰＵ"]),
    ],
)
def test_terms_are_marked_in_the_original_text(text: str, term: str, marked: list[str]) -> None:
    """What is marked is what stands there, whatever its form."""
    assert [text[start:end] for start, end in find_terms(text, [term])] == marked


def test_a_snippet_shows_where_the_terms_stand_together() -> None:
    """The window with most terms wins over the first term."""
    text = "芯片。" + "无关文字" * 60 + "软银要为芯片筹集一千亿美元" + "结尾" * 60

    assert "[软银]要为[芯片]" in snippet(text, ["芯片", "软银"])


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_has_a_snippet(text: str, terms: list[str]) -> None:
    """No text and no terms break it, and it is never much longer than asked."""
    assert len(snippet(text, terms, width=50, before="", after="")) <= 52


@pytest.mark.parametrize(
    ("first", "second", "outlets"),
    [
        ("Sora is here | TechDaily", "Sora Is Here", ("TechDaily",)),
        ("OpenAI 发布 Sora｜科技早报", "OpenAI发布Sora", ("科技早报",)),
        ("輝達市值超越亞馬遜", "辉达市值超越亚马逊", ()),
        ("快讯：软银造芯", "软银造芯", ()),
        ("Update: Nvidia beats", "Nvidia beats", ()),
    ],
)
def test_titles_that_read_the_same_have_one_key(first: str, second: str, outlets: tuple[str, ...]) -> None:
    """Outlet, case, script and flags like Update are set aside."""
    assert title_key(first, outlets) == title_key(second, outlets)


def test_half_a_chinese_headline_is_not_taken_for_an_outlet() -> None:
    """Only known names are taken off at a separator."""
    assert title_key("软银｜孙正义造芯") != title_key("孙正义造芯")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nvidia passes Amazon in market value", "en"),
        ("英伟达市值超过亚马逊", "zh"),
        ("Nvidia 发布 H200", "zh"),
        ("輝達發表 Blackwell GPU", "zh"),
        ("ソニーがAIカメラを発表", "ja"),
        ("삼성전자 HBM 공급", "ko"),
        ("Der neue Chip von Nvidia ist da und wird mit HBM geliefert", "de"),
        ("", None),
        ("123 456", None),
    ],
)
def test_language_is_that_of_most_of_the_words(text: str, language: str | None) -> None:
    """Product names do not make a Chinese headline English."""
    assert detect_language(text) == language
