"""search, show, stories, trends, quotes, money: as a person types them, on a small world in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
import webbrowser
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from chipreel.cli import main

ITEMS = (
    (
        "SoftBank seeks $100 billion for an AI chip venture",
        "SoftBank is seeking to raise $100 billion for AI chips. “Chips are the new oil,” said Masayoshi Son.",
        "https://a.example/1",
    ),
    (
        "软银拟筹资1000亿美元成立AI芯片公司",
        "软银集团正寻求筹集1000亿美元，成立一家AI芯片公司，与英伟达竞争。软银首席执行官孙正义说：“芯片就是新的石油。”",
        "https://a.example/2",
    ),
    ("OpenAI shows Sora, a model for video", "OpenAI showed Sora. Nvidia chips trained it.", "javascript:alert(1)"),
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with three articles."""
    folder = tmp_path_factory.mktemp("find")
    now = datetime.now(UTC)
    rows = [
        {"id": str(n), "title": title, "text": text, "url": url, "published": f"{now - timedelta(hours=n + 1):%FT%TZ}"}
        for n, (title, text, url) in enumerate(ITEMS)
    ]
    file = folder / "items.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    assert main(["import", str(file), "--source", "alpha", "--db", str(folder / "reel.db"), "--quiet"]) == 0
    return str(folder / "reel.db")


def _run(capsys: pytest.CaptureFixture[str], db: str, *arguments: str) -> str:
    assert main([*arguments, "--db", db]) == 0
    return capsys.readouterr().out


def _rows(capsys: pytest.CaptureFixture[str], db: str, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in _run(capsys, db, *arguments, "--json").splitlines()]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (["芯"], {2}),
        (["軟銀"], {2}),
        (["chip", "OR", "芯片"], {1, 2, 3}),
        (["--company", "softbank"], {1, 2}),
        (["company:软银", "-芯片"], {1}),
        (["英伟达", "--same"], {2, 3}),
        (["英伟达"], {2}),
        (["has:money", "lang:zh"], {2}),
    ],
)
def test_search_finds_in_both_scripts(
    capsys: pytest.CaptureFixture[str], db: str, query: list[str], ids: set[int]
) -> None:
    """Words, fields, options, and the other names of a company."""
    assert {row["id"] for row in _rows(capsys, db, "search", *query)} == ids


def test_search_gives_pages_and_csv(capsys: pytest.CaptureFixture[str], db: str) -> None:
    """Pages join to the whole; CSV holds what JSON holds."""
    pages = [_rows(capsys, db, "search", "beat:chips", "--limit", "1", "--page", str(n))[0]["id"] for n in (1, 2)]
    table = list(csv.DictReader(io.StringIO(_run(capsys, db, "search", "芯片", "--csv"))))

    assert len(set(pages)) == 2
    assert table[0]["title"] == ITEMS[1][0]
    assert "[芯片]" in table[0]["snippet"]


def test_open_takes_addresses_of_the_web_only(
    capsys: pytest.CaptureFixture[str], db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link is opened; a script, or a hit that is not there, is an error."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    assert main(["search", "芯片", "--open", "1", "--db", db]) == 0
    assert main(["search", "sora", "--open", "1", "--db", db]) == 2
    assert main(["search", "sora", "--open", "9", "--db", db]) == 2
    assert opened == ["https://a.example/2"]
    assert "no address of the web" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["search"], 2, "nothing to look for"),
        (["search", "芯片", "--compny", "nvidia"], 2, "no such option"),
        (["search", "since:someday"], 2, "write 2024-02-16"),
        (["search", "company:nvida"], 0, "is it nvidia?"),
        (["search", '"*('], 0, "nothing found"),
        (["search", "compny:nvidia"], 0, "is it company?"),
        (["search", "compny：英伟达"], 0, "is it company?"),
        (["search", "https://nowhere.example/x"], 0, "nothing found"),
        (["money", "--company", "nvida"], 0, "is it nvidia?"),
        (["quotes", "--about", "无此公司"], 0, "no company"),
        (["search", "芯片", "--saved", "none"], 2, "no saved search|no feeds.yaml"),
        (["money", "--role", "stolen"], 2, "raised"),
        (["money", "--sort", "colour"], 2, "usd or date"),
        (["quotes", "--since", "once"], 2, "7d"),
        (["show", "x"], 2, "no story and no article"),
        (["show", "s99"], 2, "no story s99"),
        (["show", "99"], 2, "no article 99"),
    ],
)
def test_what_makes_no_sense_says_what_to_write(
    capsys: pytest.CaptureFixture[str], db: str, arguments: list[str], code: int, message: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A clear message and the right exit code, never an error of SQL."""
    monkeypatch.chdir(tmp_path)

    assert main([*arguments, "--db", db]) == code
    said = capsys.readouterr().err
    assert any(part in said for part in message.split("|")), said


def test_a_saved_search_is_used_by_name(
    capsys: pytest.CaptureFixture[str], db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From feeds.yaml, narrowed by more words."""
    text = "settings:\n  searches:\n    rivals:\n      query: company:softbank\nsources: []\n"
    (tmp_path / "feeds.yaml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)

    assert {row["id"] for row in _rows(capsys, db, "search", "--saved", "rivals")} == {1, 2}
    assert {row["id"] for row in _rows(capsys, db, "search", "--saved", "rivals", "芯片")} == {2}


def test_quotes_and_money_answer_who_and_how_much(capsys: pytest.CaptureFixture[str], db: str) -> None:
    """Son by his Chinese name in both languages; the hundred billion once, in dollars."""
    quotes = _rows(capsys, db, "quotes", "--by", "孙正义")
    (figure,) = _rows(capsys, db, "money", "--company", "softbank", "--role", "seeking")

    assert {str(quote["text"]).strip(",。") for quote in quotes} == {"Chips are the new oil", "芯片就是新的石油"}
    assert (figure["usd"], figure["role"], len(figure["sightings"])) == (1e11, "seeking", 2)  # type: ignore[arg-type]
    assert "100000000000.0" in _run(capsys, db, "money", "--csv")
    assert "speaker" in _run(capsys, db, "quotes", "--csv").splitlines()[0]


def test_stories_show_and_trends_tell_what_happened(capsys: pytest.CaptureFixture[str], db: str) -> None:
    """Every list as JSON; a story and an article by their ids."""
    stories = _rows(capsys, db, "stories", "--company", "软银")
    (story,) = _rows(capsys, db, "show", str(stories[0]["id"]))
    (article,) = _rows(capsys, db, "show", "2")
    trends = {row["company"]: row for row in _rows(capsys, db, "trends", "--weeks", "4")}

    assert len(story["reports"]) == stories[0]["articles"]  # type: ignore[arg-type]
    assert article["quotes"][0]["person"] == "masayoshi-son"  # type: ignore[index]
    assert trends["softbank"]["weeks"][-1] == 2  # type: ignore[index]
    assert "孙正义" in _run(capsys, db, "show", "2")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("command", ["search 芯片", "stories", "trends", "quotes", "money", "show s1", "show s2"])
def test_nothing_is_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], db: str, monkeypatch: pytest.MonkeyPatch, width: int, command: str
) -> None:
    """With Chinese counted as two cells, every line fits."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    lines = re.sub("\x1b\\[[0-9;]*m", "", _run(capsys, db, *command.split())).splitlines()

    assert lines
    assert [line for line in lines if cell_len(line) > width] == []


BIG = "99999999999999999999"


@pytest.mark.parametrize(
    "line",
    [
        f"search 芯片 --limit {BIG}",
        f"search chips --page {BIG}",
        f"stories --limit {BIG}",
        f"quotes --limit {BIG}",
        f"trends --limit {BIG}",
        f"deliveries --limit {BIG}",
        f"resend {BIG}",
        f"show s{BIG}",
        f"show {BIG}",
        f"search story:s{BIG}",
    ],
)
def test_a_number_that_nobody_means_is_refused(db: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a message, not with what SQLite says of it."""
    assert main([*line.split(), "--db", db]) in (1, 2)
    assert BIG in capsys.readouterr().err
