"""Checks of single values of a settings file: the value as it is used, or a ConfigError that says what to write."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import time
from typing import Any

from chipreel.errors import ConfigError
from chipreel.text.fold import normalise

Check = Callable[[Any], Any]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOUR = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")
_ENV = re.compile(r"[A-Z][A-Z0-9_]*")
_MAIL = re.compile(r"[^\s@<>,;\"\r\n]+@[^\s@<>,;\"\r\n]+")
#: What a weight may be given to.
_WEIGHED = ("company", "beat", "topic", "role", "source")


def check_text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ConfigError("must be a text", hint="put it in quotes")
    unseen = find_unseen(value)
    if unseen is not None:
        raise ConfigError(f"holds {unseen_name(unseen)}", hint="leave it out, or type the text anew")
    return value.strip()


def find_unseen(text: str) -> str | None:
    """The first character that nobody sees and nothing stores: a control character but tab and line feed, or one that
    turns the direction of writing around; None where there is none."""
    return None if text.isprintable() else next((c for c in text if not c.isprintable() and normalise(c) != c), None)


def unseen_name(char: str) -> str:
    """Such a character as errors call it."""
    return f"the character U+{ord(char):04X}, which nobody sees"


def check_line(value: Any) -> str:
    """A text of one line."""
    text = check_text(value)
    if "\n" in text:
        raise ConfigError("must be one line", hint="`>-` instead of `|`, or a text in quotes")
    return text


def check_texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list):
        raise ConfigError("must be a list", hint="[芯片, chips]")
    return tuple(check_text(one) for one in value)


def check_slug(value: Any) -> str:
    """A name made of lower-case letters, digits and hyphens."""
    if not isinstance(value, str) or not _ID.fullmatch(value) or len(value) > 64:
        raise ConfigError(f"{value!r} is no id", hint="lower-case letters, digits and hyphens: chip-desk")
    return value


def check_slugs(value: Any) -> tuple[str, ...]:
    """A list of ids."""
    if not isinstance(value, list):
        raise ConfigError("must be a list", hint="[nvidia, softbank]")
    return tuple(check_slug(entry) for entry in value)


def check_flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ConfigError(f"{value!r} is neither true nor false", hint="write true or false")
    return value


def check_names_of(known: Collection[str], what: str) -> Check:
    """A list of names that exist."""

    def check(value: Any) -> tuple[str, ...]:
        for name in check_texts(value):
            if name not in known:
                near = ", ".join(sorted(known)[:12]) or "none is declared"
                raise ConfigError(f"there is no {what} {name!r}", hint=f"known: {near}")
        return check_texts(value)

    return check


def check_number(least: float, most: float) -> Check:
    """A number within bounds."""
    hint = f"a number from {least:g} to {most:g}"

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ConfigError(f"{value!r} is no number", hint=hint)
        if not least <= value <= most:
            raise ConfigError(f"{value!r} is out of range", hint=hint)
        return float(value)

    return check


def check_whole(least: int, most: int) -> Check:
    """A whole number within bounds."""
    number = check_number(least, most)

    def check(value: Any) -> int:
        if isinstance(value, float) or number(value) != int(value):
            raise ConfigError(f"{value!r} is no whole number", hint=f"a whole number from {least} to {most}")
        return int(value)

    return check


def check_one_of(*choices: str) -> Check:
    """One of a few words."""

    def check(value: Any) -> str:
        if value not in choices:
            raise ConfigError(f"{value!r} is not known", hint=f"one of {', '.join(choices)}")
        return str(value)

    return check


def check_hour(value: Any) -> time:
    """A time of day: "07:30", or 7. A bare 7:30 is the number 450 to YAML, and is understood."""
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value < 24 * 60:
        value = f"{value // 60:02d}:{value % 60:02d}"
    match = _HOUR.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
    if match is None:
        raise ConfigError(f"{value!r} is no time of day", hint='"07:30", in quotes')
    return time(int(match[1]), int(match[2] or 0))


def check_weights(value: Any) -> Mapping[str, float]:
    """What to weigh → points."""
    if not isinstance(value, dict):
        raise ConfigError("must be a mapping", hint="`company:openai: 1.5` below it, indented")
    check = check_number(-20, 20)
    found = {}
    for key, points in value.items():
        kind, _, name = str(key).partition(":")
        if kind not in _WEIGHED or not name:
            raise ConfigError(
                f"{key!r} cannot be weighed", hint="company:openai, beat:video, topic:…, role:…, source:…"
            )
        found[str(key)] = check(points)
    return found


def check_env_name(value: Any) -> str:
    """The name of an environment variable. The value itself is never echoed: it may be the secret."""
    if not isinstance(value, str) or not _ENV.fullmatch(value):
        hint = "SMTP_PASSWORD, whose value stands in the environment or in chipreel.env; never the secret itself"
        raise ConfigError("must be the name of an environment variable", hint=hint)
    return value


def check_mail_address(value: Any) -> str:
    """One mail address."""
    if not isinstance(value, str) or not _MAIL.fullmatch(value.strip()):
        raise ConfigError(f"{value!r} is no mail address", hint="you@example.org")
    return value.strip()


def check_mail_addresses(value: Any) -> tuple[str, ...]:
    """One mail address, or a list of them."""
    found = tuple(check_mail_address(one) for one in (value if isinstance(value, list) else [value]))
    if not found:
        raise ConfigError("names nobody", hint="[you@example.org]")
    return found
