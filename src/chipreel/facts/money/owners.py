"""Whose sum it is: the company or person that the clause is about. Two that could be meant are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chipreel.facts.money.clauses import Clause
from chipreel.facts.money.roles import Cue

#: Id of a company or person, start, end.
Span = tuple[str, int, int]

#: A name behind one of these is whom it goes to or comes from, not whose it is.
_OBLIQUE = re.compile(
    r"(?:\b(?:in|into|from|with|to|against|than|on|via|through|by|behind|backed by|led by|including|"
    r"like) (?:the |its |rival |chip ?maker )?"
    r"|[对向给从由比被较为替超距获](?:.{0,3}(?:公司|巨头|厂商))?|(?:支持|领投|投资方|超越|超过|收购|竞争对手|获得|来自|等)的?)\Z"
)
#: The one who is fined or valued stands behind these.
_TOWARDS = re.compile(r"(?:对|向|给|将|把)\Z")
_LIST_GAP = re.compile(r" ?(?:、|,|and|&|和|与|及|以及|,? and|/|或|or) ?")
_TITLE_GAP = re.compile(r"[^,;:。()\n、]{0,18}")
_ENGLISH_TITLE = re.compile(r"(?:'s)? (?:\w+ ){0,4}|, (?:the )?(?:\w+ ){0,5}")
_AFTER = re.compile(r"[^,;。]{0,28}? (?:for|of|at|in|by) (?:the )?\Z")
_NEAR = 14


def find_owner(folded: str, clause: Clause, start: int, end: int, cue: Cue | None, spans: Sequence[Span]) -> str | None:
    """The id whose sum it is, or None. `spans` are sorted by start."""
    if cue is None:
        return None
    inside = [span for span in spans if clause.sentence_start <= span[1] and span[2] <= clause.sentence_end]
    if not inside:
        return _carried(clause, cue, spans)
    before = _without_titles(folded, [span for span in inside if span[2] <= start])
    here = [span for span in before if span[1] >= clause.start]
    if cue.role in ("fine", "valued"):
        named = [span for span in here if _TOWARDS.search(folded, max(0, span[1] - 3), span[1])]
        if named:
            return named[-1][0]
    owner = _subject(folded, here, before, min(cue.start, start) if cue.end <= start else start)
    if owner is not None or here:
        return owner
    behind = [span for span in inside if span[1] >= end and span[1] < clause.end]
    if (
        behind
        and _AFTER.search(folded, end, behind[0][1])
        and cue.role in ("raised", "valued", "market-value", "revenue", "capex")
    ):
        return behind[0][0]
    return _topic(folded, [span for span in before if span[1] < clause.start])


#: What a company does and is goes on from sentence to sentence; what it pays may be anybody's.
_GOES_ON = frozenset(("revenue", "profit", "market-value", "capex", "valued", "seeking", "raised"))
#: So many characters before a sentence without a name tell of whom it speaks.
_CARRIED_FROM = 400


def _carried(clause: Clause, cue: Cue, spans: Sequence[Span]) -> str | None:
    """A sentence that names nobody goes on about the one name of the sentences before it."""
    if cue.role not in _GOES_ON:
        return None
    low = clause.sentence_start - _CARRIED_FROM
    ids = {span[0] for span in spans if low <= span[1] < clause.sentence_start}
    return ids.pop() if len(ids) == 1 else None


def _without_titles(folded: str, spans: list[Span]) -> list[Span]:
    """A person behind the company they speak for stands for it: OpenAI首席执行官奥特曼 is one name."""
    kept: list[Span] = []
    for span in spans:
        gap = folded[kept[-1][2] : span[1]] if kept else None
        if gap is not None and _is_title(gap):
            kept[-1] = (kept[-1][0], kept[-1][1], span[2])
        else:
            kept.append(span)
    return kept


_TITLE = re.compile(
    r"创始人|首席|执行官|总裁|董事长|ceo|cto|cfo|掌门|老板|高管|负责人|chief|founder|chairman|president|executive|boss|head"
)


def _is_title(gap: str) -> bool:
    if gap == "'s ":  # OpenAI's Altman
        return True
    return len(gap) <= 40 and bool(_TITLE.search(gap)) and not re.search(r"[;。、]|[,:](?! ?(?:the|ceo|chief))", gap)


def _subject(folded: str, spans: list[Span], before: list[Span], cue_start: int) -> str | None:
    """The one name in the clause that is not oblique; of several, the one right before the cue."""
    free = [span for span in spans if not _OBLIQUE.search(folded, max(0, span[1] - 24), span[1])]
    if _is_listed(folded, before):
        return None
    ids = {span[0] for span in free}
    if len(ids) == 1:
        return free[0][0]
    last = next((span for span in reversed(free) if span[2] <= cue_start), None)
    if last is None or cue_start - last[2] > _NEAR:
        return None
    return last[0]


def _topic(folded: str, spans: list[Span]) -> str | None:
    """The name an earlier clause of the sentence is about: the last that is not oblique, unless it is one of a list."""
    free = [span for span in spans if not _OBLIQUE.search(folded, max(0, span[1] - 24), span[1])]
    if not free or _is_listed(folded, spans):
        return None
    return free[-1][0]


def _is_listed(folded: str, spans: list[Span]) -> bool:
    """Whether the last name is one of several that are listed: the sum is theirs together, or one cannot tell."""
    if len(spans) < 2 or spans[-1][0] == spans[-2][0]:
        return False
    return _LIST_GAP.fullmatch(folded, spans[-2][2], spans[-1][1]) is not None
