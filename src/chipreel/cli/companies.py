"""Companies: list, add, suggest."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chipreel.cli import context
from chipreel.cli.output import note, print_json, print_table
from chipreel.errors import ConfigError
from chipreel.files import save_file

companies = typer.Typer(help="List the companies that are followed, add one, find names worth adding.")

_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the program."""
    app.add_typer(companies, name="companies")


@companies.callback(invoke_without_command=True)
def listing(ctx: typer.Context, as_json: _Json = False) -> None:
    """List companies with their names.

    Example: chipreel companies --json | jq .id
    """
    if ctx.invoked_subcommand is not None:
        return
    lexicon = context.lexicon(ctx)
    rows = [
        {
            "id": company.id,
            "name": company.name,
            "zh": company.name_zh,
            "group": company.group,
            "names": [alias.text for alias in company.aliases],
            "products": [product.id for product in company.products],
            "people": [
                person.id for person in lexicon.people if any(one[0] == company.id for one in person.speaks_for)
            ],
        }
        for company in lexicon.companies
    ]
    if as_json:
        for row in rows:
            print_json(row)
        return
    shown = (
        (r["id"], r["name"], r["zh"], r["group"], len(r["names"]), len(r["products"]), len(r["people"])) for r in rows
    )
    print_table(("id", "name", "中文", "group", "names", "products", "people"), shown)


@companies.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name in Latin letters.")],
    group: Annotated[str, typer.Option(help="lab, video, chip, compute or capital.")],
    zh: Annotated[str | None, typer.Option(help="Its Chinese name.")] = None,
    names: Annotated[list[str] | None, typer.Option("--name", help="Another name; may be repeated.")] = None,
    ambiguous: Annotated[
        list[str] | None,
        typer.Option("--ambiguous", help="A name that is also an ordinary word; counts with evidence only."),
    ] = None,
    tickers: Annotated[list[str] | None, typer.Option("--ticker", help="A ticker: NVDA, 688256, 0981.HK.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write it in spite of the warnings.")] = False,
) -> None:
    """Write a company into companies.yaml, after checking its names against all others and against common words.

    Example: chipreel companies add Lightmatter --group chip --name "Lightmatter Inc"
    """
    from chipreel.config.companies_file import NewCompany, add_company, check_company, collisions

    places = context.places(ctx)
    new = NewCompany(name, zh, group, tuple(names or ()), tuple(tickers or ()), tuple(ambiguous or ()))
    check_company(new)
    warnings = collisions(new, context.lexicon(ctx))
    for warning in warnings:
        note(f"careful: {warning}")
    text = add_company(places.companies.read_text(encoding="utf-8"), new, str(places.companies))
    if warnings and not force:
        raise ConfigError("nothing written", key=new.id, hint="add --force to write it all the same")
    if not places.companies.is_relative_to(places.home):
        raise ConfigError("is the packaged one", path=str(places.companies), hint="`chipreel init` writes one for you")
    try:
        save_file(places.companies, text.encode())
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", path=str(places.companies)) from error
    note(f"wrote {new.id}; `chipreel retag` shows what it changes")


@companies.command()
def suggest(
    ctx: typer.Context,
    since: Annotated[str, typer.Option(help="Look at articles from this day or span on.")] = "30d",
    least: Annotated[int, typer.Option(min=2, max=context.MOST, help="In at least so many articles.")] = 3,
    as_json: _Json = False,
) -> None:
    """Names that keep turning up beside tracked companies and are in no lexicon, with examples.

    Example: chipreel companies suggest --since 90d
    """
    from chipreel.cli.work import reading
    from chipreel.store.unknown import iter_seen
    from chipreel.tag.unknown import suggest_names
    from chipreel.text.spans import parse_moment

    with reading(ctx) as (db, rooms):
        moment = parse_moment(since, now=context.now(), zone=rooms.zone)
        if moment is None:
            raise ConfigError(f"{since!r} is no day or span", key="--since", hint="write 2024-02-16 or 30d")
        found = suggest_names(iter_seen(db, moment), least=least)
    rows: list[dict[str, Any]] = [
        {"name": one.name, "articles": one.articles, "beside": _top(one.beside), "examples": one.examples}
        for one in found
    ]
    if as_json:
        for row in rows:
            print_json(row)
        return
    print_table(
        ("name", "articles", "beside", "example"),
        ((row["name"], row["articles"], row["beside"], row["examples"][0] if row["examples"] else "") for row in rows),
    )
    if not rows:
        note(f"no such name is in {least} articles or more; look further with --since 90d --least 2")


def _top(beside: dict[str, int]) -> list[str]:
    return [company for company, _ in sorted(beside.items(), key=lambda pair: (-pair[1], pair[0]))[:3]]
