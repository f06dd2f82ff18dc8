"""Tags and stories: why they are as they are, putting them right, proving them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table, printable, progress
from chipreel.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from chipreel.pipeline.retagging import Difference
    from chipreel.pipeline.rooms import Rooms

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_Apply = Annotated[bool, typer.Option("--apply", help="Write it; without, only the difference is shown.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    for command in (explain, fix, split, merge, retag, restory, evaluate):
        app.command()(command)


def explain(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(help="Id of an article, as search prints it.")],
    as_json: _Json = False,
) -> None:
    """Show why an article is tagged as it is: every name, what accepted or rejected it, and what weighed how much.

    Example: chipreel explain 42
    """
    from chipreel.store import articles

    with _reading(ctx) as (db, rooms):
        row = articles.get_article(db, _article(item))
        found = rooms.annotator.explain(articles.get_item(db, row["id"]), source=rooms.sources_by_id.get(row["source"]))
        corrections = db.execute(
            "select kind, company from fixes where article = ? and company is not null order by id", (row["id"],)
        ).fetchall()
    found["corrections"] = [{"verdict": one["kind"], "company": one["company"]} for one in corrections]
    if as_json:
        print_json(found)
        return
    _show_explanation(found)


def fix(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(help="Id of an article.")],
    yes: Annotated[list[str] | None, typer.Option("--is", help="A company it is about: id or name.")] = None,
    no: Annotated[list[str] | None, typer.Option("--not", help="A company it is not about: id or name.")] = None,
) -> None:
    """Put the tags of an article right. Retagging respects it, and `evaluate tags` can read it.

    Example: chipreel fix 42 --not apple --is nvidia
    """
    from chipreel.pipeline.mending import fix_tags

    if not yes and not no:
        raise ConfigError("says nothing yet", key="fix", hint="add --is COMPANY or --not COMPANY")
    with _writing(ctx) as (db, rooms):
        fix_tags(db, rooms, _article(item), yes=yes or [], no=no or [], now=context.now())
    note("noted")


def split(
    ctx: typer.Context,
    story: Annotated[str, typer.Argument(help="Id of a story: s12.")],
    item: Annotated[str, typer.Argument(help="Id of the article that does not belong in it.")],
) -> None:
    """Take an article out of a story, into one of its own.

    Example: chipreel split s12 42
    """
    from chipreel.pipeline.mending import split_story
    from chipreel.store.stories import story_number

    with _writing(ctx) as (db, _):
        new = split_story(db, story_number(story), _article(item), context.now())
    note(f"article {item} is story s{new} now")


def merge(
    ctx: typer.Context,
    story: Annotated[str, typer.Argument(help="Id of a story: s12.")],
    other: Annotated[str, typer.Argument(help="Id of the story that tells the same: s15.")],
) -> None:
    """Make two stories one. The larger one keeps its id.

    Example: chipreel merge s12 s15
    """
    from chipreel.pipeline.mending import merge_stories
    from chipreel.store.stories import story_number

    with _writing(ctx) as (db, _):
        kept = merge_stories(db, story_number(story), story_number(other), context.now())
    note(f"both are s{kept} now")


def retag(ctx: typer.Context, apply: _Apply = False, as_json: _Json = False) -> None:
    """Tag everything stored anew, after companies.yaml or chipreel changed. Shows the difference first.

    Example: chipreel retag, then chipreel retag --apply
    """
    from chipreel.pipeline.retagging import retag as run

    opened = _writing if apply else _reading
    with opened(ctx) as (db, rooms), progress("retagging", total=None, quiet=context.common(ctx).quiet) as advance:
        difference = run(db, rooms, context.now(), apply=apply, progress=lambda done: advance(done, ""))
    _show_difference(difference, as_json=as_json)
    if not apply and difference.changed and not as_json:
        note("nothing written; add --apply to write it")


def restory(
    ctx: typer.Context,
    since: Annotated[str, typer.Option(help="Articles first seen from this day or span on: 7d, 2024-02-16.")] = "7d",
    apply: _Apply = False,
    as_json: _Json = False,
) -> None:
    """Group the articles of the last days anew, as one batch. Shows what would move where.

    Example: chipreel restory --since 14d
    """
    from chipreel.pipeline.regrouping import restory as run
    from chipreel.text.spans import parse_moment

    opened = _writing if apply else _reading
    with opened(ctx) as (db, rooms):
        moment = parse_moment(since, now=context.now(), zone=rooms.zone)
        if moment is None:
            raise ConfigError(f"{since!r} is no day or span", key="--since", hint="write 2024-02-16 or 7d")
        moves = run(db, rooms, moment, context.now(), apply=apply)
    if as_json:
        for move in moves:
            print_json({"article": move.article, "title": move.title, "before": move.before, "after": move.after})
        return
    print_table(("article", "was in", "goes to", "title"), ((m.article, m.before, m.after, m.title) for m in moves))
    note(f"{len(moves)} articles {'moved' if apply else 'would move; add --apply to move them'}")


def evaluate(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(help="tags, quotes, money or stories.")],
    file: Annotated[
        Path | None, typer.Argument(help="Labelled JSON lines; for tags, without one: your corrections.")
    ] = None,
    companies: Annotated[bool, typer.Option("--by-company", help="Also each company by itself.")] = False,
    as_json: _Json = False,
) -> None:
    """Print how right chipreel is on any labelled file: precision, recall and F1 by language.

    Example: chipreel evaluate tags data/labelled/tags.jsonl --by-company
    """
    from chipreel.cli.proving import prove

    rows = _labelled(ctx, what, file)
    table = prove(what, rows, context.common(ctx).companies)
    shown = [row for row in table if companies or not row["question"].startswith("company:")]
    if as_json:
        for row in shown:
            print_json(row)
        return
    headings = ("question", "language", "precision", "recall", "F1", "right", "extra", "missed")
    keys = ("question", "lang", "precision", "recall", "f1", "right", "extra", "missed")
    print_table(headings, ([_figure(row[key]) for key in keys] for row in shown))


def _labelled(ctx: typer.Context, what: str, file: Path | None) -> Iterator[dict[str, Any]] | list[dict[str, Any]]:
    from chipreel.cli.lines import iter_rows

    if what not in ("tags", "quotes", "money", "stories"):
        raise ConfigError(f"{what!r} cannot be evaluated", key="WHAT", hint="write tags, quotes, money or stories")
    if file is None:
        if what != "tags":
            raise ConfigError("needs a labelled file", key="FILE", hint=f"data/labelled/{what}.jsonl")
        return _own_labels(ctx)
    rows = []
    for number, row in iter_rows(file):
        if isinstance(row, str):
            raise ConfigError(row, path=str(file), line=number, hint="one JSON object with an id a line")
        rows.append(row)
    return rows


def _own_labels(ctx: typer.Context) -> list[dict[str, Any]]:
    """What a person corrected, as a labelled file."""
    import json

    from chipreel.store.fixes import labelled_rows

    with _reading(ctx) as (db, _):
        rows = labelled_rows(db)
    if not rows:
        raise NotFoundError("there are no corrections yet; `chipreel fix` makes them")
    return [row | {"id": str(row["id"]), "companies": json.loads(row["companies"])} for row in rows]


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _show_explanation(found: dict[str, Any]) -> None:
    for name, text in found["fields"].items():
        print(f"{name}:")
        print("  " + printable(_marked(text, [mark for mark in found["marks"] if mark["field"] == name])))
    for mark in found["marks"]:
        verdict = f"{mark['kind']} {mark['id']}" if mark["accepted"] else f"not {mark['id']}"
        print(
            printable(f"  {mark['field']} {mark['start']}–{mark['end']} {mark['surface']!r}: {verdict} ({mark['why']})")
        )
    for one in found["corrections"]:
        print(f"  corrected by hand: {one['verdict']} {one['company']}")
    for question, decision in found["decisions"].items():
        verdict = "yes" if decision["yes"] else "no"
        print(f"{question}: {verdict}, {decision['probability']} against {decision['threshold']}")
        for part in decision["contributions"]:
            print(f"  {part['weight']:+.2f} {part['feature']}")
    print("topics: " + (", ".join(found["topics"]) or "none"))


def _marked(text: str, marks: list[dict[str, Any]]) -> str:
    """The text with every accepted name in brackets."""
    pieces, at = [], 0
    for mark in sorted((mark for mark in marks if mark["accepted"]), key=lambda mark: (mark["start"], -mark["end"])):
        if mark["start"] >= at:
            pieces += [text[at : mark["start"]], "[", text[mark["start"] : mark["end"]], "]"]
            at = mark["end"]
    return "".join([*pieces, text[at:]])


def _show_difference(difference: Difference, *, as_json: bool) -> None:
    rows = sorted(difference.companies.items(), key=lambda item: (-item[1][0], item[0]))
    gained, lost = difference.relevant
    if as_json:
        changes = [
            {"company": company, "change": sign, "articles": count, "examples": examples}
            for (company, sign), (count, examples) in rows
        ]
        print_json(
            {"articles": difference.articles, "changed": difference.changed, "now_relevant": gained}
            | {"no_longer_relevant": lost, "companies": changes}
        )
        return
    print_table(
        ("company", "change", "articles", "example"),
        ((company, sign, count, examples[0]) for (company, sign), (count, examples) in rows),
    )
    print(f"{difference.changed} of {difference.articles} articles change; {gained} now belong, {lost} no longer do")


def _article(item: str) -> int:
    from chipreel.store.rows import is_number

    if not is_number(item):
        raise NotFoundError(f"{item!r} is no article; search prints their ids")
    return int(item)


def _reading(ctx: typer.Context) -> AbstractContextManager[tuple[sqlite3.Connection, Rooms]]:
    from chipreel.cli.work import reading

    return reading(ctx)


def _writing(ctx: typer.Context) -> AbstractContextManager[tuple[sqlite3.Connection, Rooms]]:
    from chipreel.cli.work import writing

    return writing(ctx)
