"""Promises of the command line: help, examples, documents that do not drift, quick starts."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

import chipreel
from chipreel import errors
from chipreel.cli import hoisted
from chipreel.cli.reference import iter_commands, render_reference
from chipreel.config import finished
from chipreel.digest.labels import LABELS
from chipreel.store import schema

COMMANDS = list(iter_commands())


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_has_help_with_an_example(name: str, command: object) -> None:
    """What it does, and one line to copy; groups show what is below them."""
    text = getattr(command, "callback", None)
    help_text = (text.__doc__ if text else "") or ""

    example = help_text.partition("Example:")[2]
    assert hasattr(command, "commands") or ("chipreel" in example and name.split()[-1] in example), name
    assert help_text.strip() or getattr(command, "help", "")


def test_the_reference_is_true(project: Path) -> None:
    """docs/cli.md is what the program says of itself."""
    written = (project / "docs/cli.md").read_text(encoding="utf-8")

    assert written == render_reference(), "run: python -m chipreel.cli.reference > docs/cli.md"


def test_the_schema_is_true(project: Path) -> None:
    """docs/schema.sql is what a new database is made of."""
    written = (project / "docs/schema.sql").read_text(encoding="utf-8")

    assert written == schema.as_sql(), "run: python -m chipreel.store.schema > docs/schema.sql"


def test_the_version_is_that_of_the_installation() -> None:
    """What `--version` and the User-Agent say, and what pyproject.toml says."""
    assert chipreel.__version__ == importlib.metadata.version("chipreel")


@pytest.mark.parametrize("name", finished.FINISHED)
def test_what_is_read_for_yaml_is_what_it_says(project: Path, name: str) -> None:
    """data/companies.json and data/glossary.json are made of the files beside them."""
    written = (project / finished.FINISHED[name]).read_text(encoding="utf-8")

    assert written == finished.render(name), "run: python -m chipreel.config.finished"


def test_the_table_of_what_is_withstood_names_real_tests(project: Path) -> None:
    """Every file that docs/robustness.md names is there, and every file that tries to break something is named."""
    written = (project / "docs/robustness.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests/\w+/)?test_\w+\.py)`|`(tests/test_\w+\.py)`", written))
    files = {Path(first or second).name for first, second in named}

    assert files <= {path.name for path in (project / "tests").rglob("test_*.py")}
    assert files >= {path.name for path in (project / "tests/robust").glob("test_*.py")}


def test_both_languages_have_the_same_labels() -> None:
    """Nothing that chipreel writes is missing in one of them."""
    assert LABELS["en"].keys() == LABELS["zh"].keys()


def test_every_error_is_raised_somewhere(project: Path) -> None:
    """An error class that nothing raises is a promise that nothing keeps."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (project / "src").rglob("*.py"))
    bases = {"ChipreelError", "SourceError"}
    classes = [name for name, found in vars(errors).items() if isinstance(found, type) and name not in bases]

    used = [name for name in classes if re.search(rf"\b{name}\(|\({name}\)", source.replace(f"class {name}(", ""))]
    assert used == classes


@pytest.mark.parametrize(
    ("given", "hoisted_to"),
    [
        (["search", "芯片", "--db", "x.db"], ["--db", "x.db", "search", "芯片"]),
        (["--db=x.db", "search", "a"], ["--db=x.db", "search", "a"]),
        (["fetch", "-q", "--all"], ["-q", "fetch", "--all"]),
        (["search", "--", "--db"], ["search", "--", "--db"]),
    ],
)
def test_common_options_stand_before_or_after_the_name(given: list[str], hoisted_to: list[str]) -> None:
    """Where a person writes them does not matter."""
    common, rest = hoisted(given)
    assert common + rest == hoisted_to


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["search"],
        ["fetch", "--nonsense"],
        ["evaluate", "cakes"],
        ["explain", "x"],
        ["daily", "--lang", "fr"],
    ],
)
def test_wrong_input_is_one_clear_error(arguments: list[str], tmp_path: Path) -> None:
    """Exit code 2, something on stderr, no traceback."""
    command = [sys.executable, "-m", "chipreel", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "module", ["httpx", "datasette", "trafilatura", "sqlite_utils", "rich.console", "bs4", "feedparser"]
)
def test_help_loads_nothing_heavy(module: str) -> None:
    """Start-up counts: the help of the program needs none of the big libraries."""
    code = f"import sys; from chipreel.cli import main; main(['--help']); sys.exit({module!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
