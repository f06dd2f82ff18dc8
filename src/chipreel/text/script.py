"""Which script and language a text is in."""

from __future__ import annotations

import re
from collections import Counter

from chipreel.text.late import late

#: Han, the Chinese characters: the blocks in real use, and the ideographic zero and iteration mark.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: Scripts written without spaces between words, and Hangul, whose words carry endings: indexed as character pairs.
CJK = HAN + "\u3040-\u309f\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f\uac00-\ud7af"

_HAN = late(f"[{HAN}]")
_HAN_RUN = late(f"[{HAN}]+")
_KANA_RANGE = "\u3040-\u309f\u30a0-\u30fa\u30fc-\u30ff"
_HANGUL_RANGE = "\uac00-\ud7af"
_CYRILLIC_RANGE = "\u0400-\u04ff"
_KANA = late(f"[{_KANA_RANGE}]")
_HANGUL = late(f"[{_HANGUL_RANGE}]")
_CYRILLIC = late(f"[{_CYRILLIC_RANGE}]")
_OTHER_RUN = late(f"[{_KANA_RANGE}{_HANGUL_RANGE}{_CYRILLIC_RANGE}]+")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+(?:['\u2019][A-Za-z]+)?")
#: ASCII letters in lower case, the apostrophe, and a space for everything else.
_SPACED = {code: chr(code).lower() if chr(code).isalpha() or code == ord("'") else " " for code in range(128)}
#: How much of a text decides; a language does not change after this many characters.
_LOOK = 4000

#: Small words that English does not share, by language (ISO 639-1).
_SMALL_WORDS = {
    "en": "the of and to in is for on with that at by from as it its are has will after new how why what be".split(),
    "de": "der die das und ist nicht mit für auf ein eine den dem von zu im sich wird auch nach bei wie".split(),
    "fr": "le la les des et est une dans pour sur avec que qui pas du au par plus ce cette aux".split(),
    "es": "el la los las y es una en para con que por del se más su como al lo".split(),
    "it": "il la gli di e è una per con che non del della nel sono più dei al".split(),
    "pt": "o a os as e é uma para com que do da não em por mais dos no na ao".split(),
    "nl": "de het een en van is op met voor dat niet zijn aan ook bij naar wordt".split(),
}
_WORD_LANGUAGES = {
    word: tuple(sorted(lang for lang, words in _SMALL_WORDS.items() if word in words))
    for words in _SMALL_WORDS.values()
    for word in words
}


def is_han(char: str) -> bool:
    """Whether one character is Han."""
    return _HAN.match(char) is not None


def has_han(text: str) -> bool:
    """Whether any character is Han."""
    return _HAN.search(text) is not None


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language most of `text` is written in, or None when it has no words.

    One Han character carries about as much as a short Latin word, so words are weighed against characters: a Chinese
    headline full of product names is still Chinese.
    """
    text = text[:_LOOK]
    if text.isascii():
        words = _ascii_words(text)
        return _latin_language(words) if words else None
    # Each script is counted in what those before it leave, which is next to nothing in most texts.
    rest, runs = _HAN_RUN.subn(" ", text)
    han = len(text) - len(rest) + runs
    others = "".join(_OTHER_RUN.findall(rest))
    kana = len(_KANA.findall(others))
    hangul = len(_HANGUL.findall(others))
    cyrillic = len(_CYRILLIC.findall(others))
    words = [word.lower() for word in _LATIN_WORD.findall(rest)]
    if kana >= 2 and kana * 8 >= han:
        return "ja" if kana + han >= len(words) else _latin_language(words)
    if hangul and hangul >= max(han, len(words)):
        return "ko"
    if han and han >= 0.5 * len(words):
        return "zh"
    if cyrillic > 3 * len(words):
        return "ru"
    return _latin_language(words) if words else ("zh" if han else None)


def _ascii_words(text: str) -> list[str]:
    """Words in lower case, as `_LATIN_WORD` finds them, in half its time."""
    words = text.translate(_SPACED).split()
    if "'" not in text:
        return words
    # What stands between spaces may be several words: 'tis said, rock'n'roll.
    return [word for piece in words for word in (_LATIN_WORD.findall(piece) if "'" in piece else (piece,))]


def _latin_language(words: list[str]) -> str:
    """The language whose small words are the most among `words`, which are in lower case."""
    votes: dict[str, int] = {}
    for word, count in Counter(filter(_WORD_LANGUAGES.__contains__, words)).items():
        for lang in _WORD_LANGUAGES[word]:
            votes[lang] = votes.get(lang, 0) + count
    best = max(votes, key=lambda lang: (votes[lang], lang == "en"), default="en")
    # English is the rule here; another language must show itself plainly.
    return best if votes.get(best, 0) >= 2 + votes.get("en", 0) else "en"
