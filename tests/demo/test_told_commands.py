"""The two commands on the sample world of February 2024: the sums that it tells and the voices that it quotes."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.cli.output import print_csv


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample world, played."""
    folder = tmp_path_factory.mktemp("played")
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert main(["--db", str(folder / "w.db"), "-q", "demo"]) == 0
    finally:
        os.chdir(before)
    return folder / "w.db"


def _rows(db: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["--db", str(db), *arguments, "--limit", "0", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("usd", "role", "company"),
    [
        (7e12, "seeking", "openai"),
        (1.78e12, "market-value", "nvidia"),
        (1e11, "seeking", "softbank"),
        (2.5e10, "valued", None),
        (1e10, "seeking", "openai"),
        (6e9, "raised", None),
    ],
)
def test_the_sums_of_the_race_are_listed(
    db: Path, capsys: pytest.CaptureFixture[str], usd: float, role: str, company: str | None
) -> None:
    """With the company and the role; those that eighteen start-ups share are nobody's alone. Largest first."""
    found = _rows(db, capsys, "money", "--sort", "usd")
    largest = [one["usd_high"] or one["usd"] or 0 for one in found]

    assert (usd, role, company) in [(one["usd"], one["role"], one["company"]) for one in found]
    assert largest == sorted(largest, reverse=True)


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("gg humans", "elon-musk"),
        ("真的非常牛", "jia-yangqing"),
        ("人才第一", "saining-xie"),
        ("Sora意味着AGI", "zhou-hongyi"),
        ("doomed to failure", "yann-lecun"),
        ("data-driven physics engine", "jim-fan"),
        ("hit the tipping point", "jensen-huang"),
        ("没有人教它这么做", "bill-peebles"),
    ],
)
def test_the_commentators_are_quoted(db: Path, capsys: pytest.CaptureFixture[str], words: str, person: str) -> None:
    """Each with the words that are theirs."""
    found = _rows(db, capsys, "quotes")

    assert {one["person"] for one in found if words in one["text"]} == {person}


@pytest.mark.parametrize("name", ["yann-lecun", "Yann LeCun", "LeCun", "杨立昆"])
def test_a_voice_answers_to_every_name(db: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Id, English name, surname, Chinese name: the same quotes."""
    found = _rows(db, capsys, "quotes", "--by", name)

    assert found == _rows(db, capsys, "quotes", "--by", "yann-lecun")
    assert {one["person"] for one in found} == {"yann-lecun"}


@pytest.mark.parametrize("company", ["openai", "OpenAI", "softbank", "软银"])
def test_a_company_has_the_sums_of_who_speaks_for_it(
    db: Path, capsys: pytest.CaptureFixture[str], company: str
) -> None:
    """What Altman and Son seek is theirs too, by id and by name."""
    found = _rows(db, capsys, "money", "--company", company)
    largest = 7e12 if company.casefold() == "openai" else 1e11

    assert (largest, "seeking") in [(one["usd"], one["role"]) for one in found]


@pytest.mark.parametrize("command", ["quotes", "money"])
def test_csv_has_as_many_lines_as_there_are_facts(db: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    """A line of headings, and no words that a spreadsheet would reckon."""
    found = _rows(db, capsys, command)
    assert main(["--db", str(db), command, "--limit", "0", "--csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))

    assert len(rows) == len(found) + 1
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t")] == []


def test_words_that_look_like_a_formula_stay_words(capsys: pytest.CaptureFixture[str]) -> None:
    """In either width; numbers stay numbers."""
    print_csv(("text", "usd"), [("=1+1", -2.5), ("＝1+1", 3), ("@SUM(A1)", None), (" +1", 0), ("可灵", 1), ("-x", 2)])

    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))[1:]
    assert rows == [
        ["'=1+1", "-2.5"], ["'＝1+1", "3"], ["'@SUM(A1)", ""], ["' +1", "0"], ["可灵", "1"], ["'-x", "2"],
    ]  # fmt: skip
