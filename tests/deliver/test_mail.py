"""Mail to a real server on loopback: encrypted, logged in, and honest about what it does not know."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from chipreel.deliver.mail import deliver_mail, make_mail
from chipreel.errors import ConfigError, DeliveryError
from chipreel.model.delivery import Message
from chipreel.model.profile import ChannelSettings

SECRETS = {"SMTP_USER": "desk", "SMTP_PASSWORD": "hunter2-geheim"}
MESSAGE = Message(
    "default-12",
    "chipreel 简报 · 2月16日",
    "要闻\n.\n..dots\nSora " + "芯" * 500 + "\n",
    "<p>芯片</p>",
    made_at=datetime(2024, 2, 16, 8, tzinfo=UTC),
)


@dataclass
class Postbox:
    """Keeps what a server was given."""

    mails: list[Envelope] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    reply: str = "250 OK"

    async def handle_RCPT(self, _s: Any, _c: Any, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        if address in self.refused:
            return f"550 <{address}> is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _c: Any, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return self.reply

    def mail(self) -> EmailMessage:
        content = self.mails[-1].content
        assert isinstance(content, bytes)
        found = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who vouches for the server, for as long as the tests run."""
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """What a client needs that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def _login(_server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"desk", b"hunter2-geheim")
    return AuthResult(success=good, handled=False)


@pytest.fixture
def postbox() -> Postbox:
    """An empty one."""
    return Postbox()


@pytest.fixture
def server(postbox: Postbox, authority: trustme.CA) -> Iterator[ChannelSettings]:
    """A server with STARTTLS and a login, and how to reach it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=_login,
    )
    controller.start()
    yield ChannelSettings(
        "mail",
        "smtp",
        "html",
        host="127.0.0.1",
        port=controller.port,
        sender="chipreel@example.org",
        to=("you@example.org", "others@example.org"),
        user_variable="SMTP_USER",
        password_variable="SMTP_PASSWORD",
        timeout_s=5,
    )
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_digest_arrives_as_text_and_html(server: ChannelSettings, postbox: Postbox, trusting: ssl.SSLContext) -> None:
    """Both scripts, lines that are only a dot, everybody it is for, over an encrypted line."""
    assert deliver_mail(server, MESSAGE, SECRETS, context=trusting) is None

    mail = postbox.mail()
    assert postbox.mails[-1].rcpt_tos == ["you@example.org", "others@example.org"]
    assert mail["subject"] == MESSAGE.title
    assert mail["message-id"] == "<default-12.mail.chipreel@example.org>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content() == MESSAGE.body
    assert html.get_content().strip() == MESSAGE.html


def test_the_same_message_is_the_same_mail() -> None:
    """Sent again, a program for mail knows that it has it."""
    settings = ChannelSettings("mail", "smtp", sender="a@example.org", to=("b@example.org",))

    assert make_mail(settings, MESSAGE)["Message-ID"] == make_mail(settings, MESSAGE)["Message-ID"]
    assert make_mail(settings, MESSAGE)["Date"] == "Fri, 16 Feb 2024 08:00:00 +0000"


def test_a_title_cannot_add_a_header() -> None:
    """Line breaks in it are spaces."""
    settings = ChannelSettings("mail", "smtp", sender="a@example.org", to=("b@example.org",))
    mail = make_mail(settings, replace(MESSAGE, title="简报\r\nBcc: everybody@example.org"))

    assert mail["Bcc"] is None
    assert mail["Subject"] == "简报 Bcc: everybody@example.org"


@pytest.mark.parametrize(
    ("environ", "error"), [({}, ConfigError), ({"SMTP_USER": "desk", "SMTP_PASSWORD": "wrong"}, DeliveryError)]
)
def test_a_missing_or_wrong_password_is_told_without_it(
    server: ChannelSettings, environ: dict[str, str], error: type[Exception], trusting: ssl.SSLContext
) -> None:
    """The name of the variable, or that the login was refused; no secret, no address."""
    with pytest.raises(error) as caught:
        deliver_mail(server, MESSAGE, environ, context=trusting)

    assert "SMTP_USER" in str(caught.value) or "login was refused" in str(caught.value)
    assert not any(secret in str(caught.value) for secret in ("wrong", "desk", "you@"))


def test_a_certificate_that_nobody_vouches_for_is_refused(server: ChannelSettings, postbox: Postbox) -> None:
    """By default the server must prove who it is."""
    with pytest.raises(DeliveryError, match="not trusted") as caught:
        deliver_mail(server, MESSAGE, SECRETS)

    assert not caught.value.unknown
    assert postbox.mails == []


def test_a_server_without_starttls_gets_nothing(postbox: Postbox, trusting: ssl.SSLContext) -> None:
    """Somebody may have stripped the offer."""
    controller = Controller(postbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings = ChannelSettings(
        "mail", "smtp", host="127.0.0.1", port=controller.port, sender="a@b.org", to=("c@d.org",)
    )
    try:
        with pytest.raises(DeliveryError, match="STARTTLS"):
            deliver_mail(settings, MESSAGE, {}, context=trusting)
        deliver_mail(replace(settings, security="none"), MESSAGE, {})
    finally:
        controller.stop()

    assert len(postbox.mails) == 1


def test_a_password_is_not_sent_in_clear() -> None:
    """Not to a server on another machine."""
    settings = ChannelSettings(
        "mail", "smtp", host="mail.example.org", security="none", sender="a@b.org", user_variable="SMTP_USER"
    )
    from chipreel.deliver import mail

    with pytest.raises(ConfigError, match="in clear"):
        mail._log_in(None, settings, SECRETS)  # type: ignore[arg-type]


def test_recipients_that_are_refused(server: ChannelSettings, postbox: Postbox, trusting: ssl.SSLContext) -> None:
    """The others get it and it is noted how many did not; when nobody would, nobody got it."""
    postbox.refused = ("you@example.org",)
    assert deliver_mail(server, MESSAGE, SECRETS, context=trusting) == "1 of 2 recipients refused"
    assert postbox.mails[-1].rcpt_tos == ["others@example.org"]

    postbox.refused = server.to
    with pytest.raises(DeliveryError, match="every recipient") as caught:
        deliver_mail(server, MESSAGE, SECRETS, context=trusting)
    assert "@" not in str(caught.value)


def test_a_text_that_is_refused_did_not_arrive(
    server: ChannelSettings, postbox: Postbox, trusting: ssl.SSLContext
) -> None:
    """The server has said no: that is known."""
    postbox.reply = "554 no thanks"

    with pytest.raises(DeliveryError, match="554 no thanks") as caught:
        deliver_mail(server, MESSAGE, SECRETS, context=trusting)

    assert not caught.value.unknown


def test_nobody_listening_is_a_failure() -> None:
    """Nothing was sent."""
    settings = ChannelSettings("mail", "smtp", host="127.0.0.1", port=_free_port(), sender="a@b.org", to=("c@d.org",))

    with pytest.raises(DeliveryError) as caught:
        deliver_mail(settings, MESSAGE, {})

    assert not caught.value.unknown


@pytest.mark.parametrize(("last", "unknown"), [(b"DATA", False), (b"\r\n.\r\n", True)])
def test_a_line_that_breaks(last: bytes, unknown: bool) -> None:
    """Before the text nothing has arrived; after it, nobody knows."""
    port, ready = _free_port(), threading.Event()

    def serve() -> None:
        with socket.create_server(("127.0.0.1", port)) as listener:
            ready.set()
            line, _ = listener.accept()
            with line:
                line.sendall(b"220 hello\r\n")
                seen = b""
                while last not in seen:
                    seen += line.recv(65536)
                    if seen.endswith(b"\r\n.\r\n"):
                        break
                    if not seen.endswith(b"\r\n") or last in seen:
                        continue
                    line.sendall(b"354 go on\r\n" if seen.endswith(b"DATA\r\n") else b"250 ok\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    ready.wait(5)
    settings = ChannelSettings(
        "mail", "smtp", host="127.0.0.1", port=port, security="none", sender="a@b.org", to=("c@d.org",), timeout_s=3
    )
    with pytest.raises(DeliveryError) as caught:
        deliver_mail(settings, MESSAGE, {})
    thread.join(5)

    assert caught.value.unknown is unknown
