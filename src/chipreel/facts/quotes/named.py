"""Persons in the order in which a text names them. Reading them (`roster`) waits until somebody asks: it costs a start
24 ms of compiling patterns, and most texts never ask.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from chipreel.facts.quotes.known import Known, names_of_persons


@dataclass(frozen=True, slots=True)
class Roster:
    """Names in the order in which the text names them."""

    names: frozenset[str]
    #: Places of the names, ascending, and the name at each.
    places: tuple[int, ...] = ()
    at: tuple[str, ...] = ()

    def last_before(self, place: int) -> tuple[int, str] | None:
        """The last place before `place` at which a person is named."""
        index = bisect_left(self.places, place)
        return (self.places[index - 1], self.at[index - 1]) if index else None

    def first_in(self, low: int, high: int) -> tuple[int, int] | None:
        """Where the first person of `text[low:high]` is named."""
        index = bisect_left(self.places, low)
        if index == len(self.places) or self.places[index] >= high:
            return None
        return self.places[index], self.places[index] + len(self.at[index])


NOBODY = Roster(frozenset())


class LateRoster:
    """A roster that is read when it is first asked for: most texts never ask."""

    def __init__(self, form: str, known: Sequence[Known]) -> None:
        self._form, self._known = form, known
        self._roster: Roster | None = None

    def __call__(self) -> Roster:
        """The roster of the text."""
        if self._roster is None:
            from chipreel.facts.quotes.roster import read_roster

            self._roster = read_roster(self._form, names_of_persons(self._form, self._known))
        return self._roster
