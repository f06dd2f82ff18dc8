"""A digest by mail: one message for everybody it is addressed to, over a line that is encrypted before the login."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from chipreel.errors import ConfigError, DeliveryError
from chipreel.model.delivery import Message
from chipreel.model.profile import ChannelSettings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def deliver_mail(
    settings: ChannelSettings, message: Message, environ: Mapping[str, str], *, context: ssl.SSLContext | None = None
) -> str | None:
    """Send one mail; returns a note when some of the recipients were refused.

    Raises DeliveryError: nobody got it, or (`unknown`) the line broke after the text was handed over. Addresses,
    names and passwords stand in no error. `context` is for tests; by default the server's certificate is checked.
    """
    mail = make_mail(settings, message)
    try:
        with _connected(settings, context) as server:
            _log_in(server, settings, environ)
            return _hand_over(server, settings, mail)
    except DeliveryError:
        raise
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{settings.host}: {_reason(error)}") from error


def make_mail(settings: ChannelSettings, message: Message) -> EmailMessage:
    """The mail: plain text, and HTML where there is any. The same message always has the same Message-ID."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = settings.sender
    mail["To"] = ", ".join(settings.to)
    domain = parseaddr(settings.sender)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{message.key}.{settings.name}.chipreel@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.made_at is not None:
        mail["Date"] = format_datetime(message.made_at)
    mail.set_content(message.body, charset="utf-8", cte="base64")
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", charset="utf-8", cte="base64")
    return mail


def _connected(settings: ChannelSettings, context: ssl.SSLContext | None) -> smtplib.SMTP:
    trusted = context or ssl.create_default_context()
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout_s, context=trusted)
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
    try:
        server.ehlo()
        if settings.security == "starttls":
            # Raises when the server does not offer it: a line that somebody has stripped is not used in clear.
            server.starttls(context=trusted)
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _log_in(server: smtplib.SMTP, settings: ChannelSettings, environ: Mapping[str, str]) -> None:
    if settings.user_variable is None:
        return
    if settings.security == "none" and settings.host not in _LOOPBACK:
        raise ConfigError("would send a password in clear", key=f"channels.{settings.name}", hint="security: starttls")
    user = secret(environ, settings.user_variable, settings.name)
    server.login(user, secret(environ, settings.password_variable or settings.user_variable, settings.name))


def secret(environ: Mapping[str, str], name: str, channel: str) -> str:
    """A secret by the name of its variable. Raises ConfigError naming the variable."""
    found = environ.get(name, "")
    if not found:
        raise ConfigError(
            f"{name} is set neither in the environment nor in chipreel.env",
            key=f"channels.{channel}",
            hint=f"write {name}=… into chipreel.env beside feeds.yaml (mode 0600)",
        )
    return found


def _hand_over(server: smtplib.SMTP, settings: ChannelSettings, mail: EmailMessage) -> str | None:
    server.ehlo_or_helo_if_needed()
    _expect(server.mail(parseaddr(settings.sender)[1]), 250, "the sender was refused")
    refused = [reply for reply in (server.rcpt(address) for address in settings.to) if reply[0] not in (250, 251)]
    if len(refused) == len(settings.to):
        raise DeliveryError(f"{settings.host}: every recipient was refused ({_text(refused[0])})")
    _expect(server.docmd("DATA"), 354, "the text was refused")
    body = mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    try:
        server.send(_dotted(body) + b".\r\n")
        reply = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{settings.host}: {_reason(error)} after the text was sent", unknown=True) from error
    _expect(reply, 250, "the text was refused")
    return f"{len(refused)} of {len(settings.to)} recipients refused" if refused else None


def _dotted(body: bytes) -> bytes:
    """The body as SMTP wants it: a line that begins with a dot has two, and the last line ends."""
    dotted = body.replace(b"\r\n.", b"\r\n..")
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


def _expect(reply: tuple[int, bytes], code: int, message: str) -> None:
    if reply[0] != code:
        raise DeliveryError(f"{message} ({_text(reply)})")


def _text(reply: tuple[int, bytes]) -> str:
    """A server's answer without the addresses in it."""
    words = reply[1].decode("utf-8", "replace").split()
    return f"{reply[0]} {' '.join('…' if '@' in word else word for word in words)}"[:200]


def _reason(error: Exception) -> str:
    """What went wrong, without what the server repeats of names and addresses."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the login was refused"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the server offers no STARTTLS, or no login"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the server closed the line"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, smtplib.SMTPResponseException):
        return _text((error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""))
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return getattr(error, "strerror", None) or type(error).__name__
