"""Sockets: where a connection may go, and how long a visit may take in all.

The address is checked here, inside the connection and after DNS, at every redirect: what was looked up is what is
connected to, so a name that answers differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from chipreel.fetch.refusal import RefusedError

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: Names that mean this machine or this network, wherever they are resolved.
_LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home.arpa", "intranet", "corp", "localdomain")
_LOCAL_ENDS = tuple(f".{name}" for name in _LOCAL_NAMES)

OFFLINE = "no name server answers: this machine seems to be offline"
#: A look-up without an answer takes ten seconds or more; after so many in a row the rest of a run fails at once.
OFFLINE_FROM = 8

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet.

    Not: private, loopback, link-local, carrier-grade NAT, multicast, unspecified, reserved, nor an IPv6 form that
    carries such an IPv4 address (mapped, 6to4, Teredo, NAT64).
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = _carried(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def check_literal(host: str) -> None:
    """Refuse a host that is private by its very spelling; all that can be checked when a proxy resolves names."""
    name = host.strip("[]").rstrip(".").lower()
    address = find_literal(name)
    private = "." not in name or name.endswith(_LOCAL_ENDS) if address is None else not is_public(address)
    if private:
        raise RefusedError("private-address", f"{host} is an address of a private network")


def find_literal(name: str) -> Address | None:
    """The IP address that a host name spells, in any form a resolver accepts (127.1, 0x7f.1, 2130706433), else None."""
    try:
        return ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError, UnicodeError):
        return None


class _Limit(threading.local):
    """The moment (monotonic) at which the visit that runs in this thread must have ended."""

    at: float = float("inf")


_limit = _Limit()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything done on sockets in this block, redirects and slow drips included, ends within `seconds`."""
    before, _limit.at = _limit.at, time.monotonic() + seconds
    try:
        yield
    finally:
        _limit.at = before


def remaining_s() -> float:
    """Seconds left to the visit of this thread; raises when there are none."""
    left = _limit.at - time.monotonic()
    if left <= 0:
        raise RefusedError("timeout", "took longer than the time allowed for a visit")
    return left


def _bounded(timeout: float | None) -> float:
    left = remaining_s()
    return left if timeout is None else min(timeout, left)


class _BoundedStream(httpcore.NetworkStream):
    """A socket whose every wait ends with the visit."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _bounded(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, _bounded(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name, keeps the addresses that may be reached, and connects to one of just those."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._sockets = httpcore.SyncBackend()
        #: Look-ups in a row that no name server answered.
        self._unanswered = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        last: Exception | None = None
        addresses = self._resolved(host, port)
        for address in addresses:
            wait = _bounded(timeout)
            try:
                return _BoundedStream(self._sockets.connect_tcp(address, port, wait, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last or httpcore.ConnectError(f"{host} has no address")

    def _resolved(self, host: str, port: int) -> list[str]:
        names = self._looked_up(host, port)
        if self._allow_private:
            return names
        public = [name for name in names if is_public(ipaddress.ip_address(name.split("%")[0]))]
        if not public:
            raise RefusedError(
                "private-address",
                f"{host} is {', '.join(names)}, an address of a private network; "
                "allow_private_addresses on the source permits it",
            )
        return public

    def _looked_up(self, host: str, port: int) -> list[str]:
        """Addresses of a name. Where no name server answers, the whole run need not find that out name by name."""
        if self._unanswered >= OFFLINE_FROM and find_literal(host) is None:
            raise RefusedError("offline", OFFLINE)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                self._unanswered += 1
                raise RefusedError("offline", OFFLINE) from error
            raise RefusedError("dns", f"{host} is not known to the name servers") from error
        except UnicodeError as error:
            raise RefusedError("dns", f"{host} is not known to the name servers") from error
        self._unanswered = 0
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))
