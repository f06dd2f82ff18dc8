"""Whatever comes in from outside: an error of ours or a result, soon, and nothing obeyed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import resource
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
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


def mutated(body: bytes, other: bytes, chance: random.Random) -> bytes:
    """One document, spoilt in one of the ways in which networks, disks and people spoil them."""
    raw, at = bytearray(body), chance.randrange(len(body) or 1)
    match chance.randrange(8):
        case 0:
            return bytes(raw[:at])
        case 1:
            return bytes(raw[:at] + other[chance.randrange(len(other) or 1) :])
        case 2:
            for _ in range(chance.randint(1, 60)):
                raw[chance.randrange(len(raw) or 1)] ^= 1 << chance.randrange(8)
        case 3:
            coding = chance.choice(["gb18030", "big5", "utf-16", "utf-32", "shift_jis", "latin-1", "cp1251", "utf-7"])
            return body.decode("utf-8", "replace").encode(coding, "replace")
        case 4:
            return bytes(raw[:at]) * 2 + bytes(raw[at:])
        case 5:
            piece = chance.choice(
                [b"\0", b"]]>", b"<![CDATA[", b"&#x110000;", b"<!--", b"\xff\xfe", b"<a " * 500, b"&" * 999]
            )
            return bytes(raw[:at] + piece * chance.randint(1, 20) + raw[at:])
        case 6:
            return gzip.compress(body)[: chance.randrange(1, len(body))]
        case _:
            end = min(len(raw), at + 3000)
            return bytes(raw[:at] + bytes(reversed(raw[at:end])) + raw[end:])
    return bytes(raw)


def survive(bodies: list[bytes], rounds: int, annotator: Annotator, seed: int) -> list[str]:
    """What was wrong with reading and annotating so many spoilt documents."""
    chance, wrong = random.Random(seed), []
    for number in range(rounds):
        body = mutated(chance.choice(bodies), chance.choice(bodies), chance)
        started = time.process_time()
        try:
            items = parse_feed(body, url="https://a.example/feed").items
            for item in items[:3]:
                annotator.annotate(item)
        except ParseError:
            pass
        except Exception as error:
            wrong.append(f"{seed}/{number}: {type(error).__name__}: {error}")
        if (took := time.process_time() - started) > LIMIT_S:
            wrong.append(f"{seed}/{number}: {took:.1f} s for {len(body)} bytes")
    return wrong


def own_feeds(rss: Any) -> list[bytes]:
    """Feeds of three formats in both scripts."""
    body = rss(1, range(20), NOW)
    atom = re.sub(rb"<item>.*?<title>(.*?)</title>.*?</item>", rb"<entry><id>\1</id><title>\1</title></entry>", body)
    atom = b"<feed xmlns='http://www.w3.org/2005/Atom'>" + atom.partition(b"</title>")[2]
    entries = [{"id": str(n), "title": f"英伟达 {n}", "content_html": "<p>芯片 &amp; chips</p>"} for n in range(20)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": entries}
    return [body, atom, json.dumps(feed, ensure_ascii=False).encode()]


def test_three_hundred_spoilt_feeds_are_survived(rss: Any, annotator: Annotator) -> None:
    """Cut, spliced, flipped, doubled, encoded anew: items or a ParseError, each within two seconds."""
    assert survive(own_feeds(rss), 300, annotator, seed=1) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_spoilt_real_feeds_are_survived(shared: Path, annotator: Annotator, seed: int) -> None:
    """The same with feeds as they are on the web; memory stays bounded."""
    paths = sorted(path for path in (shared / "corpus/feeds").rglob("*") if path.is_file() and path.suffix != ".tsv")
    bodies = [path.read_bytes()[:200_000] for path in paths]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert survive([body for body in bodies if body], 2500, annotator, seed) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600 * 1024


HOSTILE = "=cmd|' /C calc'!A0 \x1b]0;owned\x07\x1b[2J <script>alert(1)</script> [x](javascript:x) `\u202e 芯片 Nvidia"


def hostile_world(world: Any, home: Path) -> Path:
    """A source whose every field is an attack."""
    escaped = re.sub(r"[\x00-\x1f]", lambda match: f"&#{ord(match[0])};", HOSTILE.replace("<", "&lt;"))
    item = (
        f"<item><guid>../../../etc/passwd</guid><title><![CDATA[{HOSTILE}]]></title><link>javascript:alert(1)</link>"
        f"<description>{escaped} Nvidia and OpenAI make chips for $5 billion.</description></item>"
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
    for command in (
        ["search", "芯片"],
        ["digest"],
        ["digest", "--format", "text"],
        ["sources"],
        ["digest", "--explain"],
    ):
        assert main(command) == 0
        told = capsys.readouterr()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", told.out + told.err), command
    main(["search", "芯片", "--csv"])
    cells = [cell for row in csv.reader(io.StringIO(capsys.readouterr().out)) for cell in row]
    assert any("calc" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
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
