"""Values that no program can read are found by the doctor, mended by a repair, and never the end of a command."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chipreel.cli import main
from chipreel.keep.backup import backup, default_backup
from chipreel.keep.doctor import examine
from chipreel.model import Item, Source
from chipreel.pipeline.importing import import_rows
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.upkeep import mend
from chipreel.store.database import open_database
from chipreel.store.inspection import find_index_faults
from chipreel.store.rows import to_text
from chipreel.store.values import is_moment

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
Contents = Callable[[Path], dict[str, list[dict[str, Any]]]]
#: (Damage, the check that names it.)
DAMAGES = (
    ("update sources set last_good = 'never'", "values"),
    ("update sources set failures = 'x', next_at = 'tomorrow', title = x'00ff'", "values"),
    ("update articles set title = x'fffe00' where id = 7", "values"),
    ("update articles set text = x'ff', url = x'ff', canonical_url = x'ff', author = x'ff' where id < 9", "values"),
    ("update articles set published = 'yesterday', first_seen = '2024-99-99' where id < 10", "values"),
    ("update articles set published = '2024-02-30T08:00:00Z' where id < 10", "values"),
    ("update articles set relevant = 'ja', story = 'x' where id < 10", "values"),
    ("update articles set companies = '{bad' where id < 10", "lists"),
    ("update articles set companies = '[1, {}]' where id < 10", "lists"),
    ("update articles set beats = x'5b5d' where id < 10", "lists"),
    ("update mentions set evidence = '[3]' where id < 20", "lists"),
    ("update mentions set company = null, person = null, product = null where id < 20", "references"),
    ("update money set usd = 'lots'", "values"),
    ("update money set amount = '很多'", "values"),
    ("update quotes set start = 'x'", "values"),
    ("update stories set last_seen = 7, headline = x'ff', languages = '{}'", "values"),
    ("update companies set name = x'ff', names = 'x'", "values"),
    ("update fetches set at = 'x', ms = 'y'", "values"),
    ("update sightings set seen_at = 'x'", "values"),
    ("update digests set content = '{'", "values"),
    ("update meta set value = 'x' where key like 'edition.%'", "values"),
)
COMMANDS = (
    ["search", "晶片 since:2022-01-01"], ["stories", "--since", "2022-01-01"], ["digest", "--since", "2022-01-01"],
    ["show", "7"], ["money"], ["sources"], ["retag", "--apply"],
)  # fmt: skip
MORE = (
    ["search", "芯片"], ["explain", "7"], ["quotes"], ["companies"], ["trends"], ["deliveries"], ["reindex"],
    ["export"], ["restory"], ["prune", "--keep", "9000d"], ["publish", "public.db"], ["backup"],
)  # fmt: skip


def problems(path: Path) -> list[str]:
    return [f"{one.check}: {one.message}" for one in examine(path, NOW) if one.state == "problem"]


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


@pytest.fixture
def visited(path: Path) -> Path:
    """A database whose source was visited, for which an edition was asked for."""
    change(
        path,
        "insert into fetches (source, at, outcome, ms) values ('archive', '2024-02-16T07:00:00Z', 'nothing-new', 5)",
        "update sources set last_good = '2024-02-16T07:00:00Z'",
        "insert or replace into meta values ('edition.default', '2024-02-16T07:00:00Z')",
    )
    return path


@pytest.mark.parametrize(("fault", "check"), DAMAGES)
def test_each_odd_value_is_named_and_mended(visited: Path, rooms: Rooms, fault: str, check: str) -> None:
    """By its number; twice is once; what was there is kept where something is lost."""
    change(visited, fault)

    assert check in {one.split(":")[0] for one in problems(visited)}
    told = mend(visited, NOW, lexicon=rooms.lexicon).told
    assert told
    assert any(line.startswith("lost") for line in told) == bool(list(visited.parent.glob("*.before-*")))
    assert problems(visited) == []
    assert mend(visited, NOW, lexicon=rooms.lexicon).told == []


@pytest.mark.parametrize(("fault", "check"), DAMAGES)
def test_values_come_from_the_backup_where_it_has_them(
    visited: Path, rooms: Rooms, contents: Contents, fault: str, check: str
) -> None:
    """Then nothing of what was collected is another than before."""
    backup(visited, default_backup(visited, NOW))
    before = contents(visited)
    change(visited, fault)
    told = mend(visited, NOW, lexicon=rooms.lexicon).told

    assert problems(visited) == []
    after = contents(visited)
    if check == "values" and "languages" not in fault:
        assert not any(line.startswith("lost") for line in told)
        assert {name for name in before if after[name] != before[name]} <= {"meta"}


BROKEN = (
    *(fault for fault, _ in DAMAGES), "drop table articles", "drop table quotes", "drop table articles_fts",
    "drop table meta", "drop index articles_ungrouped", "delete from companies", "delete from sources",
    "delete from articles where id % 2",
)  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_no_command_ends_in_a_traceback(
    visited: Path, fault: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the repair a command works, or says what is wrong and what to do; afterwards all work."""
    monkeypatch.chdir(visited.parent.parent)
    change(visited, fault, "pragma journal_mode = delete")
    for command in COMMANDS:
        assert_answers(command, capsys)
    assert main(["doctor", "--repair"]) == 0
    for command in COMMANDS[:3]:
        assert main(command) == 0, (command, capsys.readouterr())


@pytest.mark.slow
@pytest.mark.parametrize("fault", BROKEN)
def test_no_command_at_all_ends_in_a_traceback(
    visited: Path, fault: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each on the damaged file, and each after the repair."""
    monkeypatch.chdir(visited.parent.parent)
    change(visited, fault, "pragma journal_mode = delete")
    saved = shutil.copy(visited, visited.with_name("saved.db"))
    for command in (*COMMANDS, *MORE):
        shutil.copy(saved, visited)
        assert_answers(command, capsys)
    shutil.copy(saved, visited)
    Path("public.db").unlink(missing_ok=True)
    assert main(["doctor", "--repair"]) == 0
    for command in (*COMMANDS, *MORE):
        code, told = main(command), capsys.readouterr()
        assert code == 0 or (code == 2 and "there is no article" in told.err), (command, told)


def assert_answers(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It works, or names what is damaged, or what is not there."""
    code, told = main(command), capsys.readouterr()
    is_told = "doctor --repair" in told.err or "damaged" in told.err
    assert code == 0 or (code == 1 and is_told) or (code == 2 and "there is no" in told.err), (command, told)


def test_what_can_be_derived_is(visited: Path, contents: Contents) -> None:
    """When an article was first seen from where it was seen, its companies from what it mentions."""
    before = contents(visited)
    change(
        visited,
        "update articles set first_seen = 'x', companies = 'x' where id < 10",
        "update sources set last_good = 'never'",
    )
    mend(visited, NOW)

    after = contents(visited)
    assert after["articles"] == before["articles"]
    assert after["sources"] == before["sources"]


def test_a_bug_of_ours_is_not_taken_for_damage(path: Path) -> None:
    """Where every value can be read, an error escapes as it is."""
    with pytest.raises(ValueError, match="ours"), open_database(path):
        raise ValueError("ours")


def test_every_moment_that_is_stored_is_found_to_be_one() -> None:
    """From the first year to the last, at every second of a day."""
    with closing(sqlite3.connect(":memory:")) as db:
        moments = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
        moments += [datetime(2024, 2, 29, tzinfo=UTC) + timedelta(seconds=n) for n in range(86_400)]
        moments += [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=97 * n, seconds=n) for n in range(1000)]
        db.execute("create table t (at text)")
        db.executemany("insert into t values (?)", ((to_text(moment),) for moment in moments))
        assert db.execute(f"select at from t where not {is_moment('at')}").fetchall() == []


@pytest.mark.parametrize(
    "title",
    [
        "Video generation models as world simulators",
        "OpenAI 发布视频生成模型 as world simulators of everything there is",
        "華為發表新晶片，預計下半年開始出貨，並且將擴大產能以滿足市場需求與客戶的長期訂單，分析師說",
        "Donaudampfschifffahrtsgesellschaft" * 4,
        '"Simulating" simulations: generalizations, organizations',
        "C++ & C#: nationalization 🤖 of chips",
        "…",
        "a" * 39 + " generalizing",
        "Héllo naïve décomposé e\u0301tude",
        "한국어 반도체 소식",
        "हिन्दी समाचार चिप",
        "ﬁne ﬂow ①②③ ½",
    ],
)
def test_a_title_is_found_by_whole_words(path: Path, rooms: Rooms, title: str) -> None:
    """Words are stored by their stems, which a word that was cut has not."""
    with open_for_run(path) as db:
        import_rows(db, rooms, Source("x", "x", "import", "", "mul", keep="full"), [Item("1", title)], NOW)
        db.execute("delete from articles_fts_docsize where 0")
        assert find_index_faults(db) == []


def test_titles_of_another_article_are_still_noticed(path: Path) -> None:
    """In either script."""
    for title in ("A quite different generalization", "完全不同的標題"):
        change(path, f"update articles set title = '{title}' where id = 5")
        with open_database(path) as db:
            assert find_index_faults(db) == ["1 articles are not found by their own title"]


def test_an_imported_title_of_stems_is_well_afterwards(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command itself."""
    monkeypatch.chdir(tmp_path)
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps({"id": "1", "title": "Video generation models as world simulators"}), encoding="utf-8")
    assert main(["import", str(items)]) == 0
    assert main(["doctor"]) == 0, capsys.readouterr()


def test_a_backup_that_has_the_same_odd_value_brings_it_back_no_more(visited: Path) -> None:
    """Copies are made of what is there; the repair ends all the same."""
    change(visited, "update digests set content = '{'")
    backup(visited, default_backup(visited, NOW))
    mend(visited, NOW)

    assert problems(visited) == []
    assert mend(visited, NOW).told == []
