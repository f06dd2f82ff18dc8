"""The three streams of the process as it finds them: closed, on a full disk, in an encoding without Chinese."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: How standard output is named in errors.
OUTPUT = "standard output"
#: What the system may say of work on files without anything being wrong with the program.
_OF_THE_SYSTEM = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
)


def prepare() -> None:
    """Make the streams fit to be used, before any file is opened.

    A stream that nobody opened would give its number to the next file, and what is printed would land in that. Reading
    from it finds nothing; writing results to it fails, so that a digest does not pass for delivered. Where no terminal
    says otherwise the encoding is UTF-8; what an encoding cannot say becomes a question mark.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        if not _is_open(number):
            os.set_inheritable(os.open(os.devnull, flags), True)
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    sys.stdout = _stream(_Output(1, "w", closefd=False), sys.stdout)
    sys.stderr = _stream(_Remarks(2, "w", closefd=False), sys.stderr)


def close_output() -> None:
    """Nobody reads standard output any more, or it takes nothing: what is still on its way there is let go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def explained(error: OSError) -> str | None:
    """What is wrong with a file, a stream or the system, in one sentence; None = it is a bug."""
    if error.filename == OUTPUT:
        close_output()
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return error.strerror if error.errno in _OF_THE_SYSTEM else None


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


class _Output(io.FileIO):
    """Standard output, whose errors say so."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            error.filename = OUTPUT
            raise


class _Remarks(io.FileIO):
    """Standard error: where it takes nothing, the work goes on and nobody is told."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _stream(raw: io.FileIO, old: object) -> io.TextIOWrapper:
    is_terminal = raw.isatty()
    encoding = str(getattr(old, "encoding", "utf-8")) if is_terminal else "utf-8"
    is_prompt = is_terminal or isinstance(raw, _Remarks)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors="replace", line_buffering=is_prompt)
