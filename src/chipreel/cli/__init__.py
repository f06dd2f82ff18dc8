"""The command line: options, exit codes, printing. One file per group of commands.

Exit codes: 0 done, 1 stopped (or a filter met a bad line), 2 usage, 3 done with some sources failing (`--strict`).
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from chipreel.cli import streams
from chipreel.errors import ChipreelError

#: Options that every command takes, before or after its name, and whether they take a value.
_COMMON = {
    "--db": True,
    "--feeds": True,
    "--companies": True,
    "--quiet": False,
    "-q": False,
    "--verbose": False,
}
#: Exit code of a run that was stopped with Ctrl-C; the option parser turns the interruption into it.
_INTERRUPTED = 128 + 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from chipreel.cli.app import narrowed

        common, rest = hoisted(given)
        result = narrowed(rest[0] if rest else "")([*common, *rest], standalone_mode=False)
        sys.stdout.flush()
    except ChipreelError as error:
        _say(str(error))
        return error.exit_code
    except (KeyboardInterrupt, _TerminatedError) as error:
        return _stopped(error.exit_code if isinstance(error, _TerminatedError) else _INTERRUPTED)
    except (BrokenPipeError, SystemExit) as error:
        if not isinstance(error, BrokenPipeError) and not isinstance(error.__context__, BrokenPipeError):
            raise
        # The reader of our output went away (`| head`): that is its right.
        streams.close_output()
        return 0
    except OSError as error:
        message = streams.explained(error)
        if message is None:
            raise
        _say(message)
        return ChipreelError.exit_code
    except Exception as error:
        code = _usage_error(error)
        if code is None:
            code = _damage_error(error)
        if code is None:
            raise
        return code
    if result == _INTERRUPTED:
        return _stopped(_INTERRUPTED)
    return result if isinstance(result, int) else 0


def _stopped(code: int) -> int:
    _say("stopped; the database is whole")
    return code


def _say(message: str) -> None:
    """One line on stderr; it may quote the web."""
    from chipreel.cli.output import note

    note(f"chipreel: {message}")


class _TerminatedError(BaseException):
    """The system wants us to end: treated like Ctrl-C, so that transactions are rolled back and files put away."""

    exit_code = 128 + 15


def hoisted(arguments: list[str]) -> tuple[list[str], list[str]]:
    """(The common options, which the program reads before the command's name; the command with everything else.)"""
    front: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        name = argument.split("=", 1)[0]
        if argument == "--":
            rest += arguments[position:]
            break
        if name in _COMMON:
            takes_next = _COMMON[name] and "=" not in argument
            front += arguments[position : position + 1 + takes_next]
            position += 1 + takes_next
            continue
        rest.append(argument)
        position += 1
    return front, rest


def _damage_error(error: Exception) -> int | None:
    """Print what in the database brought a command down, and give the exit code; None for a bug of ours."""
    from chipreel.store.database import find_damage_behind

    damage = find_damage_behind(error)
    if damage is None:
        return None
    _say(str(damage))
    return damage.exit_code


def _usage_error(error: Exception) -> int | None:
    """Print an error of the option parser the way it wants, and give its exit code; None for anything else."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if code is None:
        return None
    if callable(show):
        from chipreel.cli.output import note

        said = io.StringIO()
        show(said)
        note(said.getvalue().rstrip("\n"))
    return int(code)


def run() -> None:
    """Entry point of the installed program."""
    streams.prepare()
    _answer_signals(_stop)
    # There are hardly any cycles here: looking for them seldom saves 6 % of a run that brings 6,000 articles.
    gc.set_threshold(20_000, 20, 20)
    code = 0
    try:
        try:
            code = main()
        finally:
            # Within what is caught: a signal may come before the last one is answered so.
            _answer_signals(_end)
    except (KeyboardInterrupt, _TerminatedError) as error:
        code = _stopped(error.exit_code if isinstance(error, _TerminatedError) else _INTERRUPTED)
    if code in (_INTERRUPTED, _TerminatedError.exit_code):
        streams.close_output()
    # Nothing is left that needs to be told that it goes: looking for it takes 30 ms.
    gc.freeze()
    sys.exit(code)


def _answer_signals(answer: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        # What a shell has us ignore in the background stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, answer)


def _stop(number: int, _frame: FrameType | None) -> None:
    """Asked to stop: put everything away."""
    _answer_signals(_end)
    raise KeyboardInterrupt if number == signal.SIGINT else _TerminatedError


def _end(number: int, _frame: FrameType | None) -> None:
    """Asked again, or when everything was put away: end as one is. Nothing that is stored depends on more."""
    os._exit(128 + number)
