"""Many items annotated: here, and from a certain number on in a second process as well.

    python -m chipreel.pipeline.annotators COMPANIES.YAML

is that process. It ends when its input does, so with whoever started it, however that ended.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from chipreel.model import Annotated, Item, Source
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.second_process import SecondProcess

#: Items of a run from which on a second process is worth its start: half a second of the other core.
WORTH = 150


@dataclass(slots=True, eq=False)
class Job:
    """Items that one source brings now."""

    source: Source
    items: Sequence[Item]
    now: datetime
    #: In the order of the items; None = not done yet.
    result: list[Annotated] | None = field(default=None, init=False)

    @property
    def payload(self) -> tuple[Source, Sequence[Item], datetime]:
        """What another process needs."""
        return self.source, self.items, self.now


class Annotators:
    """Annotates jobs. A context manager that ends its second process; used from one thread.

    The first items are annotated at once, later ones in the second process, where there is a second core: then `submit`
    returns before they are done. Whoever waits lends a hand. Should that process die, its jobs are done here.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._seen = 0
        self._waiting: deque[Job] = deque()
        self._is_over = False
        self._changed = threading.Condition()
        self._second: SecondProcess[Job] | None = None

    def __enter__(self) -> Annotators:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._second is not None:
            self._second.stop()

    def submit(self, job: Job) -> None:
        """Annotate a job, now or soon."""
        self._seen += len(job.items)
        if self._second is None and self._seen >= WORTH and (os.cpu_count() or 1) > 1:
            # -P: nothing is imported from the folder that the user happens to be in.
            command = [sys.executable, "-P", "-m", __name__, str(self._rooms.places.companies)]
            self._second = SecondProcess(command, self._take, self._put)
        if self._second is None or not job.items:
            self._annotate(job)
            return
        with self._changed:
            self._waiting.append(job)
            self._changed.notify_all()

    def wait(self, job: Job) -> list[Annotated]:
        """The result of a job that was submitted."""
        while job.result is None:
            with self._changed:
                mine = self._waiting.popleft() if self._waiting else None
                if mine is None and job.result is None:
                    self._changed.wait()
            if mine is not None:
                self._annotate(mine)
        return job.result

    def _annotate(self, job: Job) -> None:
        from chipreel.pipeline.annotating import annotate_items

        job.result = annotate_items(self._rooms, job.source, job.items, job.now)

    def _take(self) -> Job | None:
        """The next job for the second process, waiting for one; None at the end."""
        with self._changed:
            while not self._waiting and not self._is_over:
                self._changed.wait()
            return None if self._is_over else self._waiting.popleft()

    def _put(self, job: Job, result: list[Annotated] | None) -> None:
        """What came back from the second process; None when it died over the job."""
        with self._changed:
            job.result = result
            if result is None:
                self._waiting.appendleft(job)
            self._changed.notify_all()


def serve(companies: Path, jobs: BinaryIO, results: BinaryIO) -> None:
    """Answer jobs until there are no more."""
    import gc
    import pickle

    from chipreel.config.places import Places
    from chipreel.pipeline.annotating import annotate_items

    rooms = Rooms(Places(companies, companies, companies, companies.parent))
    # What is loaded stays, and items leave no cycles behind.
    gc.set_threshold(20_000, 20, 20)
    while True:
        try:
            source, items, now = pickle.load(jobs)  # noqa: S301 - written by the process that started this one
        except EOFError:
            return
        pickle.dump(annotate_items(rooms, source, items, now), results, pickle.HIGHEST_PROTOCOL)
        results.flush()


if __name__ == "__main__":
    # What anybody prints must not end up among the results.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        serve(Path(sys.argv[1]), sys.stdin.buffer, out)
