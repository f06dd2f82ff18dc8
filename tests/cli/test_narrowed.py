"""Only the command that is asked for is built, and nobody notices."""

from __future__ import annotations

import pytest
import typer

from chipreel.cli import main
from chipreel.cli.app import app, narrowed
from chipreel.cli.reference import iter_commands

NAMES = sorted({name.split()[0] for name, _ in iter_commands()})


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_found_by_its_name(name: str) -> None:
    """It alone, or the group of that name and the command that the group is for by itself."""
    found = narrowed(name)

    assert found is not app
    assert list(typer.main.get_command(found).commands) == [name]


@pytest.mark.parametrize("name", ["", "serch", "--help", "-x", "芯片"])
def test_for_any_other_word_all_are_there(name: str) -> None:
    """So that the help lists them, and a slip of the hand is answered with what was meant."""
    assert narrowed(name) is app


def test_a_slip_of_the_hand_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that was meant."""
    assert main(["serch", "芯片"]) == 2
    assert "search" in capsys.readouterr().err
