"""What the sample world tells, against a truth noted by hand: every sum with its owner and role, every quote with its
speaker, in both scripts, from the words as they are published to the two commands that show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from chipreel.annotate import Annotator
from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.config.weights import load_tag_model
from chipreel.demo.world import SampleWorld
from chipreel.model import Annotation, Item, Source

WORLD = SampleWorld(Path(__file__).resolve().parents[2] / "data" / "sample")
TOLD: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "told.yaml").read_text(encoding="utf-8"))
LEXICON = load_lexicon(find_default("data/companies.yaml"))
SPEAKS_FOR = {
    person.id: company for person in LEXICON.people for company, _, until in person.speaks_for if until is None
}


@dataclass(frozen=True, slots=True)
class Read:
    """An item of the world with what was found in it."""

    key: str
    lang: str
    item: Item
    found: Annotation


@pytest.fixture(scope="module")
def read() -> list[Read]:
    """Every item of the world in its last version, annotated as `chipreel daily` annotates it."""
    annotator = Annotator(LEXICON, load_tag_model())
    return [one for source in WORLD.sources for one in _items(source, annotator)]


def _items(source: Any, annotator: Annotator) -> Iterable[Read]:
    is_post = source.format == "posts"
    known = Source(source.id, source.title, "feed", source.site, companies=source.companies)
    for item in source.items:
        entry = item.revised or item.first
        given = Item(
            entry.id, entry.title, text=entry.text, published=entry.published, author=entry.author,
            kind="post" if is_post else "article",
        )  # fmt: skip
        yield Read(f"{source.id}/{entry.id}", source.language, given, annotator.annotate(given, source=known))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ，,.。")


def _scores(pairs: Iterable[tuple[set[Any], set[Any]]]) -> tuple[float, float]:
    """Precision and recall of (found, true) sets, summed."""
    both = extra = missed = 0
    for found, true in pairs:
        both, extra, missed = both + len(found & true), extra + len(found - true), missed + len(true - found)
    return both / max(1, both + extra), both / max(1, both + missed)


def _sums(one: Read, shape: Callable[..., Any]) -> tuple[set[Any], set[Any]]:
    # A sum without a currency is not listed, and what is no number cannot be found.
    found = {shape(m.surface, m.amount, m.currency, _house(m.owner), m.role) for m in one.found.money if m.currency}
    true = {shape(*row) for row in TOLD["sums"].get(one.key, ()) if row[1] is not None}
    return found, true


def _house(owner: str | None) -> str | None:
    """Whom a person speaks for: what Son seeks is sought by SoftBank."""
    return SPEAKS_FOR.get(owner or "", owner)


def _quotes(one: Read, shape: Callable[..., Any]) -> tuple[set[Any], set[Any]]:
    found = {
        shape(_plain(q.text), q.speaker_id) for q in one.found.quotes if q.kind == "direct" and not _is_post(q, one)
    }
    return found, {shape(_plain(text), ident) for text, _, ident in TOLD["quotes"].get(one.key, ())}


def _is_post(quote: Any, one: Read) -> bool:
    """A post as a whole is its author's words, and not listed."""
    return one.item.kind == "post" and _plain(quote.text) == _plain(one.item.text or "")[: len(_plain(quote.text))]


def _of(read: list[Read], lang: str, pick: Callable[..., Any], shape: Callable[..., Any]) -> tuple[float, float]:
    return _scores(pick(one, shape) for one in read if one.lang == lang)


def test_the_truth_is_of_this_world(read: list[Read]) -> None:
    """Every item it names is there, and every sum and quote stands in it word for word."""
    items = {one.key: _plain(f"{one.item.title} {one.item.text}") for one in read}
    for key, rows in (*TOLD["sums"].items(), *TOLD["quotes"].items()):
        assert all(_plain(row[0]) in items[key] for row in rows), key


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_sum_is_found_and_hardly_anything_else(read: list[Read], lang: str) -> None:
    """With amount and currency."""
    precision, recall = _of(read, lang, _sums, lambda surface, amount, currency, *_: (surface, amount, currency))

    assert precision >= 0.98
    assert recall >= 0.99


@pytest.mark.parametrize(
    ("lang", "owner", "role"), [("en", (0.61, 0.61), (0.6, 0.6)), ("zh", (0.72, 0.72), (0.7, 0.7))]
)
def test_sums_have_whose_they_are_and_what_for(
    read: list[Read], lang: str, owner: tuple[float, float], role: tuple[float, float]
) -> None:
    """Precision and recall hold their floors; a sum that the text leaves open is right only when it stays open."""
    of_owner = _of(read, lang, _sums, lambda surface, _a, _c, owner, _r: (surface, owner))
    of_role = _of(read, lang, _sums, lambda surface, _a, _c, _o, role: (surface, role))

    assert of_owner[0] >= owner[0]
    assert of_owner[1] >= owner[1]
    assert of_role[0] >= role[0]
    assert of_role[1] >= role[1]


@pytest.mark.parametrize(("lang", "least"), [("en", 1.0), ("zh", 0.84)])
def test_quotes_have_their_speakers(read: list[Read], lang: str, least: float) -> None:
    """Nobody is quoted who was not, and each found quote has the id of who said it."""
    precision, recall = _of(read, lang, _quotes, lambda text, ident: (text, ident))

    assert precision >= 0.98
    assert recall >= least


def test_names_titles_and_scare_quotes_are_nobodys_words(read: list[Read]) -> None:
    """Words between quotation marks that nobody said are no quote."""
    found = {one.key: {_plain(q.text) for q in one.found.quotes if q.kind == "direct"} for one in read}

    assert [(key, one) for key, ones in TOLD["not_speech"].items() for one in ones if str(one) in found[key]] == []
