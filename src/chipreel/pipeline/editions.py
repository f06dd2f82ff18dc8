"""What is new → a frozen edition → its deliveries, each exactly once.

An edition is made once for a profile and frozen, with a delivery for each channel, before anything is sent. Every
channel then works off its own deliveries in order: one that fails holds back its own later ones and nobody else's. A
delivery that was handed over when the run died is repeated where repeating changes nothing; elsewhere nobody knows
whether it arrived, so it is shown as unknown and waits for a person, while later editions go on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chipreel.digest.compose import Edition, compose
from chipreel.digest.frozen import freeze, thaw
from chipreel.digest.shares import WEEKS
from chipreel.errors import ConfigError, DeliveryError
from chipreel.model.delivery import Message
from chipreel.model.digest import Digest, DigestEntry, Found, LeftOut, OpenDelivery
from chipreel.model.profile import DEFAULT_PROFILE, Mute, Profile
from chipreel.store import candidates, deliveries, digests
from chipreel.store.attention import load_attention
from chipreel.store.database import make_durable, transaction
from chipreel.store.deliveries import Delivery
from chipreel.store.digests import NewDigest, NewEntry, Reach


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a reader."""

    name: str
    #: The edition and its id → the messages it becomes; the same every time.
    messages: Callable[[Digest, int], Sequence[Message]]
    #: Hands one over; raises DeliveryError. What it returns is a note to be kept.
    send: Callable[[Message], str | None]
    #: True = sending the same again changes nothing, so an interrupted delivery is simply repeated.
    is_idempotent: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which edition is wanted."""

    profile: Profile
    lang: str
    timezone: str
    now: datetime
    #: What counts as news for a profile's first edition.
    window: timedelta
    mutes: tuple[Mute, ...] = ()
    #: New finds of the profile's saved searches, given how far its last edition and this one reach.
    find: Callable[[Reach, Reach], tuple[Found, ...]] = lambda _after, _upto: ()
    #: What adds summaries to an edition before it is frozen.
    summarise: Callable[[Digest], Digest] = lambda digest: digest


@dataclass(frozen=True, slots=True)
class Published:
    """What one round for a profile did."""

    digest: Digest
    #: Its id; None = there was nothing to freeze.
    number: int | None
    #: Deliveries that this round tried, as they stand now.
    tried: tuple[Delivery, ...] = field(default=())


def preview(db: sqlite3.Connection, wanted: Wanted) -> Digest:
    """The edition that would come next. Marks nothing."""
    return _compose(db, wanted, _after(db, wanted), digests.current_reach(db))


def look_back(db: sqlite3.Connection, wanted: Wanted, since: datetime, until: datetime) -> Digest:
    """The edition of a window of the past, as if nothing had been delivered. Marks nothing."""
    found = candidates.load_window_candidates(db, since, until)
    return compose(found, _edition(db, wanted, since, until))


def publish(db: sqlite3.Connection, wanted: Wanted, channels: Mapping[str, Channel]) -> Published:
    """Freeze the next edition with a pending delivery for each of the profile's channels, then deliver what is open.

    An edition with nothing in it is neither kept nor delivered, unless the profile wants a line on an empty day.
    Raises BusyError when another run has made the profile's next edition meanwhile.
    """
    previous = digests.last_digest(db, wanted.profile.name)
    after, upto = _after(db, wanted), digests.current_reach(db)
    digest = _compose(db, wanted, after, upto)
    number = None
    if digest.entries or digest.found or wanted.profile.empty == "line":
        digest = wanted.summarise(digest)
        with transaction(db):
            number = digests.save_digest(db, _frozen(digest, after, upto, previous), list(channels))
            digests.save_scores(db, _scores(digest))
            digests.save_looked(db, wanted.profile.name, wanted.now)
    else:
        with transaction(db):
            digests.save_looked(db, wanted.profile.name, wanted.now)
    return Published(digest, number, resume(db, wanted.profile.name, channels, wanted.now))


def resume(
    db: sqlite3.Connection, profile: str, channels: Mapping[str, Channel], now: datetime
) -> tuple[Delivery, ...]:
    """Go on with every open delivery of a profile; returns those that were tried, as they stand now."""
    tried = []
    held_back: set[str] = set()
    for delivery in deliveries.open_deliveries(db, profile):
        channel = channels.get(delivery.channel)
        if channel is None or delivery.state == "unknown" or delivery.channel in held_back:
            continue
        end = deliver(db, delivery, channel, now)
        tried.append(end)
        if end.state not in ("confirmed", "unknown"):
            held_back.add(delivery.channel)
    return tuple(tried)


def deliver(db: sqlite3.Connection, delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
    """Send what is left of one delivery, message by message; returns it as it stands then."""
    # What was sent must not be sent again because a power cut took the record of it.
    make_durable(db)
    if delivery.state == "sent" and not channel.is_idempotent:
        _move(db, delivery, "unknown", now, "interrupted while sending; nobody knows whether it arrived")
        return deliveries.get_delivery(db, delivery.id)
    digest = thaw(digests.get_digest(db, delivery.digest)["content"])
    try:
        messages = list(channel.messages(digest, delivery.digest))
    except (ConfigError, DeliveryError) as error:
        _move(db, delivery, "failed", now, str(error))
        return deliveries.get_delivery(db, delivery.id)
    if delivery.parts_done and delivery.parts != len(messages):
        _move(db, delivery, "unknown", now, f"{delivery.parts_done} of {delivery.parts} messages arrived; split anew")
        return deliveries.get_delivery(db, delivery.id)
    for message in messages[delivery.parts_done :]:
        if not _send(db, delivery.id, channel, message, now, is_last=message is messages[-1]):
            break
    return deliveries.get_delivery(db, delivery.id)


def resend(db: sqlite3.Connection, delivery: int, channel: Channel, now: datetime) -> Delivery:
    """Deliver an edition once more over the same channel, on purpose; the old delivery is given up if it was open."""
    old = deliveries.get_delivery(db, delivery)
    with transaction(db):
        if old.state not in deliveries.CLOSED:
            deliveries.move_delivery(db, old, "given-up", now, note="sent again on purpose")
        new = deliveries.add_delivery(db, old.digest, old.channel, now, f"delivery {old.id} sent again on purpose")
    return deliver(db, deliveries.get_delivery(db, new), channel, now)


def settle(db: sqlite3.Connection, delivery: int, state: str, now: datetime) -> Delivery:
    """Close an open delivery as a person says: "given-up", or "confirmed" because it has arrived."""
    found = deliveries.get_delivery(db, delivery)
    if found.state in deliveries.CLOSED:
        raise DeliveryError(f"delivery {delivery} is {found.state} already")
    _move(db, found, state, now, "by hand")
    return deliveries.get_delivery(db, delivery)


def last_edition(db: sqlite3.Connection, profile: str) -> Digest | None:
    """The edition delivered last, as it was; None when there is none."""
    row = digests.find_last_digest(db, profile)
    return None if row is None else thaw(row["content"])


def is_due(db: sqlite3.Connection, wanted: Wanted) -> bool:
    """Whether the profile's hour has passed today, in its zone, and nobody has asked for its edition since.

    What lies in the future was asked by a clock that was wrong.
    """
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(wanted.timezone)
    local = wanted.now.astimezone(zone)
    if local.time() < wanted.profile.hour:
        return False
    looked = digests.last_looked(db, wanted.profile.name)
    if looked is None or looked > wanted.now:
        return True
    # By the wall clock: on the days when it is put forward or back, the hour itself is missing or comes twice.
    last = looked.astimezone(zone)
    return last.date() < local.date() or last.time() < wanted.profile.hour


def _send(
    db: sqlite3.Connection, delivery: int, channel: Channel, message: Message, now: datetime, *, is_last: bool
) -> bool:
    current = deliveries.get_delivery(db, delivery)
    if current.parts_done != message.part - 1 or not _move(db, current, "sent", now):
        # Another run is at it, or was: what it has sent is not sent again.
        return False
    current = deliveries.get_delivery(db, delivery)
    try:
        note = channel.send(message)
    except (ConfigError, DeliveryError) as error:
        is_unknown = isinstance(error, DeliveryError) and error.unknown
        _move(db, current, "unknown" if is_unknown else "failed", now, str(error))
        return False
    with transaction(db):
        deliveries.move_delivery(db, current, "confirmed" if is_last else "pending", now, note=note)
        deliveries.save_progress(db, delivery, message.part, message.parts)
    return True


def _move(db: sqlite3.Connection, delivery: Delivery, state: str, now: datetime, note: str | None = None) -> bool:
    with transaction(db):
        return deliveries.move_delivery(db, delivery, state, now, note=note)


def _after(db: sqlite3.Connection, wanted: Wanted) -> Reach:
    last = digests.last_reach(db, wanted.profile.name)
    return last or candidates.reach_before(db, wanted.now - wanted.window)


def _compose(db: sqlite3.Connection, wanted: Wanted, after: Reach, upto: Reach) -> Digest:
    found = candidates.load_candidates(db, wanted.profile.name, after, upto, wanted.now)
    edition = _edition(db, wanted, digests.last_made(db, wanted.profile.name), wanted.now, wanted.find(after, upto))
    return compose(found, edition)


def _edition(
    db: sqlite3.Connection,
    wanted: Wanted,
    since: datetime | None,
    until: datetime,
    found: tuple[Found, ...] = (),
) -> Edition:
    start = min(since or until - wanted.window, until)
    return Edition(
        profile=wanted.profile,
        lang=wanted.lang,
        timezone=wanted.timezone,
        made_at=until,
        since=since,
        names=candidates.load_names(db),
        troubles=candidates.load_troubles(db),
        mutes=wanted.mutes,
        attention=load_attention(db, start - timedelta(weeks=WEEKS), until),
        open_deliveries=_open(deliveries.open_deliveries(db, wanted.profile.name)),
        found=found,
    )


def _open(found: Iterable[Delivery]) -> tuple[OpenDelivery, ...]:
    return tuple(
        OpenDelivery(one.id, one.digest, one.channel, one.state, one.made_at, one.note)
        for one in found
        if one.state in ("unknown", "failed")
    )


def _scores(digest: Digest) -> Iterable[tuple[int, float, tuple[tuple[str, float], ...]]]:
    ranked: list[DigestEntry | LeftOut] = [*digest.left, *digest.entries]
    for one in ranked:
        yield int(one.story.removeprefix("s")), one.score, one.score_parts


def _frozen(digest: Digest, after: Reach, upto: Reach, previous: int | None) -> NewDigest:
    return NewDigest(
        profile=digest.profile,
        lang=digest.lang,
        made_at=digest.made_at,
        after=after,
        upto=Reach(max(after.article, upto.article), max(after.revision, upto.revision)),
        content=freeze(digest),
        entries=[
            NewEntry(
                int(entry.story.removeprefix("s")),
                entry.state,
                json.dumps(entry.reasons, ensure_ascii=False),
                entry.covered,
            )
            for entry in digest.entries
        ],
        previous=previous,
    )


__all__ = [
    "DEFAULT_PROFILE",
    "Channel",
    "Published",
    "Wanted",
    "deliver",
    "is_due",
    "last_edition",
    "look_back",
    "preview",
    "publish",
    "resend",
    "resume",
    "settle",
]
