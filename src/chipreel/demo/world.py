"""The sample world on disk: its sources, its items, its clock, and what each source publishes at each step.

Knows nothing of HTTP (`server`) and nothing of how a feed is written (`formats`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chipreel.errors import ConfigError

if TYPE_CHECKING:
    from chipreel.demo.server import SampleServer

#: Keys of a source in world.yaml that feeds.yaml knows too.
_FEEDS_KEYS = ("id", "title", "language", "role", "companies", "timezone")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as its source publishes it at one step."""

    #: The guid; the last part of the address too, unless it is an address itself.
    id: str
    #: None = a post without a title.
    title: str | None
    #: Plain text, a blank line between paragraphs.
    text: str
    #: With the offset of the place where it was written.
    published: datetime
    #: None = not changed since.
    updated: datetime | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text, piece by piece."""
        return tuple(self.text.split("\n\n"))


@dataclass(frozen=True, slots=True)
class SampleItem:
    """An item through all steps."""

    first: Entry
    #: From this step on it is served.
    step: int
    #: Up to this step; None = to the end.
    last_step: int | None = None
    #: What it says from the step after its first one; None = never revised.
    revised: Entry | None = None

    def find_entry(self, step: int) -> Entry | None:
        """What is published of it at `step`; None = not yet, or not any more."""
        if step < self.step or (self.last_step is not None and step > self.last_step):
            return None
        return self.revised if self.revised is not None and step > self.step else self.first


@dataclass(frozen=True, slots=True)
class SampleSource:
    """A source of the sample world; world.yaml says what each key means."""

    id: str
    title: str
    #: rss2, rdf, atom, json, page, posts
    format: str
    language: str
    role: str
    items: tuple[SampleItem, ...]
    body: str = "full"
    companies: tuple[str, ...] = ()
    timezone: str | None = None
    #: The encoding it declares.
    encoding: str = "utf-8"
    #: The encoding it is written in; None = the declared one.
    bytes: str | None = None
    flaw: str | None = None
    dates: str = "zoned"
    #: {"status": 500}, "html", "empty"; None = its feed.
    answer: Any = None

    @property
    def path(self) -> str:
        """Where the server has its feed or list page."""
        if self.format == "posts":
            return f"/@{self.id}.rss"
        ending = {"json": "feed.json", "page": ""}.get(self.format, "feed.xml")
        return f"/{self.id}/{ending}"

    @property
    def site(self) -> str:
        """The human page it claims to have. Nothing is there: the top-level domain is reserved for examples."""
        return f"https://{self.id}.example/"

    def entries(self, step: int) -> tuple[Entry, ...]:
        """What it publishes at `step`, newest first."""
        found = (item.find_entry(step) for item in self.items)
        return tuple(sorted((e for e in found if e is not None), key=lambda e: e.published, reverse=True))


class SampleWorld:
    """The sample world in a folder: world.yaml and items/<source id>.yaml.

    Raises ConfigError naming file and key when the folder is not such a world.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        raw = _load_yaml(folder / "world.yaml")
        try:
            self._clock = tuple(_aware(moment, folder / "world.yaml") for moment in raw["clock"])
            self._settings: Mapping[str, Any] = raw["settings"]
            copies = {source["id"]: _load_items(folder, source) for source in raw["sources"]}
            self.sources = tuple(_source(source, copies, folder / "world.yaml") for source in raw["sources"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"is no sample world: {error!r}", path=str(folder / "world.yaml")) from error

    @property
    def steps(self) -> range:
        """The numbers of its time steps, from 1."""
        return range(1, len(self._clock) + 1)

    def clock(self, step: int) -> datetime:
        """ "Now" at a step; aware, in the zone of the sample."""
        return self._clock[step - 1]

    def serve(self, step: int = 1) -> AbstractContextManager[SampleServer]:
        """The world on a free port of 127.0.0.1 for a `with` block; set `step` on what it yields to move on."""
        from chipreel.demo.server import serve

        return serve(self, step)

    def feeds_yaml(self, base_url: str, *, language: str = "en") -> str:
        """A feeds.yaml that reads this world from a server at `base_url`; `language` is the default of --lang."""
        import yaml

        settings = {
            **self._settings,
            "language": language,
            "allow_private_addresses": True,
            "min_delay_s": 0,
            "connections_per_host": 8,
        }
        document = {"settings": settings, "sources": [_feeds_entry(source, base_url) for source in self.sources]}
        head = "# The sources of the sample world, as served at this moment. Made by `chipreel demo`.\n"
        return head + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


def _feeds_entry(source: SampleSource, base_url: str) -> dict[str, Any]:
    known = {key: getattr(source, key) for key in _FEEDS_KEYS}
    entry = {key: list(value) if isinstance(value, tuple) else value for key, value in known.items() if value}
    entry |= {"kind": "feed", "url": base_url + source.path, "publisher": source.id, "keep": "full"}
    if source.format == "posts":
        entry |= {"kind": "mastodon", "url": base_url + source.path.removesuffix(".rss")}
    elif source.format == "page":
        entry |= {"kind": "page", "text": "page", "pattern": rf"/{source.id}/articles/[a-z0-9-]+\.html$"}
    return entry


def _load_yaml(path: Path) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=str(path)) from error
    except yaml.YAMLError as error:
        raise ConfigError(f"is no YAML: {error}", path=str(path)) from error


def _load_items(folder: Path, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [] if "answer" in source else _load_yaml(folder / "items" / f"{source['id']}.yaml")


def _source(raw: dict[str, Any], copies: Mapping[str, list[dict[str, Any]]], path: Path) -> SampleSource:
    items_path = path.parent / "items" / f"{raw['id']}.yaml"
    items = tuple(_items(copies[raw["id"]], copies, items_path))
    return SampleSource(items=items, **{**raw, "companies": tuple(raw.get("companies", ()))})


def _items(raws: list[dict[str, Any]], copies: Mapping[str, Any], path: Path) -> Iterator[SampleItem]:
    for raw in raws:
        try:
            yield _item(raw, copies, path)
        except (KeyError, TypeError) as error:
            raise ConfigError(f"item lacks or mistakes {error}", path=str(path), key=str(raw.get("id"))) from error


def _item(raw: Mapping[str, Any], copies: Mapping[str, Any], path: Path) -> SampleItem:
    first = Entry(
        id=raw["id"],
        title=raw.get("title"),
        text=_text(raw, copies),
        published=_aware(raw["at"], path),
        author=raw.get("author"),
        tags=tuple(raw.get("tags", ())),
    )
    change = raw.get("revised")
    revised = None
    if change is not None:
        title, text = change.get("title", first.title), change.get("text", first.text).strip()
        revised = replace(first, title=title, text=text, updated=_aware(change["at"], path))
    return SampleItem(first, raw["step"], raw.get("last_step"), revised)


def _text(raw: Mapping[str, Any], copies: Mapping[str, Any]) -> str:
    """Its own text, or the first version of the copy it repeats."""
    if "text_of" not in raw:
        return str(raw["text"]).strip()
    source_id, item_id = raw["text_of"].split("/")
    return next(str(item["text"]).strip() for item in copies[source_id] if item["id"] == item_id)


def _aware(moment: Any, path: Path) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ConfigError(f"{moment!r} is no time with a zone", path=str(path), hint="2024-02-17T08:00:00+08:00")
    return moment
