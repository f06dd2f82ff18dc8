"""Work on as many threads as it takes, results in the order in which they come."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from chipreel.fetch.queue import VisitQueue

#: Seconds without a result after which there is time for something else.
IDLE_S = 0.2
#: Seconds without a result after which one more worker is started, until there are all.
PATIENCE_S = 0.005
Visit = TypeVar("Visit")
Result = TypeVar("Result")


def iter_results(
    visits: VisitQueue[Visit], work: Callable[[Visit], Result], workers: int, on_idle: Callable[[], None]
) -> Iterator[Result]:
    """Results of `work` on every visit. Leaving the loop early starts nothing more and waits for nothing.

    `on_idle` is called, in the thread of the loop, whenever nothing has come for `IDLE_S`.

    Finished results wait in a queue of twice the workers, so a slow reader holds the network back instead of memory.
    An exception of `work` is a bug and is raised here.
    """
    results: queue.Queue[tuple[Result | None, BaseException | None, bool]] = queue.Queue(2 * workers)
    stopped = threading.Event()

    def put(result: Result | None, error: BaseException | None, last: bool) -> None:
        while not stopped.is_set():
            with suppress(queue.Full):
                results.put((result, error, last), timeout=0.2)
                return

    def run() -> None:
        while (taken := visits.take()) is not None:
            host, visit = taken
            try:
                result = work(visit)
            except BaseException as error:
                put(None, error, True)
                return
            finally:
                visits.done(host)
            put(result, None, False)
        put(None, None, True)

    def start() -> None:
        threading.Thread(target=run, name="fetch", daemon=True).start()

    try:
        yield from _until_all_ended(results, start, workers, on_idle)
    finally:
        stopped.set()
        visits.stop()


def _until_all_ended(
    results: queue.Queue[tuple[Result | None, BaseException | None, bool]],
    start: Callable[[], None],
    workers: int,
    on_idle: Callable[[], None],
) -> Iterator[Result]:
    """Results until every worker has ended. One more is started whenever a result is waited for.

    Where answers come faster than they are used, more threads would only take the interpreter from each other.
    """
    start()
    started = running = 1
    while running:
        try:
            result, error, last = results.get(timeout=PATIENCE_S if started < workers else IDLE_S)
        except queue.Empty:
            if started < workers:
                start()
                started, running = started + 1, running + 1
            else:
                on_idle()
            continue
        if error is not None:
            raise error
        if last:
            running -= 1
        elif result is not None:
            yield result
