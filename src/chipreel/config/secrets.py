"""chipreel.env beside feeds.yaml: NAME=value lines for secrets, which cron would not know otherwise."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path

from chipreel.errors import ConfigError

_LINE = re.compile(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$")


def load_environment(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a run: `environ`, and below it what `home/chipreel.env` says.

    Raises ConfigError for a file that others can read, and for a line that is no NAME=value (its value is not shown).
    """
    path = home / "chipreel.env"
    if not path.is_file():
        return dict(environ)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError("others can read it", path=str(path), hint=f"chmod 600 {path}")
    return _parse(path) | dict(environ)


def _parse(path: Path) -> dict[str, str]:
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line.strip())
        if match is None:
            raise ConfigError("not a NAME=value line", path=str(path), line=number, hint="SMTP_PASSWORD=…")
        value = match[2].strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        found[match[1]] = value[1:-1] if quoted else value
    return found
