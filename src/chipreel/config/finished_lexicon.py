"""The lexicon that ships with the program, read once for everybody: data/companies.json, made of data/companies.yaml.

    python -m chipreel.config.finished_lexicon > data/companies.json

Reading and checking 6,700 lines of YAML takes nine times as long, at every start. The finished lexicon counts only for
the very bytes that it was made of: a companies.yaml that somebody has edited is read itself.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chipreel.config.places import find_default
from chipreel.errors import ConfigError
from chipreel.model import Alias, Company, Lexicon, Person, Product

#: The file in the project, and what it is made of.
FINISHED, SOURCE = "data/companies.json", "data/companies.yaml"


def find_finished(path: Path) -> Lexicon | None:
    """The lexicon of a companies.yaml that is, byte for byte, the one that ships; None for any other file."""
    try:
        raw = json.loads(find_default(FINISHED).read_bytes())
        return _unpack(raw) if raw["of"] == _digest(path.read_bytes()) else None
    except (ConfigError, OSError, ValueError, TypeError, KeyError):
        return None  # Without it a start is slower; whatever is wrong with the user's file is told by who reads it.


def pack(lexicon: Lexicon, body: bytes) -> str:
    """A lexicon as JSON, one entry a line; `body` is what it was read from."""
    fields = {
        "of": _digest(body),
        "version": lexicon.version,
        "not_names": lexicon.not_names,
        "companies": [
            [one.id, one.name, one.name_zh, one.group, _aliases(one.aliases), _products(one.products), one.owners,
             one.context_for, one.context_against]
            for one in lexicon.companies
        ],
        "people": [
            [one.id, one.name, one.name_zh, _aliases(one.aliases), one.speaks_for, one.role, one.context_for,
             one.context_against]
            for one in lexicon.people
        ],
    }  # fmt: skip
    lines = [f"{json.dumps(key)}: {_lines(value)}" for key, value in fields.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _products(products: Iterable[Product]) -> list[list[Any]]:
    return [
        [one.id, one.name, _aliases(one.aliases), one.beat, one.family, one.context_for, one.context_against]
        for one in products
    ]


def _aliases(aliases: Iterable[Alias]) -> list[Any]:
    """Nine in ten are plain names: those are written as their text alone."""
    return [one.text if one == Alias(one.text) else [one.text, one.kind, one.case, one.ambiguous] for one in aliases]


def _lines(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"


def _unpack(raw: dict[str, Any]) -> Lexicon:
    return Lexicon(
        raw["version"],
        tuple(_company(*one) for one in raw["companies"]),
        tuple(_person(*one) for one in raw["people"]),
        tuple(raw["not_names"]),
    )


def _company(
    id_: str, name: str, zh: str, group: str, aliases: list[Any], products: list[Any], owners: list[Any],
    context_for: list[str], context_against: list[str],
) -> Company:  # fmt: skip
    return Company(
        id_,
        name,
        zh,
        group,
        _read_aliases(aliases),
        tuple(
            Product(one, called, id_, _read_aliases(names), beat, family, tuple(speaks), tuple(against))
            for one, called, names, beat, family, speaks, against in products
        ),
        tuple(map(tuple, owners)),
        tuple(context_for),
        tuple(context_against),
    )


def _person(
    id_: str, name: str, zh: str | None, aliases: list[Any], speaks_for: list[Any], role: str | None,
    context_for: list[str], context_against: list[str],
) -> Person:  # fmt: skip
    terms = tuple(map(tuple, speaks_for))
    return Person(id_, name, zh, _read_aliases(aliases), terms, role, tuple(context_for), tuple(context_against))


def _read_aliases(raw: list[Any]) -> tuple[Alias, ...]:
    return tuple([Alias(one) if isinstance(one, str) else Alias(*one) for one in raw])


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def main() -> None:
    """Print what the file is to hold."""
    from chipreel.config.lexicon_yaml import read_lexicon_text

    body = find_default(SOURCE).read_bytes()
    sys.stdout.write(pack(read_lexicon_text(body.decode("utf-8-sig"), SOURCE), body))


if __name__ == "__main__":
    main()
