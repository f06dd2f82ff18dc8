"""The filters: JSON lines in and out, what is bad named and passed over, in order, offsets right."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ITEMS = [
    {"id": "1", "title": "英伟达市值超过亚马逊，升至1.78万亿美元", "published": "2024-02-14"},
    {
        "id": "2",
        "title": "Nvidia passes Amazon with a market value of $1.78 trillion",
        "published": "2024-02-14T09:00Z",
    },
    {"id": 3, "text": "“Sora是物理世界的模拟器，”杨立昆不同意。", "lang": "zh"},
    {"id": "4"},
]


def run(*arguments: str, given: str | bytes = "", cwd: Path | None = None) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, rows on standard output, standard error."""
    data = given if isinstance(given, bytes) else given.encode()
    done = subprocess.run(
        [sys.executable, "-m", "chipreel", *arguments], input=data, capture_output=True, check=False, cwd=cwd
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def lines(rows: list[dict[str, Any]]) -> str:
    """JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_annotate_keeps_order_and_offsets() -> None:
    """Every piece of evidence is what stands at its place; ids come back as texts; no field, no tags."""
    code, rows, _ = run("annotate", given=lines(ITEMS))

    assert code == 0
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert {company["id"] for company in rows[0]["companies"]} == {"nvidia", "amazon"}
    for item, row in zip(ITEMS, rows, strict=True):
        places = [
            place for kind in ("companies", "people", "products") for one in row[kind] for place in one["evidence"]
        ]
        for place in [*places, *row["money"]]:
            assert str(item[place["field"]])[place["start"] : place["end"]] == place["surface"]
        for quote in row["quotes"]:
            assert str(item[quote["field"]])[quote["start"] : quote["end"]] == quote["text"]


def test_a_bad_line_is_named_and_the_rest_goes_through() -> None:
    """Number and reason on standard error, exit code 1."""
    given = (
        lines(ITEMS[:1])
        + "not json\n[1]\n"
        + '{"title": "no id"}\n'
        + '{"id": "5", "title": 7}\n\n'
        + lines(ITEMS[1:2])
    )
    code, rows, stderr = run("annotate", given=given)

    assert code == 1
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [line.split(":")[1] for line in stderr.splitlines()] == ["2", "3", "4", "5"]


def test_annotated_items_can_be_clustered() -> None:
    """`annotate | cluster` groups as `cluster` does."""
    _, direct, _ = run("cluster", given=lines(ITEMS))
    _, annotated, _ = run("annotate", given=lines(ITEMS))
    _, piped, _ = run("cluster", given=lines(annotated))

    assert [row["id"] for row in direct] == ["1", "2", "3", "4"]
    assert direct[0]["story"] == direct[1]["story"]
    assert len({row["story"] for row in direct}) == 3
    assert [row["story"] for row in piped[:2]] == [row["story"] for row in direct[:2]]


@pytest.mark.parametrize("zipped", [False, True])
def test_parse_reads_plain_and_gzip(tmp_path: Path, zipped: bool) -> None:
    """The file is named as it was given; a file that cannot be read is a line of its own, and exit code 1."""
    feed = (
        "<rss version='2.0'><channel><item><title>芯片</title><link>https://a.example/1</link></item></channel></rss>"
    )
    body = gzip.compress(feed.encode()) if zipped else feed.encode()
    (tmp_path / "a.xml").write_bytes(body)
    (tmp_path / "b.xml").write_bytes(b"nothing")
    code, rows, stderr = run("parse", "a.xml", "b.xml", "c.xml", cwd=tmp_path)

    assert code == 1
    assert [(row["file"], row.get("title"), bool(row.get("error"))) for row in rows] == [
        ("a.xml", "芯片", False),
        ("b.xml", None, True),
        ("c.xml", None, True),
    ]
    assert {"b.xml", "c.xml"} <= {line.split(":")[0] for line in stderr.splitlines()}


def test_extract_prints_the_article_of_a_page(tmp_path: Path) -> None:
    """Title, date as stated, text; --url goes with a single page."""
    paragraph = "<p>孙正义宣布筹措1000亿美元，成立一家人工智能芯片企业，与几年前收购的芯片设计公司互补。</p>"
    date = "<meta property='article:published_time' content='2024-02-17T08:00:00+08:00'>"
    head = f"<html><head><title>软银要造芯 - 某报</title>{date}</head><body><nav>首页 科技</nav>"
    page = f"{head}<article><h1>软银要造芯</h1>{paragraph * 4}</article></body></html>"
    (tmp_path / "p.html").write_text(page, encoding="utf-8")
    code, rows, _ = run("extract", "p.html", "--url", "https://a.example/1", cwd=tmp_path)
    wrong, _, message = run("extract", "p.html", "p.html", "--url", "https://a.example/1", cwd=tmp_path)

    assert code == 0
    assert (rows[0]["title"], rows[0]["published"][:10], rows[0]["lang"]) == ("软银要造芯", "2024-02-17", "zh")
    assert "孙正义" in rows[0]["text"]
    assert (wrong, "single file" in message) == (2, True)


def test_filters_touch_no_database(tmp_path: Path) -> None:
    """Nothing is left behind in the working directory."""
    run("annotate", given=lines(ITEMS), cwd=tmp_path)
    run("cluster", given=lines(ITEMS), cwd=tmp_path)

    assert list(tmp_path.iterdir()) == []
