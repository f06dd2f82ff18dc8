"""Quotation marks → the passages between them, outermost only, in the order of the text.

Marks that belong to words (don't, the workers' council) and to measures (a 12" wafer) open and close nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

#: Everything that can open or close a passage, and the ends of paragraphs, which end what was left open.
_EVENTS = re.compile("[\"“”„‟＂〝〞「」『』«»‘’'\n]")
#: A text without one of these has no passage; looked for first, at the speed of `in`.
_ANY = re.compile('["“”„‟＂〝「『«‘]')
#: A single mark behind a space or at the start. The mark stands first in the pattern, which is then looked for at once.
_SINGLE_OPENER = re.compile(r"'(?<![^\s(\[—–:：]')")
_NEXT_PARAGRAPH = re.compile(r"\n[ \t\u3000\xa0]*(?:\n|[“\"「『])")
_CLOSER = {
    "“": "”",
    "„": "“”‟",
    "‟": "”",
    "〝": "〞",
    "「": "」",
    "『": "』",
    "«": "»",
    "‘": "’",
    "'": "'",
    "''": "''",
    '"': '"”＂',
    "＂": '"＂',
}
_CLOSERS = frozenset("”〞」』»’")
_SINGLE = frozenset("‘'")
_STRAIGHT = frozenset('"＂')
_OPENS_AFTER = frozenset(" \t\n\u3000\xa0([（【—–-―:：，,、。；！？…“‘「『'/<>=")
_CLOSES_BEFORE = frozenset(" \t\n\u3000\xa0)]）】—–-―:：，,、。；;.!?！？…”’」』'/<>")
_SENTENCE_MARKS = frozenset(".,!?…。，！？；—–")
#: No passage is longer than this: a lost closing mark must not swallow an article.
LONGEST = 4000
#: No text has more passages than this that are read: an article has fewer than 200.
MOST = 2000
#: No more marks and line ends than this are looked at.
MOST_EVENTS = 400_000
#: How many passages may nest before the marks are taken for noise.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """The words between two marks: `text[start:end]`, without the marks."""

    start: int
    end: int
    #: The opening mark.
    mark: str
    #: False = the closing mark is missing; the passage ends with its paragraph.
    closed: bool = True
    #: True = the next paragraph opens with a mark again: the same words go on there.
    continues: bool = False

    @property
    def after(self) -> int:
        """Where the text behind the closing mark begins."""
        return self.end + self.closed * len(self.mark)

    @property
    def before(self) -> int:
        """Where the text in front of the opening mark ends."""
        return self.start - len(self.mark)


def find_passages(text: str) -> list[Passage]:
    """The outermost quoted passages of `text`, in order; linear in its length."""
    return _Pairing(text).run() if _has_opener(text) else []


def _has_opener(text: str) -> bool:
    has_mark = '"' in text if text.isascii() else _ANY.search(text) is not None
    return has_mark or ("'" in text and _SINGLE_OPENER.search(text) is not None)


class _Pairing:
    """One walk over the marks of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.done: list[Passage] = []
        #: Openers that wait for their closer: position, mark, how many passages were done when it opened.
        self.open: list[tuple[int, str, int]] = []
        #: The second half of a doubled single mark, already taken.
        self.skip = -1

    def run(self) -> list[Passage]:
        for event in islice(_EVENTS.finditer(self.text), MOST_EVENTS):
            mark, at = event.group(), event.start()
            if len(self.done) >= MOST:
                break
            if self.open and at - self.open[0][0] > LONGEST:
                self._end_paragraph(self.open[0][0] + LONGEST, cut=True)
            if mark == "\n":
                if self.open and _NEXT_PARAGRAPH.match(self.text, at):
                    self._end_paragraph(at)
            elif mark == "'":
                self._take_single(at)
            elif mark != "’" or self.open:
                self._take(mark, at)
        self._end_paragraph(len(self.text.rstrip()), cut=bool(self.open) and len(self.text) - self.open[0][0] > LONGEST)
        return self.done

    def _take(self, mark: str, at: int) -> None:
        if mark in _STRAIGHT:
            self._take_straight(mark, at)
        elif mark == "’":
            if not self.text[at + 1 : at + 2].isalnum():
                self._close(mark, at)
        elif mark in _CLOSERS or (mark == "“" and self.open and self.open[-1][1] == "„"):
            self._close(mark, at)
        elif mark != "‘" or not self.open:
            self._push(mark, at)

    def _push(self, mark: str, at: int) -> None:
        if len(self.open) < _DEEPEST:
            self.open.append((at, mark, len(self.done)))

    def _take_single(self, at: int) -> None:
        """An apostrophe is inside a word; two single marks in a row are one double mark of a typewriter."""
        if at <= self.skip:
            return
        before, behind = self.text[at - 1 : at] if at else "\n", self.text[at + 1 : at + 2]
        if behind == "'":
            self.skip = at + 1
            self._take_doubled(at, before)
        elif not behind.isalnum():
            if self.open and self.open[-1][1] == "'" and not before.isspace():
                self._close("'", at)
        elif not self.open and before in _OPENS_AFTER and behind.isalpha():
            self._push("'", at)

    def _take_doubled(self, at: int, before: str) -> None:
        if any(entry[1] == "''" for entry in self.open):
            self._close("''", at)
        elif not before.isalnum() and not self.open and not self.text[at + 2 : at + 3].isspace():
            self._push("''", at)

    def _take_straight(self, mark: str, at: int) -> None:
        before = self.text[at - 1] if at else "\n"
        behind = self.text[at + 1] if at + 1 < len(self.text) else "\n"
        opened = any(mark in _CLOSER[entry[1]] or entry[1] == "“" for entry in self.open)
        can_open = before in _OPENS_AFTER or not before.isascii()
        can_close = behind in _CLOSES_BEFORE or not behind.isascii() or before in _SENTENCE_MARKS
        if opened and (can_close or not can_open) and not self._is_measure(at, before):
            self._close(mark, at)
        elif not opened and can_open and not behind.isspace():
            self._push(mark, at)

    def _is_measure(self, at: int, before: str) -> bool:
        """Inches: a figure stands before the mark, and the next mark can only close."""
        if not before.isdigit():
            return False
        after = self.text.find('"', at + 1, at + 1 + LONGEST)
        if after < 0 or "\n" in self.text[at:after]:
            return False
        following = self.text[after + 1 : after + 2]
        return not self.text[after - 1].isspace() and (not following or following in _CLOSES_BEFORE)

    def _close(self, mark: str, at: int) -> None:
        for level in range(len(self.open) - 1, -1, -1):
            start, opener, done = self.open[level]
            if mark in _CLOSER[opener] or (opener == "“" and mark in _STRAIGHT):
                del self.open[level:]
                del self.done[done:]
                if self.text[start + len(opener) : at].strip():
                    self.done.append(Passage(start + len(opener), at, opener))
                return
        if mark == "”" and not self.open and self.text[at - 1 : at] in ("：", ":", "，") and at:
            self._push("“", at)

    def _end_paragraph(self, at: int, *, cut: bool = False) -> None:
        """What is still open ends here; a single mark was an apostrophe, an opener with passages inside a slip."""
        if not self.open:
            return
        start, opener, done = self.open[0]
        self.open.clear()
        if opener in _SINGLE or cut or len(self.done) > done or not self.text[start + len(opener) : at].strip():
            return
        ahead = self.text[at : at + 40].lstrip()
        start += len(opener)
        end = start + len(self.text[start:at].rstrip())
        self.done.append(Passage(start, end, opener, closed=False, continues=ahead.startswith(opener)))
