"""Exactly once: what is new since the last edition, whatever the clock, the order and the accidents."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chipreel.errors import BusyError, DeliveryError
from chipreel.model import Money
from chipreel.model.profile import Limits
from chipreel.pipeline import editions
from chipreel.store import deliveries, digests
from chipreel.store.database import transaction

TEN_BILLION = Money("text", 0, 3, "$10 billion", 1e10, "USD", owner="nvidia", role="raised")
ZEHN = Money("text", 0, 3, "100亿美元", 1e10, "USD", owner="nvidia", role="raised")


def test_an_edition_says_what_is_new_and_the_next_says_nothing(newsroom: Any, reader: Any) -> None:
    """A second round right after the first delivers nothing and makes no edition."""
    newsroom.article("Nvidia ships a chip")

    first, second = newsroom.daily(reader, hours=0), newsroom.daily(reader)

    assert reader.told == [("s1", "new")]
    assert first.number == 1
    assert second.number is None
    assert newsroom.states() == [("reader", "confirmed")]


def test_a_preview_marks_nothing(newsroom: Any, reader: Any) -> None:
    """What `digest` shows still comes with `daily`."""
    newsroom.article("Nvidia ships a chip")

    shown = [editions.preview(newsroom.db, newsroom.wanted()) for _ in range(2)]
    newsroom.daily(reader)

    assert [[entry.story for entry in one.entries] for one in shown] == [["s1"], ["s1"]]
    assert reader.told == [("s1", "new")]


@pytest.mark.parametrize(
    "published",
    [None, timedelta(days=-3000), timedelta(days=-3), timedelta(days=300)],
    ids=["undated", "years old", "late", "future"],
)
@pytest.mark.parametrize(("title", "lang"), [("Nvidia ships a chip", "en"), ("英伟达发布新芯片", "zh")])
def test_what_arrives_late_undated_or_misdated_comes_once(
    newsroom: Any, reader: Any, published: timedelta | None, title: str, lang: str
) -> None:
    """New is what was met since the last edition, whatever its date says."""
    newsroom.article("OpenAI opens an office")
    newsroom.daily(reader)
    newsroom.article(title, lang=lang, published=None if published is None else newsroom.now + published)

    newsroom.daily(reader)
    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s2", "new")]


def test_a_clock_set_back_neither_repeats_nor_loses(newsroom: Any, reader: Any) -> None:
    """Editions made by a clock that was a year ahead, then by one set right."""
    newsroom.now += timedelta(days=365)
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    newsroom.now -= timedelta(days=365)
    newsroom.article("英伟达发布新芯片", lang="zh")

    newsroom.daily(reader)
    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s2", "new")]


def test_an_id_that_was_deleted_is_not_given_again(newsroom: Any, reader: Any) -> None:
    """The newest article is deleted after its delivery; the next one is news all the same."""
    from chipreel.store.articles import delete_article

    gone = newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    with transaction(newsroom.db):
        delete_article(newsroom.db, gone, newsroom.now)
    newsroom.article("OpenAI opens an office")

    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s2", "new")]


def test_what_a_killed_run_left_ungrouped_is_not_passed_over(newsroom: Any, reader: Any) -> None:
    """An article without a story holds the reach back until it has one."""
    from chipreel.store import stories

    waiting = newsroom.article("Nvidia ships a chip", is_grouped=False)
    newsroom.article("OpenAI opens an office")
    newsroom.daily(reader)
    story = newsroom.story()
    with transaction(newsroom.db):
        stories.save_membership(newsroom.db, waiting, story)

    newsroom.daily(reader)
    newsroom.daily(reader)

    assert sorted(reader.told) == [("s1", "new"), ("s2", "new")]


def test_background_and_what_is_not_relevant_stays_out(newsroom: Any, reader: Any) -> None:
    """What was there before its source was followed is no news; it stands with a story that has news."""
    newsroom.article("Nvidia ships a chip", background=True)
    newsroom.article("A recipe for soup", relevant=False)
    newsroom.daily(reader)
    newsroom.article("Nvidia ships a chip at last", story=1, source="wire")

    newsroom.daily(reader)

    assert reader.told == [("s1", "new")]
    assert reader.digests[0].entries[0].outlets == 2


def test_every_channel_has_its_own_delivery(newsroom: Any, new_reader: Any) -> None:
    """One that fails neither blocks nor marks the other, and catches up with the same content, in order."""
    good, bad = new_reader("good"), new_reader("bad")
    bad.trouble = DeliveryError("the line is down")
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(good, bad)
    newsroom.article("英伟达发布新芯片", lang="zh")
    newsroom.daily(good, bad)

    assert good.told == [("s1", "new"), ("s2", "new")]
    assert newsroom.states() == [("good", "confirmed"), ("bad", "failed"), ("good", "confirmed"), ("bad", "pending")]

    bad.trouble = None
    newsroom.daily(good, bad)

    assert bad.told == good.told == [("s1", "new"), ("s2", "new")]
    assert bad.digests == good.digests
    assert {state for _, state in newsroom.states()} == {"confirmed"}


def test_an_unknown_outcome_is_shown_and_never_repeated(newsroom: Any, reader: Any) -> None:
    """It waits for a person, later editions go on and mention it, and `resend` repeats on purpose."""
    reader.trouble = DeliveryError("the line broke", unknown=True)
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    reader.trouble = None
    newsroom.daily(reader)
    newsroom.article("英伟达发布新芯片", lang="zh")
    newsroom.daily(reader)

    assert reader.told == [("s2", "new")]
    assert newsroom.states() == [("reader", "unknown"), ("reader", "confirmed")]
    assert [(one.id, one.state) for one in reader.digests[0].open_deliveries] == [(1, "unknown")]

    editions.resend(newsroom.db, 1, reader.channel(), newsroom.now)

    assert reader.told == [("s2", "new"), ("s1", "new")]
    assert newsroom.states() == [("reader", "given-up"), ("reader", "confirmed"), ("reader", "confirmed")]


@pytest.mark.parametrize("state", ["given-up", "confirmed"])
def test_a_person_settles_a_delivery(newsroom: Any, reader: Any, state: str) -> None:
    """Closed by hand, it is not tried again; closed already, it cannot be closed once more."""
    reader.trouble = DeliveryError("the line is down")
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    editions.settle(newsroom.db, 1, state, newsroom.now)
    reader.trouble = None

    newsroom.daily(reader)

    assert reader.told == []
    with pytest.raises(DeliveryError, match="already"):
        editions.settle(newsroom.db, 1, "given-up", newsroom.now)


@pytest.mark.parametrize(("idempotent", "state", "copies"), [(True, "confirmed", 1), (False, "unknown", 0)])
def test_a_delivery_interrupted_while_sending(
    newsroom: Any, reader: Any, idempotent: bool, state: str, copies: int
) -> None:
    """Repeated where repeating changes nothing, unknown elsewhere."""
    newsroom.article("Nvidia ships a chip")
    reader.trouble = DeliveryError("down")
    newsroom.daily(reader)
    with transaction(newsroom.db):
        newsroom.db.execute("update deliveries set state = 'sent'")
    reader.trouble, reader.is_idempotent = None, idempotent

    newsroom.daily(reader)

    assert newsroom.states() == [("reader", state)]
    assert len(reader.messages) == copies


def test_a_split_delivery_goes_on_where_it_stopped(newsroom: Any, reader: Any) -> None:
    """Of three messages one has arrived: the next try sends the other two."""
    reader.parts = 3
    newsroom.article("Nvidia ships a chip")
    channel = reader.channel()
    sent = []

    def send(message: Any) -> None:
        if message.part == 2 and len(sent) == 1:
            sent.append("failed")
            raise DeliveryError("the line is down")
        sent.append(message.part)

    channel = replace(channel, send=send)
    editions.publish(newsroom.db, newsroom.wanted(), {"reader": channel})
    assert deliveries.get_delivery(newsroom.db, 1).state == "failed"

    editions.resume(newsroom.db, "default", {"reader": channel}, newsroom.now)

    assert sent == [1, "failed", 2, 3]
    assert deliveries.get_delivery(newsroom.db, 1).state == "confirmed"


def test_two_runs_cannot_make_the_same_edition(newsroom: Any, reader: Any) -> None:
    """The edition is frozen only if nobody has made one since it was composed."""
    newsroom.article("Nvidia ships a chip")
    wanted = newsroom.wanted()

    def interrupt(digest: Any) -> Any:
        newsroom.daily(reader, hours=0)
        return digest

    with pytest.raises(BusyError, match="meanwhile"):
        editions.publish(newsroom.db, replace(wanted, summarise=interrupt), {"reader": reader.channel()})

    assert reader.told == [("s1", "new")]
    assert newsroom.states() == [("reader", "confirmed")]


def test_a_delivery_that_somebody_else_moved_is_left_alone(newsroom: Any, reader: Any) -> None:
    """Moving it from a state in which it is no longer does nothing."""
    newsroom.article("Nvidia ships a chip")
    reader.trouble = DeliveryError("down")
    newsroom.daily(reader)
    stale = deliveries.get_delivery(newsroom.db, 1)
    with transaction(newsroom.db):
        deliveries.move_delivery(newsroom.db, stale, "given-up", newsroom.now)

    end = editions.deliver(newsroom.db, stale, reader.channel(), newsroom.now)

    assert reader.messages == []
    assert end.state in ("given-up", "failed")


def test_profiles_do_not_see_what_others_were_given(newsroom: Any, reader: Any) -> None:
    """Each has its own record of what it was given."""
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    newsroom.profile = replace(newsroom.profile, name="desk")

    newsroom.daily(reader)
    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s1", "new")]


def test_the_first_edition_looks_back_no_further_than_its_window(newsroom: Any, reader: Any) -> None:
    """A profile made today is not told the news of last month."""
    newsroom.article("Nvidia ships a chip")
    newsroom.now += timedelta(days=30)
    newsroom.article("英伟达发布新芯片", lang="zh")

    newsroom.daily(reader)

    assert reader.told == [("s2", "new")]


def test_a_window_of_the_past_is_shown_as_if_nothing_had_been_delivered(newsroom: Any, reader: Any) -> None:
    """--since and --until choose by the time at which articles were met, and mark nothing."""
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    newsroom.article("OpenAI opens an office")
    newsroom.daily(reader)
    start = newsroom.now - timedelta(days=2)

    found = editions.look_back(newsroom.db, newsroom.wanted(), start, start + timedelta(hours=12))

    assert [(entry.story, entry.state) for entry in found.entries] == [("s1", "new")]
    assert newsroom.daily(reader).number is None


def test_an_empty_day_brings_what_the_profile_chose(newsroom: Any, reader: Any) -> None:
    """Nothing, or one line."""
    newsroom.daily(reader)
    newsroom.profile = replace(newsroom.profile, empty="line")
    newsroom.daily(reader)

    assert [digest.entries for digest in reader.digests] == [()]


# ── Updates ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_delivered_story_comes_back_with_enough_new_outlets(newsroom: Any, reader: Any) -> None:
    """Two more outlets are none; the third brings it back and says so, and then it is quiet again."""
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader)
    newsroom.article("Nvidia's chip is out", story=1, source="wire")
    newsroom.article("英伟达新芯片上市", story=1, source="caijing", lang="zh")
    newsroom.daily(reader)
    assert reader.told == [("s1", "new")]

    newsroom.article("A chip from Nvidia", story=1, source="daily")
    newsroom.daily(reader)
    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s1", "update")]
    assert reader.digests[-1].entries[0].reasons == (("reason.more", "3"),)


def test_an_update_waits_for_the_cooldown_and_then_comes(newsroom: Any, reader: Any) -> None:
    """Nothing new has to happen in the meantime."""
    newsroom.profile = replace(newsroom.profile, limits=Limits(cooldown_h=20))
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader, hours=6)
    for source in ("wire", "daily", "evening"):
        newsroom.article("Nvidia's chip is out", story=1, source=source)
    newsroom.daily(reader, hours=16)
    assert reader.told == [("s1", "new")]

    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s1", "update")]


@pytest.mark.parametrize(("sum_", "lang"), [(TEN_BILLION, "en"), (ZEHN, "zh")])
def test_a_new_sum_brings_a_story_back(newsroom: Any, reader: Any, sum_: Money, lang: str) -> None:
    """One that no delivered article told; the same sum again does not."""
    newsroom.article("Nvidia raises money")
    newsroom.daily(reader)
    newsroom.article("Nvidia raises a lot", story=1, source="wire", money=(sum_,), lang=lang)
    newsroom.daily(reader)
    newsroom.article("Nvidia raises a lot", story=1, source="daily", money=(sum_,), lang=lang)
    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s1", "update")]
    assert reader.digests[-1].entries[0].reasons == (("reason.sum", sum_.surface),)


def test_a_revised_title_says_updated(newsroom: Any, reader: Any) -> None:
    """The story comes back, at once, with the old wording as its reason; marks and case alone are no change."""
    first = newsroom.article("Nvidia ships a chip")
    second = newsroom.article("英伟达发布芯片", lang="zh")
    newsroom.daily(reader, hours=1)
    newsroom.revise(first, title="Nvidia delays a chip")
    newsroom.revise(second, title="英伟达：发布“芯片”！")

    newsroom.daily(reader)
    newsroom.daily(reader)

    assert sorted(reader.told) == [("s1", "new"), ("s1", "update"), ("s2", "new")]
    entry = reader.digests[-1].entries[0]
    assert entry.reasons == (("reason.revised", "Nvidia ships a chip"),)
    assert entry.articles[0].is_revised


@pytest.mark.parametrize("title", ["Correction: Nvidia did not ship", "更正：英伟达尚未发货"])
def test_a_correction_brings_a_story_back_at_once(newsroom: Any, reader: Any, title: str) -> None:
    """Whoever makes it."""
    newsroom.article("Nvidia ships a chip")
    newsroom.daily(reader, hours=1)
    newsroom.article(title, story=1, source="wire")

    newsroom.daily(reader)

    assert reader.told == [("s1", "new"), ("s1", "update")]


def test_a_revised_text_alone_brings_nothing_back(newsroom: Any, reader: Any) -> None:
    """Pages that contain the clock would come back every day."""
    first = newsroom.article("Nvidia ships a chip", text="It is 8 o'clock.")
    newsroom.daily(reader)
    newsroom.revise(first, text="It is 9 o'clock.")

    newsroom.daily(reader)

    assert reader.told == [("s1", "new")]


def test_stories_that_merge_or_split_are_not_told_twice(newsroom: Any, reader: Any) -> None:
    """What was given are articles: a story made of delivered ones is no news under any name."""
    from chipreel.store import stories

    newsroom.article("Nvidia ships a chip")
    second = newsroom.article("英伟达发布新芯片", lang="zh")
    newsroom.daily(reader)
    newsroom.merge(1, into=2)
    newsroom.daily(reader)
    other = newsroom.story()
    with transaction(newsroom.db):
        stories.save_membership(newsroom.db, second, other)
    newsroom.daily(reader)

    assert sorted(reader.told) == [("s1", "new"), ("s2", "new")]


def test_a_story_that_was_left_out_and_grows_is_new(newsroom: Any, reader: Any) -> None:
    """Nobody was told of it, so it is no update."""
    newsroom.profile = replace(newsroom.profile, limits=Limits(floor=4.5))
    newsroom.article("Nvidia ships a chip")
    newsroom.article("OpenAI opens", companies=("openai", "nvidia", "softbank"), source="maker")
    newsroom.daily(reader)
    assert [one.why for one in reader.digests[-1].left] == ["floor"] if reader.digests else True
    for source in ("wire", "daily", "evening"):
        newsroom.article("Nvidia's chip is out", story=1, source=source)

    newsroom.daily(reader)

    assert ("s1", "new") in reader.told
    assert ("s1", "update") not in reader.told


def test_scores_are_kept_with_the_stories(newsroom: Any, reader: Any) -> None:
    """With their parts, for those that were left out too."""
    newsroom.profile = replace(newsroom.profile, limits=Limits(stories=1))
    newsroom.article("Nvidia ships a chip", source="maker")
    newsroom.article("英伟达发布新芯片", lang="zh")
    newsroom.daily(reader)
    rows = newsroom.db.execute("select score, score_parts from stories order by id").fetchall()

    assert rows[0]["score"] > rows[1]["score"] > 0
    assert all(sum(json.loads(row["score_parts"]).values()) == pytest.approx(row["score"]) for row in rows)


# ── When ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edition_is_due_once_its_hour_has_passed(newsroom: Any, reader: Any) -> None:
    """Not before; not again that day, whether or not there was anything; made up for when runs were missed."""
    start = newsroom.now.replace(hour=6)
    newsroom.profile = replace(newsroom.profile, hour=(start + timedelta(hours=1)).time())

    def due(hours: float) -> bool:
        newsroom.now = start + timedelta(hours=hours)
        return editions.is_due(newsroom.db, newsroom.wanted())

    assert not due(0.9)
    assert due(1.1)
    newsroom.daily(reader)
    assert not due(1.4)
    assert not due(17.9)
    assert not due(24.9)
    assert due(25)
    assert due(24 * 4 + 9)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Europe/Helsinki"])
def test_the_hour_is_that_of_the_readers_zone(newsroom: Any, reader: Any, zone: str) -> None:
    """Through a year with its changes of the clock, one edition a day is due."""
    from zoneinfo import ZoneInfo

    newsroom.profile = replace(newsroom.profile, hour=newsroom.now.time().replace(hour=2, minute=30))
    days = []
    newsroom.now = newsroom.now.replace(month=1, day=1, hour=0)
    end = newsroom.now + timedelta(days=330)
    while newsroom.now < end:
        wanted = replace(newsroom.wanted(), timezone=zone)
        if editions.is_due(newsroom.db, wanted):
            days.append(newsroom.now.astimezone(ZoneInfo(zone)).date())
            with transaction(newsroom.db):
                digests.save_looked(newsroom.db, "default", newsroom.now)
        newsroom.now += timedelta(hours=2)

    assert len(days) == len(set(days))
    assert (days[-1] - days[0]).days + 1 == len(days)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sora is finally out. Nobody slept.", "Sora is finally out"),
        ("Sora来了，短剧行业一夜没睡。谁都睡不着。", "Sora来了，短剧行业一夜没睡"),
        ("word " * 40, " ".join(["word"] * 20) + "…"),
        ("芯" * 80, "芯" * 50 + "…"),
        ("\n\nGood", "Good"),
    ],
)
def test_a_post_without_a_title_is_called_by_its_beginning(newsroom: Any, text: str, title: str) -> None:
    """Its first sentence, or as much of it as a headline holds."""
    newsroom.article(None, text=text)

    assert editions.preview(newsroom.db, newsroom.wanted()).entries[0].headline == title


@pytest.mark.parametrize("char", ["x", "芯", "[", "。", " "])
def test_a_title_of_two_megabytes_delays_nobody(newsroom: Any, char: str) -> None:
    """It is cut where no headline goes, in every format."""
    import time

    from chipreel.digest.render import RENDERERS, render
    from chipreel.digest.terminal import render_terminal

    newsroom.article("Nvidia " + char * 2_000_000, text=char * 100_000)
    begun = time.monotonic()
    found = editions.preview(newsroom.db, newsroom.wanted())
    sizes = [len(render(found, form)) for form in RENDERERS] + [len(render_terminal(found, width=80))]

    assert max(sizes) < 100_000
    assert time.monotonic() - begun < 5


def test_a_sum_is_shown_as_the_readers_language_writes_it(newsroom: Any) -> None:
    """60.9 billion and 609 times a hundred million are one sum, whatever the last bits say."""
    english = Money("text", 0, 3, "$60.9 billion", 60.9 * 1e9, "USD", owner="nvidia", role="revenue")
    chinese = Money("text", 0, 3, "609亿美元", 609.00000000001 * 1e8, "USD", owner="nvidia", role="revenue")
    newsroom.article("Nvidia reports its results", money=(english,))
    newsroom.article("英伟达公布财报", story=1, source="caijing", lang="zh", money=(chinese,))
    (one,) = editions.preview(newsroom.db, newsroom.wanted()).entries[0].sums

    assert one.outlets == 2
    assert one.surfaces == ("$60.9 billion", "609亿美元")
