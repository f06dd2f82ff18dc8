"""How often one host is asked: so many connections, so many seconds apart, and not at all while it begs off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from chipreel.fetch.refusal import RefusedError


@dataclass(slots=True)
class _Host:
    #: Requests running now.
    active: int = 0
    #: Not before this moment (monotonic seconds).
    next_at: float = 0.0
    #: Seconds between two starts.
    delay_s: float = 0.0


class HostGate:
    """Keeps the promises made to hosts. Thread-safe. A host is a name with its port: two servers are two hosts."""

    def __init__(self, connections: int, min_delay_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._connections, self._min_delay_s, self._clock = connections, min_delay_s, clock
        self._hosts: dict[str, _Host] = {}
        self._changed = threading.Condition()

    def ready_in_s(self, host: str) -> float:
        """Seconds until a request to the host may start; infinite while all its connections are taken."""
        with self._changed:
            return self._ready_in_s(self._host(host))

    def delay_s(self, host: str) -> float:
        """Seconds between two requests to the host."""
        with self._changed:
            return self._host(host).delay_s

    def slow_down(self, host: str, delay_s: float) -> None:
        """From now on at least `delay_s` between two requests to the host (Crawl-delay, a platform's rule)."""
        with self._changed:
            entry = self._host(host)
            if delay_s > entry.delay_s:
                entry.next_at += delay_s - entry.delay_s if entry.next_at > self._clock() else 0.0
                entry.delay_s = delay_s

    @contextmanager
    def turn(self, host: str, within_s: float, *, spaced: bool = True) -> Iterator[None]:
        """Wait for a turn at the host, hold it for the block. Raises RefusedError when that takes over `within_s`.

        With `spaced=False` (robots.txt) the request neither keeps nor begins a distance to others.
        """
        self._enter(host, self._clock() + within_s, spaced)
        try:
            yield
        finally:
            with self._changed:
                self._host(host).active -= 1
                self._changed.notify_all()

    def _enter(self, host: str, limit: float, spaced: bool) -> None:
        with self._changed:
            entry = self._host(host)
            while (wait := self._ready_in_s(entry, spaced)) > 0:
                left = limit - self._clock()
                if left <= 0:
                    raise RefusedError("busy", f"{host} was busy with other visits for too long")
                self._changed.wait(min(wait, left))
            entry.active += 1
            if spaced:
                entry.next_at = self._clock() + entry.delay_s

    def _ready_in_s(self, entry: _Host, spaced: bool = True) -> float:
        if entry.active >= self._connections:
            return float("inf")
        return max(0.0, entry.next_at - self._clock()) if spaced else 0.0

    def _host(self, host: str) -> _Host:
        entry = self._hosts.get(host)
        if entry is None:
            entry = self._hosts[host] = _Host(delay_s=self._min_delay_s)
        return entry


class Cooldowns:
    """Services that asked to be left alone, by registrable domain: what one address was told holds for them all."""

    def __init__(self, pauses: Iterable[tuple[str, datetime]] = ()) -> None:
        self._until = dict(pauses)

    def begin(self, service: str, until: datetime) -> None:
        """No request to the service before `until`."""
        self._until[service] = max(self._until.get(service, until), until)

    def check(self, service: str, now: datetime) -> None:
        """Raise RefusedError while the service must be left alone."""
        until = self._until.get(service)
        if until is not None and until > now:
            left = int((until - now).total_seconds()) + 1
            raise RefusedError("rate-limited", f"{service} asked to be left alone for now", retry_after_s=left)

    def pauses(self) -> tuple[tuple[str, datetime], ...]:
        """All that was asked for: (service, until when)."""
        return tuple(self._until.items())
