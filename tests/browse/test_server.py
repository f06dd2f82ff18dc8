"""A real Datasette, asked over real HTTP."""

import csv
import io
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from chipreel.browse.guard import allowed_hosts
from chipreel.browse.spreadsheet import without_formulas
from chipreel.decide import content_hash
from chipreel.model import Item, Source
from chipreel.store import articles
from chipreel.store.database import open_database, transaction
from chipreel.store.sources import save_source

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
ITEMS = (
    Item("1", "Nvidia passes Amazon <script>alert(1)</script>", "https://a.example/1", text="Chips made it so."),
    Item("2", "軟銀籌措1000億美元造芯", "https://a.example/2", text="孙正义要为芯片筹钱。"),
    Item("3", "Sora 登场", "javascript:alert(1)", text="一分钟的东京街头。"),
    Item("4", '=HYPERLINK("http://evil.example","点我") 公式', "https://a.example/4", text="－2+3"),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a few articles, one of them nasty."""
    path = tmp_path_factory.mktemp("browse") / "reel.db"
    with open_database(path) as db, transaction(db):
        save_source(db, Source("alpha", "Alpha", "feed", "https://alpha.example/feed"))
        for item in ITEMS:
            new = articles.NewArticle(item, "alpha", content_hash(item), None, None, background=False, lang=None)
            articles.save_article(db, new, NOW)
    return path


@pytest.fixture(scope="module")
def server(database: Path) -> Iterator[httpx.Client]:
    """`chipreel browse` in a process of its own, ended by Ctrl-C."""
    command = [sys.executable, "-m", "chipreel", "browse", "--db", str(database), "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, line
    with httpx.Client(base_url=found[0], trust_env=False) as client:
        yield client
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0
    process.stderr.close()


@pytest.mark.parametrize(
    ("query", "ids"),
    [("芯片", [2]), ("芯", [2]), ("软银", [2]), ("chip", [1]), ("東京", [3]), ('"*(', []), ("苹果", [])],
)
def test_the_search_box_knows_both_languages(server: httpx.Client, query: str, ids: list[int]) -> None:
    """One character, Simplified for Traditional, a stem, junk: what is found is what a reader expects."""
    found = server.get("/reel/articles.json", params={"_search": query, "_shape": "array"})

    assert [row["id"] for row in found.json()] == ids


def test_ready_queries_answer_as_page_json_and_csv(server: httpx.Client) -> None:
    """Every ready query runs with its parameters, in every form."""
    for name in ("search", "company", "sums", "said", "attention"):
        for form in ("", ".json", ".csv"):
            answer = server.get(f"/reel/{name}{form}", params={"query": "芯片", "company": "", "person": ""})
            assert answer.status_code == 200, (name, form, answer.text[:200])


def test_text_from_the_web_is_never_markup(server: httpx.Client) -> None:
    """A title with a script in it is shown as it is written, and a javascript: address is no link."""
    page = server.get("/reel/articles").text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript:' not in page


def test_what_a_spreadsheet_gets_is_never_a_formula(server: httpx.Client) -> None:
    """A table and a query as CSV: titles are words, numbers stay numbers, and every row is there."""
    for path in (
        "/reel/articles.csv",
        "/reel/articles.csv?_dl=1",
        "/reel.csv?sql=select+title,text,-1.5+as+sum+from+articles",
    ):
        rows = list(csv.reader(io.StringIO(server.get(path).text)))

        assert len(rows) == len(ITEMS) + 1
        assert any("HYPERLINK" in cell for row in rows for cell in row)
        assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@＝＋－＠") and cell != "-1.5"] == []
    assert [row[2] for row in rows[1:]] == ["-1.5"] * len(ITEMS)


@pytest.mark.parametrize(
    ("row", "harmless"),
    [
        ("1,-2,+3.5,-1e9\r\n", "1,-2,+3.5,-1e9\r\n"),
        ('=1+1,"=1,2",芯片,\r\n', "'=1+1,\"'=1,2\",芯片,\r\n"),
        ('"a ""=b"", c",@x,＝1\r\n', '"a ""=b"", c",\'@x,\'＝1\r\n'),
        ('"two\r\n=lines", =1\r\n-x\r\n', "\"two\r\n=lines\",' =1\r\n'-x\r\n"),
    ],
)
def test_formulas_in_csv(row: str, harmless: str) -> None:
    """An apostrophe before what would be calculated; commas, line breaks and quotation marks in cells do not matter."""
    assert without_formulas(row) == harmless


def test_a_foreign_host_is_refused(server: httpx.Client) -> None:
    """A page on the web that points its own name at this address reads nothing."""
    answer = server.get("/reel/articles.json", headers={"Host": "evil.example"})

    assert answer.status_code == 421
    assert "Nvidia" not in answer.text


def test_pages_carry_a_policy(server: httpx.Client) -> None:
    """Nothing from outside may be loaded, and no other page may frame ours."""
    policy = server.get("/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_nothing_can_be_written(server: httpx.Client, database: Path) -> None:
    """SQL is read-only, and the file cannot be downloaded."""
    answer = server.get("/reel.json", params={"sql": "delete from articles"})

    assert answer.status_code == 400
    assert server.get("/reel.db").status_code in (403, 404)
    with sqlite3.connect(database) as db:
        assert db.execute("select count(*) from articles").fetchone() == (len(ITEMS),)


def test_reading_goes_on_while_a_run_writes(server: httpx.Client, database: Path) -> None:
    """A writer in the middle of its transaction blocks no page."""
    with open_database(database) as db, transaction(db):
        db.execute("update sources set title = 'Beta'")
        answer = server.get("/reel/articles.json", params={"_search": "芯片", "_shape": "array"}, timeout=5)
        db.execute("update sources set title = 'Alpha'")

    assert len(answer.json()) == 1


@pytest.mark.parametrize(
    ("host", "given", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1:8001", True),
        ("127.0.0.1", "localhost:8001", True),
        ("127.0.0.1", "localhost:80", False),
        ("127.0.0.1", "evil.example:8001", False),
        ("192.0.2.7", "localhost:8001", False),
        ("::1", "[::1]:8001", True),
    ],
)
def test_only_the_names_of_the_server_are_answered(host: str, given: str, allowed: bool) -> None:
    """The port counts too."""
    assert (given in allowed_hosts(host, 8001)) is allowed
