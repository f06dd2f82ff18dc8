"""Plumbing: the pure stages as filters from files or JSON lines to JSON lines.

They touch no database and no network, keep the order of their input and stream. A bad line or file is named on stderr,
the rest still goes through, and the exit code is 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chipreel.cli.output import note, print_json

if TYPE_CHECKING:
    pass

PANEL = "Filters: files or JSON lines in, JSON lines out"

_Files = Annotated[list[Path], typer.Argument(help="Files, plain or gzip.")]
_Lines = Annotated[Path | None, typer.Argument(help="JSON lines; - or nothing is standard input.")]


def register(app: typer.Typer) -> None:
    """Put the filters on the program."""
    app.command(rich_help_panel=PANEL)(parse)
    app.command(rich_help_panel=PANEL)(extract)
    app.command(rich_help_panel=PANEL)(annotate)
    app.command(rich_help_panel=PANEL)(cluster)


def parse(files: _Files) -> None:
    """Read feed files (RSS, Atom, RDF, JSON Feed) and print their entries.

    Example: chipreel parse feed.xml other.json.gz | jq .title
    """
    from chipreel.errors import ParseError
    from chipreel.parse import feed_rows, parse_feed

    bad = 0
    for file in files:
        try:
            feed = parse_feed(file.read_bytes())
        except (OSError, ParseError) as error:
            bad += 1
            message = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            print_json({"file": str(file), "error": message})
            note(f"{file}: {message}")
            continue
        for row in feed_rows(feed, str(file)):
            print_json(row)
    _leave(bad)


def extract(
    files: _Files,
    url: Annotated[str | None, typer.Option(help="Address of the page, when there is a single one.")] = None,
) -> None:
    """Read saved HTML pages and print title, author, date and main text.

    Example: chipreel extract page.html --url https://example.com/news/1
    """
    from chipreel.errors import ConfigError, ParseError
    from chipreel.parse.page import page_row, parse_page

    if url is not None and len(files) != 1:
        raise ConfigError("goes with a single file", key="--url", hint="call extract once for each page")
    bad = 0
    for file in files:
        try:
            page = parse_page(file.read_bytes(), url=url)
        except (OSError, ParseError) as error:
            bad += 1
            note(f"{file}: {error.strerror or error}" if isinstance(error, OSError) else f"{file}: {error}")
            continue
        print_json(page_row(page, str(file)))
    _leave(bad)


def annotate(ctx: typer.Context, file: _Lines = None) -> None:
    """Tag items: language, companies, people, products, beats, relevance, quotes and money.

    Example: echo '{"id": "1", "title": "英伟达发布H200"}' | chipreel annotate
    """
    from chipreel.cli.context import common
    from chipreel.cli.lines import annotation_line, item_of
    from chipreel.cli.rooms import annotator

    tagger = annotator(common(ctx).companies)
    bad = _Bad(file)
    for row in bad.rows():
        item, source = item_of(row)
        print_json(annotation_line(row, item, tagger.annotate(item, source=source)))
    _leave(bad.count)


def cluster(ctx: typer.Context, file: _Lines = None) -> None:
    """Group items into stories. The one filter that has to read everything before it prints.

    Example: chipreel annotate items.jsonl | chipreel cluster
    """
    from chipreel.cli.context import common
    from chipreel.cli.rooms import cluster_rows

    bad = _Bad(file)
    rows = list(bad.rows())
    for key, story in cluster_rows(rows, common(ctx).companies):
        print_json({"id": key, "story": story})
    _leave(bad.count)


class _Bad:
    """Rows of a file of JSON lines; what is no item is named on stderr with its number and counted."""

    def __init__(self, file: Path | None) -> None:
        self.file, self.count = file, 0

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every line that is an item."""
        from chipreel.cli.lines import iter_rows

        for number, row in iter_rows(self.file):
            if isinstance(row, str):
                self.count += 1
                note(f"{self.file or 'standard input'}:{number}: {row}")
            else:
                yield row


def _leave(bad: int) -> None:
    sys.stdout.flush()
    if bad:
        raise typer.Exit(1)
