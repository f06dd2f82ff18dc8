"""Who said what in a text: passages, their speakers, and indirect speech with a clear word of speech."""

from __future__ import annotations

from collections.abc import Sequence

from chipreel.facts.quotes.attribution import Said, attribute
from chipreel.facts.quotes.clauses_zh import simplified
from chipreel.facts.quotes.marks import find_passages
from chipreel.facts.quotes.roster import NOBODY, read_roster
from chipreel.facts.quotes.speakers import Speakers
from chipreel.model.annotation import Mention, Quote
from chipreel.text.script import has_han


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
    """The quotations of `text`, in its order; `text[start:end] == quote.text` for each.

    `people` and `companies` are what the tagger found in the item: they give speakers their ids and pronouns their
    names, and are not needed. `author` speaks where a post (`is_post`) says I.
    """
    passages = find_passages(text)
    if not passages:
        return ()
    form = simplified(text) if has_han(text) else text
    roster = read_roster(form) if form is not text else NOBODY
    speakers = Speakers(text, field, people, companies, author if is_post else None, roster)
    return tuple(_quote(text, field, said, speakers) for said in attribute(text, passages, form, roster))


def _quote(text: str, field: str, said: Said, speakers: Speakers) -> Quote:
    name, ident = speakers.resolve(said.speaker, said.start)
    return Quote(field, said.start, said.end, text[said.start : said.end], "direct", name, ident, said.cue or None)
