"""Many pieces of work at once, in steps: the pure ones on the workbench, everything between them in this thread."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from chipreel.errors import ChipreelError
from chipreel.pipeline.workbench import Task, Workbench

#: Yields what is to be done, receives what came of it; an error of the task is raised where it was yielded.
Steps = Generator[Task[Any], Any, None]

#: Weight of the tasks that wait or are being done; more, and nothing else is begun.
MOST_UNDER_WAY = 500.0


class Line:
    """Drives steps. Nothing in it is done by two threads at once but the tasks.

    `meanwhile` is something else that may be done when there is time; it says whether it had anything to do.
    """

    def __init__(self, workbench: Workbench, meanwhile: Callable[[], bool] = lambda: False) -> None:
        self._workbench, self._meanwhile = workbench, meanwhile
        self._running: list[tuple[Steps, Task[Any]]] = []

    def start(self, steps: Steps) -> None:
        """Begin a piece of work, and go on with those that can."""
        self._advance(steps, None)
        self._go_on()
        while sum(task.weight for _, task in self._running) > MOST_UNDER_WAY:
            self._help()

    def finish(self) -> None:
        """Bring everything to its end."""
        while self._running:
            self._help()

    def _help(self) -> None:
        """Bring something forward that is under way, or wait for it."""
        if not self._meanwhile():
            self._workbench.help(until=lambda: any(task.is_done for _, task in self._running))
        self._go_on()

    def _go_on(self) -> None:
        """Go on with everything whose task is done, the oldest first."""
        while True:
            # Asked once each: a task may be done by another thread at any moment.
            looked_at = [(steps, task, task.is_done) for steps, task in self._running]
            self._running = [(steps, task) for steps, task, is_done in looked_at if not is_done]
            if len(self._running) == len(looked_at):
                return
            for steps, task, is_done in looked_at:
                if is_done:
                    self._advance(steps, task)

    def _advance(self, steps: Steps, done: Task[Any] | None) -> None:
        """Take steps until one of them has to be waited for."""
        try:
            while done is None or done.is_done:
                outcome = done.outcome if done else None
                done = steps.throw(outcome) if isinstance(outcome, ChipreelError) else steps.send(outcome)
                self._workbench.submit(done)
        except StopIteration:
            return
        self._running.append((steps, done))
