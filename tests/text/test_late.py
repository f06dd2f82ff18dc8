"""Expressions that are compiled when they are used."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

import chipreel
from chipreel.text.late import _Late, late
from chipreel.text.script import HAN


@pytest.mark.parametrize("text", ["", "芯片 and chips", "晶片、GPU", "Sora 2"])
def test_it_does_what_a_compiled_expression_does(text: str) -> None:
    """Every method, in both scripts."""
    pattern = rf"([{HAN}]+)|[A-Z]\w*"
    mine, theirs = late(pattern), re.compile(pattern)

    assert mine.findall(text) == theirs.findall(text)
    assert [found.span() for found in mine.finditer(text)] == [found.span() for found in theirs.finditer(text)]
    for method in ("search", "match", "fullmatch"):
        found, expected = getattr(mine, method)(text), getattr(theirs, method)(text)
        assert (found and found.span()) == (expected and expected.span())
    assert mine.sub("·", text) == theirs.sub("·", text)
    assert mine.split(text) == theirs.split(text)
    assert (mine.pattern, mine.groups) == (theirs.pattern, theirs.groups)


def test_nothing_is_compiled_before_it_is_used() -> None:
    """Which is what it is for."""
    spoilt = late("[")

    with pytest.raises(re.error):
        spoilt.search("芯片")


def test_every_expression_of_the_program_can_be_compiled() -> None:
    """One that cannot would only be found by the first item that needs it."""
    found = 0
    for module in pkgutil.walk_packages(chipreel.__path__, "chipreel."):
        if not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, _Late):
                    value.search("")
                    found += 1

    assert found > 50


def test_a_start_compiles_no_class_of_all_chinese_characters() -> None:
    """It takes a millisecond each, and there are dozens of them."""
    script = (
        "import re._compiler as compiler, sys; seen = []; plain = compiler._optimize_charset\n"
        "def noted(charset, *rest):\n    seen.append(repr(charset)); return plain(charset, *rest)\n"
        "compiler._optimize_charset = noted\n"
        "import chipreel.annotate, chipreel.facts.quotes, chipreel.facts.money, chipreel.text.segment, chipreel.story\n"
        "print(sum('(19968, 40959)' in one for one in seen))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0"
