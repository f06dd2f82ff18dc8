"""Printing: JSON lines, notes on stderr, tables that fit the terminal, progress that is silent in a pipe."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

#: What a terminal would obey rather than show: C0 and C1 controls but tab and line feed, and what turns the direction
#: of writing around.
_DRIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_json(row: Any) -> None:
    """One JSON object as one line, Chinese readable; what could drive a terminal is escaped, as JSON may."""
    line = json.dumps(row, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8", "replace").decode()
    sys.stdout.write(_DRIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n")


def note(message: str) -> None:
    """One line for a person, on stderr. What could drive a terminal, say in the name of a file, is shown as Python
    writes it."""
    shown = _DRIVING.sub(lambda found: repr(found[0])[1:-1], message.replace("\r\n", "\n"))
    print(shown, file=sys.stderr)


def printable(text: str) -> str:
    """`text` without what could drive a terminal."""
    return _DRIVING.sub("", text)


def console() -> Console:
    """The terminal, or the pipe, on stdout."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table as CSV: a line of headings, then the rows; lists joined by commas.

    A text that a spreadsheet would calculate has an apostrophe before it.
    """
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None, wraps: Sequence[str] = ()
) -> None:
    """A table as wide as the terminal, double-width characters counted right; tab-separated lines in a pipe.

    `wraps` names the columns that give way where it is narrow; without any, all do.
    """
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(printable(_cell(value)).replace("\t", " ").replace("\n", " ") for value in row))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=bool(wraps) and heading not in wraps)
    for row in rows:
        table.add_row(*(Text(printable(_cell(value))) for value in row))
    console().print(table)


@contextmanager
def progress(title: str, *, total: int | None, quiet: bool) -> Iterator[Callable[[int, str], None]]:
    """A bar on stderr for work over a second; nothing when stderr is no terminal or `quiet`.

    Yields a function that takes how much is done and what is being done.
    """
    if quiet or not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[what]}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, what="")

        def advance(done: int, what: str = "") -> None:
            bar.update(task, completed=done, what=printable(what)[:40])

        yield advance


def _say_nothing(_done: int, _what: str = "") -> None:
    return


def _csv_cell(value: Any) -> str:
    return printable(_cell(value)).encode("utf-8", "replace").decode()


def _cell(value: Any) -> str:
    """A value as text; words that a spreadsheet would reckon as a formula become words again."""
    from chipreel.browse.spreadsheet import as_words

    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return as_words(printable(text))
