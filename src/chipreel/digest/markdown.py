"""An edition as Markdown, in blocks that may be sent apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from chipreel.digest.page import EntryView, OutletView, PageView, SaidView, SumView
from chipreel.digest.view import view
from chipreel.model.digest import Digest
from chipreel.text.addresses import is_web_url

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
#: What would begin a list, a quote or a heading at the start of a line.
_OPENING = re.compile(r"^(\d+)([.)])(\s)|^([-+=])(\s|$)")
#: Everything an address may hold but spaces, parentheses and angle brackets, which would end the link.
_URL_SAFE = ":/?#[]@!$&'*+,;=%-._~"


def render_markdown(digest: Digest) -> str:
    """The edition: the top stories in full, the others by beat and company, then what was said and the figures."""
    return "\n\n".join(markdown_blocks(digest)) + "\n"


def markdown_blocks(digest: Digest) -> list[str]:
    """The edition in blocks; a heading stands with the block that follows it."""
    page = view(digest)
    blocks = [f"# {plain(page.title)} · {plain(page.day)}"]
    blocks += [f"> ⚠ {plain(notice)}" for notice in page.notices]
    blocks.append(plain(page.nothing) if page.nothing else f"_{plain(page.covers)}_")
    for section in page.sections:
        pending = [f"## {plain(section.heading)}"]
        for group in section.groups:
            pending += [f"**{plain(group.name)}**"] if group.name else []
            for entry in group.entries:
                blocks.append("\n\n".join([*pending, _entry(entry, page)]))
                pending = []
    if page.brief:
        blocks.append(_list(page.label("brief"), (_brief(entry, page) for entry in page.brief)))
    blocks += _figures(page)
    return blocks


def plain(text: str) -> str:
    """Text from the web as text: one line, nothing in it is Markdown or HTML."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _OPENING.sub(lambda m: f"{m[1]}\\{m[2]}{m[3]}" if m[1] else f"\\{m[4]}{m[5]}", escaped)


def link(text: str, url: str | None) -> str:
    """A link, or the text alone where there is no address of the web."""
    if not is_web_url(url):
        return plain(text)
    return f"[{plain(text)}]({quote(url or '', safe=_URL_SAFE)})"


def _entry(entry: EntryView, page: PageView) -> str:
    mark = f"**{plain(entry.mark)}** · " if entry.mark else ""
    lines = [f"### {mark}{link(entry.headline, entry.url)}"]
    if entry.summary:
        lines.append(f"{plain(entry.summary)} _({page.label('summary')})_")
    if entry.lines:
        lines.append("\n>\n".join(f"> {plain(line)}" for line in entry.lines))
    lines += [f"“{plain(said.text)}” — {_speaker(said)}" for said in entry.said]
    lines += [_sum(one) for one in entry.sums if one.what]
    more = [plain(entry.more)] if entry.more else []
    lines.append(" · ".join([*(_outlet(outlet, page) for outlet in entry.outlets), *more]))
    why = f" — {page.label('why')}{plain(entry.why)}" if entry.why else ""
    lines.append(f"_{plain(entry.facts)}{why}_")
    return "\n\n".join(lines)


def _brief(entry: EntryView, page: PageView) -> str:
    mark = f"**{plain(entry.mark)}** · " if entry.mark else ""
    why = f"{page.label('why')}{plain(entry.why)}" if entry.mark else ""
    names = (_outlet(outlet, page) for outlet in entry.outlets)
    where = " · ".join([*names, *filter(None, [entry.more]), entry.id, *filter(None, [why])])
    return f"- {mark}{link(entry.headline, entry.url)} ({where})"


def _speaker(said: SaidView) -> str:
    return link(said.speaker, said.url) + (f" ({plain(said.outlets)})" if said.outlets else "")


def _sum(one: SumView) -> str:
    return f"**{plain(one.amount)}** {plain(one.what)}".rstrip()


def _outlet(outlet: OutletView, page: PageView) -> str:
    updated = f", {page.label('updated')}" if outlet.is_updated else ""
    return f"{link(outlet.name, outlet.url)} {plain(outlet.when)}{updated}"


def _figures(page: PageView) -> list[str]:
    blocks = []
    if page.said:
        rows = [f"- “{plain(said.text)}” — {_speaker(said)}" for said in page.said]
        blocks.append(_list(page.label("said"), rows))
    if page.sums:
        rows = [f"- {_sum_link(one)}" for one in page.sums]
        blocks.append(_list(page.label("sums"), rows))
    if page.found:
        rows = [f"- {plain(name)}: {link(title, url)} ({plain(source)})" for name, title, url, source in page.found]
        blocks.append(_list(page.label("found"), rows))
    if page.numbers:
        blocks.append(
            _list(page.label("numbers"), [f"- {plain(name)}{page.colon}{value}" for name, value in page.numbers])
        )
    if page.shares:
        blocks.append(f"## {page.label('share')}\n\n" + "\n".join(_share_rows(page)))
    if page.troubles:
        blocks.append(_list(page.label("troubles"), [f"- **{plain(n)}**: {plain(text)}" for n, text in page.troubles]))
    if page.left_out:
        blocks.append(f"_{page.left_out}_")
    return blocks


def _sum_link(one: SumView) -> str:
    what = f" — {link(one.what, one.url)}" if one.what else ""
    return f"**{plain(one.amount)}**{what}"


def _list(heading: str, rows: Iterable[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(rows)


def _share_rows(page: PageView) -> Iterable[str]:
    heads = [page.label(f"share.{name}") for name in ("company", "now", "usual", "weeks")]
    yield "| " + " | ".join(heads) + " |"
    yield "| --- | ---: | ---: | --- |"
    for share in page.shares:
        yield f"| {plain(share.company)} | {share.now} | {share.usual} | {share.spark} |"
