"""The index and its queries: substring search in Chinese, words in English, and never an error."""

import random
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chipreel.text.fold import fold
from chipreel.text.query import rewrite
from chipreel.text.segment import phrase, segment

HAN = "芯片公司造的大模型人工智能英伟达华为昇腾输出视频生成软银投资孙正义中国美国出口管制发布会"
WORDS = ["OpenAI", "Sora", "H100", "GPU", "chips", "AI"]


@pytest.fixture
def table() -> sqlite3.Connection:
    """An index as the store has it."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2')")
    return db


def _texts(seed: int, count: int) -> list[str]:
    source = random.Random(seed)
    pieces = [*HAN, *HAN, *WORDS, "，", "。", " ", "\n"]
    return ["".join(source.choice(pieces) for _ in range(source.randint(5, 60))) for _ in range(count)]


def _fill(db: sqlite3.Connection, texts: list[str]) -> None:
    db.executemany("insert into t(rowid, text) values (?, ?)", [(n, segment(t)) for n, t in enumerate(texts)])


def _found(db: sqlite3.Connection, query: str) -> set[int]:
    return {row[0] for row in db.execute("select rowid from t where t match ?", (phrase(query),))}


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_chinese_queries_find_exactly_what_plain_substring_search_finds(table: sqlite3.Connection, length: int) -> None:
    """Recall and precision are 1.00 for queries of one to five characters, taken from anywhere in the texts."""
    texts = _texts(7, 400)
    _fill(table, texts)
    source = random.Random(length)
    runs = [
        run for text in texts for run in "".join(c if c in HAN else " " for c in text).split() if len(run) >= length
    ]
    queries = {
        run[at : at + length] for run in source.sample(runs, 150) for at in [source.randint(0, len(run) - length)]
    }

    for query in queries:
        assert _found(table, query) == {n for n, text in enumerate(texts) if query in text}, query


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("OpenAI造芯片", "OpenAI造", True),
        ("造芯片OpenAI", "芯片OpenAI", True),
        ("造芯片OpenAI", "芯OpenAI", False),
        ("造芯片OpenAI", "片openai", True),
        ("用AI做视频", "AI做", True),
        ("用AI做视频", "用AI", True),
        ("芯片，公司", "片公", False),
        ("輝達發表新晶片", "辉达", True),
        ("辉达发布", "輝達", True),
        ("ＧＰＵ芯片", "gpu", True),
        ("new chips", "chip", True),
        ("a chip", "chips", True),
        ("metadata", "meta", False),
        ("GPT-4o mini", "gpt-4o", True),
        ("café", "cafe", True),
        ("삼성전자가 발표", "삼성", True),
        ("ソニーのカメラ", "カメラ", True),
    ],
)
def test_both_scripts_are_found_as_a_reader_expects(
    table: sqlite3.Connection, text: str, query: str, found: bool
) -> None:
    """Mixed scripts, Traditional and Simplified, full and half width; English by word and stem."""
    _fill(table, [text])

    assert bool(_found(table, query)) is found


@settings(max_examples=300)
@given(st.text())
def test_any_query_is_a_valid_expression(query: str) -> None:
    """No input makes FTS5 complain."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2')")

    db.execute("select rowid from t where t match ?", (rewrite(query),)).fetchall()
    db.close()


@pytest.mark.parametrize("junk", ['"', 'a"b*(', "*", "OR", "-", "NOT NOT", "AND", "a OR", "OR b", "::", "x:y", "\x00"])
def test_junk_is_searched_for_as_words(junk: str) -> None:
    """What looks like syntax and is none does no harm."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5(text)")

    assert db.execute("select count(*) from t where t match ?", (rewrite(junk),)).fetchone() == (0,)


@given(st.text())
def test_segmentation_is_of_the_folded_text(text: str) -> None:
    """Two texts that fold to the same are indexed the same."""
    assert segment(text) == segment(fold(text))
