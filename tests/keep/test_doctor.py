"""The doctor finds each fault by its name, and a repair leaves nothing to find."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.keep.backup import backup, default_backup
from chipreel.keep.doctor import examine
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.upkeep import mend
from chipreel.store.database import open_database

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
Contents = Callable[[Path], dict[str, list[dict[str, Any]]]]


def problems(path: Path) -> set[str]:
    return {one.check for one in examine(path, NOW) if one.state == "problem"}


def change(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def test_a_whole_database_is_well(path: Path) -> None:
    """No false alarm."""
    assert problems(path) == set()


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("insert into articles_fts(articles_fts) values ('delete-all')", "index"),
        ("insert into articles_fts(rowid, title, text) values (9999, 'ghost', '')", "index"),
        ("update meta set value = '0' where key = 'index_version'", "index"),
        ("update articles set story = 9999 where id = 1", "references"),
        ("insert into mentions (article, company, score, is_primary, surface, evidence) "
         "values (9999, 'nvidia', 1, 1, '', '[]')", "references"),
        ("update stories set articles = articles + 1 where merged_into is null", "stories"),
        ("update stories set merged_into = (select max(id) from stories) where id = 1", "stories"),
        ("delete from sightings where article < 5", "sightings"),
    ],
)  # fmt: skip
def test_each_fault_is_named_and_mended(path: Path, fault: str, check: str) -> None:
    """Found by its own check; after the repair nothing is found, and a second repair has nothing to do."""
    change(path, "pragma foreign_keys = off", fault)

    assert check in problems(path)
    assert mend(path, NOW).told
    assert problems(path) == set()
    assert mend(path, NOW).told == []


def test_titles_that_the_index_does_not_know_are_noticed(path: Path) -> None:
    """As many rows, but other words: the sample tells."""
    change(path, "update articles set title = 'quite another title' where id % 2")

    assert "index" in problems(path)


def spoil(path: Path, table: str) -> int:
    """Overwrite a page in the middle of a table; returns how many articles there were."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma journal_mode = delete")
    count = db.execute("select count(*) from articles").fetchone()[0]
    pages = db.execute("select pageno from dbstat where name = ? and pagetype = 'leaf' order by pageno", (table,))
    page = pages.fetchall()[1][0]
    size = db.execute("pragma page_size").fetchone()[0]
    db.close()
    with path.open("r+b") as handle:
        handle.seek((page - 1) * size)
        handle.write(b"\xaa" * size)
    return int(count)


def has_page_statistics() -> bool:
    db = sqlite3.connect(":memory:")
    try:
        db.execute("select 1 from dbstat")
    except sqlite3.OperationalError:
        return False
    finally:
        db.close()
    return True


needs_pages = pytest.mark.skipif(not has_page_statistics(), reason="this SQLite does not tell where its pages are")


@needs_pages
def test_a_damaged_database_is_rebuilt_on_its_backup(path: Path, contents: Contents) -> None:
    """What the damage took comes from the backup, what came since from the damaged file; nothing is lost."""
    backup(path, default_backup(path, NOW))
    change(path, "update sources set note = 'changed since the backup'")
    saved = contents(path)["articles"]
    spoil(path, "articles")

    assert problems(path) & {"integrity", "database"}
    done = mend(path, NOW)
    assert done.rescue is not None
    assert problems(path) == set()
    assert contents(path)["articles"] == saved
    assert {row["note"] for row in contents(path)["sources"]} == {"changed since the backup"}
    assert done.rescue.aside.exists()


@needs_pages
def test_without_a_backup_the_loss_is_told(path: Path) -> None:
    """What can be read is kept and holds together; what is lost is counted."""
    before = spoil(path, "articles")
    done = mend(path, NOW)

    assert done.rescue is not None
    assert 0 < done.rescue.articles < before
    assert done.rescue.articles + done.rescue.salvage.lost["articles"] >= before
    assert any("lost" in line for line in done.told)
    assert problems(path) == set()


@pytest.mark.parametrize("content", [b"", b"\0" * 20_000, b"SQLite format 3\0" + b"\xaa" * 20_000])
def test_a_file_of_which_nothing_is_left_comes_from_the_backup(
    path: Path, rooms: Rooms, contents: Contents, content: bytes
) -> None:
    """Even when it is no database any more."""
    backup(path, default_backup(path, NOW))
    saved = contents(path)
    path.write_bytes(content)
    mend(path, NOW, lexicon=rooms.lexicon)

    assert contents(path) == saved
    assert problems(path) == set()


def test_the_command_tells_by_its_exit_code(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 when well, 1 when not; one JSON object for each check."""
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--json"]) == 0
    checks = {row["check"]: row["state"] for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert checks.keys() >= {"integrity", "references", "index", "disk", "fetches", "feeds.yaml", "lexicon", "schedule"}

    change(path, "insert into articles_fts(articles_fts) values ('delete-all')")
    (tmp_path / "feeds.yaml").write_text("sources: [{}]")
    assert main(["doctor"]) == 1
    told = capsys.readouterr()
    assert "feeds.yaml:1" in told.out
    assert "--repair" in told.err
    assert main(["doctor", "--repair"]) == 1, "feeds.yaml is for a person to mend"
    assert "search index was written again: 30" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "content", "check"),
    [
        ("feeds.yaml", "sources: [{id: 芯片}]", "feeds.yaml"),
        ("feeds.yaml", "settings: {profiles: {desk: {channels: [nowhere]}}}\nsources: []", "profiles"),
        ("data/companies.yaml", "companies: [{id: x}]", "lexicon"),
        ("data/rates.csv", "day,CNY\n2024-02-17,没有\n", "rates"),
        ("chipreel.env", "SMTP_PASSWORD=x", "secrets"),
    ],
)
def test_each_file_of_the_user_is_looked_at(
    path: Path, tmp_path: Path, file: str, content: str, check: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the next run would stumble over is found before, by the check of its name."""
    (tmp_path / file).write_text(content, encoding="utf-8")
    (tmp_path / file).chmod(0o644)
    assert main(["doctor", "--json", "--feeds", str(tmp_path / "feeds.yaml")]) == 1

    wrong = [row for row in map(json.loads, capsys.readouterr().out.splitlines()) if row["state"] == "problem"]
    assert wrong[0]["check"] == check
    assert file in wrong[0]["message"]


def test_companies_of_sources_that_nobody_knows_are_named(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They tag nothing, and no run says so."""
    source = (
        "{id: hui, title: 輝達, kind: feed, url: 'https://a.example/', language: zh, role: official, companies: [%s]}"
    )
    for companies, expected in (("nvidia", []), ("nvidia, nope", ["warning"])):
        (tmp_path / "feeds.yaml").write_text(f"sources:\n- {source % companies}\n", encoding="utf-8")
        main(["doctor", "--json", "--feeds", str(tmp_path / "feeds.yaml")])
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        found = [row for row in rows if row["check"] == "companies of sources"]
        assert [row["state"] for row in found] == expected
    assert "feeds.yaml:2: sources.companies: hui: there is no company 'nope'" in found[0]["message"]


def test_an_index_of_another_version_is_written_anew_before_a_run(path: Path) -> None:
    """Opening for a run is enough; a reader is not kept waiting."""
    from chipreel.pipeline.opening import open_for_run

    change(path, "update meta set value = '0' where key = 'index_version'", "delete from articles_fts_docsize")
    with open_for_run(path):
        pass

    assert problems(path) == set()


def test_a_clock_that_was_wrong_is_noticed(path: Path) -> None:
    """A good fetch in the future is a warning."""
    with open_database(path) as db:
        db.execute("update sources set last_good = '2031-01-01T00:00:00Z'")
    found = {one.check: one for one in examine(path, NOW + timedelta(hours=1))}

    assert found["fetches"].state == "warning"
    assert "clock" in found["fetches"].message
