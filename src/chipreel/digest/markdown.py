"""An edition as Markdown."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from chipreel.digest.compose import by_company, company_name
from chipreel.digest.labels import label, outlets
from chipreel.model.digest import Digest, DigestArticle, DigestEntry

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def render_markdown(digest: Digest) -> str:
    """The edition, a heading for each company, a line for each story with its outlets below it."""
    lang, zone = digest.lang, ZoneInfo(digest.timezone)
    blocks = [f"# {label(lang, 'title')} · {_time(digest.made_at, zone, '%Y-%m-%d %H:%M')}"]
    if not digest.entries:
        blocks.append(label(lang, "nothing"))
    else:
        blocks.append(_covers(digest))
    for company, entries in by_company(digest):
        blocks.append(f"## {_plain(company_name(digest, company) or label(lang, 'company.none'))}")
        blocks += [_entry(entry, lang, zone) for entry in entries]
    if digest.left_out:
        blocks.append(f"_{label(lang, 'left_out', n=digest.left_out)}_")
    if digest.troubles:
        lines = [
            f"- **{_plain(t.title)}**: {t.health}{f' — {_plain(t.note)}' if t.note else ''}" for t in digest.troubles
        ]
        blocks += [f"## {label(lang, 'troubles')}", "\n".join(lines)]
    return "\n\n".join(blocks) + "\n"


def _covers(digest: Digest) -> str:
    key = "covers.one" if len(digest.entries) == 1 else "covers"
    text = label(digest.lang, key, stories=len(digest.entries), articles=digest.articles, sources=digest.sources)
    return f"_{text}_"


def _entry(entry: DigestEntry, lang: str, zone: ZoneInfo) -> str:
    mark = f"**{label(lang, 'update')}** " if entry.state == "update" else ""
    lead, others = entry.articles[0], entry.articles[1:]
    lines = [f"### {mark}{_link(entry.headline, entry.url)}"]
    lines += [f"> {_plain(line)}" for line in entry.lines]
    facts = [_source(lead, lang, zone), outlets(lang, entry.outlets), entry.story]
    facts += [label(lang, key, n=_plain(value)) for key, value in entry.reasons if key != "reason.outlets"]
    lines.append("\n" + " · ".join(facts))
    lines += [
        f"- {label(lang, 'also')}: {_link(other.title, other.url)} ({_source(other, lang, zone)})" for other in others
    ]
    return "\n".join(lines)


def _source(article: DigestArticle, lang: str, zone: ZoneInfo) -> str:
    when = article.published or article.first_seen
    note = "" if article.published else f" ({label(lang, 'undated')})"
    revised = f" · {label(lang, 'updated')}" if article.is_revised else ""
    return f"{_plain(article.source_title)}, {_time(when, zone, '%m-%d %H:%M')}{note}{revised}"


def _time(moment: datetime, zone: ZoneInfo, form: str) -> str:
    return moment.astimezone(zone).strftime(form)


def _plain(text: str) -> str:
    """Text from the web as text: one line, nothing in it is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _link(text: str, url: str | None) -> str:
    if url is None:
        return _plain(text)
    return f"[{_plain(text)}]({quote(url, safe=_URL_SAFE)})"


#: Everything an address may hold but spaces, parentheses and angle brackets, which would end the link.
_URL_SAFE = ":/?#[]@!$&'*+,;=%-._~"
