"""Ids that are unique within a document, and the same at the next visit."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chipreel.model import Item

#: A document in which more than this share of the ids is repeated does not mean its ids (a site's address as guid of
#: every entry): then none of the repeated ids is kept plain, so that a new entry does not take over the id of an old.
_REPEATED_SHARE = 0.05
_REPEATED_FEWEST = 3
_REPLACED = re.compile(r".*#[0-9a-f]{16}", re.DOTALL)
_INVENTED = re.compile(r"[0-9a-f]{16}")


def identified(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items with unique ids, those that say nothing or the same twice left out.

    An id is what the source gives, else the address, else a digest of title and date (of the text where both are
    missing). Of several items with one id the first keeps it, each other gets it with a digest of what sets it apart.
    """
    named = [
        item if item.id else replace(item, id=item.url or _digest(item)) for item in items if _says_something(item)
    ]
    counts = Counter(item.id for item in named)
    repeated = len(named) - len(counts)
    meaningless = repeated >= _REPEATED_FEWEST and repeated > _REPEATED_SHARE * len(named)
    kept: dict[str, Item] = {}
    contents: set[tuple[str | None, ...]] = set()
    for item in named:
        if counts[item.id] > 1:
            content = (item.id, item.url, item.title, item.text, str(item.published))
            if content in contents:
                continue
            contents.add(content)
            if meaningless or item.id in kept:
                item = replace(item, id=f"{item.id}#{_digest(item)}")
        kept.setdefault(item.id, item)
    return tuple(kept.values())


def find_identity_note(items: Sequence[Item]) -> str | None:
    """What to tell a person of ids (as `identified` gave them) that do not identify; None = too few to speak of."""
    repeated = sum(1 for item in items if _REPLACED.fullmatch(item.id))
    empty = sum(1 for item in items if not item.url and _INVENTED.fullmatch(item.id))
    if repeated >= _REPEATED_FEWEST and repeated > _REPEATED_SHARE * len(items):
        return f"{repeated} of {len(items)} ids repeat: told apart by address, title and date"
    if empty >= _REPEATED_FEWEST and empty > _REPEATED_SHARE * len(items):
        return f"{empty} of {len(items)} entries have neither id nor address: told apart by title and date"
    return None


def _says_something(item: Item) -> bool:
    return bool(item.title or item.text or item.url)


def _digest(item: Item) -> str:
    parts = [item.url or "", item.title or "", item.published.isoformat() if item.published else ""]
    if not item.title or not item.published:
        parts.append(item.text or "")
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
