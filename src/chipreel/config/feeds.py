"""feeds.yaml → settings and sources. Every error names the file, the line, the key and what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from chipreel.config.located_yaml import LocatedYaml, load_located
from chipreel.config.system_zone import find_system_zone, is_zone
from chipreel.errors import ConfigError
from chipreel.fetch.kinds import get_kind
from chipreel.model.settings import LANGUAGES, Feeds, Settings
from chipreel.model.source import ROLES, Keep, Source

#: Sections of `settings` that other rooms read and validate.
SECTIONS = ("profiles", "searches", "channels", "mute")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SPAN_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_TOP = ("settings", "sources")
_REQUIRED = ("id", "title", "kind", "url", "language", "role")
#: A visit more often than this serves nobody.
MIN_INTERVAL_S = 60

Check = Callable[[Any], Any]


def load_feeds(path: Path) -> Feeds:
    """Settings and sources of a feeds.yaml. Raises ConfigError for the first thing that is wrong."""
    document = load_located(path)
    if not isinstance(document.value, dict):
        raise document.error("feeds.yaml has the keys `settings` and `sources`", hint="start with `sources:`")
    _refuse_unknown(document, document.value, _TOP)
    settings = _read_settings(document, document.value.get("settings") or {})
    raw = document.value.get("sources")
    if not isinstance(raw, list):
        raise document.error("must be a list", "sources", hint="one `- id: …` for each source")
    sources = tuple(_read_source(document, index, entry) for index, entry in enumerate(raw))
    _refuse_same_ids(document, sources)
    return Feeds(settings, sources)


def _read_settings(document: LocatedYaml, raw: Any) -> Settings:
    if not isinstance(raw, dict):
        raise document.error("must be a mapping", "settings", hint="`min_delay_s: 1` and so on, indented")
    _refuse_unknown(document, raw, (*_SETTINGS, *SECTIONS), "settings")
    values = _checked(document, {key: raw[key] for key in raw if key in _SETTINGS}, _SETTINGS, ("settings",))
    values.setdefault("timezone", find_system_zone())
    return Settings(**values, sections={name: raw[name] for name in SECTIONS if name in raw})


def _read_source(document: LocatedYaml, index: int, raw: Any) -> Source:
    where = ("sources", index)
    if not isinstance(raw, dict):
        raise document.error("must be a mapping", *where, hint="`- id: …` with its keys below it")
    for key in _REQUIRED:
        if raw.get(key) in (None, ""):
            message = f"source {raw.get('id', index + 1)!r} has no {key}"
            raise document.error(message, *where, hint=f"write `{key}: {_EXAMPLES[key]}`")
    common = {key: value for key, value in raw.items() if key in _SOURCE}
    values = _checked(document, common, _SOURCE, where)
    if "interval" in values:
        values["interval_s"] = values.pop("interval")
    options = {key: value for key, value in raw.items() if key not in _SOURCE}
    source = Source(**values, options=options, line=document.line_of(*where))
    _check_kind(document, where, source)
    return source


def _check_kind(document: LocatedYaml, where: tuple[str | int, ...], source: Source) -> None:
    """The rules of the source's own kind, with the place in the file added to what it says."""
    try:
        kind = get_kind(source.kind)
        known = kind.options | {"secret_headers"}
        for key in source.options:
            if key not in known:
                names = ", ".join(sorted({*_SOURCE, *known}))
                raise ConfigError(f"is not a key of a source of kind {kind.name}", key=key, hint=f"one of {names}")
        _check_secret_headers(source.options.get("secret_headers", {}))
        kind.check(source)
    except ConfigError as error:
        key = error.key or "kind"
        raise document.error(f"{source.id}: {error.message}", *where, key, hint=error.hint) from error


def _checked(
    document: LocatedYaml, raw: Mapping[str, Any], checks: Mapping[str, Check], where: tuple[str | int, ...]
) -> dict[str, Any]:
    values = {}
    for key, value in raw.items():
        if value is None:
            continue
        try:
            values[key] = checks[key](value)
        except ConfigError as error:
            raise document.error(error.message, *where, key, hint=error.hint) from error
    return values


def _refuse_unknown(document: LocatedYaml, raw: Mapping[str, Any], known: tuple[str, ...], *where: str | int) -> None:
    for key in raw:
        if key not in known:
            raise document.error("is not a key here", *where, str(key), hint=f"one of {', '.join(known)}")


def _refuse_same_ids(document: LocatedYaml, sources: tuple[Source, ...]) -> None:
    first: dict[str, Source] = {}
    for index, source in enumerate(sources):
        if source.id in first:
            message = f"{source.id!r} is also the id of the source in line {first[source.id].line}"
            raise document.error(message, "sources", index, "id", hint="every source has an id of its own")
        first[source.id] = source


def _check_secret_headers(value: Any) -> None:
    good = isinstance(value, dict) and all(
        isinstance(header, str) and isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", name)
        for header, name in value.items()
    )
    if not good:
        hint = "`Authorization: MY_TOKEN`, where MY_TOKEN is the name of an environment variable, never the secret"
        raise ConfigError("must map headers to names of environment variables", key="secret_headers", hint=hint)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigError("must be a text", hint="put it in quotes")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{value!r} is neither true nor false", hint="write true or false")
    return value


def _number(least: float, most: float) -> Check:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ConfigError(f"{value!r} is no number", hint=f"a number from {least:g} to {most:g}")
        if not least <= value <= most:
            raise ConfigError(f"{value!r} is out of range", hint=f"a number from {least:g} to {most:g}")
        return float(value)

    return check


def _whole(least: int, most: int) -> Check:
    number = _number(least, most)

    def check(value: Any) -> int:
        if isinstance(value, float) or number(value) != int(value):
            raise ConfigError(f"{value!r} is no whole number", hint=f"a whole number from {least} to {most}")
        return int(value)

    return check


def _one_of(*choices: str) -> Check:
    def check(value: Any) -> str:
        if value not in choices:
            raise ConfigError(f"{value!r} is not known", hint=f"one of {', '.join(choices)}")
        return str(value)

    return check


def _slug(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value) or len(value) > 64:
        raise ConfigError(f"{value!r} is no id", hint="lower-case letters, digits and hyphens: nvidia-blog")
    return value


def _slugs(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConfigError("must be a list", hint="[nvidia, softbank]")
    return tuple(_slug(entry) for entry in value)


def _web_address(value: Any) -> str:
    text = _text(value)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(char.isspace() for char in text):
        raise ConfigError(f"{text!r} is no web address", hint="it begins with https:// or http://")
    if parts.username or parts.password:
        raise ConfigError("holds a user name or password", hint="use secret_headers with an environment variable")
    return text


def _proxy(value: Any) -> str:
    text = _text(value)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(
            f"{text!r} is no address of an HTTP proxy", hint="http://127.0.0.1:7890 (SOCKS is not spoken)"
        )
    return text


def _zone(value: Any) -> str:
    if not isinstance(value, str) or not is_zone(value):
        raise ConfigError(f"{value!r} is no IANA zone", hint="for example Asia/Shanghai or Europe/Berlin")
    return value


def _language(value: Any) -> str:
    if value is False or not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ConfigError(f"{value!r} is no language", hint="en, zh, ja, ko or mul (`no` needs quotes)")
    return value


def _span_s(value: Any) -> int:
    """Seconds of 900, "15m", "6h" or "1d"."""
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    seconds = float(match[1]) * _SPAN_S[match[2]] if match else value
    hint = "seconds, or a text like 15m, 6h, 1d; from 60 s to 30 days"
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ConfigError(f"{value!r} is no span of time", hint=hint)
    if not MIN_INTERVAL_S <= seconds <= 30 * 86400:
        raise ConfigError(f"{value!r} is out of range", hint=hint)
    return int(seconds)


_SETTINGS: dict[str, Check] = {
    "timezone": _zone,
    "language": _one_of(*LANGUAGES),
    "allow_private_addresses": _flag,
    "min_delay_s": _number(0, 600),
    "connections_per_host": _whole(1, 64),
    "workers": _whole(1, 64),
    "timeout_s": _number(0.1, 600),
    "max_bytes": _whole(1000, 1_000_000_000),
    "contact": _text,
    "first_window_h": _number(0, 24 * 366),
    "proxy": _proxy,
}
_SOURCE: dict[str, Check] = {
    "id": _slug,
    "title": _text,
    "kind": _text,
    "url": _web_address,
    "language": _language,
    "role": _one_of(*ROLES),
    "companies": _slugs,
    "enabled": _flag,
    "interval": _span_s,
    "timezone": _zone,
    "text": _one_of("feed", "page"),
    "keep": _one_of(*get_args(Keep)),
    "max_items": _whole(1, 10_000),
    "publisher": _slug,
    "site": _web_address,
    "note": _text,
    "allow_private_addresses": _flag,
    "proxy": _proxy,
    "all_relevant": _flag,
}
_EXAMPLES = {
    "id": "nvidia-blog",
    "title": "NVIDIA Blog",
    "kind": "feed",
    "url": "https://…",
    "language": "en",
    "role": "official",
}
