"""A request with manners: robots.txt, pauses, the host's turn, and redirects followed one checked step at a time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from chipreel import __version__
from chipreel.fetch.cache_headers import find_retry_after_s
from chipreel.fetch.client import MAX_REDIRECTS, Answer, Ask, WebClient
from chipreel.fetch.kinds import Request
from chipreel.fetch.memory import Memory
from chipreel.fetch.network import find_literal, remaining_s, within
from chipreel.fetch.politeness import Cooldowns, HostGate
from chipreel.fetch.refusal import RefusedError
from chipreel.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from chipreel.fetch.robots import Robots, RobotsRecord, Scope
from chipreel.model import Settings, Source
from chipreel.text.addresses import registrable_domain

#: Pause for a service that says 429 without saying how long.
DEFAULT_PAUSE_S = 15 * 60
_ACCEPT = {
    "xml": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "json": "application/json, */*;q=0.5",
    "html": "text/html, application/xhtml+xml, */*;q=0.5",
}
#: Failures that would meet the request itself just as they met robots.txt: said once, not tried twice.
_FATAL = frozenset({"dns", "offline", "connect", "tls", "private-address", "address", "proxy"})


@dataclass(frozen=True, slots=True)
class Errand:
    """What all requests of one visit share."""

    source: Source
    scope: Scope
    #: "xml", "json", "html" or "".
    expects: str
    now: datetime
    #: True = this source has answered before: a 403 is then a limit rather than a refusal.
    known: bool = False
    #: Seconds between two requests that the platform asks for.
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Trip:
    """The last answer of a chain of redirects."""

    answer: Answer
    #: New address when every redirect was permanent; None = not moved.
    moved_to: str | None


class PoliteClient:
    """Asks as `Settings` and the servers permit. Thread-safe."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], memory: Memory) -> None:
        self._settings, self._environ = settings, environ
        self._web = WebClient(user_agent(settings.contact), settings.timeout_s)
        self.gate = HostGate(settings.connections_per_host, settings.min_delay_s)
        self._robots = Robots(memory.robots)
        self._cooldowns = Cooldowns(memory.pauses)
        self._robots_locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close every connection."""
        self._web.close()

    def memory(self) -> Memory:
        """What the next run should know."""
        return Memory(self._robots.records(), self._cooldowns.pauses())

    def follow(
        self, errand: Errand, request: Request, headers: Mapping[str, str], validators: Mapping[str, str]
    ) -> Trip:
        """Ask, and go where the answers send us; at most five times, never in a circle. Raises RefusedError."""
        url, method, body, permanent = request.url, request.method, request.body, True
        seen = {url}
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._step(errand, url, method, body, {**headers, **validators})
            target = answer.location
            if target is None:
                return Trip(answer, url if permanent and url != request.url else None)
            if target in seen:
                raise RefusedError("redirects", "redirects in a circle", status=answer.status)
            permanent &= answer.is_permanent and not (url.startswith("https:") and target.startswith("http:"))
            if method == "POST" and answer.status in (301, 302, 303):
                method, body = "GET", None
            if origin_of(target) != origin_of(url):
                headers = {}  # a secret meant for one server is not told to another
            seen.add(target)
            url = target
        raise RefusedError("redirects", f"more than {MAX_REDIRECTS} redirects")

    def _step(self, errand: Errand, url: str, method: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request, when a pause of the service, robots.txt and the host's turn allow it."""
        host, service = host_key(url), service_of(url)
        self._cooldowns.check(service, errand.now)
        self._obey_robots(errand, url)
        if errand.delay_s:
            self.gate.slow_down(host, errand.delay_s)
        accept = {"accept": _ACCEPT.get(errand.expects, "*/*")}
        ask = self._ask(errand, url, {**accept, **headers}, self._settings.max_bytes, method, body)
        with self.gate.turn(host, remaining_s()):
            self._cooldowns.check(service, errand.now)
            answer = self._web.ask(ask)
            self._note_limits(answer, service, errand.now)
        return answer

    def _note_limits(self, answer: Answer, service: str, now: datetime) -> None:
        """A limit told to one address is a limit for the whole service."""
        retry = find_retry_after_s(answer.headers.get("retry-after"), now)
        if answer.status == 429:
            self._cooldowns.begin(service, now + timedelta(seconds=retry or DEFAULT_PAUSE_S))
        elif answer.status == 503 and retry:
            self._cooldowns.begin(service, now + timedelta(seconds=retry))

    def _obey_robots(self, errand: Errand, url: str) -> None:
        origin = origin_of(url)
        with self._lock:
            lock = self._robots_locks.setdefault(origin, threading.Lock())
        with lock:
            verdict = self._robots.get_verdict(
                url, origin, errand.scope, errand.now, lambda: self._fetch_robots(errand, origin)
            )
        if verdict.delay_s:
            self.gate.slow_down(host_key(url), verdict.delay_s)
        if not verdict.allowed:
            raise RefusedError("robots", verdict.reason or "robots.txt of the site does not allow it")

    def _fetch_robots(self, errand: Errand, origin: str) -> RobotsRecord:
        """robots.txt of one server; status 0 when it could not be had in a third of the time the visit has."""
        try:
            with within(remaining_s() / 3):
                answer = self._robots_answer(errand, f"{origin}/robots.txt")
        except RefusedError as error:
            if error.reason in _FATAL:
                raise
            # Too large or undecodable is no answer about us; a timeout is none at all.
            status = 404 if error.reason in ("too-large", "encoding", "redirects") else 0
            return RobotsRecord(origin, errand.now, status)
        text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
        return RobotsRecord(origin, errand.now, answer.status, text)

    def _robots_answer(self, errand: Errand, url: str) -> Answer:
        """The end of the redirects from `url`. It neither keeps nor begins a distance to other requests."""
        for _ in range(MAX_REDIRECTS + 1):
            with self.gate.turn(host_key(url), remaining_s(), spaced=False):
                answer = self._web.ask(self._ask(errand, url, {"accept": "text/plain"}, ROBOTS_MAX_BYTES))
            if answer.location is None:
                return answer
            url = answer.location
        raise RefusedError("redirects", f"more than {MAX_REDIRECTS} redirects")

    def _ask(
        self,
        errand: Errand,
        url: str,
        headers: Mapping[str, str],
        max_bytes: int,
        method: str = "GET",
        body: bytes | None = None,
    ) -> Ask:
        source, settings = errand.source, self._settings
        return Ask(
            url,
            method,
            headers,
            body,
            max_bytes,
            self._proxy(source.proxy or settings.proxy),
            source.allow_private_addresses or settings.allow_private_addresses,
        )

    def _proxy(self, proxy: str | None) -> str | None:
        """The address of a proxy; `env:NAME` stands for one with a password, in the environment."""
        if proxy is None or not proxy.startswith("env:"):
            return proxy
        address = self._environ.get(proxy.removeprefix("env:"), "")
        if not address.startswith(("http://", "https://")):
            raise RefusedError("config", f"{proxy.removeprefix('env:')} holds no address of an HTTP proxy")
        return address


def user_agent(contact: str | None) -> str:
    """What we call ourselves: name, version, and whom to write to where the user gave an address."""
    return f"chipreel/{__version__} (news reader{f'; {contact}' if contact else ''})"


def host_key(url: str) -> str:
    """Name and port of the server: what politeness counts."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Scheme and server: what one robots.txt speaks for."""
    try:
        return f"{urlsplit(url).scheme}://{host_key(url)}"
    except ValueError:
        return ""


def service_of(url: str) -> str:
    """Who a limit is attributed to: the registrable domain; one server on this machine or a bare address is its own."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    if find_literal(host) is not None or "." not in host:
        return host_key(url)
    return registrable_domain(host)
