"""feeds.yaml → settings and sources. Every error names the file, the line, the key and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from chipreel.config.checks import (
    Check,
    check_flag,
    check_line,
    check_number,
    check_one_of,
    check_slug,
    check_slugs,
    check_text,
    check_whole,
)
from chipreel.config.feed_values import (
    check_contact,
    check_language,
    check_proxy,
    check_span_s,
    check_web_address,
    check_zone,
)
from chipreel.config.located_yaml import LocatedYaml, load_located, parse_located
from chipreel.config.system_zone import find_system_zone
from chipreel.errors import ConfigError
from chipreel.fetch.kinds import Kind, get_kind
from chipreel.model.settings import LANGUAGES, Feeds, Settings
from chipreel.model.source import ROLES, Keep, Source

#: Sections of `settings` that other rooms read and validate.
SECTIONS = ("profiles", "searches", "channels", "mute")
_TOP = ("settings", "sources")
_REQUIRED = ("id", "title", "kind", "url", "language", "role")


def load_feeds(path: Path) -> Feeds:
    """Settings and sources of a feeds.yaml. Raises ConfigError for the first thing that is wrong."""
    return _read_feeds(load_located(path))


def parse_feeds(text: str, name: str = "<text>") -> Feeds:
    """The same from text; `name` is only for messages."""
    return _read_feeds(parse_located(text, name))


def find_strangers(path: Path, companies: Collection[str]) -> list[tuple[str, ConfigError]]:
    """Sources of a feeds.yaml that name a company which is none of `companies`: (id of the source, what is wrong).

    Not asked at every start: it would take the lexicon to be read. The file is one that `load_feeds` takes.
    """
    document = load_located(path)
    return [
        (source["id"], _stranger(document, index, company, companies))
        for index, source in enumerate(document.value["sources"])
        for company in source.get("companies") or ()
        if company not in companies
    ]


def _stranger(document: LocatedYaml, index: int, company: str, companies: Collection[str]) -> ConfigError:
    from difflib import get_close_matches

    near = get_close_matches(company, companies, 3)
    hint = f"perhaps {' or '.join(near)}" if near else "`chipreel companies` lists those there are"
    source = document.value["sources"][index]["id"]
    return document.error(f"{source}: there is no company {company!r}", "sources", index, "companies", hint=hint)


def _read_feeds(document: LocatedYaml) -> Feeds:
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
    kind = _check_kind(document, where, source)
    return source if "max_items" in values else replace(source, max_items=kind.max_items)


def _check_kind(document: LocatedYaml, where: tuple[str | int, ...], source: Source) -> Kind:
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
        return kind
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


_SETTINGS: dict[str, Check] = {
    "timezone": check_zone,
    "language": check_one_of(*LANGUAGES),
    "allow_private_addresses": check_flag,
    "min_delay_s": check_number(0, 600),
    "connections_per_host": check_whole(1, 64),
    "workers": check_whole(1, 64),
    "timeout_s": check_number(0.1, 600),
    "max_bytes": check_whole(1000, 1_000_000_000),
    "contact": check_contact,
    "first_window_h": check_number(0, 24 * 366),
    "proxy": check_proxy,
}
_SOURCE: dict[str, Check] = {
    "id": check_slug,
    "title": check_line,
    "kind": check_text,
    "url": check_web_address,
    "language": check_language,
    "role": check_one_of(*ROLES),
    "companies": check_slugs,
    "enabled": check_flag,
    "interval": check_span_s,
    "timezone": check_zone,
    "text": check_one_of("feed", "page"),
    "keep": check_one_of(*get_args(Keep)),
    "max_items": check_whole(1, 10_000),
    "publisher": check_slug,
    "site": check_web_address,
    "note": check_text,
    "allow_private_addresses": check_flag,
    "proxy": check_proxy,
    "all_relevant": check_flag,
}
_EXAMPLES = {
    "id": "nvidia-blog",
    "title": "NVIDIA Blog",
    "kind": "feed",
    "url": "https://…",
    "language": "en",
    "role": "official",
}
