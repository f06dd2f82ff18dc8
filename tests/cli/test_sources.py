"""`chipreel sources` and its commands, through the program, with a server on loopback and files of the test."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from chipreel.cli import main
from chipreel.config.feeds import load_feeds

FEEDS = """\
# 我的来源  -- mine
settings:
  allow_private_addresses: true
  min_delay_s: 0   # loopback
  timeout_s: 5
sources:
  # ── English
  - id: wire
    title: "The  Wire"      # quoted as it was
    kind: feed
    url: {base}/wire
    language: en
    role: press

  # ── 中文
  - {{id: zhongwen, title: 芯片与视频模型中文新闻每日速递, kind: feed, url: "{base}/zh", language: zh, role: press,
     timezone: Asia/Shanghai}}

  - id: gone-site
    title: Gone
    kind: feed
    url: {base}/missing
    language: en
    role: press

# the end
"""


def rss(title: str, lang: str, *entries: tuple[str, datetime]) -> bytes:
    items = "".join(
        f"<item><title>{name}</title><link>https://{lang}.example/{n}</link><guid>{lang}{n}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for n, (name, at) in enumerate(entries)
    )
    head = f"<title>{title}</title><link>https://{lang}.example/</link>"
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


@pytest.fixture
def pages() -> dict[str, bytes]:
    """What the server has, by path."""
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "/wire": rss("Wire", "en", ("Sora gets longer clips", now - timedelta(hours=2))),
        "/zh": rss("中文", "zh", ("可灵发布新模型", now - timedelta(hours=3))),
        "/site": '<html><head><link rel="alternate" type="application/rss+xml" href="/blog"></head><p>首页</p></html>'.encode(),  # noqa: E501
        "/blog": rss("视频模型 博客", "blog", ("可灵与 Sora 的比较：谁更强", now - timedelta(days=1))),
        "/plain": b"<html><body>Nothing to follow here.</body></html>",
    }


@pytest.fixture
def base(pages: dict[str, bytes]) -> Iterator[str]:
    """Address of the server."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, base: str) -> Path:
    """A folder with a feeds.yaml."""
    (tmp_path / "feeds.yaml").write_text(FEEDS.format(base=base), encoding="utf-8")
    return tmp_path


Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def chipreel(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """Run the program there, in this process: that others start it, too, is tried elsewhere."""
    monkeypatch.chdir(home)

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        returned = main(arguments)
        told = capsys.readouterr()
        assert returned == code, told.err + told.out
        return subprocess.CompletedProcess(arguments, returned, told.out, told.err)

    return run


def rows(text: str) -> dict[str, dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    return {row.get("id") or row["source"]: row for row in found}


def test_the_list_says_how_each_source_is_and_how_far_back_it_reaches(chipreel: Program) -> None:
    """Those that need attention first; --json has every field, --health chooses."""
    chipreel("fetch", "--quiet")
    for _ in range(2):
        chipreel("fetch", "--all", "--quiet")
    told = rows(chipreel("sources", "--json").stdout)
    assert next(iter(told)) == "gone-site"
    assert told["gone-site"]["health"] == "degraded"
    assert "404" in told["gone-site"]["health_note"]
    assert told["wire"]["health"] == "ok"
    assert told["zhongwen"]["oldest"] <= told["zhongwen"]["last_good"]
    only = chipreel("sources", "--health", "degraded").stdout.splitlines()
    assert [line.split("\t")[0] for line in only] == ["gone-site"]


def test_a_health_that_does_not_exist_is_refused_and_says_which_do(chipreel: Program) -> None:
    """A slip of the pen must not look like good news."""
    chipreel("fetch", "--quiet")
    assert "silent" in chipreel("sources", "--health", "sielnt", code=2).stderr


def test_the_table_fits_a_terminal_of_80_columns(chipreel: Program, home: Path) -> None:
    """Double-width characters counted as two; every id readable in one piece."""
    chipreel("fetch", "--quiet")
    screen = _on_terminal([sys.executable, "-m", "chipreel", "sources"], home, 80)
    assert max(cell_len(line) for line in screen) <= 80
    for name in ("wire", "zhongwen", "gone-site"):
        assert any(line.split()[:1] == [name] for line in screen), "\n".join(screen)


def _on_terminal(command: list[str], where: Path, columns: int) -> list[str]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        command, cwd=where, stdout=theirs, stderr=subprocess.DEVNULL, env={**environ, "TERM": "dumb"}
    )
    os.close(theirs)
    chunks = []
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    process.wait(20)
    os.close(ours)
    return b"".join(chunks).decode().replace("\r", "").splitlines()


def test_check_tries_without_storing(chipreel: Program, home: Path) -> None:
    """Exit code 1 when one fails; nothing is written."""
    found = rows(chipreel("sources", "check", "--json", code=1).stdout)
    assert {name: row["ok"] for name, row in found.items()} == {"wire": True, "zhongwen": True, "gone-site": False}
    assert "404" in found["gone-site"]["error"]
    assert "1 items" in chipreel("sources", "check", "zhongwen").stdout
    assert not list(home.glob("*.db"))
    assert "sources" in chipreel("sources", "check", "nobody", code=2).stderr


def test_add_finds_the_feed_of_a_page_and_changes_nothing_else(chipreel: Program, home: Path, base: str) -> None:
    """The new entry stands after the last one; every other byte stays; twice is once."""
    before = (home / "feeds.yaml").read_text(encoding="utf-8")
    shown = chipreel("sources", "add", f"{base}/site", "--role", "analysis")
    assert "可灵与 Sora 的比较" in shown.stdout
    assert (home / "feeds.yaml").read_text(encoding="utf-8") == before, "not asked, not written"

    chipreel("sources", "add", f"{base}/site", "--role", "analysis", "--id", "my-blog", "--yes")
    after = (home / "feeds.yaml").read_text(encoding="utf-8")
    start = after.index("  - id: my-blog")
    end = after.index("\n\n# the end")
    assert after[:start].rstrip("\n") + after[end:] == before
    added = load_feeds(home / "feeds.yaml").sources[-1]
    assert (added.id, added.url, added.language, added.role) == ("my-blog", f"{base}/blog", "zh", "analysis")

    chipreel("sources", "add", f"{base}/site", "--yes")
    assert (home / "feeds.yaml").read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("path", "more", "code"),
    [("/plain", [], 1), ("/nowhere", [], 1), ("/site", ["--role", "friend"], 2), ("/site", ["--id", "Not An Id"], 2)],
)
def test_add_refuses_what_is_no_source(
    chipreel: Program, home: Path, base: str, path: str, more: list[str], code: int
) -> None:
    """No feed, no such page, no such role, no such id: said, and nothing written."""
    before = (home / "feeds.yaml").read_bytes()
    done = chipreel("sources", "add", base + path, "--yes", *more, code=code)
    assert done.stderr.strip()
    assert (home / "feeds.yaml").read_bytes() == before
    chipreel("sources", "add", "file:///etc/passwd", code=2)


def test_opml_goes_round(chipreel: Program, home: Path, base: str) -> None:
    """What is exported can be imported elsewhere, Chinese titles and all; twice is once."""
    exported = chipreel("sources", "export").stdout
    assert "芯片与视频模型中文新闻每日速递" in exported
    other = home / "other"
    other.mkdir()
    (other / "feeds.yaml").write_text("# empty\nsources: []\n", encoding="utf-8")
    (other / "list.opml").write_text(exported, encoding="utf-8")
    command = [sys.executable, "-m", "chipreel", "--feeds", str(other / "feeds.yaml")]
    for _ in range(2):
        subprocess.run([*command, "sources", "import", str(other / "list.opml")], check=True, capture_output=True)
        there = load_feeds(other / "feeds.yaml").sources
        assert [source.url for source in there] == [f"{base}/wire", f"{base}/zh", f"{base}/missing"]
        assert there[1].title == "芯片与视频模型中文新闻每日速递"
    (home / "bad.opml").write_text("这不是 OPML", encoding="utf-8")
    chipreel("sources", "import", "bad.opml", code=2)
    chipreel("sources", "import", "absent.opml", code=2)


def test_entries_of_opml_that_are_no_feed_of_the_web_are_named(chipreel: Program, home: Path) -> None:
    """How many, which, and why; the others are written, with titles that drive nobody's terminal."""
    outlines = "".join(
        f'<outline type="rss" text="{title}" xmlUrl="{url}" htmlUrl="{site}"/>'
        for title, url, site in (
            ("輝達\u009b[2J\u202e", "https://good.example/feed", "https://me:pw@good.example/"),
            ("本地", "file:///etc/passwd", ""),
            ("Empty", "", ""),
            ("Private", "https://me:hunter2@closed.example/feed", ""),
        )
    )
    (home / "list.opml").write_text(f"<opml><body>{outlines}</body></opml>", encoding="utf-8")
    told = chipreel("sources", "import", "list.opml").stderr
    assert "wrote 1 sources" in told
    assert "left out 3 entries of list.opml:" in told
    assert "'本地': 'file:///etc/passwd' is no web address" in told
    assert "'Empty': '' is no web address" in told
    assert "'Private': its address holds a user name or password" in told
    assert "hunter2" not in told
    added = load_feeds(home / "feeds.yaml").sources[-1]
    assert (added.title, added.url, added.site) == ("輝達[2J", "https://good.example/feed", None)
    chipreel("sources", "export")


def test_check_names_companies_that_nobody_knows(chipreel: Program, home: Path) -> None:
    """A slip of the pen in a source's companies would tag nothing, and nobody would notice."""
    path = home / "feeds.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Gone", "title: Gone\n    companies: [nvidja]"), "utf-8")
    told = chipreel("sources", "check", "gone-site", code=1).stderr
    assert "feeds.yaml:21: sources.companies: gone-site: there is no company 'nvidja' (perhaps nvidia)" in told
    assert "nvidja" not in chipreel("sources", "check", "wire").stderr


def test_what_comes_first_after_a_pause_is_background(chipreel: Program, home: Path, pages: dict[str, bytes]) -> None:
    """A paused source is left alone; resumed, what it brought meanwhile is no news, and what comes then is."""
    now = datetime.now(UTC).replace(microsecond=0)
    old, meanwhile = ("Kling one", now - timedelta(hours=80)), ("Kling two", now - timedelta(hours=60))
    pages["/wire"] = rss("Wire", "en", old)
    chipreel("fetch", "--quiet")
    assert "paused wire" in chipreel("sources", "pause", "wire").stderr
    assert rows(chipreel("sources", "--json").stdout)["wire"]["health"] == "paused"
    pages["/wire"] = rss("Wire", "en", old, meanwhile)
    chipreel("fetch", "--all", "--quiet")
    assert rows(chipreel("sources", "--json").stdout)["wire"]["items"] == 1

    chipreel("sources", "resume", "wire")
    chipreel("fetch", "--quiet")
    pages["/wire"] = rss("Wire", "en", old, meanwhile, ("Kling three", now - timedelta(hours=50)))
    chipreel("fetch", "--all", "--quiet")
    assert _background(home) == [("Kling one", 1), ("Kling two", 1), ("Kling three", 0)]
    chipreel("sources", "pause", "nobody", code=2)


def _background(home: Path) -> list[tuple[str, int]]:
    import sqlite3

    db = sqlite3.connect(next(home.rglob("*.db")))
    try:
        return db.execute("select title, background from articles where source = 'wire' order by id").fetchall()
    finally:
        db.close()
