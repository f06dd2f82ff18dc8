"""Rows of a story → what a digest weighs of it: its articles, what was said in them, and the sums."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chipreel.model.digest import DigestArticle, Said, Sum, Wording
from chipreel.store.rows import to_moment
from chipreel.text.script import has_han

#: Code points of a post that stand for the title it does not have; half of it in Chinese.
_TITLE_LENGTH = 100
#: Code points of any title that are shown.
_TITLE_MOST = 300
_SENTENCE_END = re.compile(r"[。！？]+|[.!?]+(?=\s|$)")


@dataclass(slots=True)
class Given:
    """The edition that gave an article last."""

    made_at: datetime
    upto_revision: int


def to_article(
    row: sqlite3.Row, given: Mapping[int, Given], wordings: Mapping[int, Wording], since: datetime | None
) -> DigestArticle:
    """An article as this profile meets it: new, revised or given before; `since` bounds what counts as new."""
    first_seen = to_moment(row["first_seen"])
    assert first_seen is not None
    text = row["text"] or ""
    return DigestArticle(
        id=row["id"],
        title=_shortened(row["title"]) or _opening(text),
        url=row["url"],
        source_id=row["source"],
        source_title=row["via"] or row["source_title"],
        publisher=row["publisher"],
        role=row["role"],
        lang=row["lang"],
        published=to_moment(row["published"]),
        first_seen=first_seen,
        kind=row["kind"],
        author=row["author"],
        text=text or None,
        is_new=row["id"] not in given and not row["background"] and (since is None or first_seen >= since),
        is_revised=row["id"] in wordings,
        was_given=row["id"] in given,
        relevance=row["relevance"],
        companies=tuple(json.loads(row["companies"])),
        primary=tuple(json.loads(row["about"])),
        beats=tuple(json.loads(row["beats"])),
        topics=tuple(json.loads(row["topics"])),
    )


def to_said(rows: Sequence[sqlite3.Row]) -> tuple[Said, ...]:
    """Quotes, the same words once: first those that most outlets carry, then those of people we know."""
    groups: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        groups[row["key"]].append(row)
    found = []
    for group in groups.values():
        known = next((row for row in group if row["person"] or row["company"]), group[0])
        outlets = len({row["publisher"] for row in group})
        found.append(
            Said(
                known["text"],
                known["speaker"],
                known["person"] or known["company"],
                outlets,
                known["article"],
                known["url"],
                tuple(dict.fromkeys(row["article"] for row in group)),
            )
        )
    return tuple(sorted(found, key=lambda said: (-said.outlets, said.speaker_id is None, -len(said.text))))


def to_sums(rows: Sequence[sqlite3.Row]) -> tuple[Sum, ...]:
    """Sums, the same amount once, the largest first; whose and for what as most of its articles have it."""
    groups: dict[tuple[object, ...], list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        # By six figures: 60.9 × 10^9 and 609 × 10^8 are one sum, and differ in their last bits.
        high = f"{row['amount_high']:.6g}" if row["amount_high"] is not None else None
        groups[f"{row['amount']:.6g}", high, row["currency"]].append(row)
    found = []
    for group in groups.values():
        first = group[0]
        owners = Counter(row["company"] or row["person"] for row in group if row["company"] or row["person"])
        roles = Counter(row["role"] for row in group if row["role"])
        found.append(
            Sum(
                first["surface"],
                first["usd_high"] or first["usd"],
                owners.most_common(1)[0][0] if owners else None,
                roles.most_common(1)[0][0] if roles else None,
                len({row["publisher"] for row in group}),
                first["article"],
                first["url"],
                tuple(dict.fromkeys(row["article"] for row in group)),
                tuple(dict.fromkeys(row["surface"] for row in group)),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.usd is None, -(one.usd or 0))))


def _shortened(title: str | None) -> str:
    """A title as long as any that is meant as one."""
    text = title or ""
    return text if len(text) <= _TITLE_MOST else text[:_TITLE_MOST].rstrip() + "…"


def _opening(text: str) -> str:
    """The beginning of a post, which has no title: its first sentence, cut between words where it is long."""
    first = next((line for line in text.splitlines() if line.strip()), "").strip()
    most = _TITLE_LENGTH // 2 if has_han(first) else _TITLE_LENGTH
    end = _SENTENCE_END.search(first)
    if end is not None and _TITLE_LENGTH // 8 < end.end() <= most:
        return first[: end.end()].rstrip("。. ")
    if len(first) <= most:
        return first
    cut = first[:most]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip(" ,;:，、；：") + "…"
