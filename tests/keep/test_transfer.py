"""Everything out as JSON lines and into an equal database; a bad export changes nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.errors import ConfigError, StoreError
from chipreel.keep.transfer import export_lines, import_lines
from chipreel.model import Item, Source
from chipreel.pipeline.importing import import_rows
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
Contents = Callable[[Path], dict[str, list[dict[str, Any]]]]


def lines_of(path: Path) -> list[bytes]:
    with open_database(path, write=False) as db:
        return [line.encode() for line in export_lines(db)]


def test_an_export_makes_an_equal_database(path: Path, tmp_path: Path, contents: Contents) -> None:
    """Row by row, numbers that are never given twice included; both scripts are found again."""
    file, new = tmp_path / "all.jsonl", tmp_path / "new.db"

    assert main(["export", str(file), "--db", str(path)]) == 0
    assert main(["import", str(file), "--db", str(new)]) == 0
    assert contents(new) == contents(path)
    assert lines_of(new) == lines_of(path)
    with open_database(new) as db:
        for word, count in (("nvidia", 6), ('"芯 片" OR "芯片"', 6)):
            rows = db.execute("select count(*) from articles_fts where articles_fts match ?", (f"title:({word})",))
            assert rows.fetchone()[0] == count


def test_what_was_deleted_stays_away_from_the_new_database_too(
    path: Path, tmp_path: Path, rooms: Rooms, contents: Contents
) -> None:
    """Tombstones go along: an article that was pruned before the export does not come back after it."""
    file, new = tmp_path / "all.jsonl", tmp_path / "new.db"
    assert main(["prune", "--keep", "2024-02-01", "--db", str(path)]) == 0
    assert main(["export", str(file), "--db", str(path)]) == 0
    assert main(["import", str(file), "--db", str(new)]) == 0

    assert contents(new) == contents(path)
    assert len(contents(new)["tombstones"]) == 10
    source = Source("archive", "Archive", "import", "", "mul")
    with open_database(new) as db:
        gone = db.execute("select guid from tombstones limit 1").fetchone()[0]
        item = Item(gone, "英伟达 Nvidia orders chips", "https://archive.example/again", text="芯片 chips")
        assert import_rows(db, rooms, source, [item], NOW).new == 0


def test_every_table_is_in_it(path: Path) -> None:
    """A table that is added later cannot be forgotten."""
    with open_database(path, write=False) as db:
        made = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
    first = json.loads(lines_of(path)[0])

    assert {name for name in made if not name.startswith(("articles_fts", "_", "sqlite_stat"))} == set(first["rows"])


def test_an_export_goes_only_into_an_empty_database(path: Path, contents: Contents) -> None:
    """Two collections are never mixed."""
    saved, lines = contents(path), lines_of(path)
    with open_database(path) as db, pytest.raises(StoreError, match="new database"):
        import_lines(db, lines, name="x")

    assert contents(path) == saved


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda lines: lines[:-3], "cut"),
        (lambda lines: lines[:5] + lines[8:], "cut"),
        (lambda lines: [], "empty"),
        (lambda lines: [*lines, b"not json"], "not JSON"),
        (lambda lines: [*lines, b'{"table": "nowhere", "row": {"a": 1}}'], "no table"),
        (lambda lines: [*lines, b'{"table": "articles", "row": {"id) values (1)--": 1}}'], "no column"),
        (lambda lines: [*lines, b'{"table": "meta", "row": {"key": [1], "value": "x"}}'], "x:"),
        (lambda lines: [*lines, lines[-1].replace(b'"seq"', b'"sec"')], "sequence"),
        (lambda lines: [lines[0].replace(b'"schema": ', b'"schema": 9'), *lines[1:]], "newer"),
        (lambda lines: [line.replace(b'"source": "archive"', b'"source": "nobody"') for line in lines], "together"),
    ],
)
def test_a_spoilt_export_leaves_nothing(path: Path, tmp_path: Path, spoil: Any, message: str) -> None:
    """All or nothing, and the line is named."""
    new = tmp_path / "new.db"
    with open_database(new) as db:
        with pytest.raises(ConfigError, match=message):
            import_lines(db, spoil(lines_of(path)), name="x")
        assert db.execute("select count(*) from articles").fetchone()[0] == 0
        assert import_lines(db, lines_of(path), name="x") > 100


@pytest.mark.parametrize("name", ["letter 信.txt", "feeds.yaml", "link"])
def test_an_export_replaces_no_file_that_is_none(
    path: Path, tmp_path: Path, name: str, contents: Contents, capsys: pytest.CaptureFixture[str]
) -> None:
    """Least of all the database, also through a link; an earlier export is replaced."""
    saved, target = contents(path), tmp_path / name
    if name == "link":
        target.symlink_to(path)
    else:
        target.write_text("亲爱的 …", encoding="utf-8")
    before = target.read_bytes()

    assert main(["export", str(target), "--db", str(path)]) == 2
    assert "name another file" in capsys.readouterr().err
    assert (target.read_bytes(), contents(path)) == (before, saved)
    for own in (path, tmp_path):
        assert main(["export", str(own), "--db", str(path)]) == 2
    again = tmp_path / "all.jsonl"
    assert [main(["export", str(again), "--db", str(path)]) for _ in range(2)] == [0, 0]
