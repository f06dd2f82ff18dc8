"""The whole main job through the program itself: fetch, store, tag, group, digest, search, browse."""

import csv
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import yaml

from chipreel.errors import ParseError
from chipreel.parse import parse_feed
from loopback import files_by_path, serving

#: Real feeds served in the large test.
FEEDS = 60


def run(*arguments: str, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """The program, as a person runs it."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("CHIPREEL_")}
    command = [sys.executable, "-m", "chipreel", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environ, timeout=120)
    assert done.returncode == code, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    return done


def cpu_s() -> float:
    """Processor time of the programs that ran so far: what a run costs, whatever else the machine is doing."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write_feeds(folder: Path, base: str, paths: list[str]) -> None:
    """A feeds.yaml of these paths on that server."""
    settings = {
        "allow_private_addresses": True,
        "min_delay_s": 0,
        "connections_per_host": 8,
        "timezone": "Asia/Shanghai",
    }
    sources = [
        {"id": f"feed-{n}", "title": path, "kind": "feed", "url": base + path, "language": "mul", "role": "press"}
        for n, path in enumerate(paths)
    ]
    document = {"settings": settings, "sources": sources}
    (folder / "feeds.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def real_feeds(shared: Path) -> dict[str, bytes]:
    """Real feeds that can be read, the most various first: one of each folder in turn."""
    index = (shared / "corpus/feeds/INDEX.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(index.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    rows.sort(key=lambda row: (-int(row["entries_feedparser"] or 0), row["path"]))
    wanted = [row["path"] for row in rows if row["lang"] == "zh"][: FEEDS // 2]
    wanted += [row["path"] for row in rows if row["lang"] != "zh"][: FEEDS - len(wanted)]
    return {f"/{path}": (shared / "corpus/feeds" / path).read_bytes() for path in wanted}


def test_sixty_real_feeds_end_in_a_digest_search_and_pages(shared: Path, tmp_path: Path) -> None:
    """Every readable feed is stored and tagged; a second run stores nothing and costs less than a fifth of it."""
    files = real_feeds(shared)
    expected = {}
    for path, body in files.items():
        try:
            expected[path] = len(parse_feed(body).items)
        except ParseError:
            expected[path] = 0
    statuses: list[int] = []
    with serving(files_by_path(files, statuses)) as base:
        write_feeds(tmp_path, base, list(files))
        started = cpu_s()
        first = run("daily", "--lang", "zh", cwd=tmp_path)
        first_s = cpu_s() - started
        db = sqlite3.connect(tmp_path / "data/chipreel.db")
        stored = dict(
            db.execute("select s.title, count(*) from sightings g join sources s on s.id = g.source group by 1")
        )
        before = db.execute("select count(*) from articles").fetchone()[0]
        asked = len(statuses)
        second = run("daily", "--lang", "zh", cwd=tmp_path)
        started = cpu_s()
        run("fetch", "--all", cwd=tmp_path)
        second_s = cpu_s() - started

    assert len(files) == FEEDS
    assert {path for path, count in stored.items() if count} == {path for path, count in expected.items() if count}
    assert db.execute("select count(*) from articles").fetchone()[0] == before
    assert db.execute("select count(*) from mentions").fetchone()[0] > 100
    assert set(statuses[asked:]) == {304}
    assert "没有新内容" in second.stdout
    assert "chipreel 简报" in first.stdout or "没有新内容" in first.stdout
    assert second_s < first_s / 5, (first_s, second_s)
    for query in ("芯片", "Nvidia"):
        hits = [json.loads(line) for line in run("search", query, "--json", cwd=tmp_path).stdout.splitlines()]
        assert hits, query
        assert query.lower() in (hits[0]["title"] + hits[0]["snippet"]).lower().replace("[", "").replace("]", "")
    assert _page_shows(tmp_path, "芯片")
    db.close()


def _page_shows(folder: Path, query: str) -> bool:
    command = [sys.executable, "-m", "chipreel", "browse", "--db", "data/chipreel.db", "--port", "0", "--no-open"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = re.search(r"http://[\d.:]+/", process.stderr.readline())
        assert address is not None
        found = httpx.get(f"{address[0]}chipreel/articles", params={"_search": query}, trust_env=False)
        process.send_signal(signal.SIGINT)
    return found.status_code == 200 and query in found.text


def test_the_demo_tells_both_steps_in_both_languages(tmp_path: Path) -> None:
    """Two digests, three commands, one clear line for each source that is broken, and again; an event is one story."""
    for lang, title in (("en", "chipreel digest"), ("zh", "chipreel 简报")):
        done = run("demo", "--lang", lang, cwd=tmp_path)

        assert done.stdout.count(f"# {title}") == 2
        assert done.stdout.count("--db data/demo.db") == 3
        failures = [line for line in done.stderr.splitlines() if re.match(r"^[a-z-]+: ", line)]
        assert [line.split(":")[0] for line in failures] == ["lighthouse-labs", "old-mill-review"] * 2

    with sqlite3.connect(tmp_path / "data/demo.db") as db:
        rows = db.execute("select languages from stories where articles > 1").fetchall()
    db.close()

    assert sum({"en", "zh"} <= set(json.loads(row[0])) for row in rows) >= 8


@pytest.mark.slow
def test_a_killed_run_is_finished_by_the_next(tmp_path: Path) -> None:
    """SIGKILL between two batches of a large run loses and doubles nothing; test_crash.py tries many moments."""
    items = "".join(
        f"<item><guid>{n}</guid><title>Nvidia ships chip {n}</title><link>https://x.example/{n}</link></item>"
        for n in range(150)
    )
    feed = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
    files = {f"/{n}": feed.replace(b"x.example", f"x{n}.example".encode()) for n in range(12)}
    with serving(files_by_path(files)) as base:
        write_feeds(tmp_path, base, [f"/{n}" for n in range(12)])
        process = subprocess.Popen([sys.executable, "-m", "chipreel", "fetch", "--quiet"], cwd=tmp_path)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and _articles(tmp_path) < 300:
            time.sleep(0.01)
        process.kill()
        process.wait()
        killed_at = _articles(tmp_path)
        run("fetch", cwd=tmp_path)

    with sqlite3.connect(tmp_path / "data/chipreel.db") as db:
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert db.execute("pragma foreign_key_check").fetchall() == []
        assert db.execute("select count(*), count(distinct canonical_url) from articles").fetchone() == (1800, 1800)
        assert db.execute("select count(*) from articles where relevant = 1 and story is null").fetchone()[0] == 0
    db.close()
    assert killed_at >= 300


def _articles(folder: Path) -> int:
    path = folder / "data/chipreel.db"
    if not path.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            count = int(db.execute("select count(*) from articles").fetchone()[0])
        db.close()
    except sqlite3.OperationalError:
        return 0
    return count


def test_two_runs_at_once_do_not_overlap(tmp_path: Path) -> None:
    """The second is told which process works, and changes nothing."""
    from chipreel.store.lock import run_lock

    write_feeds(tmp_path, "http://127.0.0.1:9", ["/x"])
    with run_lock(tmp_path / "data/chipreel.db"):
        done = run("fetch", cwd=tmp_path, code=1)

    assert f"process {os.getpid()}" in done.stderr


def test_every_source_unreachable_is_exit_one_and_clear_lines(tmp_path: Path) -> None:
    """No traceback; the reason of each."""
    write_feeds(tmp_path, "http://127.0.0.1:9", ["/a", "/b"])
    done = run("fetch", cwd=tmp_path, code=1)

    assert len([line for line in done.stderr.splitlines() if line.startswith("feed-")]) == 2


def test_without_feeds_the_way_out_is_named(tmp_path: Path) -> None:
    """A database is never made silently somewhere else."""
    done = run("daily", cwd=tmp_path, code=2)

    assert "chipreel init" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_writes_what_daily_reads(tmp_path: Path) -> None:
    """The two files that a person edits; twice changes nothing."""
    run("init", ".", cwd=tmp_path)
    (tmp_path / "feeds.yaml").write_text("mine")
    done = run("init", ".", cwd=tmp_path)

    assert (tmp_path / "data/companies.yaml").stat().st_size > 1000
    assert (tmp_path / "feeds.yaml").read_text() == "mine"
    assert "stays as it is" in done.stderr


def test_import_is_idempotent_and_searchable(tmp_path: Path) -> None:
    """Twice is once; bad lines are named and the rest goes in."""
    lines = [
        {"id": "1", "title": "软银筹措1000亿美元造芯"},
        {"id": "2", "title": "Nvidia passes Amazon", "published": "2024-02-14"},
    ]
    text = "\n".join([*(json.dumps(line) for line in lines), "not json", '{"title": "no id"}'])
    (tmp_path / "items.jsonl").write_text(text, encoding="utf-8")
    first = run("import", "items.jsonl", "--source", "archive", "--db", "x.db", cwd=tmp_path, code=1)
    second = run("import", "items.jsonl", "--source", "archive", "--db", "x.db", cwd=tmp_path, code=1)

    assert "imported 2 new" in first.stderr
    assert "items.jsonl:3" in first.stderr
    assert "items.jsonl:4" in first.stderr
    assert "imported 0 new, 0 revised, 2 known" in second.stderr
    hits = [
        json.loads(line) for line in run("search", "造芯", "--json", "--db", "x.db", cwd=tmp_path).stdout.splitlines()
    ]
    assert [hit["title"] for hit in hits] == ["软银筹措1000亿美元造芯"]
