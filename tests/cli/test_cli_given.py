"""What is given on the command line is looked at first: what is none is refused by the name of its option."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from chipreel.cli import main


@pytest.mark.parametrize("name", ["", "../evil", "my\x1b[31m", "a b", "存檔", "Archive", "x" * 65])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_items_come_from_a_source_with_an_id(
    name: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words are those of ids elsewhere; no database is made."""
    given = tmp_path / "items.jsonl"
    given.write_text('{"id": "1", "title": "輝達"}\n', encoding="utf-8")
    db = tmp_path / "a.db"
    file = given if kind == "file" else tmp_path
    assert main(["import", str(file), "--source", name, "--db", str(db)]) == 2
    told = capsys.readouterr().err
    assert told == f"chipreel: --source: {name!r} is no id (lower-case letters, digits and hyphens: chip-desk)\n"
    assert not db.exists()


@pytest.mark.parametrize("name", ["a b;c", "it's 芯片 $HOME", "影片", "plain"])
def test_the_next_step_of_init_can_be_copied(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shell goes where the files are."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", name]) == 0
    step = capsys.readouterr().err.splitlines()[-1].removeprefix("next: ")
    there = subprocess.run(
        ["/bin/sh", "-c", step.replace("chipreel daily", "pwd")], capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == str(tmp_path / name)
    assert (tmp_path / name / "feeds.yaml").is_file()
    assert shlex.split(step)[-2:] == ["chipreel", "daily"]


def test_init_writes_into_no_folder_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty variable of a script is not this folder."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", ""]) == 2
    assert "FOLDER: is empty" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_company_that_is_refused_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The option is blamed before anything is warned of."""
    monkeypatch.chdir(tmp_path)
    main(["init"])
    before = (tmp_path / "data/companies.yaml").read_bytes()
    for extra, option in (
        (["光\x1b[31m", "--group", "chip"], "NAME"),
        (["Foozle", "--group", "X"], "--group"),
        (["Foozle\udcff", "--group", "chip"], "NAME"),
        (["Foozle", "--group", "chip", "--ticker", "LOL LOL"], "--ticker"),
    ):
        capsys.readouterr()
        assert main(["companies", "add", *extra, "--force"]) == 2
        assert capsys.readouterr().err.startswith(f"chipreel: {option}: ")
    assert (tmp_path / "data/companies.yaml").read_bytes() == before
    assert main(["companies", "add", "Foozle", "--group", "chip", "--zh", "福斯樂", "--ticker", "0981.HKX"]) == 0
