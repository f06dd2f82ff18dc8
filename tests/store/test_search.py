"""Searching the stored articles: exact in both scripts, narrowed by fields, never by reading every row."""

import json
import random
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.decide import content_hash
from chipreel.model import Annotation, Evidence, Item, Mention, Source
from chipreel.model.lexicon import Alias, Company, Lexicon
from chipreel.store import articles, frequent
from chipreel.store import search as store_search
from chipreel.store.annotations import save_annotation
from chipreel.store.database import open_database, transaction
from chipreel.store.filters import find_id
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.search import SearchOptions, search, statement
from chipreel.store.sources import save_source
from chipreel.text.fold import fold
from chipreel.text.query import parse_query
from chipreel.text.script import CJK

NOW = datetime(2024, 2, 20, 8, tzinfo=UTC)
NVIDIA = (Alias("Nvidia"), Alias("輝達"), Alias("NVDA", "ticker"), Alias("Green Team", "nickname"))
LEXICON = Lexicon(
    "1",
    (
        Company("nvidia", "Nvidia", "英伟达", "chip", NVIDIA),
        Company("amd", "AMD", "超微", "chip", (Alias("AMD"), Alias("超微半导体"), Alias("Green Team", "nickname"))),
    ),
    (),
)
ITEMS = (
    ("alpha", Item("1", "Nvidia passes Amazon", text="Chips made it worth $1.78 trillion.", published=NOW), "nvidia"),
    (
        "beta",
        Item("2", "英伟达市值超过亚马逊", text="芯片让它值1.78万亿美元。", published=NOW - timedelta(days=2)),
        "nvidia",
    ),
    ("beta", Item("3", "AMD 发布新芯片", text="新的加速器。", published=NOW - timedelta(days=40)), "amd"),
    ("alpha", Item("4", "A word on wafers", text="No company is named; chips are.", kind="post"), None),
)


def _add(db: sqlite3.Connection, item: Item, source: str, company: str | None) -> int:
    new = articles.NewArticle(item, source, content_hash(item), item.url, None, background=False, lang=None)
    with transaction(db):
        number = articles.save_article(db, new, NOW)
        companies = (Mention(company, 0.9, (Evidence("title", 0, 1, "x"),), primary=True),) if company else ()
        lang = "zh" if re.search(f"[{CJK}]", item.title or "") else "en"
        found = Annotation(lang, companies, beats=("chips",), relevant=True, relevance=0.9)
        save_annotation(db, number, found, day=NOW.date(), to_usd=lambda *_: None, version="1")
    return number


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Four articles of two sources."""
    with open_database(tmp_path / "a.db") as connection:
        with transaction(connection):
            sync_lexicon(connection, LEXICON)
            for name, language in (("alpha", "en"), ("beta", "zh")):
                save_source(connection, Source(name, name.title(), "feed", f"https://{name}.example/feed", language))
        for source, item, company in ITEMS:
            _add(connection, item, source, company)
        yield connection


def _find(db: sqlite3.Connection, query: str, **options: object) -> list[int]:
    wanted = SearchOptions(NOW, UTC, **options)  # type: ignore[arg-type]
    return [hit.id for hit in search(db, parse_query(query), wanted)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("company:nvidia", [1, 2]),
        ("company:英伟达", [1, 2]),
        ("公司：英偉達", [1, 2]),
        ("company:nvidia OR company:amd", [1, 2, 3]),
        ("-company:nvidia", [4, 3]),
        ("芯片 OR company:nvidia", [2, 3, 1]),
        ("wafers OR 发布 OR company:amd", [4, 3]),
        ("-chips", [2, 3]),
        ("company:nvidia -chips", [2]),
        ("芯片 -company:amd", [2]),
        ("lang:zh beat:chips since:7d", [2]),
        ("until:2024-02-01", [3]),
        ("chip kind:post", [4]),
        ("role:press 芯片", [3, 2]),
        ("chip*", [1, 4]),
        ('"passes amazon"', [1]),
        ('"amazon passes"', []),
        ("軟銀", []),
        ("***", []),
    ],
)
def test_words_and_fields_narrow_together(db: sqlite3.Connection, query: str, found: list[int]) -> None:
    """Every operator alone and with the others; what is newest or best stands first."""
    assert _find(db, query) == found or sorted(_find(db, query)) == sorted(found)
    assert set(_find(db, query)) == set(found)


def test_pages_join_without_gap_or_overlap(db: sqlite3.Connection) -> None:
    """Two by two is the same as all at once, with words and without."""
    for query in ("chips OR 芯片", "beat:chips"):
        whole = _find(db, query, limit=0)
        assert _find(db, query, limit=2) + _find(db, query, limit=2, offset=2) == whole
        assert len(whole) == 4


def test_what_is_recent_can_come_first(db: sqlite3.Connection) -> None:
    """The better match is old; by date or with age counted, the newer one stands first."""
    assert _find(db, "芯片") == [3, 2]
    assert _find(db, "芯片", order="date") == [2, 3]
    assert _find(db, "芯片", order="recent") == [2, 3]


def test_a_frequent_word_is_ranked_among_the_newest(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the bound, what is old gives way, and nothing else changes."""
    monkeypatch.setattr(store_search, "RANKED", 100)
    for number in range(150):
        _add(db, Item(f"n{number}", f"Chips {number}", text="chips"), "alpha", None)

    found = _find(db, "chips", limit=2)

    assert len(found) == 2
    assert min(found) > 50
    assert len(_find(db, "chips", limit=0)) == 152


def test_a_frequent_character_is_answered_by_the_newest(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same articles as by the index, the title first; and a rare character still goes by the index."""
    for number in range(30):
        _add(db, Item(f"n{number}", "标题" if number else "的", text="新的芯片"), "beta", None)
    by_index = set(_find(db, "的", limit=0))
    monkeypatch.setattr(frequent, "LARGE", 10)

    found = _find(db, "的", limit=50)

    assert set(found) == by_index
    assert found[0] == 5
    assert _find(db, "的", limit=10) + _find(db, "的", limit=10, offset=10) == found[:20]
    assert _find(db, "亚", limit=10) == [2]


@pytest.mark.parametrize("query", ["company:nvidia", "since:7d", "company:nvidia since:7d", "story:s1", "person:x"])
def test_fields_look_up_and_never_read_every_row(db: sqlite3.Connection, query: str) -> None:
    """SQLite's plan of a search by fields alone, and with words, goes by an index everywhere."""
    for words in ("", "芯片 "):
        sql, parameters = statement(db, parse_query(words + query), SearchOptions(NOW, UTC))
        plan = [row["detail"] for row in db.execute(f"explain query plan {sql}", parameters)]
        scans = [step for step in plan if step.startswith("SCAN ") and "USING INDEX" not in step]
        allowed = ("SCAN f", "SCAN articles_fts VIRTUAL TABLE", "SCAN (subquery", "SCAN json_each", "SCAN a_")
        assert [step for step in scans if not step.startswith(allowed)] == [], plan


def _runs(text: str) -> list[str]:
    return re.findall(f"[{CJK}]+", fold(text))


def _check(texts: list[str], path: Path, rng: random.Random) -> int:
    """Ask for pieces of the texts; what is found is what plain substring search finds. Returns the queries asked."""
    with open_database(path) as db:
        with transaction(db):
            save_source(db, Source("a", "A", "feed", "https://a.example/feed"))
            for number, text in enumerate(texts):
                item = Item(str(number), None, text=text)
                new = articles.NewArticle(item, "a", content_hash(item), None, None, background=False, lang=None)
                articles.save_article(db, new, NOW)
        folded = [fold(text) for text in texts]
        runs = [run for text in texts for run in _runs(text)]
        asked = 0
        for length in range(1, 6):
            long_enough = [run for run in runs if len(run) >= length]
            for run in rng.choices(long_enough, k=60):
                at = rng.randint(0, len(run) - length)
                query = run[at : at + length]
                expected = {n + 1 for n, text in enumerate(folded) if query in text}
                assert set(_find(db, f'"{query}"', limit=0)) == expected, query
                asked += 1
        mixed = [
            pair for text in folded for pair in re.findall(f"(?<![a-z0-9])([a-z]{{2,12}}) ?([{CJK}]{{2,4}})", text)
        ]
        for word, run in rng.sample(mixed, min(60, len(mixed))):
            pattern = re.compile(rf"(?<![^\W_{CJK}]){word}(?![^\W_{CJK}])[\W_]*{run}")
            found = set(_find(db, f'"{word}{run}"', limit=0))
            expected = {n + 1 for n, text in enumerate(folded) if pattern.search(text)}
            assert expected <= found, (word, run)
            asked += 1
    return asked


def test_own_chinese_texts_are_found_exactly(project: Path, tmp_path: Path) -> None:
    """Recall and precision are 1.00 against substring search on our own labelled sentences."""
    rows = [
        json.loads(line)
        for name in ("quotes", "money")
        for line in (project / "data" / "labelled" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    texts = [row["text"] for row in rows if _runs(row.get("text") or "")]

    assert _check(texts, tmp_path / "own.db", random.Random(1)) >= 300


def test_real_chinese_texts_are_found_exactly(shared: Path, tmp_path: Path) -> None:
    """Recall and precision are 1.00 against substring search on real news in Chinese, mixed with Latin names."""
    lines = (shared / "corpus" / "news.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    texts = [row["text"] for row in rows if row["lang"] == "zh"][:3000]

    assert _check(texts, tmp_path / "real.db", random.Random(2)) >= 300


WORDS = """generation generative generator general generously accelerators accelerating acceleration announcement
announced simulation simulators technology technologies technological relational relative happiness happily funding
funded licences licensing operational operators universities university decisions decisive agreement agreed running
runner manufacturability capable capabilities nationalisation realization modernize optimism optimistic competitors
competitively independence independently emergency regulatory regulations différence Générative""".split()


def test_the_beginning_of_a_word_finds_the_words_that_begin_so(db: sqlite3.Connection) -> None:
    """Wherever in a word it ends, although the index keeps stems; and nothing else, although stems are shared."""
    numbers = {
        _add(db, Item(f"w{n}", f"芯片 {word.upper() if n % 2 else word}", text="用" + word + "做"), "alpha", None): word
        for n, word in enumerate(WORDS)
    }
    options = SearchOptions(now=NOW, zone=UTC, limit=0)
    plain = {number: fold(word).replace("é", "e") for number, word in numbers.items()}

    for start in sorted({word[:cut] for word in plain.values() for cut in range(3, len(word) + 1)}):
        found = {hit.id for hit in search(db, parse_query(f"{start}*"), options)} & numbers.keys()
        assert found == {number for number, word in plain.items() if word.startswith(start)}, start


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("generati* 视频", ["video"]),
        ("generati* OR 通用", ["video", "general"]),
        ("視頻 -generati*", []),
        ("模型 -generati*", ["general"]),
        ("-generati* source:beta", ["general"]),
        ("Generati* source:beta", ["video"]),
    ],
)
def test_the_beginning_of_a_word_beside_others(db: sqlite3.Connection, query: str, expected: list[str]) -> None:
    """It narrows, widens and excludes like any word, in both scripts."""
    db.execute("delete from articles")
    named = {
        _add(db, Item("v", "Generative 视频模型", text="A generation of models."), "beta", None): "video",
        _add(db, Item("g", "通用模型", text="A general view, generously told."), "beta", None): "general",
    }
    options = SearchOptions(now=NOW, zone=UTC, limit=0)

    assert sorted(named[hit.id] for hit in search(db, parse_query(query), options)) == sorted(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nvidia", "nvidia"),
        ("英偉達", "nvidia"),
        ("輝達", "nvidia"),
        ("辉达", "nvidia"),
        ("ＮＶＤＡ", "nvidia"),
        ("超微半導體", "amd"),
        ("green team", "amd"),
        ("Red Team", None),
    ],
)
def test_a_company_goes_by_all_its_names(db: sqlite3.Connection, name: str, expected: str | None) -> None:
    """In either script, however they are written; of two that share one, the first."""
    assert find_id(db, "company", name) == expected
    if expected:
        options = SearchOptions(now=NOW, zone=UTC, limit=0)
        found = [[hit.id for hit in search(db, parse_query(f'company:"{one}"'), options)] for one in (name, expected)]
        assert found[0] == found[1] != []
