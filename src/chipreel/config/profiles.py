"""settings.profiles, channels, mute and searches of feeds.yaml → types; errors name file, line, key and a way out.

A rule that cannot work is refused: one that names a company, source or channel which does not exist would hide or send
nothing, and nobody would notice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from chipreel.config.checks import (
    Check,
    check_env_name,
    check_hour,
    check_mail_address,
    check_mail_addresses,
    check_names_of,
    check_number,
    check_one_of,
    check_slug,
    check_text,
    check_texts,
    check_weights,
    check_whole,
)
from chipreel.config.located_yaml import LocatedYaml, load_located
from chipreel.errors import ConfigError
from chipreel.model.profile import (
    FORMATS,
    Audiences,
    ChannelSettings,
    Interest,
    Limits,
    Mute,
    Profile,
    SavedSearch,
)
from chipreel.model.settings import LANGUAGES

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: Channels that are always there.
BUILT_IN = ("file", "stdout")
_BEATS = ("video", "chips")


def load_audiences(path: Path, *, sources: Collection[str], companies: Collection[str]) -> Audiences:
    """Profiles, channels, mutes and searches of a feeds.yaml. Raises ConfigError for the first thing that is wrong.

    `sources` and `companies` are the ids that rules may name.
    """
    document = load_located(path)
    top = document.value if isinstance(document.value, dict) else {}
    settings = top.get("settings") or {}
    reader = _Reader(document, frozenset(sources), frozenset(companies))
    searches = reader.searches(_mapping(document, settings, "searches"))
    channels = reader.channels(_mapping(document, settings, "channels"))
    known = {*BUILT_IN, *(channel.name for channel in channels)}
    profiles = reader.profiles(_mapping(document, settings, "profiles"), known, {one.name for one in searches})
    return Audiences(profiles or (Profile(),), channels, reader.mutes(settings.get("mute")), searches)


def _mapping(document: LocatedYaml, settings: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    found = settings.get(section)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise document.error("must be a mapping", "settings", section, hint="a name, a colon, and its keys below it")
    return found


class _Reader:
    """Reads the sections of one document."""

    def __init__(self, document: LocatedYaml, sources: frozenset[str], companies: frozenset[str]) -> None:
        self._document, self._sources, self._companies = document, sources, companies
        ids = {"sources": check_names_of(sources, "source"), "companies": check_names_of(companies, "company")}
        self._profile: dict[str, Check] = _PROFILE | ids
        self._mute: dict[str, Check] = {
            "source": one_of_ids(sources, "source"),
            "company": one_of_ids(companies, "company"),
            "keyword": check_text,
        }

    def profiles(self, raw: Mapping[str, Any], channels: set[str], searches: set[str]) -> tuple[Profile, ...]:
        checks = self._profile | {
            "channels": check_names_of(channels, "channel"),
            "searches": check_names_of(searches, "saved search"),
        }
        return tuple(self._one_profile(name, entry, checks) for name, entry in raw.items())

    def _one_profile(self, name: str, entry: Any, checks: Mapping[str, Check]) -> Profile:
        values = self._checked(entry, checks, "settings", "profiles", name)
        interest = {one.name: values.pop(one.name) for one in fields(Interest) if one.name in values}
        limits = {one.name: values.pop(one.name) for one in fields(Limits) if one.name in values}
        self._check_weights(values.get("weights", {}), name)
        return Profile(name=name, interest=Interest(**interest), limits=Limits(**limits), **values)

    def _check_weights(self, given: Mapping[str, float], name: str) -> None:
        known = {"company": self._companies, "source": self._sources, "beat": frozenset(_BEATS)}
        for key in given:
            kind, _, value = key.partition(":")
            if kind in known and value not in known[kind]:
                where = ("settings", "profiles", name, "weights", key)
                raise self._document.error(f"there is no {kind} {value!r}", *where, hint="check its id")

    def channels(self, raw: Mapping[str, Any]) -> tuple[ChannelSettings, ...]:
        return tuple(self._one_channel(name, entry) for name, entry in raw.items())

    def _one_channel(self, name: str, entry: Any) -> ChannelSettings:
        where = ("settings", "channels", name)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if kind not in _CHANNELS:
            known = ", ".join(_CHANNELS)
            key = (*where, "kind") if isinstance(entry, dict) and "kind" in entry else where
            raise self._document.error(f"a channel needs a kind, one of {known}", *key, hint="write `kind: smtp`")
        values = self._checked(entry, {"kind": check_text} | _CHANNELS[kind], *where)
        for needed in _NEEDED.get(kind, ()):
            if needed not in values:
                hint = f"write `{needed}: {_EXAMPLES[needed]}`"
                raise self._document.error(f"a channel of kind {kind} needs {needed}", *where, hint=hint)
        if values.get("security") == "none" and "user" in values and values.get("host") not in _LOOPBACK:
            raise self._document.error("would send a password in clear", *where, "security", hint="write starttls")
        return ChannelSettings(name=name, **{_FIELDS.get(key, key): value for key, value in values.items()})

    def mutes(self, raw: Any) -> tuple[Mute, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, list):
            raise self._document.error("must be a list", "settings", "mute", hint="`- keyword: 招聘`")
        return tuple(self._one_mute(place, entry) for place, entry in enumerate(raw))

    def _one_mute(self, place: int, entry: Any) -> Mute:
        where = ("settings", "mute", place)
        values = self._checked(entry, self._mute, *where)
        if not values:
            raise self._document.error("hides nothing", *where, hint="source, keyword, or company with keyword")
        if set(values) == {"company"}:
            hint = "add a keyword; to follow other companies alone, list them in a profile"
            raise self._document.error("would hide a whole company", *where, "company", hint=hint)
        return Mute(**values)

    def searches(self, raw: Mapping[str, Any]) -> tuple[SavedSearch, ...]:
        found = []
        for name, entry in raw.items():
            where = ("settings", "searches", name)
            values = self._checked({"query": entry} if isinstance(entry, str) else entry, _SEARCH, *where)
            if "query" not in values:
                raise self._document.error("has no query", *where, hint="write `query: 芯片 since:7d`")
            found.append(SavedSearch(name, **values))
        return tuple(found)

    def _checked(self, entry: Any, checks: Mapping[str, Check], *where: str | int) -> dict[str, Any]:
        if not isinstance(entry, dict):
            raise self._document.error("must be a mapping", *where, hint="its keys below it, indented")
        if isinstance(where[-1], str):
            self._check_name(*where)
        values = {}
        for key, value in entry.items():
            if key not in checks:
                raise self._document.error("is not a key here", *where, key, hint=f"one of {', '.join(checks)}")
            if value is None:
                continue
            try:
                values[key] = checks[key](value)
            except ConfigError as error:
                raise self._document.error(error.message, *where, key, hint=error.hint) from error
        return values

    def _check_name(self, *where: str | int) -> None:
        try:
            check_slug(where[-1])
        except ConfigError as error:
            raise self._document.error(error.message, *where, hint=error.hint) from error


def one_of_ids(known: Collection[str], what: str) -> Check:
    """A check of one id among those that exist."""
    of_list = check_names_of(known, what)
    return lambda value: of_list([value])[0]


_PROFILE: dict[str, Check] = {
    "lang": check_one_of(*LANGUAGES),
    "beats": check_names_of(_BEATS, "beat"),
    "topics": check_texts,
    "keywords": check_texts,
    "languages": check_texts,
    "weights": check_weights,
    "hour": check_hour,
    "empty": check_one_of("nothing", "line"),
    "summary_model": check_text,
    "top": check_whole(0, 50),
    "stories": check_whole(1, 1000),
    "per_source": check_whole(1, 1000),
    "per_company": check_whole(1, 1000),
    "floor": check_number(-100, 100),
    "minutes": check_number(0.5, 600),
    "cooldown_h": check_number(0, 24 * 30),
    "new_outlets": check_whole(1, 1000),
}
_CHANNELS: dict[str, dict[str, Check]] = {
    "file": {"format": check_one_of(*FORMATS), "folder": check_text},
    "stdout": {"format": check_one_of(*FORMATS[:4])},
    "smtp": {
        "format": check_one_of("html", "text"),
        "host": check_text,
        "port": check_whole(1, 65535),
        "security": check_one_of("starttls", "tls", "none"),
        "from": check_mail_address,
        "to": check_mail_addresses,
        "user": check_env_name,
        "password": check_env_name,
        "timeout_s": check_number(1, 600),
    },
    "push": {
        "format": check_one_of("text", "markdown"),
        "url": check_env_name,
        "max_bytes": check_whole(500, 1_000_000),
        "timeout_s": check_number(1, 600),
    },
}
_NEEDED: dict[str, tuple[str, ...]] = {"smtp": ("host", "from", "to"), "push": ("url",)}
_EXAMPLES = {"host": "mail.example.org", "from": "chipreel@example.org", "to": "[you@example.org]", "url": "PUSH_URL"}
_FIELDS = {"from": "sender", "user": "user_variable", "password": "password_variable", "url": "url_variable"}
_SEARCH: dict[str, Check] = {"query": check_text, "title": check_text}

__all__ = ["BUILT_IN", "load_audiences"]
