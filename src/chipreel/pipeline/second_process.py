"""A process beside this one that works off jobs, fed and read by two threads of this one."""

from __future__ import annotations

import pickle
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

#: Jobs that it has before it at most: the one it works on, and the next.
AHEAD = 2


class Job(Protocol):
    """Something to be worked off."""

    @property
    def payload(self) -> Any:
        """What the process is told, pickled."""


_Job = TypeVar("_Job", bound=Job)


class SecondProcess(Generic[_Job]):
    """Runs `command`, which answers every pickle on its standard input by one on its standard output, in order.

    `take` gives the next job, waiting for one, or None at the end; `put` receives each job with its result, or with
    None where the process died over it: then nothing more is taken. Both are called from threads.
    """

    def __init__(
        self, command: Sequence[str], take: Callable[[], _Job | None], put: Callable[[_Job, Any | None], None]
    ) -> None:
        self._take, self._put = take, put
        # In a session of its own, so that Ctrl-C reaches only this process, which then ends that one.
        self._process = subprocess.Popen(  # noqa: S603 - a command of our own
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._room = threading.Semaphore(AHEAD)
        self._asked: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._ask, self._hear)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End it, whatever it is doing; `take` must give None from now on."""
        self._process.kill()
        self._process.wait()
        self._room.release()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()

    def _ask(self) -> None:
        assert self._process.stdin
        while self._room.acquire() and (job := self._take()) is not None:
            self._asked.put(job)
            try:
                pickle.dump(job.payload, self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.flush()
            except OSError:
                break
        self._asked.put(None)

    def _hear(self) -> None:
        assert self._process.stdout
        while (job := self._asked.get()) is not None:
            try:
                result = pickle.load(self._process.stdout)  # noqa: S301 - written by a process that we started
            except Exception:  # what is no pickle raises anything; an interpreter that greets its caller sends such
                result = None
            self._put(job, result)
            if result is not None:
                self._room.release()
            elif self._process.poll() is None:
                self._process.kill()
