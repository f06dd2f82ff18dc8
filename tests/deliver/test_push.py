"""Push to a real HTTP receiver on loopback, through Apprise."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from chipreel.deliver.push import LEAST_LIMIT, LIMITS, deliver_push, push_address, push_limit
from chipreel.errors import ConfigError, DeliveryError
from chipreel.model.delivery import Message
from chipreel.model.profile import ChannelSettings
from loopback import Asked, Reply, serving

pytest.importorskip("apprise")

SETTINGS = ChannelSettings("phone", "push", "text", url_variable="PUSH_URL", timeout_s=1.0)
MESSAGE = Message("default-1-1", "chipreel 简报", "要闻：Sora & <芯片> [x](https://a.example/1)")


@dataclass
class Receiver:
    """A service that takes messages."""

    base: str = ""
    #: What it was sent.
    bodies: list[dict[str, Any]] = field(default_factory=list)
    #: Status of its answers; None = it closes the line, 0 = it never answers.
    answer: int | None = 200


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One on loopback."""
    found, stop = Receiver(), threading.Event()

    def answer(asked: Asked) -> Reply | None:
        found.bodies.append(json.loads(asked.body))
        if found.answer == 0:
            stop.wait(5)
        return Reply(found.answer) if found.answer else None

    with serving(answer) as found.base:
        yield found
        stop.set()


def _environ(receiver: Receiver) -> dict[str, str]:
    return {"PUSH_URL": f"json://token-geheim:x@{receiver.base.removeprefix('http://')}/hook"}


def test_a_message_arrives_word_for_word(receiver: Receiver) -> None:
    """Title and text, both scripts, nothing escaped twice."""
    deliver_push(SETTINGS, MESSAGE, _environ(receiver))

    assert [(one["title"], one["message"]) for one in receiver.bodies] == [(MESSAGE.title, MESSAGE.body)]


@pytest.mark.parametrize(("answer", "unknown"), [(500, False), (403, False), (None, True), (0, True)])
def test_what_a_refusal_tells(receiver: Receiver, answer: int | None, unknown: bool) -> None:
    """A status says no; a line that closes, or stays silent, after the text says nothing."""
    receiver.answer = answer

    with pytest.raises(DeliveryError) as caught:
        deliver_push(SETTINGS, MESSAGE, _environ(receiver))

    assert caught.value.unknown is unknown
    assert "geheim" not in str(caught.value)
    assert len(receiver.bodies) == 1


def test_nobody_listening_is_a_failure() -> None:
    """Nothing was sent."""
    with pytest.raises(DeliveryError) as caught:
        deliver_push(SETTINGS, MESSAGE, {"PUSH_URL": "json://127.0.0.1:9/hook"})

    assert not caught.value.unknown


@pytest.mark.parametrize(
    "address",
    ["file:///tmp/x", "syslog://", "dbus://", "windows://", "macosx://", "GNOME://", "no address", "nosuch://x", ""],
)
def test_only_what_goes_over_the_network_is_let_through(address: str) -> None:
    """Apprise can also write files, ring the desktop and load code."""
    with pytest.raises(ConfigError):
        deliver_push(SETTINGS, MESSAGE, {"PUSH_URL": address})


def test_limits_are_those_of_the_service() -> None:
    """A small one where the service is not known; the user's own before all."""
    telegram = {"PUSH_URL": "tgram://123456789:abcdefg_hijklmnop/12315544/"}

    assert push_limit(SETTINGS, telegram) == LIMITS["tgram"]
    assert push_limit(SETTINGS, {"PUSH_URL": "matrix://x"}) == LEAST_LIMIT
    assert push_limit(ChannelSettings("p", "push", url_variable="PUSH_URL", max_bytes=999), telegram) == 999
    assert push_address(SETTINGS, telegram).startswith("tgram://")
