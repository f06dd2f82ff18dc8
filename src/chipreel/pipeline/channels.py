"""The channels of feeds.yaml, joined: what each is sent, in which form, and how it gets there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chipreel.digest.atom import EDITIONS
from chipreel.digest.figures import full_day
from chipreel.digest.frozen import thaw
from chipreel.digest.labels import label
from chipreel.digest.render import ENDINGS, render
from chipreel.errors import DeliveryError, NotFoundError
from chipreel.model.delivery import Message
from chipreel.model.digest import Digest
from chipreel.model.profile import ChannelSettings
from chipreel.pipeline.editions import Channel
from chipreel.store import digests

#: Channels that are there without being declared.
BUILT_IN = {
    "file": ChannelSettings("file", "file"),
    "stdout": ChannelSettings("stdout", "stdout"),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where channels deliver to, besides what their settings say."""

    #: Folder of feeds.yaml.
    home: Path
    #: The database file.
    db: Path
    environ: Mapping[str, str]
    #: Shows an edition on standard output, in the form it is given.
    show: Callable[[Digest, str], None]


def open_channels(
    db: sqlite3.Connection, names: Sequence[str], declared: Sequence[ChannelSettings], around: Surroundings
) -> dict[str, Channel]:
    """The channels of these names, in this order. Raises NotFoundError for a name that nobody declared."""
    known = BUILT_IN | {one.name: one for one in declared}
    for name in names:
        if name not in known:
            raise NotFoundError(f"there is no channel {name!r}; declared are {', '.join(known)}")
    return {name: _MAKERS[known[name].kind](db, known[name], around) for name in names}


def trial_message(settings: ChannelSettings, lang: str, now: datetime) -> Message:
    """A short message that shows whether a channel works."""
    text = label(lang, "test", channel=settings.name)
    html = f"<p>{text}</p>" if settings.kind == "smtp" and settings.format != "text" else None
    return Message(f"test-{now:%Y%m%dT%H%M%S}", label(lang, "title"), text + "\n", html)


def _file(db: sqlite3.Connection, settings: ChannelSettings, around: Surroundings) -> Channel:
    from chipreel.deliver.files import deliver_file, safe_name

    folder = _folder(settings, around)

    def messages(digest: Digest, number: int) -> list[Message]:
        body = _file_body(db, digest, number, settings.format)
        return [Message(_file_name(digest, number, settings.format), "", body, made_at=digest.made_at)]

    def send(message: Message) -> None:
        deliver_file(folder, safe_name(message.key), message.body)

    return Channel(settings.name, messages, send, is_idempotent=True)


def _folder(settings: ChannelSettings, around: Surroundings) -> Path:
    if settings.folder is None:
        return around.db.parent / "digests"
    return around.home / Path(settings.folder).expanduser()


def _file_name(digest: Digest, number: int, form: str) -> str:
    """A file for each edition; of a feed, one file for all."""
    if form in ("atom", "atom-stories"):
        return f"{digest.profile}-{'digests' if form == 'atom' else 'stories'}.xml"
    day = digest.made_at.astimezone(ZoneInfo(digest.timezone)).strftime("%Y-%m-%d")
    return f"{day}-{digest.profile}-{number}.{ENDINGS[form]}"


def _file_body(db: sqlite3.Connection, digest: Digest, number: int, form: str) -> str:
    if form not in ("atom", "atom-stories"):
        return render(digest, form)
    from chipreel.digest.atom import render_atom, render_story_atom

    recent = digests.recent_contents(db, digest.profile, number, EDITIONS)
    editions = [(one, digest if one == number else thaw(content)) for one, content in recent]
    return (render_atom if form == "atom" else render_story_atom)(editions or [(number, digest)])


def _stdout(_db: sqlite3.Connection, settings: ChannelSettings, around: Surroundings) -> Channel:
    shown: dict[str, Digest] = {}

    def messages(digest: Digest, number: int) -> list[Message]:
        key = f"{digest.profile}-{number}"
        shown[key] = digest
        return [Message(key, "", "", made_at=digest.made_at)]

    def send(message: Message) -> None:
        try:
            if message.key in shown:
                around.show(shown[message.key], settings.format)
            else:
                print(message.body, flush=True)
        except BrokenPipeError:
            raise  # somebody read as far as they liked
        except OSError as error:
            raise DeliveryError(f"standard output: {error.strerror}") from error

    return Channel(settings.name, messages, send)


def _mail(_db: sqlite3.Connection, settings: ChannelSettings, around: Surroundings) -> Channel:
    from chipreel.deliver.mail import deliver_mail

    def messages(digest: Digest, number: int) -> list[Message]:
        html = None if settings.format == "text" else render(digest, "html")
        key = f"{digest.profile}-{number}"
        return [Message(key, _title(digest), render(digest, "text"), html, made_at=digest.made_at)]

    def send(message: Message) -> str | None:
        return deliver_mail(settings, message, around.environ)

    return Channel(settings.name, messages, send)


def _push(_db: sqlite3.Connection, settings: ChannelSettings, around: Surroundings) -> Channel:
    from chipreel.deliver.push import deliver_push, push_limit
    from chipreel.digest.split import split_blocks

    def messages(digest: Digest, number: int) -> list[Message]:
        title = _title(digest)
        room = push_limit(settings, around.environ) - len(title.encode()) - 2
        parts = split_blocks(_blocks(digest, settings.format), room)
        key = f"{digest.profile}-{number}"
        return [
            Message(f"{key}-{part}", title, body, part=part, parts=len(parts), made_at=digest.made_at)
            for part, body in enumerate(parts, 1)
        ]

    def send(message: Message) -> None:
        deliver_push(settings, message, around.environ)

    return Channel(settings.name, messages, send)


def _blocks(digest: Digest, form: str) -> list[str]:
    from chipreel.digest.markdown import markdown_blocks
    from chipreel.digest.plain import plain_blocks

    return markdown_blocks(digest) if form == "markdown" else plain_blocks(digest)


def _title(digest: Digest) -> str:
    day = full_day(digest.lang, digest.made_at, ZoneInfo(digest.timezone))
    return f"{label(digest.lang, 'title')} · {day}"


_MAKERS = {"file": _file, "stdout": _stdout, "smtp": _mail, "push": _push}

__all__ = ["BUILT_IN", "Surroundings", "open_channels", "trial_message"]
