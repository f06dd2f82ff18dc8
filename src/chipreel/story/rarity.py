"""How much a shared term says: rare ones much, common ones little, counted over past years and the present window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log

from chipreel.story.window import Window

#: What an article of the window counts beside one of the background. Without the window a name that is new this year
#: looks rare for ever; counted in full, a story that everybody reports makes its own name worthless (stories.jsonl).
WINDOW_SHARE = 0.3
#: Share of the window that has to change before weights are worked out anew: a weight moves by less than .002.
_REFRESH = 0.02


class Rarity:
    """Weights of terms, 0 (in every article) to 1 (met nowhere else).

    `weights` holds them by term: half of grouping is looking them up, and a mapping needs no call for it.
    """

    def __init__(self, background: Mapping[str, int], background_size: int, window: Window) -> None:
        self._background = background
        self._background_size = background_size
        self._window = window
        self.weights: Mapping[str, float] = _Weights(self._weigh)
        self.refresh()

    def _weigh(self, term: str) -> float:
        """1 - log(articles with the term) / log(articles)."""
        holding = self._background.get(term, 0) + WINDOW_SHARE * self._window.count(term) + 1
        return max(0.0, 1.0 - log(holding) / self._base)

    def refresh(self) -> None:
        """Work the weights out anew if the window has changed enough for them to move."""
        if not self.weights or self._window.changed > _REFRESH * len(self._window):
            self._window.changed = 0
            self.weights = _Weights(self._weigh)
            self._base = log(self._background_size + WINDOW_SHARE * len(self._window) + 2)


class _Weights(dict[str, float]):
    """Weights that are worked out when they are first asked for."""

    def __init__(self, weigh: Callable[[str], float]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, term: str) -> float:
        self[term] = found = self._weigh(term)
        return found
