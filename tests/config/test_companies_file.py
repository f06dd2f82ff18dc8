"""Adding a company changes nothing else in companies.yaml, and says what a person should know first."""

from pathlib import Path

import pytest

from chipreel.config.companies_file import NewCompany, add_company, collisions
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
