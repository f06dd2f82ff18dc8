"""The search language: what is typed, in either script, and what it means."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.text.query import Filter, Query, Term, match_expression, parse_query
from chipreel.text.same_names import with_other_names

CHIP, CHIPS, NVIDIA, AMD = Term("芯片"), Term("chips"), Filter("company", "nvidia"), Filter("company", "amd")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("芯片 chips", Query(((CHIP,), (CHIPS,)))),
        ("芯片 AND chips", Query(((CHIP,), (CHIPS,)))),
        ("芯片 OR chips", Query(((CHIP, CHIPS),))),
        ("芯片 ｜ chips", Query(((CHIP, CHIPS),))),
        ("芯片 -chips", Query(((CHIP,),), (CHIPS,))),
        ("芯片 －chips", Query(((CHIP,),), (CHIPS,))),
        ("芯片 NOT chips", Query(((CHIP,),), (CHIPS,))),
        ("chip*", Query(((Term("chip", prefix=True),),))),
        ('"new chips"', Query(((Term("new chips"),),))),
        ("“new chips”", Query(((Term("new chips"),),))),
        ("「芯片」", Query(((CHIP,),))),
        ("company:nvidia", Query(filters=(NVIDIA,))),
        ("公司：nvidia", Query(filters=(NVIDIA,))),
        ("Company:nvidia", Query(filters=(NVIDIA,))),
        ('company:"nvidia"', Query(filters=(NVIDIA,))),
        ("-company:nvidia", Query(filters=(Filter("company", "nvidia", negated=True),))),
        ("语言:中文 含:金额", Query(filters=(Filter("lang", "zh"), Filter("has", "money")))),
        ("company:nvidia OR company:amd 芯片", Query(((CHIP,),), either=((NVIDIA, AMD),))),
        ("芯片 OR company:nvidia", Query(either=((CHIP, NVIDIA),))),
        ("GPT-4:mini", Query(((Term("GPT-4:mini"),),))),
        ("https://a.example/x", Query(((Term("https://a.example/x"),),))),
        ("OR NOT AND", Query()),
        ('"" ** -- ::', Query()),
    ],
)
def test_what_is_typed_means_what_a_reader_expects(typed: str, meant: Query) -> None:
    """Operators, phrases, fields, and the marks that a Chinese keyboard writes."""
    assert parse_query(typed) == meant


@given(st.text(alphabet=st.sampled_from('芯片ab"*-:|() OR NOT AND company:nvidia since:7d“”：－\x00'), max_size=40))
def test_anything_typed_is_a_query(typed: str) -> None:
    """No mixture of marks, words and fields makes the index complain."""
    expression = match_expression(parse_query(typed))
    if expression:
        with sqlite3.connect(":memory:") as db:
            db.execute("create virtual table t using fts5(text)")
            db.execute("select rowid from t where t match ?", (expression,)).fetchall()
        db.close()


def test_a_very_long_query_is_a_query() -> None:
    """Five thousand words are no error."""
    expression = match_expression(parse_query(" ".join(f"w{n}" for n in range(5000)) + " 芯" * 500))
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5(text)")

    assert db.execute("select rowid from t where t match ?", (expression,)).fetchall() == []
    db.close()


@pytest.mark.parametrize("name", ["英伟达", "輝達", "Nvidia"])
def test_a_name_stands_for_all_names_of_the_same(name: str) -> None:
    """In either script, any name of a company brings its tag and its other names along."""
    query = with_other_names(parse_query(f"{name} 芯片"), load_lexicon(find_default("data/companies.yaml")))
    names = {one.text.lower() for one in query.either[0] if isinstance(one, Term)}

    assert query.groups == ((CHIP,),)
    assert NVIDIA in query.either[0]
    assert names >= {"英伟达", "nvidia"}


def test_a_word_that_is_no_name_stays_alone() -> None:
    """Nothing is added to what names nobody."""
    lexicon = load_lexicon(find_default("data/companies.yaml"))

    assert with_other_names(parse_query("出口管制 wafer"), lexicon) == parse_query("出口管制 wafer")
