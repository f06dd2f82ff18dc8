"""Kills chipreel at random moments, looks at what is left, and lets the next run finish. Run by test_crash.py.

Imports and the lexicon are loaded once; every run is a fork, so that hundreds of kills take minutes. One line of JSON
for each kill on standard output: the moment, whether what was killed was still alive, and what was wrong afterwards.
With `--beside` every run annotates in a second process from its first article on; with `--helper` that one is killed,
and the run must end as if nothing had happened.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chipreel.cli import main
from chipreel.config import glossary, lexicon, places, weights
from chipreel.digest.labels import label
from chipreel.keep.doctor import examine
from chipreel.pipeline import intake, workbench

DB = "data/chipreel.db"
#: What every edition begins with.
TITLE = label("zh", "title")
#: What the environment of every process of this driver holds, and of nobody else's.
MARK = f"CRASH_DRIVER={os.getpid()}"
#: Seconds within which a second process must have noticed that its run is gone.
NOTICED_S = 20.0
#: What must be equal whether or not a run was killed: in words, since numbers may differ.
QUERIES = (
    "select canonical_url, title, text, lang, relevant, companies, background from articles order by 1, 2",
    "select source, guid, listed_hash from sightings order by 1, 2",
    "select a.canonical_url, m.company, m.person, m.product from mentions m join articles a on a.id = m.article "
    "order by 1, 2, 3, 4",
    "select a.canonical_url, q.text, q.speaker from quotes q join articles a on a.id = q.article order by 1, 2, 3",
    "select a.canonical_url, m.surface, m.usd from money m join articles a on a.id = m.article order by 1, 2",
    "select source, guid from tombstones order by 1, 2",
    "select id, enabled, failures, etag from sources order by 1",
    "select count(*) from articles where relevant = 1 and story is null",
    # An article is given to a profile once; an edition has one delivery for each channel, and all files are there.
    "select profile, article, count(*) from digest_articles group by 1, 2 having count(*) > 1",
    "select digest, channel, count(*) from deliveries group by 1, 2 having count(*) > 1",
    "select state, count(*) > 0 from deliveries where channel = 'file' group by 1 order by 1",
    "select count(*) from deliveries",
)


def run(folder: Path, arguments: list[str]) -> int:
    """Start a run in a fork; returns its process id."""
    child = os.fork()
    if child:
        return child
    os.chdir(folder)
    out = os.open(folder / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = 99
    try:
        code = main(arguments)
    finally:
        sys.stdout.flush()
        os._exit(code)


def finish(folder: Path, arguments: list[str]) -> str | None:
    """Run to the end; what was wrong, or None."""
    _, status = os.waitpid(run(folder, arguments), 0)
    return ended_well(folder, status)


def ended_well(folder: Path, status: int) -> str | None:
    """What was wrong with how a run ended, or None."""
    code = os.waitstatus_to_exitcode(status)
    told = (folder / "output").read_text("utf-8", "replace")
    if code != 0 or "Traceback" in told:
        return f"exit {code}: {told[-1500:]}"
    return None


def helpers() -> list[int]:
    """The second processes of our runs that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = MARK.encode() in (path / "environ").read_bytes().split(b"\0")
            if is_ours and b"chipreel.pipeline.workbench" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def survivors() -> list[str]:
    """Second processes that have outlived their run for longer than it takes to notice."""
    deadline = time.monotonic() + NOTICED_S
    while (left := helpers()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [f"process {one} has outlived its run" for one in left]


def look(db: Path) -> list[str]:
    """What SQLite finds wrong in a file that a killed run left."""
    if not db.exists():
        return []
    with closing(sqlite3.connect(db)) as connection:
        found = [row[0] for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
        return found + [f"reference {tuple(row)}" for row in connection.execute("pragma foreign_key_check")]


def tell(db: Path) -> list[Any]:
    """The contents, in words."""
    with closing(sqlite3.connect(db)) as connection:
        return [connection.execute(query).fetchall() for query in QUERIES]


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    """What was delivered, copied and exported as files, whole or not; of copies only that they are there."""
    found = [*(folder / "data/digests").glob("*"), *folder.glob("*.jsonl*"), *folder.glob("data/copy*")]
    return sorted((path.name, path.read_bytes() if path.suffix == ".jsonl" else b"") for path in found)


def doubted_mails(db: Path, mails: Path) -> list[str]:
    """What the post office knows otherwise than the database: a mail is never sent twice without somebody's word."""
    arrived = Counter(mails.read_text("utf-8").split())
    wrong = [f"{key} arrived {count} times" for key, count in arrived.items() if count > 1]
    return wrong + doubted(db, "mail", lambda digest: arrived[f"<default-{digest}.mail.chipreel@example.org>"])


def doubted_shows(db: Path, output: Path) -> list[str]:
    """What was printed otherwise than the database says; the world of a run makes one edition."""
    shown = sum(TITLE in line for line in output.read_text("utf-8", "replace").splitlines())
    return doubted(db, "stdout", lambda _digest: shown)


def doubted(db: Path, channel: str, arrivals: Callable[[int], int]) -> list[str]:
    """Deliveries that cannot be repeated: what is confirmed arrived once, what is unknown once or never."""
    with closing(sqlite3.connect(db)) as connection:
        rows = connection.execute("select digest, state from deliveries where channel = ?", (channel,)).fetchall()
    counted = [(digest, state, arrivals(digest)) for digest, state in rows]
    return [
        f"digest {digest} by {channel} is {state} and arrived {count} times"
        for digest, state, count in counted
        if count not in {"confirmed": (1,), "unknown": (0, 1)}.get(state, ())
    ]


def states(db: Path) -> list[str]:
    """How deliveries by channels that cannot be repeated have ended."""
    with closing(sqlite3.connect(db)) as connection:
        return [row[0] for row in connection.execute("select distinct state from deliveries where channel != 'file'")]


def tear_log(db: Path, chance: random.Random) -> None:
    """Lose the end of the log, as a power cut does."""
    log = db.with_name(db.name + "-wal")
    if log.exists() and log.stat().st_size:
        size = log.stat().st_size
        os.truncate(log, chance.randrange(size))
        db.with_name(db.name + "-shm").unlink(missing_ok=True)


def main_driver() -> None:
    """Kill again and again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tear", action="store_true")
    parser.add_argument("--beside", action="store_true")
    parser.add_argument("--helper", action="store_true")
    parser.add_argument("--mails", type=Path, help="where a server on loopback notes the Message-ID of each mail")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    name, _, value = MARK.partition("=")
    os.environ[name] = value
    warm()
    # So small a world would be one transaction: kills are to fall between two as well.
    intake.TOGETHER = 50
    if options.beside:
        workbench.WORTH, workbench.os.cpu_count = 0, lambda: 2  # type: ignore[attr-defined]
    chance = random.Random(options.seed)
    fresh(options.home, options.scratch)
    began = time.monotonic()
    wrong = finish(options.scratch, options.command)
    took = time.monotonic() - began
    assert wrong is None, wrong
    expected = (tell(options.scratch / DB), files_of(options.scratch))
    for number in range(options.kills):
        at_s = chance.uniform(0, took * 1.02)
        tear = (lambda db: tear_log(db, chance)) if options.tear and number % 2 else None
        row = kill_once(options, at_s, expected, tear)
        print(json.dumps(row), flush=True)


def kill_once(
    options: argparse.Namespace, at_s: float, expected: tuple[Any, Any], tear: Callable[[Path], None] | None
) -> dict[str, Any]:
    """One kill, and what came of it."""
    db = options.scratch / DB
    fresh(options.home, options.scratch)
    if options.mails:
        options.mails.write_text("")
    child = run(options.scratch, options.command)
    time.sleep(at_s)
    hit = kill_helper() if options.helper else kill_run(child)
    _, status = os.waitpid(child, 0)
    if tear is not None:
        tear(db)
    # A damaged file is damaged until it is mended.
    wrong = look(db) if options.command[0] != "doctor" else []
    wrong += survivors()
    failure = ended_well(options.scratch, status) if options.helper else finish(options.scratch, options.command)
    if failure is not None and "goes into a new database" not in failure:
        wrong.append(failure)
    else:
        wrong += look(db)
        wrong += [f"{one.check}: {one.message}" for one in examine(db, datetime.now(UTC)) if one.state == "problem"]
        for what, (have, want) in enumerate(zip(tell(db), expected[0], strict=True)):
            if have != want:
                extra = [row for row in have if row not in want][:3]
                missing = [row for row in want if row not in have][:3]
                wrong.append(f"{QUERIES[what][:60]}: {len(have)} for {len(want)}, more {extra}, less {missing}")
        if files_of(options.scratch) != expected[1]:
            wrong.append(f"files {[(name, len(body)) for name, body in files_of(options.scratch)]}")
        wrong += doubted_shows(db, options.scratch / "output")
        if options.mails:
            finish(options.scratch, ["deliver"])
            wrong += doubted_mails(db, options.mails)
    return {
        "at_s": round(at_s, 4),
        "alive": hit and (options.helper or os.waitstatus_to_exitcode(status) == -signal.SIGKILL),
        "wrong": wrong,
        "states": states(db) if failure is None else [],
    }


def kill_run(child: int) -> bool:
    """Kill a run; whether there was one."""
    os.kill(child, signal.SIGKILL)
    return True


def kill_helper() -> bool:
    """Kill only the second process of the run; whether there was one."""
    found = helpers()
    for one in found:
        os.kill(one, signal.SIGKILL)
    return bool(found)


def fresh(home: Path, scratch: Path) -> None:
    """The state before the run."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(home, scratch)


def warm() -> None:
    """Load what every run loads, once, by letting one run of each kind do a little."""
    import chipreel.fetch.fetcher
    import chipreel.parse
    import chipreel.pipeline.upkeep  # noqa: F401

    lexicon.load_lexicon = functools.cache(lexicon.load_lexicon)
    weights.load_tag_model = functools.cache(weights.load_tag_model)
    glossary.load_story_knowledge = functools.cache(glossary.load_story_knowledge)
    lexicon.load_lexicon(places.find_default("data/companies.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "feeds.yaml").write_text("sources: []\n")
        (home / "items.jsonl").write_text('{"id": "1", "title": "英伟达 Nvidia ships chips", "text": "$7 billion"}\n')
        files = ["--quiet", "--feeds", str(home / "feeds.yaml")]
        for command in (["import", str(home / "items.jsonl")], ["digest", "--format", "json"], ["run"]):
            with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
                assert main([*files, *command]) == 0


if __name__ == "__main__":
    main_driver()
