"""What is known and what was seen → keep, add or revise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chipreel.decide import (
    MAX_ID,
    MAX_REVISIONS,
    MAX_TEXT,
    MAX_TITLE,
    SUMMARY_LENGTH,
    Added,
    Kept,
    Revised,
    content_hash,
    decide,
    is_same_page,
    trimmed,
)
from chipreel.model import Item, KnownItem

NOW = datetime(2024, 2, 17, 8, tzinfo=UTC)
WINDOW = timedelta(hours=48)
ITEM = Item("1", title="软银要造芯", text="孙正义宣布筹措1000亿美元。", published=NOW - timedelta(hours=3))


def _decide(item: Item, known: KnownItem | None = None, *, first: bool = False) -> object:
    return decide(item, known, now=NOW, first_harvest=first, window=WINDOW)


def test_an_unknown_item_is_added() -> None:
    """What was never seen is news, whatever its date."""
    assert _decide(ITEM) == Added(content_hash(ITEM), background=False)
    assert _decide(replace(ITEM, published=None)) == Added(content_hash(ITEM), background=False)
    assert _decide(replace(ITEM, published=NOW - timedelta(days=900))) == Added(content_hash(ITEM), background=False)


@pytest.mark.parametrize(
    ("published", "background"),
    [(NOW - timedelta(hours=47), False), (NOW - timedelta(hours=49), True), (None, True)],
)
def test_a_first_harvest_is_background_unless_recent(published: datetime | None, background: bool) -> None:
    """A new source with a thousand old items does not flood the reader."""
    found = _decide(replace(ITEM, published=published), first=True)

    assert isinstance(found, Added)
    assert found.background is background


def test_the_same_content_is_kept() -> None:
    """Dates, white space and empty fields are no change."""
    known = KnownItem(7, content_hash(ITEM))

    assert _decide(replace(ITEM, published=NOW, text="孙正义宣布筹措1000亿美元。\n"), known) == Kept()


def test_a_changed_title_or_text_is_a_revision() -> None:
    """In either field, in either language."""
    known = KnownItem(7, content_hash(ITEM))
    changed = replace(ITEM, title="SoftBank plans chips")

    assert _decide(changed, known) == Revised(7, content_hash(changed))


def test_a_page_with_a_clock_in_it_is_left_alone_in_the_end() -> None:
    """After twenty-four revisions a change is no news."""
    known = KnownItem(7, content_hash(replace(ITEM, text="12:00")), revisions=MAX_REVISIONS)

    assert _decide(ITEM, known) == Kept()


def test_only_the_source_that_brought_an_article_revises_it() -> None:
    """Two sources with two wordings do not take turns."""
    assert _decide(ITEM, KnownItem(7, "1other", owned=False)) == Kept()


def test_a_hash_of_another_version_does_not_mark_the_archive_as_changed() -> None:
    """A new way of hashing changes nothing that is stored."""
    assert _decide(ITEM, KnownItem(7, "0" + content_hash(ITEM)[1:])) == Kept()


def test_hashes_are_stable() -> None:
    """A pinned value: the hash must not move between releases."""
    assert content_hash(Item("x", title="Sora", text="芯片")) == "14729aad8734e20b85fa9c7050603b28"


@pytest.mark.parametrize(
    ("address", "same_source", "same_title", "same"),
    [
        ("https://example.com/a", False, False, True),
        ("https://example.com/a", True, False, False),
        ("https://example.com/a", True, True, True),
        ("https://example.com", False, False, False),
        ("https://example.com/?id=3", False, False, True),
    ],
)
def test_one_address_is_one_article_only_where_it_names_a_page(
    address: str, same_source: bool, same_title: bool, same: bool
) -> None:
    """A feed that gives all its items the address of its home page loses none of them."""
    assert is_same_page(address, same_source=same_source, same_title=same_title) is same


def test_nothing_of_absurd_length_is_kept() -> None:
    """Texts are cut, an address that long is none, and two ids that differ at their end stay two."""
    long = "可灵 Kling " * 100_000
    item = Item(long + "1", long, f"https://a.example/{'x' * 10_000}", author=long, text=long, summary=long, lang=long)
    kept = trimmed(replace(item, via=long, kind=long), "full")

    assert kept.url is None
    assert kept.text == kept.summary == long[:MAX_TEXT]
    assert kept.title == kept.author == kept.via == long[:MAX_TITLE]
    assert kept.lang == kept.kind == long[:35]
    assert len(kept.id) == MAX_ID
    assert kept.id != trimmed(replace(item, id=long + "2"), "full").id
    assert trimmed(kept, "full") == kept


def test_only_what_the_terms_allow_is_kept() -> None:
    """A link keeps no text, a summary ends with a sentence, a full text stays."""
    long = "英伟达发布新芯片。" * 100
    item = replace(ITEM, text=long)

    assert trimmed(item, "link").text is None
    assert trimmed(item, "full").text == long
    summary = trimmed(item, "summary").text
    assert summary is not None
    assert len(summary) <= SUMMARY_LENGTH
    assert summary.endswith("。")
