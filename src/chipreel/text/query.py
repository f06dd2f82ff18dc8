"""The search language: what a person types → a query tree → an FTS5 expression and filters.

    words, "exact phrases", OR, -not, prefix*, and fields: company:nvidia source:ithome lang:zh since:7d …

Any input is a valid query: what cannot be understood is searched for as words. Marks may be full width (“…”, ：, －),
and fields Chinese (公司:英伟达 语言:中文), as a Chinese keyboard writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chipreel.text.fold import fold
from chipreel.text.prefixes import completions, is_stemmed
from chipreel.text.segment import phrase

_TOKEN = re.compile(r'(?P<minus>-?)(?:(?P<field>[^\W\d]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')
#: Marks of other keyboards, and NUL, which ends a text for SQLite.
_MARKS = str.maketrans("“”„＂「」『』：－｜＊\x00", '"""""""":-|* ')

#: Every field of the search language and what it takes.
FIELDS = {
    "company": "an id or a name: company:nvidia, company:英伟达",
    "person": "an id or a name: person:sam-altman",
    "product": "an id or a name: product:sora",
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
_FIELDS_ZH = {
    "公司": "company",
    "人物": "person",
    "产品": "product",
    "產品": "product",
    "来源": "source",
    "來源": "source",
    "类型": "kind",
    "類型": "kind",
    "角色": "role",
    "赛道": "beat",
    "賽道": "beat",
    "主题": "topic",
    "主題": "topic",
    "语言": "lang",
    "語言": "lang",
    "自": "since",
    "至": "until",
    "含": "has",
    "事件": "story",
}
_VALUES_ZH = {
    "kind": {"文章": "article", "帖子": "post"},
    "beat": {"视频": "video", "視頻": "video", "芯片": "chips", "晶片": "chips"},
    "lang": {"中文": "zh", "英文": "en"},
    "has": {"引语": "quote", "引語": "quote", "金额": "money", "金額": "money"},
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


Alternative = Term | Filter


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asked for: every group must match (any of its terms), every filter, and no excluded term."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    #: Groups in which a filter stands beside other alternatives: `company:nvidia OR company:amd`, `芯片 OR has:money`.
    either: tuple[tuple[Alternative, ...], ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term that is looked for, in order: what a snippet marks."""
        mixed = (one for group in self.either for one in group if isinstance(one, Term))
        return (*(term for group in self.groups for term in group), *mixed)


def parse_query(text: str) -> Query:
    """The tree of a query. Never fails."""
    groups: list[list[Alternative]] = []
    excluded: list[Term] = []
    joining = negating = False
    for piece in _tokens(text):
        if isinstance(piece, str):
            joining, negating = (bool(groups), False) if piece == "OR" else (joining, piece == "NOT")
            continue
        one, is_negated = piece
        if isinstance(one, Filter):
            one = Filter(one.field, one.value, negated=is_negated or negating)
        elif is_negated or negating:
            excluded.append(one)
            joining = negating = False
            continue
        if joining:
            groups[-1].append(one)
        else:
            groups.append([one])
        joining = negating = False
    return _sorted(groups, excluded)


def _tokens(text: str) -> Iterator[str | tuple[Alternative, bool]]:
    """The words of a query: "OR", "NOT", or (a term or filter, whether a minus stands before it)."""
    for match in _TOKEN.finditer(text.translate(_MARKS)):
        bare = match["bare"]
        value = match["quoted"] if bare is None else bare
        field = match["field"] or ""
        name = _FIELDS_ZH.get(field, field.lower())
        if name in FIELDS and value:
            yield Filter(name, _VALUES_ZH.get(name, {}).get(value, value)), bool(match["minus"])
            continue
        if bare is not None and not field and not match["minus"] and bare in ("OR", "|", "NOT", "AND"):
            if bare != "AND":
                yield "NOT" if bare == "NOT" else "OR"
            continue
        if field:
            value = f"{field}:{value}"
        term = Term(value.rstrip("*"), prefix=bare is not None and value.endswith("*"))
        if phrase(term.text):
            yield term, bool(match["minus"])


def _sorted(groups: Iterable[list[Alternative]], excluded: Iterable[Term]) -> Query:
    words: list[tuple[Term, ...]] = []
    filters: list[Filter] = []
    either: list[tuple[Alternative, ...]] = []
    for group in groups:
        terms = tuple(one for one in group if isinstance(one, Term))
        if len(terms) == len(group):
            words.append(terms)
        elif len(group) == 1:
            filters += [one for one in group if isinstance(one, Filter)]
        else:
            either.append(tuple(group))
    return Query(tuple(words), tuple(excluded), tuple(filters), tuple(either))


def any_of(terms: Iterable[Term]) -> str:
    """The FTS5 expression that matches any of the terms; "" for none."""
    return " OR ".join(expression for term in terms for expression in _expressions(term))


def as_typed(terms: Iterable[Term]) -> str:
    """The FTS5 expression that matches any of the terms to the letter: what is excluded must not be guessed at."""
    return " OR ".join(phrase(term.text, prefix=term.prefix) for term in terms)


def started_word(term: Term) -> str | None:
    """The beginning of a word that a term asks for, where the index keeps stems of such words; None for any other."""
    start = fold(term.text)
    return start if term.prefix and is_stemmed(start) else None


def _expressions(term: Term) -> list[str]:
    start = started_word(term)
    others = completions(start) if start else []
    return [phrase(term.text, prefix=term.prefix), *map(phrase, others)]


def match_expression(query: Query) -> str:
    """The FTS5 expression of a query's words, always valid; "" when it holds no word that must be there."""
    wanted = [f"({any_of(group)})" for group in query.groups]
    if not wanted:
        return ""
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({as_typed(query.excluded)})" if query.excluded else expression


def rewrite(text: str) -> str:
    """What Datasette's `escape_fts` becomes: any text → a valid FTS5 expression (for no words, one without a match)."""
    return match_expression(parse_query(text)) or '"\u241f"'
