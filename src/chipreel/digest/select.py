"""Which candidates a profile may see: its interest, and what is muted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from chipreel.model.digest import Candidate, DigestArticle
from chipreel.model.profile import Interest, Mute
from chipreel.text.fold import fold


def visible(candidate: Candidate, interest: Interest, mutes: Sequence[Mute]) -> Candidate | None:
    """The candidate with the articles that this reader may see; None when nothing new of it remains.

    Sources, languages and mutes take articles away; the other dimensions decide whether the story belongs at all.
    """
    articles = tuple(
        article
        for article in candidate.articles
        if _is_readable(article, interest) and not any(is_muted(article, mute) for mute in mutes)
    )
    news = [article for article in articles if article.is_new or article.is_revised]
    if not news or not any(_is_wanted(article, interest) for article in articles):
        return None
    if len(articles) == len(candidate.articles):
        return candidate
    return _narrowed(candidate, articles)


def is_muted(article: DigestArticle, mute: Mute) -> bool:
    """Whether a rule hides an article: it meets everything that the rule gives."""
    return (
        (mute.source is None or article.source_id == mute.source)
        and (mute.company is None or mute.company in article.companies)
        and (mute.keyword is None or _holds(article, mute.keyword))
    )


def has_word(text: str, word: str) -> bool:
    """Whether a word stands in a text, in either script: Latin words whole, Chinese ones anywhere."""
    return _pattern(word).search(fold(text)) is not None


def _is_readable(article: DigestArticle, interest: Interest) -> bool:
    return (not interest.languages or article.lang in interest.languages) and (
        not interest.sources or article.source_id in interest.sources
    )


def _is_wanted(article: DigestArticle, interest: Interest) -> bool:
    return (
        _meets(interest.companies, article.companies)
        and _meets(interest.beats, article.beats)
        and _meets(interest.topics, article.topics)
        and (not interest.keywords or any(_holds(article, word) for word in interest.keywords))
    )


def _meets(wanted: Sequence[str], found: Sequence[str]) -> bool:
    return not wanted or any(one in found for one in wanted)


def _holds(article: DigestArticle, word: str) -> bool:
    return has_word(article.title, word) or has_word(article.text or "", word)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    plain = fold(word.strip())
    before = r"(?<![0-9a-z])" if plain[:1].isascii() else ""
    after = r"(?![0-9a-z])" if plain[-1:].isascii() else ""
    return re.compile(before + re.escape(plain) + after)


def _narrowed(candidate: Candidate, articles: tuple[DigestArticle, ...]) -> Candidate:
    ids = {article.id for article in articles}
    given = {article.publisher for article in articles if article.was_given}
    return replace(
        candidate,
        articles=articles,
        said=tuple(said for said in candidate.said if ids.intersection(said.articles)),
        sums=tuple(one for one in candidate.sums if ids.intersection(one.articles)),
        wordings=tuple(wording for wording in candidate.wordings if wording.article in ids),
        outlets_before=len(given),
    )
