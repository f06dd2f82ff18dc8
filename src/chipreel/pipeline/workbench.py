"""Pure work, done here or in a second process beside this one.

    python -m chipreel.pipeline.workbench COMPANIES.YAML

is that process. It ends when its input does, so with whoever started it, however that ended.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Generic, TypeVar, cast

from chipreel.errors import ChipreelError
from chipreel.pipeline.leftovers import keep_one_heap
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.second_process import SecondProcess

#: Weight of the tasks of a run from which on a second process is worth its start: a second of work.
WORTH = 1_500

_Result = TypeVar("_Result")


@dataclass(slots=True, eq=False)
class Task(Generic[_Result]):
    """One call of a pure function, which is given `Rooms` first."""

    work: Callable[..., _Result]
    arguments: tuple[Any, ...]
    #: How much work it is, an item to annotate being 1.
    weight: float = 1.0
    #: Whether it takes lexicon and weights, 20 MB that only one of two processes should have to load.
    needs_lexicon: bool = False
    #: What it returned, or the error that its caller expects of it.
    outcome: _Result | ChipreelError | None = field(default=None, init=False)
    is_done: bool = field(default=False, init=False)

    @property
    def payload(self) -> tuple[Callable[..., _Result], tuple[Any, ...]]:
        """What another process needs."""
        return self.work, self.arguments

    def do(self, rooms: Rooms) -> None:
        """Do it now."""
        self.finish(attempt(rooms, self.work, self.arguments))

    def finish(self, outcome: _Result | ChipreelError) -> None:
        """Note what came of it."""
        self.outcome, self.is_done = outcome, True


def attempt(rooms: Rooms, work: Callable[..., _Result], arguments: tuple[Any, ...]) -> _Result | ChipreelError:
    """What `work` returns, or the error of ours that it raises; any other is a bug and escapes."""
    try:
        return work(rooms, *arguments)
    except ChipreelError as error:
        return error


class Workbench:
    """Does tasks. A context manager that ends its second process; used from one thread.

    Tasks are done at once until they are many, then in the second process, where there is a second core: `submit`
    returns before they are done. What needs no lexicon is done by whichever process comes to it first. Should the
    second process die, or not be had, this one does everything.
    """

    def __init__(self, rooms: Rooms, expected: float = 0.0) -> None:
        """`expected` is what the tasks will weigh at least."""
        self._rooms = rooms
        self._weight = expected
        #: Tasks that wait, by whether they need the lexicon.
        self._waiting: dict[bool, deque[Task[Any]]] = {True: deque(), False: deque()}
        self._is_over = False
        #: Whether the second process has died, or could not be started.
        self._is_alone = False
        self._changed = threading.Condition()
        self._second: SecondProcess[Task[Any]] | None = None

    def __enter__(self) -> Workbench:
        self._call_if_worth_it()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._second is not None:
            self._second.stop()

    def submit(self, task: Task[Any]) -> None:
        """Do a task, now or soon."""
        self._weight += task.weight
        self._call_if_worth_it()
        if self._second is None:
            task.do(self._rooms)
            return
        with self._changed:
            self._waiting[task.needs_lexicon].append(task)
            self._changed.notify_all()

    def ask(self, work: Callable[..., _Result], *arguments: Any, needs_lexicon: bool = False) -> _Result:
        """What a task gives, waited for. Raises the error of ours that it raises."""
        task = Task(work, arguments, needs_lexicon=needs_lexicon)
        self.submit(task)
        while not task.is_done:
            self.help(until=lambda: task.is_done)
        if isinstance(task.outcome, ChipreelError):
            raise task.outcome
        return cast(_Result, task.outcome)

    def help(self, *, until: Callable[[], bool]) -> None:
        """Do a task that waits for this process; where none does, wait for the second one until that is true."""
        with self._changed:
            while (mine := self._next(needs_lexicon=self._is_alone)) is None and not until():
                self._changed.wait()
        if mine is not None:
            mine.do(self._rooms)

    def _call_if_worth_it(self) -> None:
        """Start the second process when there is enough to do, where the system lets us."""
        if self._second is not None or self._is_alone or self._weight < WORTH or (os.cpu_count() or 1) < 2:
            return
        keep_one_heap()
        try:
            self._second = SecondProcess(command(self._rooms.places.companies), self._take, self._put)
        except OSError:
            self._is_alone = True
            return
        self._rooms.put_away_lexicon()

    def _next(self, *, needs_lexicon: bool) -> Task[Any] | None:
        """The oldest task that waits; of those that need the lexicon only, and first, where that is wanted."""
        for kind in (True, False) if needs_lexicon else (False,):
            if self._waiting[kind]:
                return self._waiting[kind].popleft()
        return None

    def _take(self) -> Task[Any] | None:
        """The next task for the second process, waiting for one; None at the end."""
        with self._changed:
            while not self._is_over:
                if (task := self._next(needs_lexicon=True)) is not None:
                    return task
                self._changed.wait()
            return None

    def _put(self, task: Task[Any], answer: tuple[Any] | None) -> None:
        """What came back from the second process; None when it died over the task."""
        with self._changed:
            if answer is None:
                self._is_alone = True
                self._waiting[task.needs_lexicon].appendleft(task)
            else:
                task.finish(answer[0])
            self._changed.notify_all()


def command(companies: Path) -> list[str]:
    """How to start the second process. (-P: nothing is imported from the folder that the user happens to be in.)"""
    return [sys.executable, "-P", "-m", "chipreel.pipeline.workbench", str(companies)]


def serve(rooms: Rooms, tasks: BinaryIO, answers: BinaryIO) -> None:
    """Do tasks until there are no more."""
    import gc
    import pickle

    # What is loaded stays, and items leave no cycles behind.
    gc.set_threshold(20_000, 20, 20)
    while True:
        try:
            work, arguments = pickle.load(tasks)  # noqa: S301 - written by the process that started this one
        except EOFError:
            return
        pickle.dump((attempt(rooms, work, arguments),), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def serve_standard_streams(companies: Path) -> None:
    """Tasks from standard input, answers to standard output; what anybody prints does not end up among them."""
    from chipreel.config.places import Places

    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(Rooms(Places(companies, companies, companies, companies.parent)), sys.stdin.buffer, answers)


if __name__ == "__main__":
    serve_standard_streams(Path(sys.argv[1]))
