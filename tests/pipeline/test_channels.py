"""Editions over the real channels: files, mail and push, each on its own, and nothing of their addresses is kept."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from lxml import etree

from chipreel.errors import NotFoundError
from chipreel.model.digest import Digest
from chipreel.model.profile import ChannelSettings
from chipreel.pipeline import editions
from chipreel.pipeline.channels import Surroundings, open_channels, trial_message
from loopback import Asked, Reply, serving

LONG = "Nvidia ships a chip and says that it will be followed by another one soon. 英伟达发布新芯片，并称还会有下一款。"


class _Postbox:
    def __init__(self) -> None:
        self.subjects: list[str] = []
        self.is_open = True

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if not self.is_open:
            return "451 try again later"
        self.subjects.append(re.search(rb"Subject: (.*)", envelope.content)[1].decode())  # type: ignore[index]
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[_Postbox, ChannelSettings]]:
    """A server for mail on loopback."""
    box = _Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        box,
        ChannelSettings(
            "mail",
            "smtp",
            host="127.0.0.1",
            port=port,
            security="none",
            sender="chipreel@example.org",
            to=("secret.reader@example.org",),
        ),
    )
    controller.stop()


class _Hook:
    """A receiver of messages that fails when it is told to."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.fails_at: int | None = None
        self.port = 0


@pytest.fixture
def hook() -> Iterator[_Hook]:
    """A receiver on loopback."""
    found = _Hook()

    def answer(asked: Asked) -> Reply:
        if found.fails_at == len(found.bodies):
            return Reply(500)
        found.bodies.append(json.loads(asked.body))
        return Reply()

    with serving(answer) as base:
        found.port = int(base.rpartition(":")[2])
        yield found


def _around(folder: Path, shown: list[Digest] | None = None, **environ: str) -> Surroundings:
    return Surroundings(folder, folder / "news.db", environ, lambda digest, _form: (shown or []).append(digest))


@pytest.mark.parametrize(("form", "ending"), [("markdown", "md"), ("text", "txt"), ("html", "html"), ("json", "json")])
def test_a_file_for_each_edition(newsroom: Any, tmp_path: Path, form: str, ending: str) -> None:
    """In the folder of the channel, which is meant from feeds.yaml; named after day, profile and edition."""
    settings = ChannelSettings("page", "file", form, folder="site/digests")  # type: ignore[arg-type]
    channels = open_channels(newsroom.db, ("page",), [settings], _around(tmp_path))
    for number in range(2):
        newsroom.article(f"Nvidia ships chip {number}")
        editions.publish(newsroom.db, newsroom.wanted(), channels)

    names = sorted(path.name for path in (tmp_path / "site/digests").iterdir())
    assert names == [f"2024-02-16-default-{n}.{ending}" for n in (1, 2)]


@pytest.mark.parametrize(("form", "name", "entries"), [("atom", "digests", 3), ("atom-stories", "stories", 3)])
def test_a_feed_holds_the_editions_so_far(newsroom: Any, tmp_path: Path, form: str, name: str, entries: int) -> None:
    """One file, newest first, which is the same when it is written again."""
    settings = ChannelSettings("feed", "file", form)  # type: ignore[arg-type]
    channels = open_channels(newsroom.db, ("feed",), [settings], _around(tmp_path))
    for number in range(3):
        newsroom.article(f"英伟达发布第{number}款芯片", lang="zh")
        editions.publish(newsroom.db, newsroom.wanted(), channels)

    path = tmp_path / "digests" / f"default-{name}.xml"
    before = path.read_bytes()
    editions.resend(newsroom.db, 3, channels["feed"], newsroom.now)
    assert path.read_bytes() == before
    found = etree.fromstring(before).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(found) == entries
    if form == "atom-stories":
        assert "第2款" in (found[0].findtext("{http://www.w3.org/2005/Atom}title") or "")


def test_one_failing_channel_neither_blocks_nor_marks_the_others(
    newsroom: Any, tmp_path: Path, postbox: tuple[_Postbox, ChannelSettings], hook: _Hook
) -> None:
    """Mail is out of order for two days and catches up on the third; files and push have theirs every day."""
    box, mail = postbox
    push = ChannelSettings("phone", "push", "text", url_variable="PUSH_URL", timeout_s=3)
    around = _around(tmp_path, PUSH_URL=f"json://127.0.0.1:{hook.port}/geheim")
    channels = open_channels(newsroom.db, ("mail", "file", "phone"), [mail, push], around)
    box.is_open = False
    for day in range(3):
        box.is_open = day == 2
        newsroom.article(f"Nvidia ships chip {day}")
        editions.publish(newsroom.db, newsroom.wanted(), channels)
        states = dict(newsroom.states()[-3:])
        assert (states["file"], states["phone"]) == ("confirmed", "confirmed")

    assert len(box.subjects) == len(hook.bodies) == 3
    assert {state for _, state in newsroom.states()} == {"confirmed"}


def test_the_database_knows_a_channel_by_its_name_alone(
    newsroom: Any, tmp_path: Path, postbox: tuple[_Postbox, ChannelSettings], hook: _Hook
) -> None:
    """No address, no token, whether deliveries went well or not."""
    box, mail = postbox
    push = ChannelSettings("phone", "push", url_variable="PUSH_URL", timeout_s=3)
    around = _around(tmp_path, PUSH_URL=f"json://user:geheim@127.0.0.1:{hook.port}/token")
    channels = open_channels(newsroom.db, ("mail", "phone"), [mail, push], around)
    box.is_open, hook.fails_at = False, 0
    newsroom.article("Nvidia ships a chip")
    editions.publish(newsroom.db, newsroom.wanted(), channels)
    box.is_open, hook.fails_at = True, None
    editions.resume(newsroom.db, "default", channels, newsroom.now)

    dump = "\n".join(newsroom.db.iterdump())
    assert not [word for word in ("geheim", "secret.reader", "PUSH_URL", str(hook.port)) if word in dump]
    assert newsroom.states() == [("mail", "confirmed"), ("phone", "confirmed")]


def test_a_long_edition_is_split_and_goes_on_where_it_stopped(newsroom: Any, tmp_path: Path, hook: _Hook) -> None:
    """The third message fails; the next round sends the third and what follows, and each arrives once."""
    push = ChannelSettings("phone", "push", "markdown", url_variable="PUSH_URL", max_bytes=700, timeout_s=3)
    around = _around(tmp_path, PUSH_URL=f"json://127.0.0.1:{hook.port}/")
    channels = open_channels(newsroom.db, ("phone",), [push], around)
    for number in range(8):
        newsroom.article(f"Nvidia ships chip {number}", text=LONG)
    hook.fails_at = 2
    editions.publish(newsroom.db, newsroom.wanted(), channels)
    assert len(hook.bodies) == 2
    hook.fails_at = None
    editions.resume(newsroom.db, "default", channels, newsroom.now)

    numbers = [body["message"].split(")")[0] for body in hook.bodies]
    count = len(numbers)
    assert numbers == [f"({n}/{count}" for n in range(1, count + 1)]
    assert all(len((body["title"] + body["message"]).encode()) <= 700 for body in hook.bodies)
    assert newsroom.states() == [("phone", "confirmed")]
    for number in range(8):
        assert sum(body["message"].count(f"Nvidia ships chip {number}") for body in hook.bodies) >= 1


def test_a_missing_secret_is_a_failed_delivery_and_no_more(newsroom: Any, tmp_path: Path) -> None:
    """The file is delivered; the note says which variable is not set."""
    push = ChannelSettings("phone", "push", url_variable="PUSH_URL")
    channels = open_channels(newsroom.db, ("phone", "file"), [push], _around(tmp_path))
    newsroom.article("Nvidia ships a chip")
    made = editions.publish(newsroom.db, newsroom.wanted(), channels)

    assert newsroom.states() == [("phone", "failed"), ("file", "confirmed")]
    assert "PUSH_URL" in (made.tried[0].note or "")


def test_standard_output_is_shown_once(newsroom: Any, tmp_path: Path) -> None:
    """The edition itself is handed to whoever shows it."""
    shown: list[Digest] = []
    around = Surroundings(tmp_path, tmp_path / "news.db", {}, lambda digest, form: shown.append(digest))
    newsroom.article("Nvidia ships a chip")
    channels = open_channels(newsroom.db, ("stdout",), [], around)
    for _ in range(2):
        editions.publish(newsroom.db, newsroom.wanted(), channels)

    assert [[entry.story for entry in digest.entries] for digest in shown] == [["s1"]]


def test_a_channel_that_nobody_declared(newsroom: Any, tmp_path: Path) -> None:
    """An error that names those there are."""
    with pytest.raises(NotFoundError, match="file, stdout"):
        open_channels(newsroom.db, ("phone",), [], _around(tmp_path))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_test_message_is_in_both_scripts(newsroom: Any, lang: str) -> None:
    """A channel that cannot do Chinese is found out."""
    message = trial_message(ChannelSettings("mail", "smtp"), lang, newsroom.now)

    assert re.search("[一-鿿]", message.body)
    assert re.search("works", message.body)
    assert (message.html is None) == (replace(ChannelSettings("mail", "push")).kind == "smtp")
