"""docs/cli.md, made of the program's own help: `python -m chipreel.cli.reference > docs/cli.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

_HEAD = """# Commands

Made of the program's own help by `python -m chipreel.cli.reference`; a test keeps it true.

Every command takes `--db FILE`, `--feeds FILE`, `--companies FILE`, `--quiet` and `--verbose` before or after its name
(also `CHIPREEL_DB`, `CHIPREEL_FEEDS`, `CHIPREEL_COMPANIES`). Without them: feeds.yaml in the working directory or above
it, `data/chipreel.db` and `data/companies.yaml` beside it.

Exit codes: 0 done · 1 stopped, or every source failed, or a filter met a bad line · 2 usage · 3 done with some sources
failing (only with `--strict`).
"""


def iter_commands() -> Iterator[tuple[str, Any]]:
    """(full name, command) of every command, groups followed by theirs."""
    from chipreel.cli.app import app

    yield from _below("", typer.main.get_command(app))


def render_reference() -> str:
    """The whole text."""
    return _HEAD + "".join(_section(name, command) for name, command in iter_commands())


def _below(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{prefix} {name}".strip()
        yield full, command
        if hasattr(command, "commands"):
            yield from _below(full, command)


def _section(name: str, command: Any) -> str:
    help_text = inspect.cleandoc(command.callback.__doc__ or "") if command.callback else (command.help or "")
    lines = [f"\n## chipreel {name}\n", help_text.strip()]
    shown = [parameter for parameter in command.params if parameter.name != "help"]
    if shown:
        lines += ["", "| | |", "|---|---|"]
        lines += [f"| {_label(parameter)} | {_help(parameter)} |" for parameter in shown]
    return "\n".join(lines) + "\n"


def _label(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`"
    return " ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))


def _help(parameter: Any) -> str:
    text = (parameter.help or "").replace("|", "\\|")
    default = parameter.default
    plain = isinstance(default, (str, int)) and not isinstance(default, bool) and default != ""
    return f"{text} Default: {default}." if plain else text


if __name__ == "__main__":
    print(render_reference(), end="")
