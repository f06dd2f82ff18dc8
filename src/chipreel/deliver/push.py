"""A digest over a service of messages (Telegram, Slack, ntfy, WeCom, Feishu …), through Apprise.

Apprise can also run programs, write files and ring the desktop; only what goes over the network is let through.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Mapping
from typing import Any

from chipreel.deliver.mail import secret
from chipreel.errors import ConfigError, DeliveryError
from chipreel.model.delivery import Message
from chipreel.model.profile import ChannelSettings

#: Schemes of Apprise that stay on this machine, load code or read files.
_LOCAL = frozenset(
    "blink1 config dbus file gio glib gnome include kde macosx plugin qt syslog text windows yaml".split()
)
#: Bytes that a service takes in one message, where it says so; titles count.
LIMITS: Mapping[str, int] = {
    "tgram": 4000,
    "discord": 1950,
    "slack": 30_000,
    "wecombot": 4000,
    "wxpusher": 30_000,
    "dingtalk": 18_000,
    "feishu": 19_000,
    "lark": 19_000,
    "ntfy": 3800,
    "ntfys": 3800,
    "json": 250_000,
    "jsons": 250_000,
}
#: For every other service.
LEAST_LIMIT = 3800
_SCHEME = re.compile(r"^([a-z0-9+]+)://", re.I)
#: Apprise's words for a line that broke while it waited for the answer.
_UNKNOWN = re.compile(r"read timed out|timed out\. \(read|connection aborted|remote end closed|incompleteread", re.I)


def push_address(settings: ChannelSettings, environ: Mapping[str, str]) -> str:
    """The address of a push channel. Raises ConfigError; the address itself is a secret and stands in no message."""
    address = secret(environ, settings.url_variable or "", settings.name).strip()
    match = _SCHEME.match(address)
    where = f"channels.{settings.name}"
    if match is None:
        hint = "tgram://…, ntfys://…, slack://…: the README of Apprise lists them"
        raise ConfigError(f"what {settings.url_variable} holds is no address for Apprise", key=where, hint=hint)
    if match[1].lower() in _LOCAL:
        raise ConfigError(f"{match[1]}:// does not go over the network", key=where, hint="use a service of messages")
    return address


def push_limit(settings: ChannelSettings, environ: Mapping[str, str]) -> int:
    """Bytes in one message of this channel."""
    match = _SCHEME.match(push_address(settings, environ))
    assert match is not None
    return settings.max_bytes or LIMITS.get(match[1].lower(), LEAST_LIMIT)


def deliver_push(settings: ChannelSettings, message: Message, environ: Mapping[str, str]) -> None:
    """Send one message. Raises DeliveryError; `unknown` when the line broke while the answer was awaited."""
    address = push_address(settings, environ)
    apprise = _apprise()
    with warnings.catch_warnings():
        # It loads all its modules now, and some of what they import is on its way out.
        warnings.simplefilter("ignore")
        asset = apprise.AppriseAsset(secure_logging=True, plugin_paths=[], async_mode=False)
        service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if service is None:
        raise ConfigError(
            f"Apprise does not know what {settings.url_variable} holds",
            key=f"channels.{settings.name}",
            hint="check the address against the README of Apprise",
        )
    service.socket_read_timeout = service.socket_connect_timeout = settings.timeout_s
    form = apprise.NotifyFormat.MARKDOWN if settings.format == "markdown" else apprise.NotifyFormat.TEXT
    with _Log() as log:
        try:
            arrived = service.notify(body=message.body, title=message.title, body_format=form)
        except Exception as error:  # a service's module may raise anything
            raise DeliveryError(f"Apprise failed: {type(error).__name__}", unknown=True) from error
    if not arrived:
        unknown = _UNKNOWN.search(log.text) is not None
        raise DeliveryError("the line broke before the answer" if unknown else log.reason, unknown=unknown)


class _Log:
    """Listens to Apprise while it sends: it tells only a log why something failed."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._handler = logging.Handler(logging.DEBUG)
        self._handler.emit = self._keep  # type: ignore[method-assign]
        self._logger = logging.getLogger("apprise")

    def __enter__(self) -> _Log:
        self._before = (self._logger.level, self._logger.propagate)
        self._logger.setLevel(logging.DEBUG)
        self._logger.propagate = False
        self._logger.addHandler(self._handler)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self._handler)
        self._logger.setLevel(self._before[0])
        self._logger.propagate = self._before[1]

    def _keep(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())

    @property
    def text(self) -> str:
        """All of it; it may hold the address, so it is looked at and never shown."""
        return "\n".join(self._lines)

    @property
    def reason(self) -> str:
        """What may be shown: the status of the answer, or that there was none."""
        status = re.search(r"error[= ](\d{3})", self.text)
        if status:
            return f"the service answered {status[1]}"
        return "the service could not be reached" if "Connection error" in self.text else "the service refused it"


def _apprise() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import apprise
    except ImportError as error:
        raise ConfigError(
            "push channels need Apprise", hint="install chipreel with its extra: pip install 'chipreel[push]'"
        ) from error
    return apprise
