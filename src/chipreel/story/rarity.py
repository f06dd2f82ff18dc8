"""How much a shared term says: rare ones much, common ones little, counted over past years and the present window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

#: What an article of the window counts beside one of the background. Without the window a name that is new this year
#: looks rare for ever; counted in full, a story that everybody reports makes its own name worthless (stories.jsonl).
WINDOW_SHARE = 0.3
#: Share of the window that has to change before weights are worked out anew: a weight moves by less than .002.
_REFRESH = 0.02


class Rarity:
    """Weights of terms, 0 (in every article) to 1 (met nowhere else)."""

    def __init__(self, background: Mapping[str, int], background_size: int) -> None:
        self._background = background
        self._background_size = background_size
        self._window: Counter[str] = Counter()
        self._articles = 0
        self._changed = 0
        self._known: dict[str, float] = {}
        self._base = log(background_size + 2)

    def add(self, titles: Iterable[frozenset[str]]) -> None:
        """Count the terms of more titles."""
        for terms in titles:
            self._window.update(terms)
            self._articles += 1
            self._changed += 1
        self._forget_weights()

    def remove(self, titles: Iterable[frozenset[str]]) -> None:
        """Uncount titles that left the window."""
        for terms in titles:
            self._articles -= 1
            self._changed += 1
            for term in terms:
                if self._window[term] > 1:
                    self._window[term] -= 1
                else:
                    del self._window[term]
        self._forget_weights()

    def count(self, term: str) -> int:
        """Articles of the window that hold a term in their title."""
        return self._window[term]

    def weight(self, term: str) -> float:
        """1 - log(articles with the term) / log(articles)."""
        known = self._known.get(term)
        if known is None:
            holding = self._background.get(term, 0) + WINDOW_SHARE * self._window[term] + 1
            known = self._known[term] = max(0.0, 1.0 - log(holding) / self._base)
        return known

    def _forget_weights(self) -> None:
        """Work them out anew once the window has changed enough for them to move."""
        if self._changed > _REFRESH * self._articles:
            self._changed = 0
            self._known.clear()
            self._base = log(self._background_size + WINDOW_SHARE * self._articles + 2)
