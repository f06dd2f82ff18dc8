"""A newsroom in a database: sources, articles and stories put there by hand, without fetching or grouping."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.decide import content_hash
from chipreel.errors import DeliveryError
from chipreel.model import Annotation, Evidence, Item, Mention, Money, Source
from chipreel.model.delivery import Message
from chipreel.model.digest import Digest
from chipreel.model.lexicon import Company, Lexicon
from chipreel.model.profile import Profile
from chipreel.pipeline.editions import Channel, Published, Wanted, publish
from chipreel.store import articles, stories
from chipreel.store.annotations import save_annotation
from chipreel.store.database import open_database, transaction
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.sources import save_source

NOW = datetime(2024, 2, 16, 8, tzinfo=UTC)
COMPANIES = (("nvidia", "Nvidia", "英伟达"), ("openai", "OpenAI", "OpenAI"), ("softbank", "SoftBank", "软银"))


@dataclass
class Reader:
    """Somebody at the end of a channel: keeps what arrives, and can be out of order."""

    name: str = "reader"
    messages: list[Message] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)
    #: Raised instead of taking a message.
    trouble: DeliveryError | None = None
    parts: int = 1
    is_idempotent: bool = False

    def channel(self) -> Channel:
        return Channel(self.name, self._split, self._take, self.is_idempotent)

    def _split(self, digest: Digest, number: int) -> list[Message]:
        self._last = digest
        key = f"{digest.profile}-{number}"
        return [Message(f"{key}-{n}", "", key, part=n, parts=self.parts) for n in range(1, self.parts + 1)]

    def _take(self, message: Message) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.messages.append(message)
        self.digests.append(self._last)

    @property
    def told(self) -> list[tuple[str, str]]:
        """(story, state) of everything that arrived, in order."""
        return [(entry.story, entry.state) for digest in self.digests for entry in digest.entries]


@dataclass
class Newsroom:
    """Puts news into a database and asks for editions."""

    db: sqlite3.Connection
    now: datetime = NOW
    profile: Profile = field(default_factory=lambda: Profile(channels=("reader",)))
    lang: str = "en"
    _count: int = 0

    def source(self, name: str, role: str = "press", lang: str = "en") -> str:
        source = Source(name, name.title(), "feed", f"https://{name}.example/feed", lang, role)  # type: ignore[arg-type]
        with transaction(self.db):
            save_source(self.db, source)
        return name

    def story(self) -> int:
        with transaction(self.db):
            return stories.create_story(self.db, self.now)

    def article(
        self,
        title: str,
        *,
        story: int | None = None,
        source: str = "press",
        text: str | None = None,
        lang: str = "en",
        published: datetime | str | None = "now",
        background: bool = False,
        relevant: bool = True,
        companies: tuple[str, ...] = ("nvidia",),
        money: tuple[Money, ...] = (),
        beats: tuple[str, ...] = ("chips",),
        is_grouped: bool = True,
    ) -> int:
        """An article that has just been fetched; its story is a new one unless told. Returns its id."""
        self._count += 1
        when = self.now - timedelta(hours=1) if published == "now" else published
        assert not isinstance(when, str)
        item = Item(f"guid-{self._count}", title, f"https://{source}.example/{self._count}", text=text, published=when)
        number = story if story is not None or not is_grouped else self.story()
        new = articles.NewArticle(item, source, content_hash(item), item.url, None, background, lang)
        with transaction(self.db):
            article = articles.save_article(self.db, new, self.now)
            mentions = tuple(Mention(c, 0.9, (Evidence("title", 0, 1, "x"),), primary=True) for c in companies)
            found = Annotation(lang, mentions, beats=beats, relevant=relevant, relevance=0.9, money=money)
            save_annotation(self.db, article, found, day=self.now.date(), to_usd=lambda a, c, d: a, version="1")
            if number is not None:
                stories.save_membership(self.db, article, number)
        return article

    def revise(self, article: int, *, title: str | None = None, text: str | None = None) -> None:
        old = articles.get_item(self.db, article)
        item = replace(old, title=title or old.title, text=text or old.text)
        with transaction(self.db):
            row = articles.get_article(self.db, article)
            new = articles.NewArticle(item, row["source"], content_hash(item), item.url, None, False, row["lang"])
            articles.save_revision(self.db, article, new, self.now)

    def merge(self, story: int, into: int) -> None:
        with transaction(self.db):
            stories.save_merge(self.db, story, into)

    def wanted(self) -> Wanted:
        return Wanted(self.profile, self.lang, "UTC", self.now, timedelta(hours=48))

    def daily(self, *readers: Reader, hours: float = 24) -> Published:
        """The next edition; afterwards `hours` have passed."""
        made = publish(self.db, self.wanted(), {reader.name: reader.channel() for reader in readers})
        self.now += timedelta(hours=hours)
        return made

    def states(self) -> list[tuple[str, str]]:
        """(channel, state) of every delivery, in order."""
        return [(r["channel"], r["state"]) for r in self.db.execute("select * from deliveries order by id")]


def make_newsroom(path: Path) -> Iterator[Newsroom]:
    with open_database(path) as connection:
        room = Newsroom(connection)
        lexicon = Lexicon("1", tuple(Company(i, en, zh, "chip", ()) for i, en, zh in COMPANIES), ())
        with transaction(connection):
            sync_lexicon(connection, lexicon)
        for name in ("press", "wire", "daily", "evening"):
            room.source(name)
        room.source("caijing", lang="zh")
        room.source("maker", role="official")
        yield room


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom with six sources and nothing in it."""
    yield from make_newsroom(tmp_path / "news.db")


@pytest.fixture
def reader() -> Reader:
    """A reader whose channel works."""
    return Reader()


@pytest.fixture
def new_reader() -> type[Reader]:
    """Makes further readers."""
    return Reader
