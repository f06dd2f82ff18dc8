"""A companies.yaml, read and checked. Every error names the file, the line, the key and what to write instead."""

from __future__ import annotations

import gc
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chipreel.config.lexicon_claims import Place, Term, refuse_double_claims, refuse_same_ids, refuse_strangers
from chipreel.config.located_yaml import LocatedYaml, load_located, parse_located
from chipreel.model import Alias, Company, Lexicon, Person, Product

GROUPS = ("lab", "video", "chip", "compute", "capital")
BEATS = ("video", "chips")
_TOP = ("companies", "people", "not_names")
_NAMES = ("names", "ambiguous", "nicknames", "tickers")
_COMPANY = ("id", "name", "zh", "group", *_NAMES, "owners", "context", "products", "more")
_MORE = (*BEATS, "other")
_PRODUCT = ("id", "name", "zh", *_NAMES, "beat", "family", "context")
_PERSON = ("id", "name", "zh", *_NAMES, "speaks_for", "role", "context")
_ALIAS = ("text", "case", "shared")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CAPITAL = re.compile("[A-Z]")
#: A name longer than this is a sentence that lost its place.
MAX_NAME = 80
MAX_ID = 64
_YEARS = range(1900, 2101)


def read_lexicon_file(path: Path) -> Lexicon:
    """The lexicon written in a file. Raises ConfigError for the first thing that is wrong."""
    with _no_collector():
        return _read_lexicon(load_located(path))


def read_lexicon_text(text: str, name: str) -> Lexicon:
    """The lexicon written in `text`; `name` is what errors call it."""
    with _no_collector():
        return _read_lexicon(parse_located(text, name))


@contextmanager
def _no_collector() -> Iterator[None]:
    """Forty thousand nodes are made and none is garbage: looking for some is a fifth of the time (80 against 62 ms)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_lexicon(document: LocatedYaml) -> Lexicon:
    raw = document.value
    if not isinstance(raw, dict) or "companies" not in raw:
        raise document.error("holds no companies", hint="start with `companies:`")
    _refuse_unknown(document, raw, _TOP, ())
    read = _Entries(document)
    companies = tuple(read.company(entry, where) for entry, where in read.entries(raw, "companies"))
    people = tuple(read.person(entry, where) for entry, where in read.entries(raw, "people"))
    not_names = read.texts(raw, "not_names", ())
    lexicon = Lexicon(_digest(raw), companies, people, not_names)
    refuse_same_ids(document, read.places)
    refuse_strangers(document, lexicon)
    refuse_double_claims(document, lexicon, read.places, read.shared)
    return lexicon


def _digest(raw: dict[str, Any]) -> str:
    """Of the values alone: another comment in the file does not make another lexicon."""
    return hashlib.sha256(repr(raw).encode()).hexdigest()[:12]


class _Entries:
    """Reads the entries of one document and remembers which of their names are declared as shared."""

    def __init__(self, document: LocatedYaml) -> None:
        self._document = document
        #: (id of the owner, text) of names that others may claim too.
        self.shared: set[tuple[str, str]] = set()
        #: (kind, id, where it stands) of every entry, in the order of the file.
        self.places: list[tuple[str, str, Place]] = []

    def entries(self, raw: dict[str, Any], key: str, where: Place = ()) -> Iterator[tuple[dict[str, Any], Place]]:
        for index, entry in enumerate(self._list(raw, key, where)):
            place = (*where, key, index)
            if not isinstance(entry, dict):
                raise self._document.error("must be a mapping", *place, hint="`- id: …` with its keys below it")
            yield entry, place

    def company(self, raw: dict[str, Any], where: Place) -> Company:
        _refuse_unknown(self._document, raw, _COMPANY, where)
        id_, name = self._id(raw, "company", where), self._text(raw, "name", where)
        return Company(
            id=id_,
            name=name,
            name_zh=self._text(raw, "zh", where),
            group=self._choice(raw, "group", where, GROUPS),
            aliases=self._aliases(raw, id_, where),
            products=(
                *(self._product(entry, id_, place) for entry, place in self.entries(raw, "products", where)),
                *self._more(raw, id_, where),
            ),
            owners=self._terms(raw, "owners", where),
            context_for=self._context(raw, "for", where),
            context_against=self._context(raw, "against", where),
        )

    def person(self, raw: dict[str, Any], where: Place) -> Person:
        _refuse_unknown(self._document, raw, _PERSON, where)
        id_ = self._id(raw, "person", where)
        return Person(
            id=id_,
            name=self._text(raw, "name", where),
            name_zh=self._text(raw, "zh", where) if raw.get("zh") is not None else None,
            aliases=self._aliases(raw, id_, where),
            speaks_for=self._terms(raw, "speaks_for", where),
            role=self._text(raw, "role", where) if raw.get("role") is not None else None,
            context_for=self._context(raw, "for", where),
            context_against=self._context(raw, "against", where),
        )

    def _product(self, raw: dict[str, Any], company: str, where: Place) -> Product:
        _refuse_unknown(self._document, raw, _PRODUCT, where)
        id_ = self._id(raw, "product", where)
        return Product(
            id=id_,
            name=self._text(raw, "name", where),
            company=company,
            aliases=self._aliases(raw, id_, where),
            beat=self._choice(raw, "beat", where, BEATS) if raw.get("beat") is not None else None,
            family=self._flag(raw, "family", where),
            context_for=self._context(raw, "for", where),
            context_against=self._context(raw, "against", where),
        )

    def _more(self, raw: dict[str, Any], company: str, where: Place) -> Iterator[Product]:
        """Products of which nothing but the names need be said: a name, or a list of names; the first gives the id."""
        more = raw.get("more") or {}
        if not isinstance(more, dict):
            raise self._document.error("must be a mapping", *where, "more", hint="more: {chips: […], other: […]}")
        _refuse_unknown(self._document, more, _MORE, (*where, "more"))
        for beat in more:
            for index, entry in enumerate(self._list(more, beat, (*where, "more"))):
                place = (*where, "more", beat, index)
                aliases = self._line_of_names(entry, place)
                id_ = _slug(aliases[0].text) if aliases else ""
                if not id_:
                    raise self._document.error(
                        f"{entry!r} gives no id", *place, hint="[Taobao, 淘宝]: Latin name first"
                    )
                self.places.append(("product", id_, place))
                yield Product(id_, aliases[0].text, company, aliases, None if beat == "other" else beat)

    def _line_of_names(self, entry: Any, place: Place) -> tuple[Alias, ...]:
        names = entry if isinstance(entry, list) else [entry]
        return tuple(dict.fromkeys(self._alias(name, "name", False, "", place) for name in names))

    def _aliases(self, raw: dict[str, Any], owner: str, where: Place) -> tuple[Alias, ...]:
        """Every spelling of an entry, its main names first; a name listed as ambiguous is nowhere safe."""
        aliases: dict[str, Alias] = {}
        for key, kind in (("ambiguous", "name"), ("names", "name"), ("nicknames", "nickname"), ("tickers", "ticker")):
            for index, entry in enumerate(self._list(raw, key, where)):
                alias = self._alias(entry, kind, key == "ambiguous", owner, (*where, key, index))
                if alias.text in aliases and aliases[alias.text].kind == kind:
                    raise self._document.error(f"{alias.text!r} is listed twice", *where, key, index, hint="keep one")
                aliases.setdefault(alias.text, alias)
        main = [str(raw[key]) for key in ("name", "zh") if raw.get(key) is not None]
        first = {text: aliases.get(text) or _alias_of(text, "name") for text in main}
        return tuple((first | aliases).values())

    def _alias(self, entry: Any, kind: str, ambiguous: bool, owner: str, where: Place) -> Alias:
        case: bool | None = None
        if isinstance(entry, dict):
            _refuse_unknown(self._document, entry, _ALIAS, where)
            case = self._flag(entry, "case", where) if "case" in entry else None
            shared, entry = self._flag(entry, "shared", where), entry.get("text")
            if shared:
                self.shared.add((owner, str(entry)))
        text = self._name(entry, where)
        return _alias_of(text, kind, ambiguous=ambiguous, case=case)

    def texts(self, raw: dict[str, Any], key: str, where: Place) -> tuple[str, ...]:
        entries = self._list(raw, key, where)
        return tuple(dict.fromkeys(self._name(entry, (*where, key, index)) for index, entry in enumerate(entries)))

    def _context(self, raw: dict[str, Any], side: str, where: Place) -> tuple[str, ...]:
        context = raw.get("context")
        if context is None:
            return ()
        if not isinstance(context, dict):
            raise self._document.error("must be a mapping", *where, "context", hint="{for: […], against: […]}")
        _refuse_unknown(self._document, context, ("for", "against"), (*where, "context"))
        return self.texts(context, side, (*where, "context"))

    def _terms(self, raw: dict[str, Any], key: str, where: Place) -> tuple[Term, ...]:
        terms = []
        for entry, place in self.entries(raw, key, where):
            _refuse_unknown(self._document, entry, ("company", "since", "until"), place)
            since, until = (self._year(entry, name, place) for name in ("since", "until"))
            if since is not None and until is not None and since > until:
                raise self._document.error(f"ends in {until}, before {since}", *place, "until", hint="swap the years")
            terms.append((self._text(entry, "company", place), since, until))
        return tuple(terms)

    def _year(self, raw: dict[str, Any], key: str, where: Place) -> int | None:
        year = raw.get(key)
        if year is None or (isinstance(year, int) and not isinstance(year, bool) and year in _YEARS):
            return year
        raise self._document.error(f"{year!r} is no year", *where, key, hint="four digits without quotes, or null")

    def _list(self, raw: dict[str, Any], key: str, where: Place) -> list[Any]:
        value = raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._document.error("must be a list", *where, key, hint=f"{key}: [one, two]")
        return value

    def _id(self, raw: dict[str, Any], kind: str, where: Place) -> str:
        value = self._text(raw, "id", where)
        if not _ID.fullmatch(value) or len(value) > MAX_ID:
            hint = "lower-case letters, digits and hyphens: moore-threads"
            raise self._document.error(f"{value!r} is no id", *where, "id", hint=hint)
        self.places.append((kind, value, where))
        return value

    def _text(self, raw: dict[str, Any], key: str, where: Place) -> str:
        if raw.get(key) is None:
            of = f" of {raw['id']!r}" if isinstance(raw.get("id"), str) else ""
            raise self._document.error(f"{key}{of} is missing", *where, hint=f"add `{key}: …`")
        return self._name(raw[key], (*where, key))

    def _name(self, value: Any, where: Place) -> str:
        if not isinstance(value, str):
            hint = f'"{value}" in quotes' if isinstance(value, (int, float)) else "a text, in quotes if need be"
            raise self._document.error(f"{value!r} is no text", *where, hint=hint)
        if not value.strip():
            raise self._document.error("is empty", *where, hint="write a name or leave it out")
        if "\n" in value:
            raise self._document.error("must be one line", *where, hint="put it in quotes, on one line")
        if len(value) > MAX_NAME:
            raise self._document.error("is too long for a name", *where, hint=f"at most {MAX_NAME} characters")
        return value.strip()

    def _choice(self, raw: dict[str, Any], key: str, where: Place, choices: tuple[str, ...]) -> str:
        value = self._text(raw, key, where)
        if value not in choices:
            raise self._document.error(f"{value!r} is not known", *where, key, hint=f"one of {', '.join(choices)}")
        return value

    def _flag(self, raw: dict[str, Any], key: str, where: Place) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            raise self._document.error(f"{value!r} is neither true nor false", *where, key, hint="true or false")
        return value


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("+", " plus")).strip("-")


def _alias_of(text: str, kind: str, *, ambiguous: bool = False, case: bool | None = None) -> Alias:
    """Short and capital Latin names match their case, ambiguous ones if they have capitals at all."""
    if case is None:
        short = len(text) <= 4 or text.isupper()
        case = (short or ambiguous or kind == "ticker") and _CAPITAL.search(text) is not None
    return Alias(text, kind, case, ambiguous)


def _refuse_unknown(document: LocatedYaml, raw: dict[str, Any], known: tuple[str, ...], where: Place) -> None:
    for key in raw:
        if key not in known:
            raise document.error("is not a key here", *where, key, hint=f"one of {', '.join(known)}")
