"""The search language: what a person types → a query tree → an FTS5 expression and filters.

    words, "exact phrases", OR, -not, prefix*, and fields: company:nvidia source:ithome lang:zh since:7d …

Any input is a valid query: what cannot be understood is searched for as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chipreel.text.segment import phrase

_TOKEN = re.compile(r'(?P<minus>-?)(?:(?P<field>[a-z_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')

#: Every field of the search language and what it takes.
FIELDS = {
    "company": "an id: company:nvidia",
    "person": "an id: person:sam-altman",
    "product": "an id: product:sora",
    "source": "an id: source:ithome",
    "kind": "article or post",
    "role": "official, press, analysis, commentary, community, research or filings",
    "beat": "video or chips",
    "topic": "funding, model-release …",
    "lang": "en, zh …",
    "since": "a day or a span: since:2024-02-01, since:7d",
    "until": "a day or a span: until:2024-03-01, until:2d",
    "has": "quote or money",
    "story": "a story's id: story:s12",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find."""

    #: The words as typed.
    text: str
    #: True = the last word may go on (`chip*`).
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One `field:value`; `negated` for `-field:value`."""

    field: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asked for: every group must match (any of its terms), no excluded term may."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term that is looked for, in order: what a snippet marks."""
        return tuple(term for group in self.groups for term in group)


def parse_query(text: str) -> Query:
    """The tree of a query. Never fails."""
    groups: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    filters: list[Filter] = []
    joining = False
    for match in _TOKEN.finditer(text.replace("\x00", " ").replace("\uff1a", ":")):
        field, bare = match["field"], match["bare"]
        value = match["quoted"] if bare is None else bare
        if field in FIELDS and value:
            filters.append(Filter(field, value, negated=bool(match["minus"])))
            continue
        if field:
            value = f"{field}:{value}"
        if bare == "OR" and not match["minus"] and not field:
            joining = bool(groups)
            continue
        if bare == "NOT" and not field:
            continue
        term = Term(value.rstrip("*"), prefix=bare is not None and value.endswith("*"))
        if not phrase(term.text):
            continue
        if match["minus"]:
            excluded.append(term)
        elif joining:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joining = False
    return Query(tuple(groups), tuple(excluded), tuple(filters))


def match_expression(query: Query) -> str:
    """The FTS5 expression of a query, always valid; "" when it holds no word to look for."""
    wanted = [
        "(" + " OR ".join(phrase(term.text, prefix=term.prefix) for term in group) + ")" for group in query.groups
    ]
    if not wanted:
        return ""
    excluded = [phrase(term.text, prefix=term.prefix) for term in query.excluded]
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(excluded)})" if excluded else expression


def rewrite(text: str) -> str:
    """What Datasette's `escape_fts` becomes: any text → a valid FTS5 expression (for no words, one without a match)."""
    return match_expression(parse_query(text)) or '"\u241f"'
