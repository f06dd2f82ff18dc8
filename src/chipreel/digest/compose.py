"""Candidates → an edition: which stories, in which order, and what is told of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chipreel.digest.extract import best_lines, in_order, lead_article
from chipreel.digest.figures import is_in
from chipreel.digest.rank import Parts, score_parts, total
from chipreel.digest.reading_time import minutes
from chipreel.digest.select import visible
from chipreel.digest.shares import shares
from chipreel.digest.sums import SAME_IN_STORY, merged
from chipreel.digest.updates import Reason, new_sums, update_reasons
from chipreel.model.digest import (
    Candidate,
    Digest,
    DigestEntry,
    Found,
    LeftOut,
    OpenDelivery,
    Said,
    Share,
    SourceTrouble,
    Sum,
)
from chipreel.model.profile import Limits, Mute, Profile

#: Stories left out that are kept with the edition, so that they can be asked for.
_KEPT_LEFT = 300
#: Share of the reading time for stories that are told in more than a line.
_FULL_SHARE = 0.8
#: How many times the caps per source and company allow stories that are told in a line.
_BRIEF_TIMES = 3
#: Minutes taken by what surrounds the stories: numbers, troubles, headings.
_AROUND_MIN = 0.3


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition is told besides its stories."""

    profile: Profile
    lang: str
    timezone: str
    made_at: datetime
    since: datetime | None = None
    #: id → (English name, Chinese name)
    names: tuple[tuple[str, str, str], ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()
    mutes: tuple[Mute, ...] = ()
    #: (company, day, articles) of the window and the weeks before.
    attention: tuple[tuple[str, date, int], ...] = ()
    open_deliveries: tuple[OpenDelivery, ...] = ()
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ranked:
    candidate: Candidate
    reasons: tuple[Reason, ...]
    parts: Parts

    @property
    def score(self) -> float:
        return total(self.parts)


def compose(candidates: Sequence[Candidate], edition: Edition) -> Digest:
    """The edition: what may be seen, best first, within the profile's limits; the rest is named as left out."""
    profile = edition.profile
    seen = [visible(candidate, profile.interest, edition.mutes) for candidate in candidates]
    ranked = _ranked([one for one in seen if one is not None], edition)
    entries, left = _within_limits(ranked, edition)
    new = {article.id: article for one in ranked for article in one.candidate.articles if article.is_new}
    digest = Digest(
        profile=profile.name,
        lang=edition.lang,
        timezone=edition.timezone,
        made_at=edition.made_at,
        since=edition.since,
        until=edition.made_at,
        entries=tuple(entries),
        left_out=len(left),
        articles=len(new),
        sources=len({article.source_id for article in new.values()}),
        troubles=edition.troubles,
        shares=_shares(edition),
        left=tuple(left[:_KEPT_LEFT]),
        languages=tuple(Counter(article.lang for article in new.values() if article.lang).most_common()),
        open_deliveries=edition.open_deliveries,
        found=edition.found,
        minutes=round(_AROUND_MIN + sum(entry_minutes(entry) for entry in entries), 1) if entries else 0.0,
    )
    return replace(digest, names=tuple(name for name in edition.names if name[0] in _named(digest)))


def name_of(digest: Digest, identity: str | None) -> str | None:
    """The name of a company or person in the digest's language; the id where it has none, None for None."""
    for one, english, chinese in digest.names:
        if one == identity:
            return chinese if digest.lang == "zh" else english
    return identity


def entry_minutes(entry: DigestEntry) -> float:
    """Minutes that an entry takes: its own words, and a glance at each outlet that is named."""
    words = [entry.headline, *entry.lines, entry.summary or "", *(said.text for said in entry.said)]
    return minutes(" ".join(words)) + 0.01 * min(6, entry.outlets)


def _ranked(candidates: Iterable[Candidate], edition: Edition) -> list[_Ranked]:
    ranked = []
    for candidate in candidates:
        reasons = _reasons(candidate, edition)
        if candidate.state == "new" or reasons:
            parts = score_parts(candidate, edition.made_at, edition.profile.weights)
            ranked.append(_Ranked(candidate, reasons, parts))
    return sorted(ranked, key=lambda one: (-one.score, _number(one.candidate.story), one.candidate.story))


def _number(story: str) -> int:
    digits = story.removeprefix("s")
    return int(digits) if digits.isdecimal() else 0


def _reasons(candidate: Candidate, edition: Edition) -> tuple[Reason, ...]:
    if candidate.state == "update":
        return update_reasons(candidate, edition.profile.limits, edition.made_at)
    new = [article for article in candidate.articles if article.is_new]
    if not new:
        return ()
    reasons: list[Reason] = []
    publishers = {article.publisher for article in candidate.articles}
    if len(publishers) > 1:
        reasons.append(("reason.outlets", str(len(publishers))))
    official = next((article for article in new if article.role in ("official", "filings")), None)
    if official is not None:
        reasons.append(("reason.official", official.source_title))
    largest = candidate.sums[0] if candidate.sums else None
    if largest is not None and (largest.usd or 0) >= 1e8 and largest.role not in (None, "market-value"):
        reasons.append(("reason.sum", largest.surface))
    if any(said.speaker_id for said in candidate.said):
        reasons.append(("reason.voice", next(said.speaker_id for said in candidate.said if said.speaker_id)))
    about = next((company for article in candidate.articles for company in article.primary), None)
    if not reasons:
        reasons.append(("reason.about", about) if about else ("reason.relevant", ""))
    return tuple(reasons)


def _within_limits(ranked: Sequence[_Ranked], edition: Edition) -> tuple[list[DigestEntry], list[LeftOut]]:
    page = _Page(edition.profile.limits)
    for one in ranked:
        page.place(_entry(one, edition))
    return page.entries, page.left


@dataclass(slots=True)
class _Page:
    """The edition as it fills: in full while there is room, then in a line each, then left out."""

    limits: Limits
    entries: list[DigestEntry] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    #: Stories told in more than a line; whether there is room for no more of them.
    told: int = 0
    is_told: bool = False
    minutes: float = _AROUND_MIN
    #: Stories so far of each publisher, where it is the only one, and of each company.
    sources: Counter[str] = field(default_factory=Counter)
    companies: Counter[str] = field(default_factory=Counter)

    def place(self, entry: DigestEntry) -> None:
        """Take the next story, in the fullest form that the limits allow."""
        source = entry.articles[0].publisher if entry.outlets == 1 else ""
        company = entry.companies[0] if entry.companies else ""
        why = "minutes" if self.is_told else self._why_not(entry, source, company, times=1)
        if why is None:
            # Lines are chosen for those alone that are shown: of a busy day that is one in twenty.
            is_top = self.told < self.limits.top
            entry = replace(entry, lines=best_lines(entry.articles, 2 if is_top else 1), is_top=is_top)
            why = self._why_not(entry, source, company, times=1)
        self.is_told |= why == "minutes"
        if why in ("source", "company", "minutes"):
            entry = replace(entry, is_brief=True, is_top=False, lines=(), said=(), sums=())
            why = self._why_not(entry, source, company, times=_BRIEF_TIMES)
        if why is not None:
            self.left.append(LeftOut(entry.story, entry.headline, entry.url, why, entry.score, entry.score_parts))
            return
        self.entries.append(_bare(entry))
        self.told += not entry.is_brief
        self.minutes += entry_minutes(entry)
        self.sources[source] += 1
        self.companies[company] += 1

    def _why_not(self, entry: DigestEntry, source: str, company: str, *, times: int) -> str | None:
        limits = self.limits
        room = limits.minutes * (1 if entry.is_brief else _FULL_SHARE)
        if entry.score < limits.floor:
            return "floor"
        if len(self.entries) >= limits.stories:
            return "stories"
        if source and self.sources[source] >= limits.per_source * times:
            return "source"
        if company and self.companies[company] >= limits.per_company * times:
            return "company"
        return "minutes" if self.entries and self.minutes + entry_minutes(entry) > room else None


def _bare(entry: DigestEntry) -> DigestEntry:
    """The entry as it is kept: without the texts of its articles, and without what its lines say already."""
    return replace(
        entry,
        articles=tuple(replace(article, text=None) for article in entry.articles),
        said=tuple(quote for quote in entry.said if not any(quote.text in line for line in entry.lines)),
    )


def _entry(one: _Ranked, edition: Edition) -> DigestEntry:
    """A story, before it is known in which form it is told."""
    candidate = one.candidate
    lead = lead_article(candidate, edition.lang)
    ordered = in_order(candidate, lead, edition.lang)
    counts = Counter(company for article in ordered for company in article.primary or article.companies)
    publishers = {article.publisher for article in ordered}
    said, sums = _told(candidate, edition.lang)
    return DigestEntry(
        story=candidate.story,
        state=candidate.state,
        headline=lead.title,
        headline_lang=lead.lang,
        url=lead.url or next((article.url for article in ordered if article.url), None),
        lines=(),
        articles=ordered,
        outlets=len(publishers),
        companies=tuple(company for company, _ in counts.most_common()),
        beats=tuple(dict.fromkeys(beat for article in ordered for beat in article.beats)),
        topics=tuple(dict.fromkeys(topic for article in ordered for topic in article.topics)),
        first_seen=min(article.first_seen for article in ordered),
        last_seen=max(article.first_seen for article in ordered),
        reasons=one.reasons,
        said=said,
        sums=sums,
        score=one.score,
        score_parts=one.parts,
        covered=tuple(article.id for article in candidate.articles),
    )


def _told(candidate: Candidate, lang: str) -> tuple[tuple[Said, ...], tuple[Sum, ...]]:
    """The quotes and sums worth telling, those in the reader's language first: of an update, those that are new."""
    said, sums = candidate.said, candidate.sums
    if candidate.state == "update":
        given = {article.id for article in candidate.articles if article.was_given}
        said = tuple(one for one in said if not given.intersection(one.articles))
        sums = new_sums(candidate)
    said = tuple(sorted(said, key=lambda one: (one.speaker_id is None, not is_in(one.text, lang))))
    return said[:3], merged((one for one in sums if one.usd or one.role), SAME_IN_STORY)[:4]


def _shares(edition: Edition) -> tuple[Share, ...]:
    if not edition.attention:
        return ()
    zone = ZoneInfo(edition.timezone)
    until = edition.made_at.astimezone(zone).date()
    since = edition.since.astimezone(zone).date() if edition.since else until
    return shares(edition.attention, min(since, until), until)


def _named(digest: Digest) -> set[str]:
    named = {company for entry in digest.entries for company in entry.companies}
    named |= {share.company for share in digest.shares}
    named |= {value for entry in digest.entries for key, value in entry.reasons}
    named |= {one.owner for entry in digest.entries for one in entry.sums if one.owner}
    return named | {one.speaker_id for entry in digest.entries for one in entry.said if one.speaker_id}
