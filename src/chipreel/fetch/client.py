"""One question, one answer: redirects, limits and refusals, on one connection pool per way out.

Measured on loopback, 266 conditional GETs on 8 threads and 2 cores: plain synchronous httpx.Client 0.12 s, this with
all its checks 0.15 s, AsyncClient 0.2 to 1.2 s. One client is shared by all threads, because a pool per thread would
break "one connection per host".
"""

from __future__ import annotations

import ssl
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

# httpx brings a command line that loads click, rich and pygments: 130 ms of every run. It does without when told so.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
import httpx  # noqa: E402

from chipreel.fetch.body import ACCEPT_ENCODING, read_body  # noqa: E402
from chipreel.fetch.network import CheckedBackend, check_literal, remaining_s  # noqa: E402
from chipreel.fetch.refusal import RefusedError  # noqa: E402

MAX_REDIRECTS = 5
_PERMANENT, _TEMPORARY = (301, 308), (302, 303, 307)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as it goes to the wire."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes | None
    max_bytes: int
    proxy: str | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one address; no redirect followed."""

    url: str
    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    #: Empty for redirects and 304.
    body: bytes

    @property
    def location(self) -> str | None:
        """The absolute address that a redirect names; None when it is none."""
        target = self.headers.get("location")
        if self.status not in _PERMANENT + _TEMPORARY or not target:
            return None
        return urljoin(self.url, target.strip().replace(" ", "%20"))

    @property
    def is_permanent(self) -> bool:
        """Whether the redirect says that the old address is history."""
        return self.status in _PERMANENT


class WebClient:
    """Sends requests by checked connections. Thread-safe; opens its pools when first needed."""

    def __init__(self, user_agent: str, timeout_s: float) -> None:
        self._headers = {"user-agent": user_agent, "accept-encoding": ACCEPT_ENCODING, "accept": "*/*"}
        self._timeout_s = timeout_s
        self._clients: dict[tuple[str | None, bool, bool], httpx.Client] = {}
        self._lock = threading.Lock()

    def ask(self, ask: Ask) -> Answer:
        """One request, one answer. Raises RefusedError."""
        check_url(ask.url)
        if ask.proxy and not ask.allow_private:
            check_literal(urlsplit(ask.url).hostname or "")
        client = self._client(ask.proxy, ask.allow_private, is_tls=urlsplit(ask.url).scheme == "https")
        with _named_errors(ask.url):
            request = client.build_request(
                ask.method,
                ask.url,
                headers={**self._headers, **ask.headers},
                content=ask.body,
                timeout=min(self._timeout_s, remaining_s()),
            )
            response = client.send(request, stream=True)
            try:
                return _read(response, ask)
            finally:
                response.close()

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()

    def _client(self, proxy: str | None, allow_private: bool, *, is_tls: bool) -> httpx.Client:
        """The pool of one way out. Sources that may reach private addresses have their own: a connection that one of
        them opened must not serve a source that may not. The certificates are loaded where they are needed."""
        with self._lock:
            key = (proxy, allow_private, is_tls)
            if key not in self._clients:
                context = httpx.create_ssl_context(trust_env=False) if is_tls else None
                transport = _Transport(proxy, allow_private, context)
                client = httpx.Client(transport=transport, trust_env=False, follow_redirects=False)
                client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
                self._clients[key] = client
            return self._clients[key]


class _Transport(httpx.BaseTransport):
    """httpx over httpcore's own pool, which takes the network backend that checks addresses."""

    def __init__(self, proxy: str | None, allow_private: bool, context: ssl.SSLContext | None) -> None:
        options: dict[str, Any] = {"ssl_context": context, "max_connections": None, "keepalive_expiry": 15.0}
        if proxy is None:
            backend = CheckedBackend(allow_private=allow_private)
            self._pool: httpcore.ConnectionPool = httpcore.ConnectionPool(network_backend=backend, **options)
            return
        address = httpx.URL(proxy)
        auth = (address.username, address.password) if address.username else None
        bare = str(address.copy_with(username=None, password=None))
        # The proxy itself is a trusted hop, wherever it stands.
        backend = CheckedBackend(allow_private=True)
        self._pool = httpcore.HTTPProxy(bare, proxy_auth=auth, network_backend=backend, **options)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def check_url(url: str) -> None:
    """Raise RefusedError unless the address is http or https with a host and without control characters."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in url):
        raise RefusedError("address", f"{url[:120]!r} is no http or https address")


def _read(response: httpx.Response, ask: Ask) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code == 304 or (300 <= response.status_code < 400 and "location" in headers):
        _drain(response)
        return Answer(ask.url, response.status_code, headers, b"")
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > ask.max_bytes:
        raise RefusedError("too-large", f"{int(declared):,} bytes are more than max_bytes = {ask.max_bytes:,}")
    body = read_body(response.iter_raw(), headers.get("content-encoding"), ask.max_bytes)
    return Answer(ask.url, response.status_code, headers, body)


def _drain(response: httpx.Response) -> None:
    """Read the rest of an answer nobody needs: only a connection read to its end is used again.

    Measured on loopback: without this 266 answers 304 took 1.1 s instead of 0.15 s.
    """
    read = 0
    for chunk in response.iter_raw():
        read += len(chunk)
        if read > 64 * 1024:
            return


@contextmanager
def _named_errors(url: str) -> Iterator[None]:
    """What can go wrong on a connection, in the words of `Failed.reason`."""
    started = time.monotonic()
    host = urlsplit(url).hostname
    try:
        yield
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        waited = time.monotonic() - started
        raise RefusedError("timeout", f"{host} did not answer in {waited:.0f} s") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, UnicodeError) as error:
        raise RefusedError("address", f"{url[:120]!r} is no http or https address") from error
    except httpx.RemoteProtocolError as error:
        # Our transport speaks httpcore; this is httpx itself, which reads the Location of every redirect.
        raise RefusedError("address", f"{host} redirects to something that is no web address") from error
    except (httpcore.ProxyError, httpx.ProxyError) as error:
        raise RefusedError("proxy", f"the proxy refused: {error}") from error
    except (httpcore.ConnectError, httpx.ConnectError) as error:
        tls = _find_tls_error(error)
        if tls:
            raise RefusedError("tls", f"{host} could not prove who it is: {tls}") from error
        raise RefusedError("connect", f"no connection to {host}") from error
    except (httpx.TransportError, httpcore.NetworkError, httpcore.ProtocolError, httpx.StreamError, OSError) as error:
        raise RefusedError("connect", f"{host} broke the connection: {type(error).__name__}") from error


def _find_tls_error(error: BaseException) -> str | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return str(cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return str(cause.reason or "TLS failed").lower().replace("_", " ")
        cause = cause.__cause__ or cause.__context__
    return None
