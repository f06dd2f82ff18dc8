"""Work beside the fetching: the same results as without, whatever happens to the second process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.config.places import Places, find_default
from chipreel.demo.world import SampleWorld
from chipreel.errors import ParseError
from chipreel.model import Annotated, Fetched, Item, Source
from chipreel.pipeline import workbench
from chipreel.pipeline.annotating import annotate_items
from chipreel.pipeline.grouping import Memory, group_new
from chipreel.pipeline.harvest import prepare
from chipreel.pipeline.intake import Harvest, Intake, take_in
from chipreel.pipeline.line import Line, Steps
from chipreel.pipeline.reading import read_visit
from chipreel.pipeline.rooms import Rooms
from chipreel.pipeline.workbench import Task, Workbench
from chipreel.store.database import Batch, open_database, transaction
from chipreel.store.fingerprints import load_fingerprints, load_window
from chipreel.store.sources import save_source
from chipreel.store.stories import load_story_items
from chipreel.story import pack_fingerprint
from processes import helpers_of, survivors

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
    monkeypatch.setattr(workbench, "WORTH", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def work_off(items: Sequence[Item], bench: Workbench) -> list[Annotated]:
    """All items annotated, seven at a time; the results in their order."""
    found: dict[int, list[Annotated]] = {}

    def steps(low: int) -> Steps:
        found[low] = yield Task(annotate_items, (SOURCE, items[low : low + 7], NOW), 7, needs_lexicon=True)

    line = Line(bench)
    for low in range(0, len(items), 7):
        line.start(steps(low))
    line.finish()
    return [one for low in sorted(found) for one in found[low]]


@pytest.mark.usefixtures("two_cores")
def test_two_processes_find_what_one_finds(rooms: Rooms, items: list[Item]) -> None:
    """The same annotations and fingerprints; the second process did take part, and is gone afterwards."""
    done_here = []
    with Workbench(rooms) as bench:
        do = Task.do
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Task, "do", lambda task, given: (done_here.append(task), do(task, given)))
            found = work_off(items, bench)
        assert len(helpers_of(os.getpid())) == 1

    assert found == annotate_items(rooms, SOURCE, items, NOW)
    assert len(done_here) < len(items) / 7
    assert helpers_of(os.getpid()) == []


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("moment", ["before", "meanwhile"])
def test_a_second_process_that_dies_costs_nothing(rooms: Rooms, items: list[Item], moment: str) -> None:
    """What it had in hand, and all that comes after, is done by this one."""
    with Workbench(rooms) as bench:
        work_off(items[:7], bench)
        (second,) = helpers_of(os.getpid())
        if moment == "before":
            os.kill(second, signal.SIGKILL)
        else:
            # Stopped, it holds on to its task until it is killed.
            os.kill(second, signal.SIGSTOP)
            threading.Timer(0.5, os.kill, (second, signal.SIGKILL)).start()
        found = work_off(items, bench)

    assert found == annotate_items(rooms, SOURCE, items, NOW)


#: Second processes that are none.
USELESS = {
    "cannot be started": ["/nowhere/python"],
    "ends at once": ["true"],
    "says something else": [sys.executable, "-c", "import time; print('你好, hello', flush=True); time.sleep(60)"],
    "says what breaks a pickle": ["printf", "%s", "cno_module\nno_name\n."],
}


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("name", USELESS)
def test_a_second_process_that_is_of_no_use_costs_nothing(
    rooms: Rooms, items: list[Item], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine full of processes, or an interpreter that greets whoever starts it: this process does everything."""
    monkeypatch.setattr(workbench, "command", lambda _: USELESS[name])
    with Workbench(rooms) as bench:
        found = work_off(items[:30], bench)

    assert found == annotate_items(rooms, SOURCE, items[:30], NOW)


@pytest.mark.usefixtures("two_cores")
def test_an_error_is_raised_where_the_task_was_yielded(rooms: Rooms) -> None:
    """Whichever process met it, the steps decide what it means, and others go on."""
    told: list[str] = []

    def steps(page: str) -> Steps:
        feed = replace(SOURCE, kind="feed")
        answer = Fetched("alpha", feed.url, feed.url, 200, page.encode(), "0", None, None, None, 1)
        try:
            yield Task(read_visit, (feed, answer, NOW))
        except ParseError as error:
            told.append(str(error))

    with Workbench(rooms) as bench:
        line = Line(bench)
        for page in ("<html>芯片</html>", "", "<html>chips</html>"):
            line.start(steps(page))
        line.finish()

    assert len(told) == 3
    assert sum("HTML" in one for one in told) == 2


class DoneAtALook(Task[str]):
    """A task that another thread finishes just before somebody looks at it for the so-manieth time."""

    looks = 0
    at = 1

    @property
    def is_done(self) -> bool:  # type: ignore[override]
        self.looks += 1
        return self.looks >= self.at

    @is_done.setter
    def is_done(self, _: bool) -> None:
        self.outcome = "done"


class Elsewhere(Workbench):
    """A workbench at which nothing is done by this thread."""

    def submit(self, task: Task[object]) -> None:
        """Somebody else will."""

    def help(self, *, until: object) -> None:
        """Somebody else has."""


@pytest.mark.parametrize("at", range(1, 8))
def test_a_task_that_is_done_at_any_moment_is_not_lost(rooms: Rooms, at: int) -> None:
    """However the end of a task falls between two looks of the line, its steps go on, once."""
    told = []

    def steps(number: int) -> Steps:
        task = DoneAtALook(str, ())
        task.at = at
        told.append((number, (yield task)))

    line = Line(Elsewhere(rooms))
    for number in range(5):
        line.start(steps(number))
    line.finish()

    assert sorted(number for number, _ in told) == [0, 1, 2, 3, 4]


def test_the_second_process_ends_with_the_first(tmp_path: Path) -> None:
    """A parent that is killed leaves nobody behind."""
    program = tmp_path / "parent.py"
    program.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from chipreel.config.places import Places, find_default\n"
        "from chipreel.pipeline import workbench\n"
        "from chipreel.pipeline.rooms import Rooms\n"
        "workbench.WORTH, workbench.os.cpu_count = 0, lambda: 2\n"
        "companies = find_default('data/companies.yaml')\n"
        "with workbench.Workbench(Rooms(Places(companies, companies, companies, companies.parent))) as bench:\n"
        "    bench.submit(workbench.Task(time.sleep, (0.01,)))\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        (second,) = helpers_of(parent.pid)
        parent.kill()

    assert survivors([second]) == []


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
    memory = Memory(db, rooms)
    assert pack_fingerprint(memory.recall(str(min(before))), rooms.knowledge.version) == before[min(before)]


@pytest.mark.usefixtures("two_cores")
def test_an_item_under_way_twice_is_one_article(db: sqlite3.Connection, rooms: Rooms, items: list[Item]) -> None:
    """Harvests of one source that overlap, and another source's of the same addresses, before any is saved."""
    other = Source("beta", "Beta", "import", "https://beta.example/", "mul", keep="full")
    with transaction(db):
        save_source(db, other)
    with Workbench(rooms) as bench:
        intake, line = Intake(db, rooms), Line(bench)
        for source, some in ((SOURCE, items[:40]), (SOURCE, items[20:60]), (other, items[30:70])):
            line.start(intake.steps(Harvest(source, some, NOW, all_new=True)))
        line.finish()
        intake.batch.commit()

    assert db.execute("select count(*) from articles").fetchone()[0] == 70
    assert db.execute("select count(*) from sightings").fetchone()[0] == 60 + 40


def test_the_words_of_a_batch_are_written_once(db: sqlite3.Connection, rooms: Rooms, items: list[Item]) -> None:
    """Nothing in taking in makes FTS5 write before the commit, which would cost as much as all the rest."""
    with Workbench(rooms) as bench:
        intake, line = Intake(db, rooms), Line(bench)
        intake.batch = Batch(db, most=1000, within_s=600)
        for low in range(0, 80, 10):
            line.start(intake.steps(Harvest(SOURCE, items[low : low + 10], NOW, all_new=True)))
        pieces = db.execute("select count(*) from articles_fts_data").fetchone()[0]
        assert db.in_transaction
        assert db.execute("select count(*) from articles").fetchone()[0] > 0
        line.finish()
        intake.batch.commit()

    assert pieces == 2, "only the two rows of an empty index"
    assert db.execute("select count(*) from articles_fts_data").fetchone()[0] > pieces
