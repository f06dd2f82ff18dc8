"""An edition for a terminal: headings, links that can be clicked, lines that fit its width in both scripts."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import TYPE_CHECKING

from chipreel.digest.page import EntryView, OutletView, PageView, SaidView, SumView
from chipreel.digest.plain import line
from chipreel.digest.view import view
from chipreel.digest.wrap import wrap
from chipreel.model.digest import Digest
from chipreel.text.addresses import is_web_url

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: Lines longer than this tire the eye.
MOST_COLUMNS = 120
_INDENT = "   "


def render_terminal(digest: Digest, *, width: int, is_colourful: bool = True) -> str:
    """The edition as text with the codes of a terminal `width` columns wide; without them when not colourful."""
    from rich.console import Console

    console = Console(
        file=StringIO(),
        width=min(width, MOST_COLUMNS),
        force_terminal=is_colourful,
        color_system="standard" if is_colourful else None,
        highlight=False,
        legacy_windows=False,
    )
    _Page(console, view(digest)).print()
    assert isinstance(console.file, StringIO)
    return "\n".join(row.rstrip() for row in console.file.getvalue().splitlines()) + "\n"


class _Page:
    """Prints one page to one console."""

    def __init__(self, console: Console, page: PageView) -> None:
        self._console, self._page, self._number = console, page, 0

    def print(self) -> None:
        page = self._page
        self._line(f"{page.title} · {page.day}", "bold")
        for notice in page.notices:
            self._wrapped(f"! {notice}", "bold red")
        self._wrapped(page.nothing or page.covers, "dim")
        for section in page.sections:
            self._heading(section.heading)
            for group in section.groups:
                if group.name:
                    self._line(line(group.name), "bold magenta")
                for entry in group.entries:
                    self._entry(entry)
        if page.brief:
            self._heading(page.label("brief"))
        for entry in page.brief:
            self._brief(entry)
        self._figures()

    def _heading(self, text: str) -> None:
        from rich.rule import Rule
        from rich.text import Text

        self._console.print()
        self._console.print(Rule(Text(text, "bold cyan"), align="left", style="cyan"))

    def _entry(self, entry: EntryView) -> None:
        self._number += 1
        mark = f"{entry.mark} · " if entry.mark else ""
        lead = f"{self._number}. "
        self._wrapped(f"{lead}{mark}{line(entry.headline)}", "bold", url=entry.url, hang=len(lead))
        if entry.summary:
            self._wrapped(f"{line(entry.summary)} ({self._page.label('summary')})", "italic", indent=_INDENT)
        for sentence in entry.lines:
            self._wrapped(line(sentence), "", indent=_INDENT)
        for said in entry.said:
            self._wrapped(_said(said), "green", indent=_INDENT, url=said.url)
        sums = " · ".join(_sum(one) for one in entry.sums if one.what)
        if sums:
            self._wrapped(sums, "yellow", indent=_INDENT)
        self._outlets(entry)
        why = f" — {self._page.label('why')}{line(entry.why)}" if entry.why else ""
        self._wrapped(entry.facts + why, "dim", indent=_INDENT)
        self._console.print()

    def _brief(self, entry: EntryView) -> None:
        mark = f"{entry.mark} · " if entry.mark else ""
        self._wrapped(f"- {mark}{line(entry.headline)}", "", url=entry.url, hang=2)
        names = " · ".join(f"{line(one.name)} {one.when}" for one in entry.outlets)
        why = f"{self._page.label('why')}{line(entry.why)}" if entry.mark else ""
        self._wrapped(" · ".join(filter(None, (names, entry.more, entry.id, why))), "dim", indent=_INDENT)

    def _outlets(self, entry: EntryView) -> None:
        """The outlets, each a link, as many in a line as fit."""
        from rich.cells import cell_len
        from rich.text import Text

        row, used = Text(_INDENT), len(_INDENT)
        for place, outlet in enumerate(entry.outlets):
            text = self._outlet(outlet)
            gap = " · " if place else ""
            if used + cell_len(gap + text.plain) > self._console.width and used > len(_INDENT):
                self._put(row)
                row, used, gap = Text(_INDENT), len(_INDENT), ""
            row.append(gap, "dim").append_text(text)
            used += cell_len(gap + text.plain)
        if entry.more:
            row.append(f" · {entry.more}", "dim")
        self._put(row)

    def _outlet(self, outlet: OutletView) -> Text:
        from rich.text import Text

        link = f" link {outlet.url}" if is_web_url(outlet.url) and " " not in (outlet.url or "") else ""
        text = Text().append(line(outlet.name), f"blue{link}")
        text.append(f" {outlet.when}", "dim")
        if outlet.is_updated:
            text.append(f" {self._page.label('updated')}", "bold yellow")
        return text

    def _figures(self) -> None:
        page = self._page
        self._list("said", (_said(said) for said in page.said))
        self._list("sums", (_sum(one) for one in page.sums))
        self._list("found", (f"{name}: {line(title)} ({line(source)})" for name, title, _, source in page.found))
        if page.numbers:
            self._heading(page.label("numbers"))
            self._wrapped(" · ".join(f"{name} {value}" for name, value in page.numbers), "")
        self._shares()
        self._list("troubles", (f"{line(name)}: {line(text)}" for name, text in page.troubles))
        if page.left_out:
            self._console.print()
            self._wrapped(page.left_out, "dim")

    def _shares(self) -> None:
        if not self._page.shares:
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        self._heading(self._page.label("share"))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("company", "now", "usual", "weeks"):
            table.add_column(self._page.label(f"share.{name}"), justify="right" if name in ("now", "usual") else "left")
        for share in self._page.shares:
            table.add_row(*(Text(cell) for cell in (line(share.company), share.now, share.usual, share.spark)))
        self._console.print(table)

    def _list(self, key: str, rows: Iterable[str]) -> None:
        found = list(rows)
        if found:
            self._heading(self._page.label(key))
        for row in found:
            self._wrapped(f"- {row}", "", hang=2)

    def _line(self, text: str, style: str) -> None:
        self._wrapped(text, style)

    def _wrapped(self, text: str, style: str, *, indent: str = "", url: str | None = None, hang: int = 0) -> None:
        from rich.text import Text

        link = f" link {url}" if is_web_url(url) and " " not in (url or "") else ""
        for place, row in enumerate(wrap(text, self._console.width - len(indent) - hang)):
            self._put(Text(indent + (" " * hang if place else "")).append_text(Text(row, style + link)))

    def _put(self, text: Text) -> None:
        self._console.print(text, no_wrap=True, overflow="ignore", crop=False)


def _said(said: SaidView) -> str:
    return f"“{line(said.text)}” — {line(said.speaker)}" + (f" ({said.outlets})" if said.outlets else "")


def _sum(one: SumView) -> str:
    return f"{line(one.amount)} {line(one.what)}".rstrip()
