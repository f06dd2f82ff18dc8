"""A profile of feeds.yaml → what is wanted for it, and its channels."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chipreel.errors import NotFoundError
from chipreel.model.digest import Digest, Found
from chipreel.model.profile import DEFAULT_PROFILE, Profile, SavedSearch
from chipreel.pipeline.channels import Surroundings, open_channels
from chipreel.pipeline.editions import Channel, Wanted
from chipreel.pipeline.rooms import Rooms
from chipreel.store.digests import Reach

#: New finds of one saved search that a digest names.
_FOUND_SHOWN = 5
#: Hits looked at for them: what is new is among the newest.
_LOOKED_AT = 200


def get_profile(rooms: Rooms, name: str) -> Profile:
    """A profile by name; the default one is always there. Raises NotFoundError."""
    for profile in rooms.audiences.profiles:
        if profile.name == name:
            return profile
    if name == DEFAULT_PROFILE:
        return Profile()
    known = ", ".join(profile.name for profile in rooms.audiences.profiles)
    raise NotFoundError(f"there is no profile {name!r} in {rooms.places.feeds}; declared are {known}")


def wanted_for(db: sqlite3.Connection, rooms: Rooms, profile: Profile, lang: str | None, now: datetime) -> Wanted:
    """The next edition of a profile; `lang` overrides its language."""
    settings = rooms.feeds.settings
    tongue = lang or profile.lang or settings.language
    wanted = Wanted(
        profile=profile,
        lang=tongue,
        timezone=settings.timezone,
        now=now,
        window=timedelta(hours=settings.first_window_h),
        mutes=rooms.audiences.mutes,
    )
    searches = [one for one in rooms.audiences.searches if one.name in profile.searches]
    if searches:
        wanted = replace(wanted, find=_finder(db, rooms, searches, now))
    if profile.summary_model:
        wanted = replace(wanted, summarise=_summariser(db, rooms, profile.summary_model))
    return wanted


def channels_for(
    db: sqlite3.Connection, rooms: Rooms, names: tuple[str, ...], show: Callable[[Digest, str], None]
) -> dict[str, Channel]:
    """The channels of these names. `show` prints an edition on standard output."""
    around = Surroundings(rooms.places.home, rooms.places.db, rooms.environ, show)
    return open_channels(db, names, rooms.audiences.channels, around)


def _finder(
    db: sqlite3.Connection, rooms: Rooms, searches: list[SavedSearch], now: datetime
) -> Callable[[Reach, Reach], tuple[Found, ...]]:
    from chipreel.store.search import SearchOptions, search
    from chipreel.text.query import parse_query

    options = SearchOptions(now=now, zone=rooms.zone, limit=_LOOKED_AT, order="date")

    def find(after: Reach, upto: Reach) -> tuple[Found, ...]:
        titles = {row["id"]: row["title"] for row in db.execute("select id, title from sources")}
        found = []
        for one in searches:
            hits = search(db, parse_query(one.query), options)
            new = [hit for hit in hits if after.article < hit.id <= upto.article][:_FOUND_SHOWN]
            found += [
                Found(one.title or one.name, hit.title or "—", hit.url, titles.get(hit.source, hit.source), hit.id)
                for hit in new
            ]
        return tuple(found)

    return find


def _summariser(db: sqlite3.Connection, rooms: Rooms, model: str) -> Callable[[Digest], Digest]:
    from chipreel.pipeline.summaries import summarise

    return lambda digest: summarise(db, rooms, digest, model)
