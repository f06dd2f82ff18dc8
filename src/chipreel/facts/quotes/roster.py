"""The persons whom a Chinese text names: what pronouns and quotations without a clause of their own go back to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from chipreel.facts.quotes.named import NOBODY, Roster
from chipreel.facts.quotes.one_of import one_of
from chipreel.facts.quotes.words_zh import (
    GIVEN,
    NOT_IN_NAMES,
    OTHER_SURNAMES,
    PLAIN_SURNAMES,
    SPEAKER_NOUNS,
    SPEECH,
    SURNAMES,
    TITLES,
)
from chipreel.text.late import late
from chipreel.text.script import HAN, is_han

_FOREIGN = rf"[{HAN}]{{1,8}}(?:[·•・‧][{HAN}]{{1,8}}){{1,3}}"
_GIVEN = rf"(?:{SURNAMES})[{HAN}]{{1,2}}"
_TITLE = one_of(TITLES.split("|"))
_TITLED = late(rf"{_TITLE}({_FOREIGN}|{_GIVEN})")
_DOT = late("[·•・‧]")
_TITLE_HEAD = late(rf"[{HAN}]*{_TITLE}(?=[{HAN}]{{1,8}}[·•・‧])")
#: A verb of speech or thought; the few characters before it may be a name, whatever it is made of: 奥特曼说.
_VERB = late("|".join((*SPEECH, "看来", "觉得", "发现")))
_PLAIN_VERBS = ("说", "表示", "认为", "指出", "坦言", "称", "告诉", "透露", "强调")
_ADVERB = ("也", "还", "则", "曾", "又", "却")
#: How many characters before the verb may belong to the name.
_BACK = 20
_LAST_WORD = late(rf"[{HAN}·•・‧]+$")
_BORDER = late(r"^(?:[在据对而但]|.*(?:执行官|董事长|创始人|分析师|总裁|学家)(?=.{2,4}$))")
_GIVEN_WHOLE = late(rf"{_FOREIGN}|{_GIVEN}")
_ADDRESSED = late(
    rf"(?:{SURNAMES})(?:某|姓)?(?:先生|女士|小姐|太太|教授|博士|老师|校长|院长|董事长)"
    rf"|(?<![{HAN}])(?:{SURNAMES})总(?=[说表称认坦在对也还，])"
)
#: What `_ADDRESSED` ends in. Looked for first: it takes a tenth of the time, and three characters hold all before it.
_ADDRESS = late("先生|女士|小姐|太太|教授|博士|老师|校长|院长|董事长|总[说表称认坦在对也还，]")
_PLAIN = late(rf"[{PLAIN_SURNAMES}][{HAN}]{{2}}")
_FULL = late(rf"([{PLAIN_SURNAMES}][{GIVEN}]{{2}})")
#: These two begin at a border, as which the start of a text counts: they read it with a line end in front.
_SHORT = late(
    rf"[。，！？；：、\n\u3000 ”（(]([{PLAIN_SURNAMES}][{GIVEN}]|[{OTHER_SURNAMES}][{GIVEN}]{{2}})"
    r"(?=[是一不决却又还也就都在对把被将从为说，想最无则曾]|坦|表|认|指|告|介|显|笑|看|觉|没|已)"
)
#: Who the first sentence says somebody is: 何栖迟是这部短片的导演.
_IS = late(rf"[。！？\n]\s*([{PLAIN_SURNAMES}{OTHER_SURNAMES}][{HAN}]{{2}})(?=是)")
_COMMON = late(
    rf"(?:{SPEAKER_NOUNS})$|^[这那有一某该其对据他她它我你此在当并但而也还就都又再最更已曾却所如因别]"
    r"|(?:怎么|什么|比如|例如|譬如|强调连|可以|应该|方|只能|据说|公开|明确|时候|之后|随后|日前|近日|同时|最后|曾经|多次|再次|首先|其次|虽然|如果|不过|因此|[时地后中着])$"
)
#: What no given name holds.
_NEVER = late(r"[的了着是不没我你他她它们这那之及或但而到让给被把说告个]")


#: Persons are looked for in this many characters of a text, and no more of them than that are kept.
REACH, MOST_NAMES = 40_000, 200


def read_roster(text: str, known: frozenset[str] = frozenset()) -> Roster:
    """The persons of `text` (in Simplified characters); `known` are names that the lexicon gave."""
    text = text[:REACH]
    names = {_short(_cut(found)) for found in _TITLED.findall(text)}
    names.update(_speaking(text))
    names.update(_addressed(text))
    names.update(_cut(found) for found in _FULL.findall(text))
    lines = f"\n{text}"
    names.update(_SHORT.findall(lines) + _IS.findall(lines))
    names.update(name for name in _often(text) if _varies(text, name))
    names = {name for name in names if len(name) >= 2 and not _NEVER.search(name[1:])}
    names = set(sorted(names)[:MOST_NAMES])
    names = {name for name in names if not any(_swallows(text, other, name) for other in names)} | known
    if not names:
        return NOBODY
    found = sorted((place, -len(name), name) for name in names for place in _places(text, name))
    kept: list[tuple[int, str]] = []
    for place, _, name in found:
        if not kept or place >= kept[-1][0] + len(kept[-1][1]):
            kept.append((place, name))
    return Roster(frozenset(names), tuple(place for place, _ in kept), tuple(name for _, name in kept))


def _addressed(text: str) -> Iterator[str]:
    """Names with what somebody is called by to their face: 王老师, 张某先生."""
    for word in _ADDRESS.finditer(text):
        found = _ADDRESSED.search(text, max(0, word.start() - 3), word.end())
        if found:
            yield found.group()


def _speaking(text: str) -> Iterator[str]:
    """What stands between a border and a verb of speech and may be a name."""
    for verb in _VERB.finditer(text):
        end = verb.start()
        if text[end - 1 : end] in _ADVERB:
            end -= 1
        word = _LAST_WORD.search(text, max(0, end - _BACK), end)
        if not word:
            continue
        name = _BORDER.sub("", _without_title(word.group()))
        if _GIVEN_WHOLE.fullmatch(name):
            yield _cut(name)
        elif 2 <= len(name) <= 4 and verb.group().startswith(_PLAIN_VERBS) and not _COMMON.search(name):
            yield name


def _places(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + len(name))


def _swallows(text: str, other: str, name: str) -> bool:
    """`name` is only ever a part of `other`, which is no longer than a name may be."""
    return name != other and name in other and text.count(name) == text.count(other)


def _varies(text: str, name: str) -> bool:
    """What follows a name changes; what always goes on in the same way is part of a longer word (江湖集|团)."""
    behind = {text[place + len(name) : place + len(name) + 1] for place in _places(text, name)}
    return len(behind) > 1 or not is_han(next(iter(behind)) or " ")


def _short(name: str) -> str:
    """摄影师罗川卖掉…: a third character that given names do not have belongs to the next word."""
    plain = len(name) == 3 and name[0] in PLAIN_SURNAMES and name[1] in GIVEN
    return name[:2] if plain and name[2] not in GIVEN else name


def _without_title(name: str) -> str:
    """首席执行官山姆·奥特曼 → 山姆·奥特曼."""
    title = _TITLE_HEAD.match(name) if _DOT.search(name) else None
    return name[title.end() :] if title else name


def _cut(name: str) -> str:
    if "·" in name:
        return name
    while len(name) > 2 and name[-1] in NOT_IN_NAMES:
        name = name[:-1]
    return name if name[-1:] not in NOT_IN_NAMES else ""


def _often(text: str) -> set[str]:
    """What looks like a name with two given characters and stands at least twice."""
    ordered = sorted(_PLAIN.findall(text))
    return {name for name, following in pairwise(ordered) if name == following and name[2] not in NOT_IN_NAMES}
