"""What the first look looks for, out of the lexicon and the words of the trade that the tagger weighs."""

from __future__ import annotations

from chipreel.archive.first_look import Signs
from chipreel.model import Lexicon, TagModel
from chipreel.tag.names import Names
from chipreel.text.fold import fold

#: Groups of the tagger's words that speak for the race.
_TRADE = (
    "video generation",
    "image generation",
    "video makers",
    "chips",
    "memory",
    "compute",
    "chip makers",
    "export control",
    "models",
    "ai",
    "ai products",
)
#: Groups of names that every page links or offers its app for.
_EVERYWHERE = ("platform", "social media")
#: Companies and products that stand on pages of every kind: to share, to log in, to fetch an app.
_LINKED = (
    "Google",
    "谷歌",
    "Google Play",
    "Microsoft",
    "微软",
    "Apple",
    "苹果",
    "App Store",
    "iTunes",
    "iPhone",
    "iPad",
    "YouTube",
    "LinkedIn",
    "微信",
    "WeChat",
    "QQ",
    "QQ空间",
    "Qzone",
    "微博",
    "Weibo",
    "抖音",
    "百度",
    "Baidu",
    "电子",
)


def signs_of(lexicon: Lexicon, model: TagModel) -> Signs:
    """The signs of a lexicon and the words of a model."""
    everywhere = {fold(word) for group in _EVERYWHERE for word in model.terms.get(group, ())} | {
        fold(word) for word in _LINKED
    }
    sure: set[str] = set()
    doubtful: set[str] = set()
    for key, names in Names(lexicon).items():
        if all(name.kind == "block" for name in names):
            continue
        is_plain = not any(name.ambiguous or name.rule == "ticker" or name.kind == "block" for name in names)
        (sure if is_plain and key not in everywhere else doubtful).add(key)
    terms = {word for group in _TRADE for word in model.terms.get(group, ())}
    return Signs(frozenset(sure), frozenset(doubtful), frozenset(terms))
