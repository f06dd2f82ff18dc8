"""What is new → a frozen edition → its deliveries, each exactly once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chipreel.digest.compose import Edition, compose
from chipreel.digest.frozen import freeze, thaw
from chipreel.errors import DeliveryError
from chipreel.model.digest import Digest
from chipreel.store import candidates, digests
from chipreel.store.database import transaction
from chipreel.store.digests import Reach

#: The profile of those who have declared none.
DEFAULT_PROFILE = "default"


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a reader: `send` takes the edition and its id, and raises DeliveryError."""

    name: str
    send: Callable[[Digest, int], None]
    #: True = sending the same edition again changes nothing, so an interrupted delivery is simply repeated.
    is_idempotent: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which edition is wanted."""

    profile: str
    lang: str
    timezone: str
    now: datetime
    #: What counts as news for a profile's first edition.
    window: timedelta


def preview(db: sqlite3.Connection, wanted: Wanted) -> Digest:
    """The edition that would come next. Marks nothing."""
    return _compose(db, wanted, _after(db, wanted), digests.current_reach(db))


def look_back(db: sqlite3.Connection, wanted: Wanted, since: datetime, until: datetime) -> Digest:
    """The edition of a window of the past, as if nothing had been delivered. Marks nothing."""
    found = candidates.load_window_candidates(db, since, until)
    return compose(found, _edition(db, wanted, since, until))


def publish(db: sqlite3.Connection, wanted: Wanted, channels: Mapping[str, Channel]) -> Digest:
    """Freeze the next edition with a pending delivery for each channel, then deliver; returns the edition.

    An edition without entries is neither kept nor delivered. Deliveries that an earlier run left open come first; while
    one of them stays open no new edition is made.
    """
    if not resume(db, wanted, channels):
        return compose([], _edition(db, wanted, None, wanted.now))
    after, upto = _after(db, wanted), digests.current_reach(db)
    digest = _compose(db, wanted, after, upto)
    if digest.entries:
        with transaction(db):
            digests.save_digest(db, _frozen(digest, after, upto), list(channels))
        resume(db, wanted, channels)
    return digest


def resume(db: sqlite3.Connection, wanted: Wanted, channels: Mapping[str, Channel]) -> bool:
    """Go on with every open delivery of a profile; returns whether none is left open."""
    closed = True
    for row in digests.open_deliveries(db, wanted.profile):
        channel = channels.get(row["channel"])
        if channel is None or row["state"] == "unknown":
            closed = False
        elif row["state"] == "sent" and not channel.is_idempotent:
            # It was handed over when the run died: nobody knows whether it arrived, so it is never blindly repeated.
            _move(db, row["id"], "unknown", wanted.now, note="interrupted while sending")
            closed = False
        else:
            closed &= _deliver(db, row, channel, wanted.now)
    return closed


def last_edition(db: sqlite3.Connection, profile: str) -> Digest | None:
    """The edition delivered last, as it was; None when there is none."""
    row = digests.find_last_digest(db, profile)
    return None if row is None else thaw(row["content"])


def _deliver(db: sqlite3.Connection, row: sqlite3.Row, channel: Channel, now: datetime) -> bool:
    _move(db, row["id"], "sent", now, attempt=True)
    try:
        channel.send(thaw(row["content"]), row["digest"])
    except DeliveryError as error:
        _move(db, row["id"], "unknown" if error.unknown else "failed", now, note=str(error))
        return False
    _move(db, row["id"], "confirmed", now)
    return True


def _move(
    db: sqlite3.Connection, delivery: int, state: str, now: datetime, *, note: str | None = None, attempt: bool = False
) -> None:
    with transaction(db):
        digests.save_delivery_state(db, delivery, state, now, note=note, attempt=attempt)


def _after(db: sqlite3.Connection, wanted: Wanted) -> Reach:
    return digests.last_reach(db, wanted.profile) or candidates.reach_before(db, wanted.now - wanted.window)


def _compose(db: sqlite3.Connection, wanted: Wanted, after: Reach, upto: Reach) -> Digest:
    found = candidates.load_candidates(db, wanted.profile, after, upto)
    return compose(found, _edition(db, wanted, digests.last_made(db, wanted.profile), wanted.now))


def _edition(db: sqlite3.Connection, wanted: Wanted, since: datetime | None, until: datetime) -> Edition:
    return Edition(
        profile=wanted.profile,
        lang=wanted.lang,
        timezone=wanted.timezone,
        made_at=until,
        since=since,
        names=candidates.load_names(db),
        troubles=candidates.load_troubles(db),
    )


def _frozen(digest: Digest, after: Reach, upto: Reach) -> digests.NewDigest:
    return digests.NewDigest(
        profile=digest.profile,
        lang=digest.lang,
        made_at=digest.made_at,
        after=after,
        upto=upto,
        content=freeze(digest),
        entries=[
            (
                int(entry.story.removeprefix("s")),
                entry.state,
                json.dumps(entry.reasons, ensure_ascii=False),
                [article.id for article in entry.articles],
            )
            for entry in digest.entries
        ],
    )
