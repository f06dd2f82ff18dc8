"""A title as the units that two titles can share: Latin words by their stem, Han text by its pairs of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from chipreel.text.late import late
from chipreel.text.script import CJK

#: A Latin word or number with its inner points and hyphens, or a run of CJK.
TOKEN = late(rf"[{CJK}]+|[^\W_{CJK}]+(?:[.'’&-][^\W_{CJK}]+)*")
#: The same as `TOKEN` in what is ASCII, but twice as fast.
_ASCII_TOKEN = re.compile("[A-Za-z0-9]+(?:[.'&-][A-Za-z0-9]+)*")
PART = re.compile(r"[^\W_]+(?:\.\d+)*")
_IS_CJK = late(f"[{CJK}]")

#: English words that say nothing of an event.
SMALL = frozenset(
    """
    a about after again against ahead all also am amid an and any are as at away back be because been before being
    below between both but by can could day days did do does doing down during each even every few first for from
    get gets getting go goes going gone got had has have having he her here hers him his how i if in into is it its
    just keep know last least less let lets like likely look looks made make makes making many may me might more
    most much must my near need needs new news next no nor not now of off on once one only or other our out over own
    per put really right s said same say says see seems set she should show shows since so some soon still such t
    take takes taking than that the their them then there these they thing things this those through time to today
    too two under until up upon us use used uses using very via want wants was way we well were what when where which
    while who whom why will with within without would yes yet you your re ve ll don doesn isn won here's it's that's
    """.split()
)

#: Pairs of Han characters that say nothing of an event.
SMALL_HAN = frozenset(
    """
    的是 了一 一个 这个 那个 什么 怎么 如何 为什 为何 我们 你们 他们 她们 自己 已经 还是 不是 就是 没有 可以 可能
    一次 一种 一些 这些 那些 这样 那样 以及 或者 但是 因为 所以 如果 虽然 而且 其中 对于 关于 通过 之后 之前 目前
    看待 何看 评价 何评 哪些 有哪 么样 怎样 究竟 到底 终于 竟然 居然 突然 刚刚 昨天 今天 明天 今年 去年 最新 真的
    """.split()
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A Latin word without its regular ending: launches, launched, launching → launch. Made for comparing only.

    >>> stem("shutting") == stem("shut") == stem("shuts")
    True
    """
    word = word.split("'")[0].split("’")[0]
    if len(word) < 4 or not word.isalpha() or not word.isascii():
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("ches", "shes", "sses", "xes", "zzes")) else word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and re.search("[aeiouy]", word[: -len(ending)]) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ei":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == "e" else word


def iter_tokens(text: str) -> Iterator[re.Match[str]]:
    """The matches of `TOKEN` in a text."""
    return (_ASCII_TOKEN if text.isascii() else TOKEN).finditer(text)


def is_cjk(token: str) -> bool:
    """Whether a token of `TOKEN` is a run of CJK."""
    return _IS_CJK.match(token) is not None
