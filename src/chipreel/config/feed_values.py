"""Checks of what only sources and settings have: addresses, zones, languages and spans of time."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from chipreel.config.checks import check_line, check_text
from chipreel.config.system_zone import is_zone
from chipreel.errors import ConfigError

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SPAN_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_HOST = re.compile(r"[\w.:-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
#: A visit more often than this serves nobody.
MIN_INTERVAL_S = 60


def check_web_address(value: Any) -> str:
    """An http or https address without a password."""
    text = check_text(value)
    parts = _web_parts(text)
    if parts is None or any(char.isspace() for char in text):
        raise ConfigError(f"{text!r} is no web address", hint="it begins with https:// or http://")
    if parts.username or parts.password:
        raise ConfigError("holds a user name or password", hint="use secret_headers with an environment variable")
    return text


def _web_parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def check_contact(value: Any) -> str:
    """What a header of HTTP can say: one line of ASCII."""
    text = check_line(value)
    if not text.isascii() or not text.isprintable():
        raise ConfigError(f"{text!r} cannot be told in a header", hint="a mail or web address in ASCII, on one line")
    return text


def check_proxy(value: Any) -> str:
    """Address of an HTTP proxy, or env:NAME for one with a password."""
    text = check_text(value)
    if re.fullmatch(r"env:[A-Z][A-Z0-9_]*", text):
        return text
    parts = _web_parts(text)
    if parts is None or not _HOST.fullmatch(parts.hostname or "") or any(char.isspace() for char in text):
        raise ConfigError(f"{text!r} is no address of an HTTP proxy", hint="http://127.0.0.1:7890, not SOCKS")
    if parts.username or parts.password:
        hint = "env:MY_PROXY, where MY_PROXY is an environment variable that holds the whole address"
        raise ConfigError("holds a user name or password", hint=hint)
    return text


def check_zone(value: Any) -> str:
    """An IANA name of a zone."""
    if not isinstance(value, str) or not is_zone(value):
        raise ConfigError(f"{value!r} is no IANA zone", hint="for example Asia/Shanghai or Europe/Berlin")
    return value


def check_language(value: Any) -> str:
    """An ISO 639 code, or mul."""
    if value is False or not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ConfigError(f"{value!r} is no language", hint="en, zh, ja, ko or mul (`no` needs quotes)")
    return value


def check_span_s(value: Any) -> int:
    """Seconds of 900, "15m", "6h" or "1d"."""
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    seconds = float(match[1]) * _SPAN_S[match[2]] if match else value
    hint = "seconds, or a text like 15m, 6h, 1d; from 60 s to 30 days"
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ConfigError(f"{value!r} is no span of time", hint=hint)
    if not MIN_INTERVAL_S <= seconds <= 30 * 86400:
        raise ConfigError(f"{value!r} is out of range", hint=hint)
    return int(seconds)
