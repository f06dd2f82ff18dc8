"""Who said what in a text: quotations with their speakers, and indirect speech with a clear word of speech."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

from chipreel.facts.quotes.attribution import Said, attribute
from chipreel.facts.quotes.clauses_zh import simplified
from chipreel.facts.quotes.indirect import Reported, find_reported
from chipreel.facts.quotes.known import Known, known_names
from chipreel.facts.quotes.marks import find_passages
from chipreel.facts.quotes.named import LateRoster
from chipreel.facts.quotes.speakers import Speakers, is_unnamed
from chipreel.model.annotation import Mention, Quote
from chipreel.text.script import has_han

#: A post is kept as its author's words up to this many characters.
LONGEST_POST = 1000


def find_quotes(
    text: str,
    *,
    field: str = "text",
    lang: str | None = None,
    people: Sequence[Mention] = (),
    companies: Sequence[Mention] = (),
    author: str | None = None,
    is_post: bool = False,
) -> tuple[Quote, ...]:
    """The quotes of `text`, in its order; `text[start:end] == quote.text` for each.

    `lang` is the language of the item (None: told from the script). `people` and `companies` are what the tagger found
    in it: they give speakers their ids and pronouns their names, and are not needed. In a post (`is_post`) "I" is the
    `author`, and a post that quotes nobody is itself the author's words.
    """
    is_chinese = has_han(text) if lang is None else lang in ("zh", "ja")
    passages = find_passages(text)
    known = known_names(field, people, companies)
    form = _without_cues(simplified(text), known) if is_chinese or passages else text
    roster = LateRoster(form, known)
    said: list[Said | Reported] = [*attribute(text, passages, form, roster)] if passages else []
    said += _apart(find_reported(text, form, known, is_chinese=is_chinese), said)
    quotes: tuple[Quote, ...] = ()
    if said:
        said.sort(key=lambda one: one.start)
        speakers = Speakers(text, known, author if is_post else None, roster)
        quotes = tuple(filter(None, map(partial(_quote, text, field, speakers), said)))
    if is_post and author and not quotes and field == "text":
        return _post(text, field, author)
    return quotes


#: Verbs of speech of one character that names of companies hold: 出门问问.
_CUES_IN_NAMES = str.maketrans("问说道称答写讲叹", "某某某某某某某某")


def _without_cues(form: str, known: Sequence[Known]) -> str:
    """`form` in which no character inside the name of a company can be taken for a verb of speech."""
    for name in known:
        inside = form[name.start : name.end]
        if not name.is_person and (plain := inside.translate(_CUES_IN_NAMES)) != inside:
            form = f"{form[: name.start]}{plain}{form[name.end :]}"
    return form


def _apart(reported: Iterable[Reported], said: Sequence[Said | Reported]) -> list[Reported]:
    """Reported speech that no quotation lies in, and that lies in none."""
    ends = [one.end for one in said]
    return [
        one
        for one in reported
        if (following := bisect_right(ends, one.start)) == len(said) or said[following].start >= one.end
    ]


def _quote(text: str, field: str, speakers: Speakers, said: Said | Reported) -> Quote | None:
    """The quote of a passage; None for reported speech whose speaker stays a pronoun or an unnamed company."""
    name, ident = speakers.resolve(said.speaker)
    if isinstance(said, Reported) and said.unnamed and ident is None and (name is None or is_unnamed(name)):
        return None
    words = text[said.start : said.end]
    kind: Literal["direct", "indirect"] = "direct" if isinstance(said, Said) else "indirect"
    return Quote(field, said.start, said.end, words, kind, name, ident, said.cue or None)


def _post(text: str, field: str, author: str) -> tuple[Quote, ...]:
    """The words of a post, from its first to its last character that is no space."""
    start = len(text) - len(text.lstrip())
    end = min(len(text.rstrip()), start + LONGEST_POST)
    return (Quote(field, start, end, text[start:end], "direct", author),) if end > start else ()
