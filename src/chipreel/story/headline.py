"""The clearest title of a story: it names who, says what and how much, and says what the others say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from chipreel.model.story import StoryItem
from chipreel.story.evidence import title_of
from chipreel.story.fingerprint import TITLE_LENGTH
from chipreel.story.outlets import story_order
from chipreel.story.quantities import find_quantities
from chipreel.story.words import PART, SMALL, SMALL_HAN, TOKEN, is_cjk, stem
from chipreel.text.fold import fold
from chipreel.text.script import has_han

#: Code points of a headline that is neither a label nor a paragraph: (shortest, longest).
_LENGTH, _LENGTH_HAN = (24, 120), (10, 42)
_TEASING = re.compile(r"[?？!！…]|\.\.\.|^(?:how|why|what|here's|i|we|my|show hn)\b|为什么|如何|怎么|突发|刚刚|竟|炸")
_CREDIT = re.compile(r"\([^()]{2,60}/[^()]{2,60}\)$")


def choose_headline(items: Sequence[StoryItem], lang: str | None = None) -> StoryItem:
    """The item with the clearest title, among those in `lang` where there are any; `items` must not be empty."""
    titled = [item for item in items if title_of(item)] or list(items)
    ours = [item for item in titled if item.lang == lang] or titled
    if len(ours) == 1:
        return ours[0]
    common = Counter(word for item in ours for word in title_words(title_of(item)[:TITLE_LENGTH]))
    return min(ours, key=lambda item: (-clarity(item, common, len(ours)), story_order(item)))


def clarity(item: StoryItem, common: Counter[str], among: int) -> float:
    """How clear a title is. `common` counts the words of all `among` titles of the story.

    What the others say weighs 2, a name .5 (up to three), a number .4, an official source .4; a title that teases, that
    shouts, that is too short or too long loses.
    """
    title = title_of(item)[:TITLE_LENGTH]
    words = title_words(title)
    shared = sum(common[word] - 1 for word in words) / (len(words) * max(1, among - 1)) if words else 0.0
    value = 2.0 * shared + 0.5 * min(3, len(item.named)) + 0.4 * bool(find_quantities(fold(title)))
    value += 0.4 * (item.role == "official") - 0.3 * (item.role in ("community", "commentary"))
    return value - _faults(title)


def title_words(title: str) -> frozenset[str]:
    """Stems of the Latin words and pairs of the Han characters of a title, small ones left out."""
    found: set[str] = set()
    for match in TOKEN.finditer(fold(title)):
        token = match[0]
        if is_cjk(token):
            found.update(pair for at in range(len(token) - 1) if (pair := token[at : at + 2]) not in SMALL_HAN)
        else:
            found.update(stem(part) for part in PART.findall(token) if part not in SMALL)
    return frozenset(found)


def _faults(title: str) -> float:
    shortest, longest = _LENGTH_HAN if has_han(title) else _LENGTH
    letters = [char for char in title if char.isascii() and char.isalpha()]
    shouting = len(letters) > 12 and sum(char.isupper() for char in letters) > 0.6 * len(letters)
    faults = 0.8 * bool(_TEASING.search(title.lower())) + 0.6 * shouting + 0.3 * bool(_CREDIT.search(title))
    return faults + 0.8 * (len(title) < shortest) + 0.5 * (len(title) > longest)
