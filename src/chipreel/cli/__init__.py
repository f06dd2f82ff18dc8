"""The command line: options, exit codes, printing. One file per group of commands.

Exit codes: 0 done, 1 stopped (or a filter met a bad line), 2 usage, 3 done with some sources failing (`--strict`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from chipreel.cli.app import app

        result = app(hoisted(given), standalone_mode=False)
    except ChipreelError as error:
        print(f"chipreel: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("chipreel: stopped; the database is whole", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`): that is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        code = _usage_error(error)
        if code is None:
            raise
        return code
    return result if isinstance(result, int) else 0


def hoisted(arguments: list[str]) -> list[str]:
    """The arguments with the common options moved before the command's name, where the program reads them."""
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
    return front + rest


def _usage_error(error: Exception) -> int | None:
    """Print an error of the option parser the way it wants, and give its exit code; None for anything else."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if code is None:
        return None
    if callable(show):
        show()
    return int(code)


def run() -> None:
    """Entry point of the installed program."""
    sys.exit(main())
