"""What is printed drives nobody's terminal: names of files, texts of feeds, what the option parser says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chipreel.cli import main
from chipreel.cli.editions import show
from chipreel.cli.output import note, print_json, print_table
from chipreel.model.digest import Digest, Found

#: Controls and overrides of every kind, between words of both scripts.
DRIVING = "A\x1b[31m 可灵\x9b2J 輝達\u202e cba\u202c\x7f\u2066x\u2069\x00"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_json_is_the_same_and_drives_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What is escaped reads as it was; Chinese stays readable."""
    row = {"title": DRIVING, DRIVING: ["輝達 \\ \u2028", "\\u202e"]}
    print_json(row)
    line = capsys.readouterr().out
    assert not RAW.search(line)
    assert json.loads(line) == row
    assert "輝達" in line


def test_notes_show_what_a_name_really_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """As Python writes it: a name without its odd character would be another name."""
    note(f"{DRIVING}\r\n第二行\t.")
    assert capsys.readouterr().err == (
        "A\\x1b[31m 可灵\\x9b2J 輝達\\u202e cba\\u202c\\x7f\\u2066x\\u2069\\x00\n第二行\t.\n"
    )


def test_tables_leave_it_out(capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe as on a terminal."""
    print_table(("a",), [(DRIVING,)])
    assert capsys.readouterr().out == "A[31m 可灵2J 輝達 cbax\n"


def test_an_edition_leaves_it_out_whatever_a_source_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    """Titles of sources may be older in the database than the rule that refuses such a one in feeds.yaml."""
    now = datetime(2024, 2, 17, 8, tzinfo=UTC)
    finds = (Found("chips", DRIVING, None, DRIVING, 1),)
    made = Digest("default", "zh", "Asia/Shanghai", now, None, now, (), found=finds)
    for form in ("markdown", "text", "json", "html"):
        show(made, form)
        told = capsys.readouterr().out
        assert "可灵" in told
        assert not RAW.search(told), form


@pytest.mark.parametrize(
    "command",
    [
        ["import", "NAME"],
        ["search", "芯片", "--db", "NAME"],
        ["backup", "NAME/copy.db", "--db", "NAME"],
        ["parse", "NAME"],
        ["extract", "NAME"],
        ["annotate", "NAME"],
        ["sources", "import", "NAME"],
        ["sources", "check", "--feeds", "NAME"],
        ["NAME"],
        ["digest", "--NAME"],
    ],
)
def test_names_of_files_come_back_without_driving_anything(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the option parser itself refuses."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds.yaml").write_text("sources: []\n")
    name = "evil\u202egnp.芯\x9b2J\x1b[31m"
    assert main([part.replace("NAME", name) for part in command]) in (1, 2)
    told = capsys.readouterr()
    assert not RAW.search(told.out + told.err), command
    assert "\\u202e" in told.err, command


def test_annotate_escapes_what_its_input_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Offsets stay those of the very text; only the spelling of the JSON is another."""
    title = f"Nvidia {DRIVING} 英伟达发布H200"
    file = tmp_path / "items.jsonl"
    file.write_text(json.dumps({"id": "1", "title": title}) + "\n")
    assert main(["annotate", str(file)]) == 0
    line = capsys.readouterr().out
    assert not RAW.search(line)
    row = json.loads(line)
    assert row["title"] == title
    for place in (place for company in row["companies"] for place in company["evidence"]):
        assert title[place["start"] : place["end"]] == place["surface"]
