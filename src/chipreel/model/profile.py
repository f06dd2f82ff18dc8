"""For whom a digest is made, what they do not want to see, and over which channels it reaches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Literal

#: The profile of those who have declared none.
DEFAULT_PROFILE = "default"
Format = Literal["markdown", "text", "html", "json", "atom", "atom-stories"]
FORMATS: tuple[Format, ...] = ("markdown", "text", "html", "json", "atom", "atom-stories")


@dataclass(frozen=True, slots=True)
class Interest:
    """What a reader follows: every dimension that is given must be met, by any of its values."""

    companies: tuple[str, ...] = ()
    beats: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    #: Ids of sources.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a digest may hold, and when a story comes back. Set on the sample world and the labelled stories."""

    #: Stories told in full at the top.
    top: int = 5
    #: Stories in all.
    stories: int = 80
    #: Stories that one publisher alone reports, told in more than a line; three times as many in all.
    per_source: int = 6
    #: Stories that are first of all about one company, told in more than a line; three times as many in all.
    per_company: int = 6
    #: Least score; a slow day is short. A lone report by the press that came years late has 1.7, an old post about
    #: nothing in particular .7.
    floor: float = 1.0
    #: Minutes of reading that the edition may take; what does not fit is told in a line each, then left out.
    minutes: float = 5.0
    #: Hours after which a story already delivered may come back.
    cooldown_h: float = 20.0
    #: New outlets that bring a story back.
    new_outlets: int = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """One entry of `settings.profiles`."""

    name: str = DEFAULT_PROFILE
    #: None = the language in settings.
    lang: str | None = None
    interest: Interest = Interest()
    limits: Limits = Limits()
    #: "company:openai", "beat:video", "topic:chips", "role:official" or "source:nvidia-blog" → points added.
    weights: Mapping[str, float] = field(default_factory=dict)
    #: When `run` delivers it, in the zone of settings.
    hour: time = time(7, 0)
    #: Names of channels.
    channels: tuple[str, ...] = ("file", "stdout")
    #: What an empty day brings.
    empty: Literal["nothing", "line"] = "nothing"
    #: Names of saved searches whose new finds are a section of it.
    searches: tuple[str, ...] = ()
    #: A model of the `llm` library that writes summaries of the top stories; None = nobody does.
    summary_model: str | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """What is not shown: an article that meets everything that is given here. Nothing is deleted."""

    source: str | None = None
    company: str | None = None
    keyword: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One entry of `settings.channels`. Secrets are named, not held: names of environment variables."""

    name: str
    kind: Literal["file", "stdout", "smtp", "push"]
    format: Format = "markdown"
    #: file: the folder, from the one of feeds.yaml; None = `digests` beside the database.
    folder: str | None = None
    #: smtp: where the mail server is.
    host: str = ""
    port: int = 587
    #: smtp: "none" is for a server on this machine.
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = ""
    to: tuple[str, ...] = ()
    #: smtp: the variables that hold user name and password; None = no login.
    user_variable: str | None = None
    password_variable: str | None = None
    #: push: the variable that holds the address for Apprise.
    url_variable: str | None = None
    #: Largest message, in bytes of UTF-8; None = what the service takes.
    max_bytes: int | None = None
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One entry of `settings.searches`."""

    name: str
    #: As `chipreel search` takes it.
    query: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Audiences:
    """Everybody who reads, and how: the sections `profiles`, `channels`, `mute` and `searches` of settings."""

    profiles: tuple[Profile, ...] = (Profile(),)
    channels: tuple[ChannelSettings, ...] = ()
    mutes: tuple[Mute, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
