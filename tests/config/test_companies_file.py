"""Adding a company changes nothing else in companies.yaml, and says what a person should know first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chipreel.config.companies_file import NewCompany, add_company, check_company, collisions
from chipreel.config.lexicon import load_lexicon, load_lexicon_text
from chipreel.config.places import find_default
from chipreel.errors import ConfigError

NEW = NewCompany("Lightmatter", "光物质", "chip", names=("Lightmatter Inc",), tickers=("LMTR",))


@pytest.fixture(scope="module")
def text() -> str:
    """The lexicon that ships."""
    return find_default("data/companies.yaml").read_text(encoding="utf-8")


def test_a_company_is_put_in_and_every_other_line_stays(text: str) -> None:
    """The file grows by its lines only, and loads with it."""
    changed = add_company(text, NEW, "companies.yaml")
    before, after = text.splitlines(), changed.splitlines()
    added = [line for line in after if line not in set(before)]

    assert [line for line in after if line in set(before)][: len(before)] != []
    assert len(after) - len(before) >= len(added) > 0
    company = next(one for one in load_lexicon_text(changed).companies if one.id == "lightmatter")
    assert (company.name_zh, company.group) == ("光物质", "chip")
    assert {"Lightmatter", "光物质", "Lightmatter Inc", "LMTR"} <= {alias.text for alias in company.aliases}


@pytest.mark.parametrize(
    ("new", "warning"),
    [
        (NewCompany("Atlas", None, "lab"), "common word"),
        (NewCompany("Zyx", None, "chip"), "short"),
        (NewCompany("Acme Chips", "英伟达", "chip"), "is a name of nvidia already"),
        (NewCompany("Acme Chips", "三星", "chip"), "is a name of samsung already"),
    ],
)
def test_names_that_collide_are_warned_of(new: NewCompany, warning: str) -> None:
    """Names of others, common words, and names too short to be told from words."""
    lexicon = load_lexicon(find_default("data/companies.yaml"))

    assert any(warning in line for line in collisions(new, lexicon))


def test_a_good_name_has_no_warnings() -> None:
    """Nothing to be careful about."""
    assert collisions(NEW, load_lexicon(find_default("data/companies.yaml"))) == []


@pytest.mark.parametrize(
    ("new", "message"), [(NewCompany("光", None, "chip"), "Latin"), (NewCompany("X y", None, "bank"), "group")]
)
def test_what_cannot_be_is_refused(text: str, new: NewCompany, message: str) -> None:
    """No id, no such group: nothing is written."""
    with pytest.raises(ConfigError, match=message):
        add_company(text, new, str(Path("companies.yaml")))


@pytest.mark.parametrize(
    ("changes", "option", "part"),
    [
        ({"group": "X"}, "--group", "'X' is not known"),
        ({"name": "Light\nmatter"}, "NAME", "one line"),
        ({"name": "Light\x1b[31mmatter"}, "NAME", "U+001B"),
        ({"name": "Lightmatter\udcff"}, "NAME", "not UTF-8"),
        ({"name": "光物质"}, "NAME", "Latin"),
        ({"name": "Ab" * 39}, "NAME", "more than 64"),
        ({"zh": "光\u202e物质"}, "--zh", "U+202E"),
        ({"zh": " "}, "--zh", "is empty"),
        ({"names": ("光" * 81,)}, "--name", "too long"),
        ({"ambiguous": ("光物質\x9b",)}, "--ambiguous", "U+009B"),
        ({"tickers": ("LMTR", "LOL LOL")}, "--ticker", "'LOL LOL' is no ticker"),
        ({"name": "OpenAI"}, "NAME", "also the id in line"),
        ({"zh": "輝達"}, "--zh", "also a name of nvidia"),
        ({"names": ("奥特曼",)}, "--name", "'奥特曼'"),
        ({"tickers": ("NVDA",)}, "--ticker", "also a name of nvidia"),
    ],
)
def test_the_option_at_fault_is_named_and_no_line_of_the_file(
    text: str, changes: dict[str, Any], option: str, part: str
) -> None:
    """The file is well: a line of an entry that was never written would lead nowhere."""
    with pytest.raises(ConfigError) as caught:
        add_company(text, replace(NEW, **changes), "companies.yaml")

    error = caught.value
    assert (error.path, error.line, error.key) == (None, None, option)
    assert part in error.message
    assert error.hint


def test_a_file_that_is_at_fault_itself_says_so(text: str) -> None:
    """Its own line, not an option."""
    spoilt = text.replace("group: lab", "group: laboratory", 1)
    with pytest.raises(ConfigError) as caught:
        add_company(spoilt, NEW, "companies.yaml")

    assert (caught.value.path, caught.value.key) == ("companies.yaml", "companies.group")


@pytest.mark.parametrize("ticker", ["NVDA", "688256", "0981.HK", "000660.KS", "BRK.B", "9888.HK"])
def test_tickers_of_every_exchange_are_taken(ticker: str) -> None:
    """Letters, digits, and the exchange after a point."""
    check_company(replace(NEW, tickers=(ticker,)))
