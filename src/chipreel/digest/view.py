"""An edition in words: what every format shows, in the reader's language, before it takes a format's form.

Formats add marks and place; what is said, and in which order, is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from chipreel.digest.compose import name_of
from chipreel.digest.figures import day_and_time, dollars, full_day, is_in, is_in_dollars, sparkline, written
from chipreel.digest.labels import find_label, label, outlets
from chipreel.digest.page import EntryView, GroupView, OutletView, PageView, SaidView, SectionView, ShareView, SumView
from chipreel.digest.sums import SAME_ACROSS, merged
from chipreel.model.digest import Digest, DigestArticle, DigestEntry, Said, Sum

#: Outlets named under a story at the top, and under others.
OUTLETS_TOP, OUTLETS_SHORT = 6, 3
#: Longest quote shown, in code points; quotes are never cut.
_QUOTE_LENGTH = 320
_SAID_SHOWN, _SUMS_SHOWN = 6, 8
#: Reasons whose value is the id of somebody.
NAMING = ("reason.voice", "reason.about")
_BEATS = ("video", "chips", "both", "none")


def view(digest: Digest) -> PageView:
    """The edition in words."""
    lang, zone = digest.lang, ZoneInfo(digest.timezone)
    look = _Look(digest, zone)
    top = [entry for entry in digest.entries if entry.is_top]
    rest = [entry for entry in digest.entries if not (entry.is_top or entry.is_brief)]
    sections = [SectionView(label(lang, "top"), (GroupView("", tuple(map(look.entry, top))),))] if top else []
    sections += look.by_beat(rest)
    return PageView(
        lang=lang,
        title=label(lang, "title"),
        day=full_day(lang, digest.made_at, zone),
        covers=_covers(digest),
        notices=tuple(look.notices()),
        nothing=None if digest.entries else label(lang, "nothing"),
        sections=tuple(sections),
        brief=tuple(look.entry(entry) for entry in digest.entries if entry.is_brief),
        said=look.said_today(),
        sums=look.sums_of_the_day(),
        numbers=look.numbers(),
        shares=tuple(look.shares()),
        found=tuple((one.search, one.title, one.url, one.source_title) for one in digest.found),
        troubles=tuple(look.troubles()),
        left_out=_left_out(digest),
    )


def outlet_name(article: DigestArticle) -> str:
    """The outlet, and the author of a post."""
    if article.kind == "post" and article.author and article.author not in article.source_title:
        return f"{article.author}, {article.source_title}"
    return article.source_title


def reason(digest: Digest, key: str, value: str) -> str:
    """Why a story is here, in words."""
    if key == "reason.sum":
        every = (one for entry in digest.entries for one in entry.sums)
        one = next((one for one in every if value in (one.surface, *one.surfaces)), None)
        value = written(one, digest.lang) if one else value
    return label(digest.lang, key, n=(name_of(digest, value) or "") if key in NAMING else value)


def _covers(digest: Digest) -> str:
    if not digest.entries:
        return ""
    key = "covers.one" if len(digest.entries) == 1 else "covers"
    text = label(digest.lang, key, stories=len(digest.entries), articles=digest.articles, sources=digest.sources)
    return f"{text} · {label(digest.lang, 'minutes', n=max(1, round(digest.minutes)))}"


def _left_out(digest: Digest) -> str | None:
    if not digest.left_out:
        return None
    return label(digest.lang, "left_out.one" if digest.left_out == 1 else "left_out", n=digest.left_out)


class _Look:
    """Puts parts of one edition into words."""

    def __init__(self, digest: Digest, zone: ZoneInfo) -> None:
        self._digest, self._lang, self._zone = digest, digest.lang, zone

    def by_beat(self, entries: Sequence[DigestEntry]) -> list[SectionView]:
        """The other stories by beat, in each by company, the company with most stories first."""
        sections = []
        for beat in _BEATS:
            groups: dict[str, list[DigestEntry]] = {}
            for entry in entries:
                if _beat(entry) == beat:
                    groups.setdefault(_subject(entry), []).append(entry)
            if groups:
                ordered = sorted(groups.items(), key=lambda group: (not group[0], -len(group[1])))
                views = (GroupView(self._company(name), tuple(map(self.entry, of))) for name, of in ordered)
                sections.append(SectionView(label(self._lang, f"beat.{beat}"), tuple(views)))
        return sections

    def entry(self, entry: DigestEntry) -> EntryView:
        """One story."""
        shown, more = self._outlets(entry)
        return EntryView(
            id=entry.story,
            mark=label(self._lang, "update") if entry.state == "update" else "",
            headline=entry.headline,
            url=entry.url,
            lang=entry.headline_lang or "",
            lines=entry.lines,
            summary=entry.summary,
            facts=self._facts(entry),
            outlets=shown,
            more=label(self._lang, "more", n=more) if more else "",
            why=" · ".join(reason(self._digest, *one) for one in entry.reasons),
            said=tuple(self._said(one) for one in self._shown_said(entry)),
            sums=tuple(self._sum(one) for one in entry.sums[:2]) if entry.is_top else (),
        )

    def _facts(self, entry: DigestEntry) -> str:
        """How many outlets, unless that is why it is here, and the story's id."""
        is_said = any(key == "reason.outlets" for key, _ in entry.reasons)
        return entry.story if is_said else f"{outlets(self._lang, entry.outlets)} · {entry.story}"

    def said_today(self) -> tuple[SaidView, ...]:
        """Quotes of people we know, that do not stand with their story."""
        shown = {one.text for entry in self._digest.entries for one in self._shown_said(entry)}
        rest = [one for entry in self._digest.entries for one in entry.said if one.speaker_id and one.text not in shown]
        unique = {one.text: one for one in rest if len(one.text) <= _QUOTE_LENGTH}
        return tuple(self._said(one) for one in list(unique.values())[:_SAID_SHOWN])

    def sums_of_the_day(self) -> tuple[SumView, ...]:
        """The largest sums whose owner or role is known, each once."""
        return tuple(self._sum(one) for one in _largest(self._digest.entries))

    def numbers(self) -> tuple[tuple[str, str], ...]:
        """The edition in figures."""
        digest = self._digest
        if not digest.entries:
            return ()
        rows = [("stories", len(digest.entries)), ("articles", digest.articles), ("sources", digest.sources)]
        found = [(label(self._lang, f"numbers.{key}"), f"{number:,}") for key, number in rows]
        found += [(find_label(self._lang, f"lang.{lang}", lang), f"{n:,}") for lang, n in digest.languages[:4]]
        largest = next(iter(_largest(digest.entries)), None)
        if largest is not None and largest.usd:
            found.append((label(self._lang, "numbers.largest"), dollars(self._lang, largest.usd)))
        return tuple(found)

    def shares(self) -> Iterable[ShareView]:
        """Who is talked about, and how much more or less than usual."""
        for share in self._digest.shares:
            usual = label(self._lang, "share.unknown") if share.usual is None else f"{share.usual:g}"
            yield ShareView(self._company(share.company), str(share.now), usual, sparkline(share.weeks), share.weeks)

    def troubles(self) -> Iterable[tuple[str, str]]:
        """Sources that are not well."""
        for trouble in self._digest.troubles:
            parts = [find_label(self._lang, f"health.{trouble.health}", trouble.health)]
            if trouble.since is not None:
                when = day_and_time(self._lang, trouble.since, self._zone, today=self._digest.made_at)
                parts.append(label(self._lang, "since", when=when))
            if trouble.note:
                parts.append(trouble.note)
            yield trouble.title, " · ".join(parts)

    def notices(self) -> Iterable[str]:
        """What to do about deliveries that went wrong."""
        for one in self._digest.open_deliveries:
            when = day_and_time(self._lang, one.made_at, self._zone, today=self._digest.made_at)
            key = "delivery.unknown" if one.state == "unknown" else "delivery.failed"
            yield label(self._lang, key, id=one.id, channel=one.channel, when=when, note=one.note or "")

    def _shown_said(self, entry: DigestEntry) -> tuple[Said, ...]:
        """The quote that stands with a story: the first; its speaker's in the reader's language, where there is one."""
        short = tuple(one for one in entry.said if len(one.text) <= _QUOTE_LENGTH)
        if not entry.is_top or not short:
            return ()
        who = short[0].speaker_id or short[0].speaker
        own = (one for one in short if (one.speaker_id or one.speaker) == who and is_in(one.text, self._lang))
        return (next(own, short[0]),)

    def _company(self, company: str) -> str:
        return (name_of(self._digest, company) or "") if company else label(self._lang, "company.none")

    def _outlets(self, entry: DigestEntry) -> tuple[tuple[OutletView, ...], int]:
        """The best report of each publisher, both languages among them, and how many publishers more there are."""
        firsts: dict[str, DigestArticle] = {}
        for article in entry.articles:
            firsts.setdefault(article.publisher, article)
        most = OUTLETS_TOP if entry.is_top else 1 if entry.is_brief else OUTLETS_SHORT
        shown = list(firsts.values())[:most]
        languages = {article.lang for article in shown}
        other = next((one for one in firsts.values() if one.lang not in languages), None)
        if other is not None and not entry.is_brief:
            shown[-1] = other
        return tuple(map(self._outlet, shown)), len(firsts) - len(shown)

    def _outlet(self, article: DigestArticle) -> OutletView:
        moment = article.published or article.first_seen
        when = day_and_time(self._lang, moment, self._zone, today=self._digest.made_at)
        undated = "" if article.published else f" ({label(self._lang, 'undated')})"
        return OutletView(
            outlet_name(article), article.url, when + undated, article.title, article.lang or "", article.is_revised
        )

    def _said(self, said: Said) -> SaidView:
        name = name_of(self._digest, said.speaker_id) if said.speaker_id else said.speaker
        count = outlets(self._lang, said.outlets) if said.outlets > 1 else ""
        return SaidView(
            name or label(self._lang, "anonymous"),
            said.text.rstrip(",， "),
            count,
            said.url,
        )

    def _sum(self, one: Sum) -> SumView:
        surface = written(one, self._lang)
        in_dollars = "" if one.usd is None or is_in_dollars(surface) else dollars(self._lang, one.usd)
        role = find_label(self._lang, f"role.{one.role}", one.role) if one.role else ""
        if one.usd_range is not None:
            low, high = (dollars(self._lang, value) for value in one.usd_range)
            in_dollars = label(self._lang, "range", low=low, high=high)
        elif in_dollars:
            in_dollars = f"≈ {in_dollars}"
        return SumView(surface, in_dollars, name_of(self._digest, one.owner) or "", role, one.url)


def _subject(entry: DigestEntry) -> str:
    """The company that a story stands under: the first that an article is about, not one that is only named."""
    about = {company for article in entry.articles for company in article.primary}
    return next((company for company in entry.companies if company in about), "")


def _beat(entry: DigestEntry) -> str:
    if "video" in entry.beats and "chips" in entry.beats:
        return "both"
    return entry.beats[0] if entry.beats and entry.beats[0] in _BEATS else "none"


def _largest(entries: Iterable[DigestEntry]) -> tuple[Sum, ...]:
    """The largest sums of all stories whose owner or role is known, each once."""
    every = (one for entry in entries for one in entry.sums if one.usd and (one.owner or one.role))
    return merged(every, SAME_ACROSS)[:_SUMS_SHOWN]
