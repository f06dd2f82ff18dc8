"""Files that ship as YAML and are read as what was made of them, in both languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chipreel.config import finished
from chipreel.config.glossary import load_glossary, read_glossary
from chipreel.config.lexicon import load_lexicon
from chipreel.config.lexicon_yaml import read_lexicon_file

NEW = """
- id: tide-lab
  name: Tide Lab
  zh: 潮汐实验室
  group: video
  names: [潮汐實驗室]
"""


def test_what_was_made_is_what_the_file_says(project: Path) -> None:
    """Nothing is lost on the way through JSON."""
    companies, glossary = project / "data/companies.yaml", project / "data/glossary.yaml"

    assert load_lexicon(companies) == read_lexicon_file(companies)
    assert load_glossary(glossary) == read_glossary(glossary)


def test_a_start_with_the_lexicon_that_ships_reads_no_yaml(project: Path, tmp_path: Path) -> None:
    """Nor with the copy of it that `chipreel init` writes."""
    copy = tmp_path / "companies.yaml"
    copy.write_bytes((project / "data/companies.yaml").read_bytes())
    script = (
        "import sys, pathlib; from chipreel.config.lexicon import load_lexicon; "
        "print(len(load_lexicon(pathlib.Path(sys.argv[1])).companies), 'yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(copy)], capture_output=True, text=True, check=True)

    assert done.stdout.split() == [str(len(read_lexicon_file(copy).companies)), "False"]


def test_a_file_that_was_edited_is_read_itself(project: Path, tmp_path: Path) -> None:
    """One more company, or only one more comment."""
    own = tmp_path / "companies.yaml"
    text = (project / "data/companies.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("companies:\n", f"companies:{NEW}", 1), encoding="utf-8")
    commented = tmp_path / "commented.yaml"
    commented.write_text(f"# 我的\n{text}", encoding="utf-8")

    assert any(company.id == "tide-lab" for company in load_lexicon(own).companies)
    assert finished.find_finished("data/companies.yaml", commented.read_bytes()) is None
    assert load_lexicon(commented) == load_lexicon(project / "data/companies.yaml")


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"of": 1}', "\x00", None])
def test_what_was_made_may_be_damaged_or_missing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str | None
) -> None:
    """Then the file itself is read."""
    expected = load_glossary(project / "data/glossary.yaml")
    if spoilt is not None:
        (tmp_path / "glossary.json").write_text(spoilt)
    monkeypatch.setattr(finished, "find_default", lambda name: tmp_path / Path(name).name)

    assert load_glossary(project / "data/glossary.yaml") == expected


def test_what_is_kept_is_json_that_a_person_can_compare(project: Path) -> None:
    """One entry a line, Chinese readable."""
    text = (project / "data/companies.json").read_text(encoding="utf-8")

    assert "英伟达" in text
    assert max(map(len, text.splitlines())) < 20_000
    assert len(text.splitlines()) > 300
    assert set(json.loads(text)) == {"of", "made"}
