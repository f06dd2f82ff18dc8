"""Candidates → an edition: which stories, in which order, and what is told of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chipreel.model.digest import Candidate, Digest, DigestArticle, DigestEntry, SourceTrouble

#: Roles from the one that speaks first to the one that speaks last.
_ROLE_ORDER = ("official", "filings", "press", "research", "analysis", "commentary", "community")
_SENTENCE = re.compile(r"(?<=[。！？!?])|(?<=[.!?])\s+(?=[A-Z\"“])")
#: Code points of text shown under a headline.
_LINE_LENGTH = 220


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition is told besides its stories."""

    profile: str
    lang: str
    timezone: str
    made_at: datetime
    since: datetime | None = None
    #: id → (English name, Chinese name)
    names: tuple[tuple[str, str, str], ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()


def compose(candidates: Sequence[Candidate], edition: Edition) -> Digest:
    """The edition: every candidate once, best first."""
    entries = sorted((_entry(candidate, edition) for candidate in candidates), key=_rank)
    articles = {article.id for candidate in candidates for article in candidate.articles if article.is_new}
    sources = {a.source_id for candidate in candidates for a in candidate.articles if a.is_new}
    named = {company for entry in entries for company in entry.companies}
    return Digest(
        profile=edition.profile,
        lang=edition.lang,
        timezone=edition.timezone,
        made_at=edition.made_at,
        since=edition.since,
        until=edition.made_at,
        entries=tuple(entries),
        articles=len(articles),
        sources=len(sources),
        names=tuple(name for name in edition.names if name[0] in named),
        troubles=edition.troubles,
    )


def by_company(digest: Digest) -> list[tuple[str | None, list[DigestEntry]]]:
    """The entries under the company each is first of all about; companies with most stories first, none last."""
    groups: dict[str | None, list[DigestEntry]] = {}
    for entry in digest.entries:
        groups.setdefault(entry.companies[0] if entry.companies else None, []).append(entry)
    return sorted(groups.items(), key=lambda group: (group[0] is None, -len(group[1]), group[0] or ""))


def company_name(digest: Digest, company: str | None) -> str | None:
    """A company's name in the digest's language; None for None."""
    for identity, english, chinese in digest.names:
        if identity == company:
            return chinese if digest.lang == "zh" else english
    return company


def _rank(entry: DigestEntry) -> tuple[float, float, str]:
    return (-entry.score, -entry.last_seen.timestamp(), entry.story)


def _entry(candidate: Candidate, edition: Edition) -> DigestEntry:
    ordered = sorted(candidate.articles, key=lambda article: _article_rank(article, edition.lang))
    lead = ordered[0]
    counts = Counter(company for article in ordered for company in article.primary or article.companies)
    publishers = {article.publisher for article in ordered}
    return DigestEntry(
        story=candidate.story,
        state=candidate.state,
        headline=lead.title,
        headline_lang=lead.lang,
        url=lead.url,
        lines=_lines(lead),
        articles=tuple(ordered),
        outlets=len(publishers),
        companies=tuple(company for company, _ in counts.most_common()),
        beats=tuple(dict.fromkeys(beat for article in ordered for beat in article.beats)),
        topics=tuple(dict.fromkeys(topic for article in ordered for topic in article.topics)),
        first_seen=min(article.first_seen for article in ordered),
        last_seen=max(article.first_seen for article in ordered),
        reasons=_reasons(candidate, publishers),
        said=candidate.said,
        sums=candidate.sums,
        score=float(len(publishers)) + max(article.relevance for article in ordered),
    )


def _article_rank(article: DigestArticle, lang: str) -> tuple[bool, bool, int, float]:
    role = _ROLE_ORDER.index(article.role) if article.role in _ROLE_ORDER else len(_ROLE_ORDER)
    return (not article.is_new, article.lang != lang, role, -article.first_seen.timestamp())


def _reasons(candidate: Candidate, publishers: set[str]) -> tuple[tuple[str, str], ...]:
    reasons: list[tuple[str, str]] = []
    if candidate.state == "update" and len(publishers) > candidate.outlets_before:
        reasons.append(("reason.more", str(len(publishers) - candidate.outlets_before)))
    if any(article.is_revised for article in candidate.articles):
        reasons.append(("reason.revised", ""))
    if len(publishers) > 1 and candidate.state == "new":
        reasons.append(("reason.outlets", str(len(publishers))))
    return tuple(reasons)


def _lines(article: DigestArticle) -> tuple[str, ...]:
    """The first sentences of the text that fit, verbatim; none when the text only repeats the title."""
    text = " ".join((article.text or "").split())
    if not text or text.startswith(article.title):
        text = text[len(article.title) :].lstrip(" .。—-:：")
    taken, length = [], 0
    for sentence in _SENTENCE.split(text[:2000]):
        if not sentence or length + len(sentence) > _LINE_LENGTH:
            break
        taken.append(sentence.strip())
        length += len(sentence)
    return tuple(taken[:2])
