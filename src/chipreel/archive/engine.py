"""Sifting many files: processes of this machine, or the workers of a Dask cluster. The same function either way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any

from chipreel.archive.sift import Account, Order, Sifter, sift_file
from chipreel.errors import ChipreelError

#: How often a file is tried.
TRIES = 3
#: Seconds within which the scheduler of a cluster answers.
ANSWER_S = 5.0
_KILLED = "a process was killed"
#: A sifter for each order that this process has met: its automata cost a second.
_SIFTERS: dict[str, Sifter] = {}

#: (file, its account or what went wrong)
Result = tuple[str, Account | str]


def sift_one(path: str, order: Order) -> Account:
    """Sift one file with the sifter of this process."""
    name = f"{order.lexicon.version}-{order.model.version}-{order.thorough}"
    if name not in _SIFTERS:
        _SIFTERS[name] = Sifter(order)
    return sift_file(path, order, _SIFTERS[name])


def sift_locally(paths: Sequence[str], order: Order, workers: int) -> Iterator[Result]:
    """Results as they come. A process that dies costs the files that were in work, which are tried again."""
    tries = dict.fromkeys(paths, 0)
    waiting = list(paths)
    while waiting:
        failed: list[str] = []
        # A pool that lost a process is of no use any more: each try has its own, and the second goes file by file.
        alone = any(tries[path] for path in waiting)
        for path, result in _pooled(waiting, order, 1 if alone else workers):
            tries[path] += isinstance(result, str)
            if isinstance(result, str) and tries[path] < TRIES:
                failed.append(path)
            else:
                yield path, result
        waiting = failed


def _pooled(paths: Sequence[str], order: Order, workers: int) -> Iterator[Result]:
    from multiprocessing import active_children, get_context

    rest = iter(paths)
    left = dict.fromkeys(paths)
    running: dict[Future[Account], str] = {}
    others = active_children()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_live_with_the_run) as pool:
        try:
            for path in islice(rest, 2 * workers):
                running[pool.submit(sift_one, path, order)] = path
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    path = running.pop(future)
                    del left[path]
                    yield path, _outcome(future.result)
                    for following in islice(rest, 1):
                        running[pool.submit(sift_one, following, order)] = following
        except BrokenProcessPool:
            yield from ((path, _KILLED) for path in left)
        except BaseException:
            # Stopped: what is half done has no name yet, and is done by the next run.
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in active_children():
                if worker not in others:
                    worker.terminate()
            raise


def _live_with_the_run() -> None:
    """Let a worker end with the run that started it, however that ends, and leave Ctrl-C to the run."""
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = parent_process()
    if run is not None:
        Thread(target=_end_after, args=(run.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    import os
    from multiprocessing.connection import wait as wait_for

    wait_for([sentinel])
    os._exit(1)


def _outcome(result: Callable[[], Account]) -> Account | str:
    try:
        return result()
    except BrokenProcessPool:
        return _KILLED
    except Exception as error:
        # Whatever it was, it is told of its file; the others go on.
        return f"{type(error).__name__}: {error}"


def sift_on_cluster(
    paths: Sequence[str], order: Order, address: str, *, said: Callable[[str], None] = lambda _: None
) -> Iterator[Result]:
    """Results as they come from the workers at a Dask scheduler, which must see the same files under the same names.

    Each task is one file and only its account travels; a task whose worker dies is given to another.
    """
    from distributed import Client, as_completed

    try:
        connected = Client(address, timeout=ANSWER_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ChipreelError(f"no scheduler answers at {address}: {error}") from error
    with connected as client:
        said(f"dashboard: {client.dashboard_link}")
        shared = client.scatter(order, broadcast=True, hash=False)
        options: dict[str, Any] = {"pure": False, "retries": TRIES - 1}
        rest = iter(paths)
        # A few files a thread ahead: the scheduler's memory does not grow with the archive.
        ahead = max(4, 4 * sum(client.nthreads().values()))
        futures = {client.submit(sift_one, path, shared, **options): path for path in islice(rest, ahead)}
        flow = as_completed(list(futures), loop=client.loop)  # type: ignore[no-untyped-call]
        for future in flow:
            path = futures.pop(future)
            failure = future.exception()
            yield path, future.result() if failure is None else f"{type(failure).__name__}: {failure}"
            for following in islice(rest, 1):
                submitted = client.submit(sift_one, following, shared, **options)
                futures[submitted] = following
                flow.add(submitted)  # type: ignore[no-untyped-call]
