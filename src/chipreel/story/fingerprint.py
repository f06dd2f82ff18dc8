"""An article as the set of terms by which it is compared. Made once, kept, and cheap to compare.

A term is a mark, a colon and a value:

    c company   p person   x product   e event   t thing   l place   b body   m measure
    w Latin word   z pair of Han characters   n number   v name with its version   f family of concepts

Each stretch of the title is one kind of term only: a name beats a glossary word, and a glossary word beats its
letters, so that evidence counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from operator import add
from struct import pack
from zlib import crc32

from chipreel.model.story import Concept, StoryItem
from chipreel.story.concepts import ConceptFinder
from chipreel.story.evidence import title_of
from chipreel.story.quantities import DIGIT, find_quantities
from chipreel.story.words import PART, SMALL, SMALL_HAN, is_cjk, iter_tokens, stem
from chipreel.text.fold import fold
from chipreel.text.late import late
from chipreel.text.script import CJK, has_han
from chipreel.text.titles import title_key

#: Of more companies, products or people, it is not clear whose occurrence it is.
MOST_OWNERS = 2
#: More of a title is not read.
TITLE_LENGTH = 400
#: Terms are taken from so much of the lead, copies are told by all of it.
LEAD_LENGTH = 180
SKETCH_SIZE = 20
_SKETCH_TOKENS = 90
#: So many characters of a Chinese text hold more than `_SKETCH_TOKENS`; only where they do not, the rest is read.
_SKETCH_REACH = 140
#: The same as `_WORD` in what is ASCII, but twice as fast.
_ASCII_WORD = re.compile("[A-Za-z0-9]+")
_WORD = late(rf"[{CJK}]|[^\W_{CJK}]+")
_VERSION = re.compile(
    r"(?<![a-z\d.])([a-z][a-z-]{0,14}[a-z])[ -]?v?(\d{1,3}(?:\.\d{1,5}){0,3})(?![\d%.]*[%\d])"
    r"(?!\s?(?:billion|million|bn|[kmb]\b|[亿万倍个月年]))"
)
#: A title that lists several events: an edition of the news, not a report of one.
_EDITION = re.compile(
    r"[早晚日周月][报刊]|要闻|速览|速递|早知道|晚间|快报|8点1|点击|收评|盘点|简报"
    r"|\b(?:round-?up|newsletter|briefing|recap|daily|weekly|morning|evening|this week|digest)\b"
)
#: Words before a number that is no version.
_NOT_VERSIONED = SMALL | set(
    "top under least worth nearly jan feb mar apr may jun jul aug sep oct nov dec usd rmb q".split()
)
#: (Agency Name/Outlet) at the end of an aggregator's title.
_CREDIT = re.compile(r"\s*\([^()]{2,60}/[^()]{2,60}\)\s*$|\s*\((?:[A-Z][\w.&' ]{2,30})\)\s*$")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What grouping remembers of an article. Everything plural is in order and without repetition."""

    id: str
    #: Days since 1970, with fraction; None = undated.
    day: float | None
    lang: str | None
    source: str | None
    url: str | None
    title_key: str
    terms: tuple[str, ...]
    #: Three Han characters or two Latin words in a row: who shares several of these, copies or quotes.
    phrases: tuple[str, ...]
    #: Terms of the lead that are not in the title.
    lead: tuple[str, ...] = ()
    #: The smallest hashes of the lead's runs of words, hexadecimal: texts that share most of them are copies.
    sketch: tuple[str, ...] = ()
    #: What happens once in a long while, with whose it is: "c:nvidia results"; with "!" in front where named outright.
    once: tuple[str, ...] = ()
    #: True = its title lists several events.
    is_roundup: bool = False


class FingerprintMaker:
    """Makes fingerprints with one glossary."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._concepts = ConceptFinder(concepts)

    def make(self, item: StoryItem) -> Fingerprint:
        """The fingerprint of an item; never fails, whatever the title holds."""
        title = (item.title or title_of(item))[:TITLE_LENGTH]
        if ")" in title:
            title = _CREDIT.sub("", title)
        names = {f"c:{id}" for id in item.companies} | {f"p:{id}" for id in item.people}
        names |= {f"x:{id}" for id in item.products}
        terms = names if item.in_title is None or not item.title else set(item.in_title)
        folded = fold(title)
        terms = terms | self.terms_of(folded, item.named)
        terms |= self._concepts.families_of(terms)
        lead = fold(item.lead) if item.lead else ""
        lead_terms = self.terms_of(lead[:LEAD_LENGTH], ()) | names if lead else set()
        lead_terms -= terms
        return Fingerprint(
            id=item.id,
            day=_day(item.published or item.first_seen),
            lang=item.lang,
            source=item.source,
            url=item.url,
            title_key=title_key(title),
            terms=_ordered(terms),
            phrases=_ordered(set(find_phrases(folded))),
            lead=_ordered(lead_terms),
            sketch=sketch(lead) if lead else (),
            once=_ordered(set(self._find_once(terms))),
            is_roundup=is_roundup(folded),
        )

    def _find_once(self, terms: set[str]) -> Iterator[str]:
        for mark, name, decisive in self._concepts.occurrences_of(terms):
            owners = [term for term in terms if term[0] == mark]
            if len(owners) <= MOST_OWNERS:
                for owner in owners:
                    yield f"{owner} {name}"
                    if decisive:
                        yield f"!{owner} {name}"

    def terms_of(self, folded: str, named: tuple[tuple[int, int], ...]) -> set[str]:
        """Terms of a folded text; stretches in `named` are known by an id and give no words."""
        numbers = find_quantities(folded)
        terms = {term for _, _, term in numbers}
        if DIGIT.search(folded):
            terms.update(_versions(folded))
        spans = [*named, *[(start, end) for start, end, _ in numbers]]
        covered: set[int] = set().union(*[range(start, end) for start, end in spans])
        latin: list[tuple[str, int]] = []
        han: list[tuple[int, int]] = []
        for match in iter_tokens(folded):
            token, start = match[0], match.start()
            if not token.isascii() and is_cjk(token):
                han.append((start, match.end()))
                if latin:
                    terms.update(self._latin_terms(latin, covered))
                    latin = []
            elif token.isalpha():
                latin.append((token, start))
            else:
                latin += [(part[0], start + part.start()) for part in PART.finditer(token)]
        terms.update(self._latin_terms(latin, covered))
        if han:
            terms |= self._han_terms(folded, han, covered)
        return terms

    def _latin_terms(self, words: list[tuple[str, int]], covered: set[int]) -> Iterator[str]:
        stems = [stem(word) for word, _ in words]
        known_until = 0
        for at, (word, start) in enumerate(words):
            if at < known_until or start in covered:
                continue
            found = self._concepts.find_in_stems(stems, at)
            if found:
                yield found[1]
                known_until = at + found[0]
            elif word not in SMALL and len(word) > 1:
                yield f"w:{stems[at]}"

    def _han_terms(self, text: str, runs: list[tuple[int, int]], covered: set[int]) -> set[str]:
        """Terms of the runs of Han, each from a place in `text` to another."""
        pairs = list(map(add, text, text[1:]))
        places = [at for start, end in runs for at in range(start, end - 1)]
        words = [word for word in self._concepts.find_in_han(text, pairs, places) if word[0] not in covered]
        spoken_for = covered.union(*[range(start, end) for start, end, _ in words])
        # A pair is new evidence unless both of its characters are spoken for.
        both = spoken_for.intersection([at - 1 for at in spoken_for])
        fresh = {pairs[at] for at in places if at not in both}
        return {term for _, _, term in words}.union(["z:" + pair for pair in fresh - SMALL_HAN])


def _versions(folded: str) -> Iterator[str]:
    for match in _VERSION.finditer(folded):
        if match[1] not in _NOT_VERSIONED:
            yield f"v:{match[1]}-{match[2]}"


def is_roundup(folded: str) -> bool:
    """Whether a folded title lists several events: two semicolons in Chinese, or one beside the word for an edition.

    English headlines join two halves of one event by a semicolon, so there the word is needed.
    """
    breaks = folded.count(";")
    return (breaks >= 2 and has_han(folded)) or (breaks >= 1 and _EDITION.search(folded) is not None)


def sketch(folded: str) -> tuple[str, ...]:
    """The `SKETCH_SIZE` smallest hashes of every five tokens in a row, in order; empty for a text too short to tell.

    A token is a Latin word or one CJK character. Only the first `_SKETCH_TOKENS` count: a copy begins alike.
    """
    words = _sketched_words(folded)
    if len(words) < SKETCH_SIZE:
        return ()
    joined = "".join(words).encode("utf-32-le", "surrogatepass")
    ends = list(accumulate([4 * len(word) for word in words], initial=0))
    hashes = {crc32(joined[start:end]) for start, end in zip(ends, ends[5:], strict=False)}
    smallest = sorted(hashes)[:SKETCH_SIZE]
    return tuple(pack(f">{len(smallest)}I", *smallest).hex(" ", 4).split())


def _sketched_words(folded: str) -> list[str]:
    if folded.isascii():
        return _ASCII_WORD.findall(folded)[:_SKETCH_TOKENS]
    words = _WORD.findall(folded, 0, _SKETCH_REACH)
    # A word that the reach cuts is the last one, and one too many.
    return (words if len(words) > _SKETCH_TOKENS else _WORD.findall(folded))[:_SKETCH_TOKENS]


def find_phrases(folded: str) -> Iterator[str]:
    """Every three Han characters in a row, and every two Latin words of which one is no small word."""
    before = ""
    for match in iter_tokens(folded):
        token = match[0]
        if not token.isascii() and is_cjk(token):
            yield from [token[at : at + 3] for at in range(len(token) - 2)]
            before = ""
            continue
        if before and not (before in SMALL and token in SMALL):
            yield f"{stem(before)} {stem(token)}"
        before = token


def _ordered(terms: set[str]) -> tuple[str, ...]:
    return tuple(sorted(terms))


def _day(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp() / 86400
