"""Annotating beside the fetching: the same results as without, whatever happens to the second process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.config.places import Places, find_default
from chipreel.demo.world import SampleWorld
from chipreel.model import Annotated, Item, Source
from chipreel.pipeline import annotators
from chipreel.pipeline.annotating import annotate_items
from chipreel.pipeline.annotators import Annotators, Job
from chipreel.pipeline.grouping import Memory, group_new
from chipreel.pipeline.harvest import prepare
from chipreel.pipeline.intake import Harvest, Intake, take_in
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import Batch, open_database, transaction
from chipreel.store.fingerprints import load_fingerprints, load_window
from chipreel.store.sources import save_source
from chipreel.store.stories import load_story_items
from chipreel.story import pack_fingerprint

NOW = datetime(2024, 2, 22, 8, tzinfo=UTC)
SOURCE = Source("alpha", "Alpha", "import", "https://alpha.example/", "mul", keep="full")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """The packaged files."""
    home = tmp_path_factory.mktemp("home")
    return Rooms(Places(find_default("feeds.yaml"), find_default("data/companies.yaml"), home / "x.db", home))


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """Everything the sample world tells, in both languages."""
    entries = [item.first for source in SampleWorld(find_default("data/sample")).sources for item in source.items]
    return [
        Item(str(number), entry.title, f"https://alpha.example/{number}", text=entry.text, published=entry.published)
        for number, entry in enumerate(entries)
    ]


@pytest.fixture
def db(tmp_path: Path, rooms: Rooms) -> Iterator[sqlite3.Connection]:
    """A database that knows the lexicon and one source."""
    with open_database(tmp_path / "a.db") as connection:
        prepare(connection, rooms)
        with transaction(connection):
            save_source(connection, SOURCE)
        yield connection


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process is started at once."""
    monkeypatch.setattr(annotators, "WORTH", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def jobs_of(items: Sequence[Item]) -> list[Job]:
    """The items, seven at a time."""
    return [Job(SOURCE, items[low : low + 7], NOW) for low in range(0, len(items), 7)]


def work_off(jobs: Sequence[Job], many: Annotators) -> list[Annotated]:
    """All results, in order."""
    for job in jobs:
        many.submit(job)
    return [one for job in jobs for one in many.wait(job)]


def processes_of(parent: int) -> list[int]:
    """The annotating processes that a process has started."""
    told = subprocess.run(
        ["pgrep", "-P", str(parent), "-f", "pipeline.annotators"], capture_output=True, text=True, check=False
    )
    return [int(line) for line in told.stdout.split()]


@pytest.mark.usefixtures("two_cores")
def test_two_processes_find_what_one_finds(rooms: Rooms, items: list[Item]) -> None:
    """The same annotations and fingerprints, in the order of the items; and the second process did take part."""
    with Annotators(rooms) as many:
        found = work_off(jobs_of(items), many)
        (second,) = processes_of(os.getpid())
        assert Path(f"/proc/{second}/stat").exists() or sys.platform != "linux"

    assert found == annotate_items(rooms, SOURCE, items, NOW)
    assert processes_of(os.getpid()) == []


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_second_process_that_dies_costs_nothing(rooms: Rooms, items: list[Item], number: signal.Signals) -> None:
    """Its jobs are done by this one; one that only stands still holds up no more than the job it has in hand."""
    jobs = jobs_of(items)
    with Annotators(rooms) as many:
        many.submit(jobs[0])
        many.wait(jobs[0])
        (second,) = processes_of(os.getpid())
        os.kill(second, number)
        if number == signal.SIGSTOP:
            for job in jobs[1:]:
                many.submit(job)
            many.wait(jobs[-1])
            os.kill(second, signal.SIGKILL)
            found = [one for job in jobs for one in many.wait(job)]
        else:
            found = [*many.wait(jobs[0]), *work_off(jobs[1:], many)]

    assert found == annotate_items(rooms, SOURCE, items, NOW)


def test_the_second_process_ends_with_the_first(tmp_path: Path) -> None:
    """A parent that is killed leaves nobody behind."""
    program = tmp_path / "parent.py"
    program.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from chipreel.config.places import Places, find_default\n"
        "from chipreel.pipeline import annotators\n"
        "from chipreel.pipeline.rooms import Rooms\n"
        "annotators.WORTH, annotators.os.cpu_count = 0, lambda: 2\n"
        "companies = find_default('data/companies.yaml')\n"
        "with annotators.Annotators(Rooms(Places(companies, companies, companies, companies.parent))) as many:\n"
        "    many.submit(annotators.Job(None, [], None))\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        (second,) = processes_of(parent.pid)
        parent.kill()
    deadline = time.monotonic() + 20
    while _is_alive(second) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not _is_alive(second)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_grouping_remembers_is_the_same_made_at_once_or_later(
    db: sqlite3.Connection, rooms: Rooms, items: list[Item]
) -> None:
    """The fingerprint made with the annotation is the one that would be made from the stored rows."""
    take_in(db, Harvest(SOURCE, items, NOW, all_new=True), rooms)
    ids = [row["id"] for row in db.execute("select id from articles where relevant = 1")]
    stored = load_fingerprints(db, ids)
    made = {
        int(item.id): pack_fingerprint(rooms.fingerprint_maker.make(item), rooms.knowledge.version)
        for item in load_story_items(db, ids)
    }

    assert len(stored) > 50
    assert stored == made


def test_fingerprints_of_other_tables_are_made_anew(db: sqlite3.Connection, rooms: Rooms, items: list[Item]) -> None:
    """A window that another version of the tables left is read as if it had been made with these, and kept so."""
    take_in(db, Harvest(SOURCE, items[:60], NOW, all_new=True), rooms)
    group_new(db, rooms, NOW)
    window = [id for id, _ in load_window(db, NOW - timedelta(days=8), 1000)]
    before = load_fingerprints(db, window)
    db.execute("update fingerprints set packed = replace(packed, ?, 'old')", (rooms.knowledge.version,))
    take_in(db, Harvest(SOURCE, items[60:], NOW, all_new=True), rooms)
    group_new(db, rooms, NOW)

    assert len(before) > 20
    assert load_fingerprints(db, window) == before
    memory = Memory(db, rooms.fingerprint_maker, rooms.knowledge.version)
    assert pack_fingerprint(memory.recall(str(min(before))), rooms.knowledge.version) == before[min(before)]


@pytest.mark.usefixtures("two_cores")
def test_an_item_under_way_twice_is_one_article(db: sqlite3.Connection, rooms: Rooms, items: list[Item]) -> None:
    """Harvests of one source that overlap, and another source's of the same addresses, before any is saved."""
    other = Source("beta", "Beta", "import", "https://beta.example/", "mul", keep="full")
    with transaction(db):
        save_source(db, other)
    with Annotators(rooms) as many:
        intake = Intake(db, rooms, many)
        for source, some in ((SOURCE, items[:40]), (SOURCE, items[20:60]), (other, items[30:70])):
            intake.put(Harvest(source, some, NOW, all_new=True))
        intake.finish()

    assert db.execute("select count(*) from articles").fetchone()[0] == 70
    assert db.execute("select count(*) from sightings").fetchone()[0] == 60 + 40


def test_the_words_of_a_batch_are_written_once(db: sqlite3.Connection, rooms: Rooms, items: list[Item]) -> None:
    """Nothing in taking in makes FTS5 write before the commit, which would cost as much as all the rest."""
    with Annotators(rooms) as many:
        intake = Intake(db, rooms, many)
        intake.batch = Batch(db, most=1000, within_s=600)
        for low in range(0, 80, 10):
            intake.put(Harvest(SOURCE, items[low : low + 10], NOW, all_new=True))
        pieces = db.execute("select count(*) from articles_fts_data").fetchone()[0]
        assert db.in_transaction
        assert db.execute("select count(*) from articles").fetchone()[0] > 0
        intake.finish()

    assert pieces == 2, "only the two rows of an empty index"
    assert db.execute("select count(*) from articles_fts_data").fetchone()[0] > pieces


def test_a_batch_is_kept_when_it_holds_enough(tmp_path: Path) -> None:
    """Committed by weight, by age, or when asked; what fails inside takes the batch with it and nothing before."""
    with open_database(tmp_path / "a.db") as db, closing(sqlite3.connect(tmp_path / "a.db")) as reader:

        def seen() -> int:
            return int(reader.execute("select count(*) from meta where key like 'k%'").fetchone()[0])

        batch = Batch(db, most=3, within_s=60)
        for number, visible in enumerate((0, 0, 3, 3)):
            with batch.writing():
                db.execute("insert into meta values (?, '')", (f"k{number}",))
            assert seen() == visible
        with pytest.raises(sqlite3.IntegrityError), batch.writing():
            db.executemany("insert into meta values (?, '')", [("k9",), ("k9",)])
        batch.commit()
        assert seen() == 3
        with Batch(db, most=99, within_s=0).writing():
            db.execute("insert into meta values ('k9', '')")
        assert seen() == 4
