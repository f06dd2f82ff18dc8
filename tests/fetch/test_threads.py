"""As many workers as it takes."""

from __future__ import annotations

import threading
import time

import pytest

from chipreel.fetch.politeness import HostGate
from chipreel.fetch.queue import VisitQueue
from chipreel.fetch.threads import iter_results

HOSTS = 12


def run(pause_s: float, workers: int) -> tuple[list[int], int]:
    """Twelve visits that take so long each: the results, and how many threads did them."""
    seen: set[int] = set()

    def work(number: int) -> int:
        seen.add(threading.get_ident())
        time.sleep(pause_s)
        return number

    visits = VisitQueue([(f"host-{n}.example", n) for n in range(HOSTS)], HostGate(1, 0), 1)
    found = list(iter_results(visits, work, workers, lambda: None))
    return sorted(found), len(seen)


@pytest.mark.parametrize("workers", [1, 4, 12])
def test_slow_answers_are_waited_for_side_by_side(workers: int) -> None:
    """All workers are there soon, and no more than were allowed."""
    started = time.monotonic()
    found, threads = run(0.4, workers)

    assert found == list(range(HOSTS))
    assert threads == workers
    assert time.monotonic() - started < 0.4 * HOSTS / workers + 2


def test_answers_that_come_at_once_need_no_more_threads() -> None:
    """Threads that only take the interpreter from each other are not started."""
    found, threads = run(0.0, 12)

    assert found == list(range(HOSTS))
    assert threads < 12
