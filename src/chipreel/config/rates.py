"""data/rates.csv → `Rates`: the dated table with which sums in all currencies are compared in dollars."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from chipreel.config.places import find_default
from chipreel.errors import ConfigError
from chipreel.files import save_file
from chipreel.model.rates import Rates

#: Larger files are no table of rates.
MOST_BYTES = 5_000_000
_SHAPE = "a line `day,CNY,EUR,…`, then lines such as `2026-10-01,6.9,0.858,…`: units that one dollar buys"


def load_rates(path: Path | None = None) -> Rates:
    """The table at `path`, or the packaged one. Raises ConfigError with file and line where it cannot be read."""
    path = path or find_default("data/rates.csv")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError("this file is too large for a table of rates", path=str(path), hint=_SHAPE)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the rates cannot be read: {error}", path=str(path), hint=_SHAPE) from error
    return parse_rates(text, str(path))


def save_rates(table: Path, own: Path) -> Rates:
    """Put the table at `table` in place of the user's at `own`, at once or not at all, after reading every line of it.

    Raises ConfigError with file and line for what is no table of rates, and where it cannot be written.
    """
    rates = load_rates(table)
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        save_file(own, table.read_bytes())
    except OSError as error:
        raise ConfigError(f"the rates cannot be written: {error}", path=str(own), hint="check the folder") from error
    return rates


def rates_version(path: Path) -> str:
    """A digest of the table at `path`: sums reckoned with another one are out of date."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def parse_rates(text: str, path: str | None = None) -> Rates:
    """The table written in `text`; `path` is named in errors. Rows may come in any order; an empty cell is no rate."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    if not lines:
        raise ConfigError("the table of rates is empty", path=path, hint=_SHAPE)
    header = _cells(lines[0][1])
    if header[0] != "day" or len(header) < 2 or not all(_is_code(code) for code in header[1:]):
        raise ConfigError("the first line must name day and currencies", path=path, line=lines[0][0], hint=_SHAPE)
    rows = dict(_read_rows(header, lines[1:], path))
    if not rows:
        raise ConfigError("the table has no rates", path=path, hint=_SHAPE)
    days = tuple(sorted(rows))
    return Rates(days, tuple(rows[day] for day in days))


def _read_rows(
    header: list[str], lines: list[tuple[int, str]], path: str | None
) -> Iterator[tuple[date, dict[str, float]]]:
    for number, line in lines:
        cells = _cells(line)
        if len(cells) > len(header):
            raise ConfigError("more values than currencies", path=path, line=number, hint=_SHAPE)
        try:
            day = date.fromisoformat(cells[0])
            row = {code: float(cell) for code, cell in zip(header[1:], cells[1:], strict=False) if cell}
        except ValueError as error:
            raise ConfigError(f"cannot be read: {error}", path=path, line=number, hint=_SHAPE) from error
        if not all(0 < rate < math.inf for rate in row.values()):
            raise ConfigError("a rate must be larger than nothing", path=path, line=number, hint=_SHAPE)
        yield day, row


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line]))]


def _is_code(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isupper()
