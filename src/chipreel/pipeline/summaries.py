"""Summaries of the top stories by the user's own language model; every one is checked, and dropped when in doubt."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chipreel.digest.summary_check import is_supported
from chipreel.errors import ConfigError
from chipreel.model import Annotation, Item
from chipreel.model.digest import Digest, DigestEntry
from chipreel.pipeline.rooms import Rooms

#: Articles of a story, and code points of each, that the model is given.
_ARTICLES, _LENGTH = 5, 2500
_ASK = {
    "en": "Summarise the event that these reports tell, in two plain sentences in English. Use only what they say: no "
    "other names, numbers or quotes, no judgement. Answer with the two sentences alone.",
    "zh": "用两句平实的中文概括下列报道所讲的事件。只用其中的内容，"
    "不要添加其他名称、数字、引语或评价。只回答这两句话。",
}

#: (instruction, reports) → the model's answer.
Write = Callable[[str, str], str]


def summarise(db: sqlite3.Connection, rooms: Rooms, digest: Digest, model: str, write: Write | None = None) -> Digest:
    """The edition with a summary for each top story whose summary holds up; where none does, the lines stand.

    A model that fails is no reason to be late: the edition goes out without it. Raises ConfigError when the `llm`
    library or the model is missing.
    """
    ask = write or _writer(model)
    entries = [_summarised(db, rooms, digest.lang, entry, ask) if entry.is_top else entry for entry in digest.entries]
    return replace(digest, entries=tuple(entries))


def _summarised(db: sqlite3.Connection, rooms: Rooms, lang: str, entry: DigestEntry, ask: Write) -> DigestEntry:
    texts = _texts(db, [article.id for article in entry.articles[:_ARTICLES]])
    try:
        summary = " ".join(ask(_ASK[lang], "\n\n---\n\n".join(texts)).split())
    except ConfigError:
        raise
    except Exception:  # whatever a model's plugin raises, the digest does not wait for it
        return entry
    in_articles = {name for text in texts for name in _named(rooms, text)}
    if is_supported(summary, texts, named=_named(rooms, summary), in_articles=in_articles):
        return replace(entry, summary=summary)
    return entry


def _texts(db: sqlite3.Connection, articles: list[int]) -> list[str]:
    rows = db.execute(
        "select title, text from articles where id in (select value from json_each(?)) order by id",
        (json.dumps(articles),),
    )
    return [f"{row['title'] or ''}\n{(row['text'] or '')[:_LENGTH]}".strip() for row in rows]


def _named(rooms: Rooms, text: str) -> set[str]:
    found: Annotation = rooms.annotator.annotate(Item("summary", text=text))
    return {mention.id for mention in (*found.companies, *found.people, *found.products)}


def _writer(name: str) -> Write:
    try:
        import llm
    except ImportError as error:
        raise ConfigError(
            "summaries need the `llm` library",
            key="summary_model",
            hint="install chipreel with its extra: pip install 'chipreel[llm]'",
        ) from error
    try:
        model: Any = llm.get_model(name)
    except llm.UnknownModelError as error:
        raise ConfigError(
            f"llm knows no model {name!r}", key="summary_model", hint="`llm models` lists them"
        ) from error
    return lambda instruction, reports: str(model.prompt(reports, system=instruction).text())
