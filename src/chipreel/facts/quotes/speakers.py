"""The place of a speaker → the name to show and the id in the lexicon.

A pronoun goes back to the last person named, a surname to the full name before it, "the company" to the one company of
the text; where that is not sure, what stands in the text is given.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from chipreel.facts.quotes import words_en, words_zh
from chipreel.facts.quotes.clauses_en import Span
from chipreel.facts.quotes.known import Known
from chipreel.facts.quotes.named import LateRoster

_NAME_RUN = re.compile(
    r"(?:[A-ZÀ-ÞŁŠŽ][\w.’'-]*|(?:de|van|von|der|bin|al|la|le|du|di|da)(?=\s[A-Z]))(?:\s(?:[A-ZÀ-ÞŁŠŽ][\w.’'-]*|(?:de|van|von|der|bin|al|la|le|du|di|da)(?=\s[A-Z])))*$"
)
#: What a name ends in that is no part of it: the mark of the owner, a day.
_TAIL = re.compile(r"(?:['’]s?|\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$")
_FIRST_RUN = re.compile(r"([A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]*)+)\s(?:of|at|from|with)\s")
_OWNER = re.compile(r"^.*(?:['’]s|s['’])\s+(?=[A-Z])")
_BODY = re.compile(
    r"(?i)(?:the|this) (?:company|start-?up|chip ?maker|firm|group|lab|maker|giant|conglomerate|studio)$"
)
_BODY_ZH = re.compile(r"^(?:该|这家|本)?(?:公司|集团|企业|厂商|初创公司|芯片商|实验室|机构)(?:方面)?$")


def is_unnamed(phrase: str) -> bool:
    """A pronoun, or a body that is only called what it is: she, 他, the company, 该公司."""
    return (
        phrase.lower() in words_en.PRONOUNS
        or phrase in words_zh.PRONOUNS
        or bool(_BODY.match(phrase) or _BODY_ZH.match(phrase))
    )


class Speakers:
    """Resolves the speakers of one text, in its order: each one heard helps to resolve the next."""

    def __init__(self, text: str, known: tuple[Known, ...], author: str | None, roster: LateRoster) -> None:
        self.text, self.known, self.author, self.roster = text, known, author, roster
        self.starts = [name.start for name in known]
        #: The last speaker named: place, name, id.
        self.last: tuple[int, str, str | None] | None = None
        #: What each name was called by: he or she, so that two people of a text are not mixed up.
        self.called: dict[str, str] = {}

    def resolve(self, speaker: Span | None) -> tuple[str | None, str | None]:
        """Name and id of the speaker named at a place; (None, None) for None."""
        if speaker is None:
            return None, None
        phrase = self.text[slice(*speaker)]
        lower = phrase.lower()
        if lower in words_en.PRONOUNS or phrase in words_zh.PRONOUNS:
            return self._pronoun(phrase, speaker[0])
        if phrase.startswith("该") and self.last and phrase[-2:] in self.last[1]:
            return self.last[1], self.last[2]
        if _BODY.match(phrase) or _BODY_ZH.match(phrase):
            return phrase, self._only_company(speaker[0])
        return self._named(phrase, speaker)

    def _named(self, phrase: str, speaker: Span) -> tuple[str, str | None]:
        known = self._known_in(speaker)
        if known and known.is_person:
            name: str = self.text[known.start : known.end]
        else:
            name = _core_name(phrase)
        name, ident = self._fuller(name, speaker[0], known.id if known else None)
        self.last = (speaker[0], name, ident)
        return name, ident

    def _known_in(self, speaker: Span) -> Known | None:
        """The person of the lexicon inside the phrase, else the company it begins or ends with."""
        low = bisect_left(self.starts, speaker[0] - 40)
        inside = [name for name in self.known[low : low + 60] if name.start < speaker[1] and name.end > speaker[0]]
        people = [name for name in inside if name.is_person]
        found = people or inside
        return found[-1] if found else None

    def _fuller(self, name: str, at: int, ident: str | None) -> tuple[str, str | None]:
        """A surname alone → the full name that stands before it, if there is only one such."""
        if " " in name or not name[:1].isupper() or not name.isascii():
            return name, ident
        known = {(self.text[one.start : one.end], one.id) for one in self.known if one.is_person and one.start < at}
        fuller = [one for one in known if one[0].endswith(" " + name)]
        if len({one[1] for one in fuller}) == 1:
            return fuller[0][0], ident or fuller[0][1]
        return name, ident

    def _pronoun(self, phrase: str, at: int) -> tuple[str | None, str | None]:
        lower = phrase.lower()
        if lower in ("i", "we") or phrase in ("我", "我们"):
            return (self.author, None) if self.author and lower != "we" else (phrase, None)
        if lower not in words_en.PERSONAL and phrase not in words_zh.PERSONAL:
            return phrase, None
        found = self._person_before(at, lower)
        if found is None:
            return phrase, None
        self.called[found[1]] = lower
        self.last = found
        return found[1], found[2]

    def _person_before(self, at: int, pronoun: str) -> tuple[int, str, str | None] | None:
        """The person named last before a pronoun, who was not called otherwise."""
        candidates: list[tuple[int, str, str | None]] = [self.last] if self.last else []
        index = bisect_left(self.starts, at)
        near = [name for name in self.known[max(0, index - 12) : index] if name.is_person]
        candidates += [(name.start, self.text[name.start : name.end], name.id) for name in near]
        place = self.roster().last_before(at) if not pronoun.isascii() else None
        if place:
            candidates.append((place[0], self.text[place[0] : place[0] + len(place[1])], None))
        fitting = [one for one in candidates if self.called.get(one[1], pronoun) == pronoun and _is_personal(one[1])]
        best = max(fitting, key=lambda one: (one[0], one[2] is not None), default=None)
        return (best[0], *self._fuller(best[1], best[0] + 1, best[2])) if best else None

    def _only_company(self, at: int) -> str | None:
        named = {name.id for name in self.known if not name.is_person and name.start < at}
        return named.pop() if len(named) == 1 else None


def _is_personal(name: str) -> bool:
    """Whether a pronoun may stand for the name: "the report" and "officials" are no he."""
    first = name.split(" ", 1)[0]
    return bool(name) and (not first[:1].isascii() or (first[:1].isupper() and first.lower() not in words_en.NO_NAME))


def _core_name(phrase: str) -> str:
    """The name in a phrase: without titles, owners and what describes ("chip analyst Ann Lee")."""
    phrase = _TAIL.sub("", phrase)
    first = _FIRST_RUN.match(phrase)
    if first:
        phrase = first.group(1)
    run = _NAME_RUN.search(phrase)
    if not run:
        return phrase
    words = run.group().split(" ")
    while len(words) > 2 and words[0].endswith(("'", "’")):
        words = words[1:]
    owner = _OWNER.match(run.group())
    if owner and len(words) > 2:
        words = run.group()[owner.end() :].split(" ")
    for index in range(len(words) - 2, -1, -1):
        if words[index].rstrip(".").lower() in words_en.TITLES:
            words = words[index + 1 :]
            break
    name = " ".join(words)
    described = run.start() > 0 or len(name) < len(run.group())
    if not described or (len(words) == 1 and run.start() > 0 and not _is_title_before(phrase[: run.start()])):
        return name if not run.start() else phrase
    return name


def _is_title_before(lead: str) -> bool:
    last = lead.split()[-1] if lead.split() else ""
    return last.lower() in words_en.TITLES
