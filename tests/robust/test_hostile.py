"""Whatever comes in from outside: an error of ours or a result, soon, and nothing obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chipreel.annotate import Annotator
from chipreel.cli import main
from chipreel.config.feeds import parse_feeds
from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.errors import ConfigError, ParseError
from chipreel.model import Item
from chipreel.parse import parse_feed
from chipreel.parse.page import parse_page
from chipreel.store.database import open_database
from chipreel.store.search import SearchOptions, search
from chipreel.text.query import parse_query

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
#: Seconds of the processor that one document may take.
LIMIT_S = 2.0
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = (
    "Nvidia", "英伟达", "$7 billion", "70亿美元", "“我们要芯片。”", '"We need chips," said', "黄仁勋表示", "Sora",
    "可灵", "輝達", "\x00", "\x1b[2J", "\u202e", "\ud800", "\U0010ffff", "ＡＩ", "İ", "\u0301" * 9, "「『", "」", "<b>",
    "&#0;", "\r\n", "9" * 30,
    "https://a.example/" + "x" * 50, ",", "。", " ", "\n\n", "1e999", "$-", "亿亿亿",
)  # fmt: skip
anything = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    """With the packaged lexicon."""
    return Annotator(load_lexicon(find_default("data/companies.yaml")), load_tag_model())


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory, items_module: str) -> Iterator[sqlite3.Connection]:
    """A database with a few articles."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "items.jsonl").write_text(items_module, encoding="utf-8")
    assert main(["--quiet", "import", str(folder / "items.jsonl"), "--db", str(folder / "a.db")]) == 0
    with open_database(folder / "a.db", write=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def items_module() -> str:
    """Some items in both scripts."""
    rows = [
        {"id": str(n), "title": title} for n, title in enumerate(("英伟达发布芯片", "Nvidia ships chips", "可灵视频"))
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@given(title=anything, text=anything)
@QUICK
def test_any_text_is_annotated_and_every_place_is_true(annotator: Annotator, title: str, text: str) -> None:
    """Offsets count code points of the very text that was given, surrogates and controls included."""
    found = annotator.annotate(Item("1", title, text=text))
    fields = {"title": title, "text": text}
    for mention in (*found.companies, *found.people, *found.products):
        for place in mention.evidence:
            assert fields[place.field][place.start : place.end] == place.surface
    for quote in found.quotes:
        assert fields[quote.field][quote.start : quote.end] == quote.text
    for money in found.money:
        assert fields[money.field][money.start : money.end] == money.surface


@given(query=st.one_of(anything, st.text(alphabet="\"*()-:^ANDORT nearchip芯片 +{}'\\", max_size=40)))
@QUICK
def test_any_query_finds_or_says_what_is_wrong(db: sqlite3.Connection, query: str) -> None:
    """No query is an SQL or FTS error."""
    try:
        search(db, parse_query(query), SearchOptions(now=NOW, zone=UTC))
    except ConfigError:
        return


@given(
    text=st.one_of(
        st.text(max_size=200),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(
                    st.sampled_from(
                        ["sources", "settings", "id", "url", "kind", "title", "timezone", "role", "options"]
                    ),
                    inner,
                    max_size=4,
                ),
            ),
            max_leaves=12,
        ).map(json.dumps),
    )
)
@QUICK
def test_any_feeds_file_is_read_or_refused_with_its_line(text: str) -> None:
    """A ConfigError is all that a settings file can cause."""
    told = "feeds.yaml"
    try:
        parse_feeds(text, "feeds.yaml")
    except ConfigError as error:
        told = str(error)
    assert told.startswith("feeds.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch owned']",
        "sources: !!python/name:os.system",
        "a: &a [1,1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nsources: *c",
        "sources: &x [*x]",
        "sources:\n" + "- " * 5000 + "a",
        "[" * 50_000,
        "sources: [{id: ../../etc, title: x, kind: feed, url: 'file:///etc/passwd', role: press, language: en}]",
    ],
)
def test_a_feeds_file_is_data_and_nothing_else(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tag makes an object, no anchor explodes, no depth ends the program."""
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    with pytest.raises(ConfigError):
        parse_feeds(text, "feeds.yaml")

    assert time.process_time() - started < LIMIT_S
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "../../etc/passwd"),
        ("id", "a/b"),
        ("id", "芯\0"),
        ("id", "a\nid: b"),
        ("url", "file:///etc/passwd"),
        ("url", "gopher://a.example/"),
        ("url", "javascript:alert(1)"),
        ("url", "http://a.example/\r\nX-Evil: 1"),
        ("url", "http://a.example\r\nHost: b.example/"),
        ("timezone", "../../../etc/passwd"),
        ("timezone", "/etc/localtime"),
    ],
)
def test_a_source_leads_nowhere_but_to_the_web(key: str, value: str) -> None:
    """Names that are paths, addresses that are no web, line breaks that would be headers: refused with their line."""
    source = {
        "id": "wire",
        "title": "芯",
        "kind": "feed",
        "url": "https://a.example/",
        "language": "zh",
        "role": "press",
    }
    assert parse_feeds(json.dumps({"sources": [source]})).sources
    with pytest.raises(ConfigError, match=rf"feeds\.yaml:1: .*{key}"):
        parse_feeds(json.dumps({"sources": [source | {key: value}]}), "feeds.yaml")


HOSTILE = "=cmd|' /C calc'!A0 \x1b]0;owned\x07\x1b[2J <script>alert(1)</script> [x](javascript:x) `\u202e 芯片 Nvidia"


#: Commands that show what a source has written.
SHOWING = (
    "search 芯片", "digest", "digest --format text", "digest --explain", "sources", "stories", "stories --json",
    "show 1", "show s1", "explain 1", "quotes", "money", "trends", "search 芯片 --json", "sources --json", "export",
)  # fmt: skip


def hostile_world(world: Any, home: Path) -> Path:
    """A source whose every field is an attack."""
    escaped = re.sub(r"[\x00-\x1f]", lambda match: f"&#{ord(match[0])};", HOSTILE.replace("<", "&lt;"))
    item = (
        f"<item><guid>../../../etc/passwd</guid><title><![CDATA[{HOSTILE}]]></title><link>javascript:alert(1)</link>"
        f"<description>{escaped} Nvidia and OpenAI make chips for $5 billion. “=SUM(1) {escaped}”, said Jensen Huang "
        "of Nvidia.</description></item>"
    )
    world.files["/0"] = f"<rss version='2.0'><channel><title>{escaped}</title>{item}</channel></rss>".encode()
    return world.write_home(home)


def test_a_hostile_source_drives_nobodys_terminal_browser_or_spreadsheet(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the wire through the database to every way out."""
    monkeypatch.chdir(hostile_world(world, tmp_path / "home"))
    assert main(["fetch"]) == 0
    assert "1 new" in capsys.readouterr().err
    for command in SHOWING:
        assert main(command.split()) == 0, command
        told = capsys.readouterr()
        assert told.out, command
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", told.out + told.err), command
    for command in ("search 芯片 --csv", "quotes --csv", "money --csv"):
        assert main(command.split()) == 0
        cells = [cell for row in csv.reader(io.StringIO(capsys.readouterr().out)) for cell in row]
        assert len(cells) > 10, command
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == [], command
    main(["digest", "--format", "html"])
    page = capsys.readouterr().out
    assert "<script" not in page
    assert 'href="javascript' not in page.lower()
    main(["digest", "--format", "atom"])
    ElementTree.fromstring(capsys.readouterr().out)
    main(["daily"])
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parts[0] for path in files} == {"home"}


@pytest.mark.parametrize(
    "row",
    [
        {"id": "\ud800", "title": "芯片 \ud800 Nvidia", "text": "\udfff"},
        {"id": "a\x00b", "title": "a\x00b 芯片", "text": "\x00"},
        {"id": "1", "title": "x" * 2_000_000, "text": "芯" * 2_000_000},
        {"id": "2", "title": "\u202e\u2066芯片", "url": "http://[::1"},
        {"id": "3", "title": "芯片", "published": "99999-99-99", "url": "javascript:alert(1)"},
        {"id": "4", "title": "芯片", "published": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_whatever_can_be_written_as_json_can_be_stored_and_found(
    row: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lone surrogates, NUL, bidi marks, absurd lengths and dates: stored whole, searched, exported, imported equal."""
    (tmp_path / "items.jsonl").write_text(json.dumps(row) + "\n", encoding="ascii")
    db = ["--db", str(tmp_path / "a.db")]
    assert main(["import", str(tmp_path / "items.jsonl"), *db]) == 0, capsys.readouterr().err
    assert main(["import", str(tmp_path / "items.jsonl"), *db]) == 0
    assert "0 new, 0 revised, 1 known" in capsys.readouterr().err
    assert main(["search", "芯片 OR 芯芯 OR xxxx*", "--json", *db]) == 0
    assert main(["export", str(tmp_path / "all.jsonl"), *db]) == 0
    assert main(["import", str(tmp_path / "all.jsonl"), "--db", str(tmp_path / "b.db")]) == 0
    assert main(["export", str(tmp_path / "again.jsonl"), "--db", str(tmp_path / "b.db")]) == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


documents = st.one_of(st.binary(max_size=400), anything.map(lambda text: text.encode("utf-8", "surrogatepass")))
#: Tags, halves of tags and what stands between them in feeds of every format.
MARKUP = st.sampled_from(
    "<item> </item> <entry> </entry> <title> </title> <title type='xhtml'> <link> <link/> <link href='//a'> <guid> "
    "</guid> <id> <pubDate> <updated> <content:encoded> <![CDATA[ ]]> <!-- --> <div xmlns='x'> </div> <a:b> xml:base=' "
    "' &#xD800; &nbsp; &x; <?xml ?> <!DOCTYPE <!ENTITY 2024-02-30 99999999999 英伟达 Nvidia \0 \ud800 \u202e".split(" ")
)


@given(
    root=st.sampled_from(["<rss><channel>", "<rdf:RDF>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "", "{", "["]),
    inside=st.one_of(documents, st.lists(MARKUP, max_size=40).map(lambda all: "".join(all).encode("utf-8", "replace"))),
)
@example(root="", inside=b"\x01")
@QUICK
def test_any_bytes_are_a_feed_or_refused(root: str, inside: bytes) -> None:
    """Nothing but ParseError escapes, no id comes twice, and no title holds what drives a terminal."""
    try:
        items = parse_feed(root.encode() + inside, url="https://a.example/feed").items
    except ParseError:
        return
    assert len({item.id for item in items}) == len(items)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "".join(item.title or "" for item in items))


@given(body=documents)
@QUICK
def test_any_bytes_are_a_page_or_refused(body: bytes) -> None:
    """Nothing but ParseError escapes."""
    try:
        parse_page(b"<html><body><article><p>" + body + b"</p></article>", url="https://a.example/")
    except ParseError:
        return
