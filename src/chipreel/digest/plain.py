"""An edition as plain text, in blocks that may be sent apart: for mail without HTML, and for channels without marks."""

from __future__ import annotations

from collections.abc import Iterable

from chipreel.digest.page import EntryView, PageView, SaidView
from chipreel.digest.view import view
from chipreel.model.digest import Digest
from chipreel.text.addresses import is_web_url


def render_plain(digest: Digest) -> str:
    """The edition as lines of text; every address on a line of its own."""
    return "\n\n".join(plain_blocks(digest)) + "\n"


def plain_blocks(digest: Digest) -> list[str]:
    """The edition in blocks; a heading stands with the block that follows it."""
    page = view(digest)
    blocks = [f"{page.title} · {page.day}"]
    blocks += [f"! {line(notice)}" for notice in page.notices]
    blocks.append(page.nothing or page.covers)
    for section in page.sections:
        pending = [f"== {section.heading} =="]
        for group in section.groups:
            pending += [f"[{line(group.name)}]"] if group.name else []
            for entry in group.entries:
                blocks.append("\n".join([*pending, *_entry(entry, page)]))
                pending = []
    if page.brief:
        rows = [row for entry in page.brief for row in _brief(entry, page)]
        blocks.append("\n".join([f"== {page.label('brief')} ==", *rows]))
    blocks += _figures(page)
    return blocks


def line(text: str) -> str:
    """Text from the web as one line that drives no terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _entry(entry: EntryView, page: PageView) -> Iterable[str]:
    mark = f"{entry.mark}: " if entry.mark else ""
    yield f"* {mark}{line(entry.headline)}"
    if is_web_url(entry.url):
        yield f"  {entry.url}"
    if entry.summary:
        yield f"  {line(entry.summary)} ({page.label('summary')})"
    yield from (f"  {line(sentence)}" for sentence in entry.lines)
    yield from (f"  {_said(said)}" for said in entry.said)
    yield from (f"  {line(one.amount)} · {line(one.what)}" for one in entry.sums if one.what)
    names = [f"{line(o.name)} {o.when}{', ' + page.label('updated') if o.is_updated else ''}" for o in entry.outlets]
    yield "  " + " · ".join([*names, *([entry.more] if entry.more else [])])
    why = f" — {page.label('why')}{line(entry.why)}" if entry.why else ""
    yield f"  {entry.facts}{why}"


def _brief(entry: EntryView, page: PageView) -> Iterable[str]:
    mark = f"{entry.mark}: " if entry.mark else ""
    names = " · ".join([*(f"{line(one.name)} {one.when}" for one in entry.outlets), *filter(None, [entry.more])])
    yield f"- {mark}{line(entry.headline)} ({names} · {entry.id})"
    if is_web_url(entry.url):
        yield f"  {entry.url}"
    if entry.mark and entry.why:
        yield f"  {page.label('why')}{line(entry.why)}"


def _said(said: SaidView) -> str:
    return f"“{line(said.text)}” — {line(said.speaker)}" + (f" ({said.outlets})" if said.outlets else "")


def _figures(page: PageView) -> Iterable[str]:
    sums = [f"{line(one.amount)} · {line(one.what)}" if one.what else line(one.amount) for one in page.sums]
    found = [f"{name}: {line(title)} ({line(source)})" for name, title, _, source in page.found]
    shares = [
        f"{line(one.company)}: {one.now} ({page.label('share.usual')} {one.usual}) {one.spark}" for one in page.shares
    ]
    sections = (
        ("said", [_said(said) for said in page.said]),
        ("sums", sums),
        ("found", found),
        ("numbers", [f"{name}{page.colon}{value}" for name, value in page.numbers]),
        ("share", shares),
        ("troubles", [f"{line(name)}: {line(text)}" for name, text in page.troubles]),
    )
    for key, rows in sections:
        if rows:
            yield "\n".join([f"== {page.label(key)} ==", *(f"- {row}".rstrip() for row in rows)])
    if page.left_out:
        yield page.left_out
