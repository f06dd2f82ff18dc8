"""The one definition of likeness: what batch, online grouping and `explain` all ask of two articles."""

from __future__ import annotations

import re
from typing import NamedTuple

from chipreel.model.story import WINDOW_DAYS, Contribution, Edge, StoryKnowledge
from chipreel.story.pairs import explain_pair, find_evidence, score
from chipreel.story.profile import Profile, is_one_source, share_text
from chipreel.story.rarity import Rarity

#: Days after which the same title from the same source is a new edition of a column, not the same article.
EDITION_DAYS = 6.0
#: Within those days, hours after which the same title over another text is.
_EDITION_HOURS = 18.0
#: Share of a sketch above which two texts are copies.
COPY_SHARE = 0.6
#: Title keys of fewer code points are too common to prove anything.
_LEAST_TITLE = 8
#: Longer titles that differ in a number only are one report, brought up to date.
_SERIES_TITLE = 30
_NUMBER = re.compile(r"\d+")


class Comparison:
    """Compares articles with one set of tables."""

    def __init__(self, knowledge: StoryKnowledge, rarity: Rarity) -> None:
        self.how = knowledge.grouping
        self._weights = knowledge.weights
        self._rarity = rarity

    def compare(self, a: Profile, b: Profile) -> float:
        """Log-odds that two articles tell of one event, within `how.bound`."""
        verdict = plain_verdict(a, b)
        bound = self.how.bound
        if verdict is not None:
            return bound if verdict.same else -bound
        return max(-bound, min(bound, score(find_evidence(a, b, self._rarity), self._weights)))

    def explain(self, a: Profile, b: Profile) -> Edge:
        """The evidence between two articles; what decides alone stands first and alone."""
        verdict = plain_verdict(a, b)
        if verdict is None:
            return explain_pair(a, b, self._rarity, self._weights)
        log_odds = self.how.bound if verdict.same else -self.how.bound
        return Edge(a.id, b.id, log_odds, (Contribution(verdict.reason, log_odds),))


class Verdict(NamedTuple):
    """What needs no weighing."""

    same: bool
    #: same-title, same-text, other-week, other-edition, round-up, series
    reason: str


def plain_verdict(a: Profile, b: Profile) -> Verdict | None:
    """What is plain about two articles; None where evidence has to be weighed."""
    apart = abs(a.day - b.day) if a.day is not None and b.day is not None else 0.0
    if apart > WINDOW_DAYS:
        return Verdict(False, "other-week")
    if a.title_key == b.title_key and (len(a.title_key) >= _LEAST_TITLE or a.url == b.url):
        return Verdict(False, "other-edition") if is_other_edition(a, b, apart) else Verdict(True, "same-title")
    if a.is_roundup or b.is_roundup:
        return Verdict(False, "round-up")
    if is_series(a, b):
        return Verdict(False, "series")
    # Within one source a shared text is the source's boilerplate.
    if not is_one_source(a, b) and share_text(a, b) >= COPY_SHARE:
        return Verdict(True, "same-text")
    return None


def is_series(a: Profile, b: Profile) -> bool:
    """Whether two titles of one source are alike but for a number: Player 1.12.27 and 1.12.28, 第12期 and 第13期."""
    if not is_one_source(a, b) or len(a.title_key) > _SERIES_TITLE or len(b.title_key) > _SERIES_TITLE:
        return False
    return _NUMBER.sub("", a.title_key) == _NUMBER.sub("", b.title_key)


def is_other_edition(a: Profile, b: Profile, days: float) -> bool:
    """Whether two articles of one title are two editions of one source's column."""
    if not is_one_source(a, b) or a.url == b.url:
        return False
    if days >= EDITION_DAYS:
        return True
    has_texts = bool(a.sketch and b.sketch)
    return days * 24 >= _EDITION_HOURS and has_texts and share_text(a, b) < COPY_SHARE
