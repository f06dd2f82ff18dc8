"""Real feeds and other parsers' own test files: floors that may rise and not fall."""

from __future__ import annotations

import ast
import csv
import re
import tarfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse import READERS, ParsedFeed, parse_answer, parse_feed

#: What 267 real feeds of 50 publishers' software gave on the day the floors were set: 266 files, 5,911 entries, 5,702
#: dated ones. (One of them is RSS written as JSON, which nobody reads.)
FILES, ENTRIES, DATED = 266, 5_900, 5_695
#: Of feedparser's own expectations that can be compared (1,222), as many held: 1,173. The others are deliberate: a name
#: without its mail address, no invisible characters, CDF is not read, an id stays as it is written, an unclosed comment
#: hides what follows.
EXPECTATIONS_HELD = 1_170
#: Seconds of the processor that one document may take.
LIMIT_S = 2.0


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_real_feeds_are_read(shared: Path) -> None:
    """Nearly every feed has entries, nearly every entry a date, and no two entries of a feed one id."""
    found: list[tuple[Item, ...]] = []
    for row in rows(shared / "corpus/feeds/INDEX.tsv"):
        with suppress(ParseError):
            found.append(parse_feed((shared / "corpus/feeds" / row["path"]).read_bytes()).items)
    entries = [item for items in found for item in items]
    assert all(len({item.id for item in items}) == len(items) for items in found)
    assert sum(map(bool, found)) >= FILES
    assert len(entries) >= ENTRIES
    assert sum(item.published is not None for item in entries) >= DATED


def test_recoded_chinese_feeds_are_read(shared: Path) -> None:
    """Twenty feeds in every Chinese encoding, declared rightly, wrongly and not at all."""
    for row in rows(shared / "corpus/derived/MANIFEST.tsv"):
        items = parse_feed((shared / "corpus/derived" / row["path"]).read_bytes()).items
        assert len(items) == int(row["entries_expected"]), row["path"]
        assert flat(items[0].title) == flat(row["first_title_expected"]), row["path"]


@pytest.fixture(scope="module")
def conformance(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked test files of nine parsers."""
    folder = tmp_path_factory.mktemp("conformance")
    with tarfile.open(shared / "corpus/conformance.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "conformance"


def test_no_parsers_test_file_breaks_a_reader(conformance: Path) -> None:
    """Every file goes through `feed`, every seventh through all readers: ParseError or a result, and soon."""
    options = {"pattern": ".", "items": "items", "fields": {"title": "title", "url": "url"}}
    files = sorted(path for path in conformance.rglob("*") if path.is_file())
    slow = []
    for number, path in enumerate(files):
        for reader in READERS if number % 7 == 0 else ("feed",):
            started = time.process_time()
            with suppress(ParseError):
                parse_answer(reader, path.read_bytes(), options=options, url="https://example.com/feed")
            if time.process_time() - started > LIMIT_S:
                slow.append((reader, path))
    assert len(files) > 3_000
    assert slow == []


def test_feedparsers_expectations_hold(conformance: Path) -> None:
    """What feedparser expects of title, link, id, dates, texts, language and tags of its own files."""
    outcomes = Counter(
        outcome
        for row in rows(conformance / "feedparser/EXPECT.tsv")
        for outcome in _outcomes(row, conformance / "feedparser" / row["path"])
    )
    assert outcomes[True] >= EXPECTATIONS_HELD, outcomes


def _outcomes(row: dict[str, str], path: Path) -> Iterator[bool]:
    """Whether each comparable comparison of an expectation holds."""
    wanted = list(_comparisons(row["expect"]))
    body = path.read_bytes()
    if any(
        _needs_title(place) for place, _ in wanted
    ):  # an entry that says nothing is left out, so let it say something
        body = re.sub(rb"(<(?:item|entry)\b[^>]*>)(?!.*<title)", rb"\1<title>t</title>", body, flags=re.DOTALL)
    name, _, value = (row["header"] or "").partition(":")
    headers = {name.strip().lower(): value.strip()}
    url = headers.get("content-location") or f"http://127.0.0.1:8097/tests/{row['path']}"
    try:
        feed = parse_feed(body, content_type=headers.get("content-type"), url=url)
    except ParseError:
        feed = ParsedFeed((), "none")
    for place, value in wanted:
        found = _found(feed, place)
        if found is not None:
            yield _expected(value) in found


def _comparisons(expression: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(where, what) of every `entries[0]['title'] == 'x'` in an expectation."""
    with suppress(SyntaxError):
        for node in ast.walk(ast.parse(expression, mode="eval")):
            if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
                with suppress(ValueError, TypeError):
                    yield _place(node.left), ast.literal_eval(node.comparators[0])


def _place(node: ast.expr) -> tuple[Any, ...]:
    if isinstance(node, ast.Subscript):
        return (*_place(node.value), ast.literal_eval(node.slice))
    if isinstance(node, ast.Attribute):
        return (*_place(node.value), node.attr)
    if isinstance(node, ast.Name):
        return (node.id,)
    raise ValueError("not a path")


def _needs_title(place: tuple[Any, ...]) -> bool:
    return len(place) > 2 and (
        place[2] in ("id", "guid", "author", "language", "tags") or str(place[-1]).endswith("_parsed")
    )


def _found(feed: ParsedFeed, place: tuple[Any, ...]) -> set[Any] | None:
    """What we have for a place in feedparser's result; None when the two cannot be compared."""
    if place[0] == "feed":
        ours = {
            ("title",): feed.title,
            ("title_detail", "value"): feed.title,
            ("link",): feed.link,
            ("language",): feed.lang,
        }
        return {flat(ours[place[1:]])} if place[1:] in ours else None
    if place[0] != "entries" or len(place) < 3:
        return None
    item = feed.items[place[1]] if place[1] < len(feed.items) else Item(id="")
    match place[2:]:
        case ("title",) | ("title_detail", "value"):
            return {flat(item.title)}
        case ("link",):
            return {flat(item.url)}
        case ("id",) | ("guid",):
            return {flat(item.id)}
        case ("summary",) | ("description",) | ("summary_detail", "value") | ("content", 0, "value"):
            return {flat(body) for body in (item.text, item.summary) if body} or {""}
        case ("published_parsed",) | ("updated_parsed",) | ("created_parsed",) | ("modified_parsed",):
            return {moment.timetuple()[:6] for moment in (item.published, item.updated) if moment}
        case ("author",):
            return {flat(item.author)}
        case ("language",):
            return {flat(item.lang)}
        case ("tags", number, "term"):
            return {flat(item.categories[number])} if number < len(item.categories) else set()
    return None


def _expected(value: Any) -> Any:
    """Their value as ours would be: a moment to the second, a text without markup and white space."""
    return tuple(value[:6]) if isinstance(value, tuple) else _text(str(value))


@cache
def _text(markup: str) -> str:
    if "<" not in markup and "&" not in markup:
        return flat(markup)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # BeautifulSoup's advice on short texts
        return flat(BeautifulSoup(markup, "lxml").get_text())


def flat(text: str | None) -> str:
    return "".join((text or "").split())
