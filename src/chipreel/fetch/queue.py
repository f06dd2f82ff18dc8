"""Visits in the order in which their hosts may be asked, so that no worker waits for one host while others are free."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

Visit = TypeVar("Visit")


class Gate(Protocol):
    """What the queue asks about a host before it gives out a visit to it."""

    def ready_in_s(self, host: str) -> float:
        """Seconds until a request may start; infinite while all connections are taken."""

    def delay_s(self, host: str) -> float:
        """Seconds between two requests."""


class VisitQueue(Generic[Visit]):
    """Hands out visits to several threads: per host in the order given, between hosts whichever is ready first."""

    def __init__(
        self,
        visits: Iterable[tuple[str, Visit]],
        gate: Gate,
        connections: int,
        clock: Callable[[], float] = time.monotonic,
        within_s: float = float("inf"),
    ) -> None:
        self._gate, self._connections, self._clock = gate, connections, clock
        #: From this moment on whatever is left is given out at once: whoever takes it must not start it any more.
        self._until = clock() + within_s
        self._waiting: dict[str, deque[Visit]] = {}
        for host, visit in visits:
            self._waiting.setdefault(host, deque()).append(visit)
        #: (moment to look at it again, tie-break, host); a host with all connections in use is not in it.
        self._heap = [(0.0, number, host) for number, host in enumerate(self._waiting)]
        self._number = len(self._heap)
        self._running: dict[str, int] = {}
        self._left = sum(len(visits) for visits in self._waiting.values())
        self._changed = threading.Condition()
        self._stopped = False

    @property
    def is_late(self) -> bool:
        """Whether the time for all visits is over."""
        return self._clock() >= self._until

    def take(self) -> tuple[str, Visit] | None:
        """The next visit, waiting for one to become possible; None when there is none left or the queue was stopped."""
        with self._changed:
            while self._left and not self._stopped:
                wait = min(self._heap[0][0], self._until) - self._clock() if self._heap else None
                if wait is not None and wait <= 0:
                    if (found := self._from(heapq.heappop(self._heap)[2])) is not None:
                        return found
                else:
                    self._changed.wait(wait)
            return None

    def done(self, host: str) -> None:
        """A visit taken for this host has ended."""
        with self._changed:
            self._running[host] -= 1
            if self._waiting[host] and self._running[host] == self._connections - 1:
                self._push(host, 0.0)
            self._changed.notify()

    def stop(self) -> None:
        """Hand out nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _from(self, host: str) -> tuple[str, Visit] | None:
        """A visit of this host, or None: then the host was put back for later."""
        wait = self._gate.ready_in_s(host)
        if wait > 0 and not self.is_late:
            # Infinite: somebody else's redirect holds it; look again soon.
            self._push(host, min(wait, 0.05) if wait == float("inf") else wait)
            return None
        visit = self._waiting[host].popleft()
        self._left -= 1
        self._running[host] = self._running.get(host, 0) + 1
        if self._waiting[host] and self._running[host] < self._connections:
            # The gate learns of the turn just given a moment later, so the distance is kept here too.
            self._push(host, self._gate.delay_s(host))
        if not self._left:
            self._changed.notify_all()
        return host, visit

    def _push(self, host: str, wait: float) -> None:
        self._number += 1
        heapq.heappush(self._heap, (self._clock() + wait, self._number, host))
        self._changed.notify()
