"""Lines that are furniture, not news: share buttons, author boxes, lists of related articles, addresses."""

from __future__ import annotations

import re
from bisect import bisect_right

#: A part of every address of a kind, looked for first: no search is as fast, and few texts hold an address.
_WEB = (("://", re.compile(r"https?://[!-~]+")), ("www.", re.compile(r"www\.[!-~]+")))
_MAIL_HOST = re.compile(r"@[\w-]{1,64}\.[a-z]{2,}", re.ASCII | re.IGNORECASE)
_MAIL_BOX = re.compile(r"[\w.+-]{1,64}$", re.ASCII)
#: Furniture is short; a long line that begins so is prose.
_LONGEST_BUTTON = 120
_BUTTON = re.compile(
    r"\s*(?:share (?:this|on|to|via)\b|share:|tweet(?: this)?$|follow (?:us|me|\S+) on\b|subscribe (?:to|on|via)\b|"
    r"like us on\b|find us on\b|join us on\b|sign up for\b|download (?:the|our) app|listen on\b|watch on\b|"
    r"click to (?:share|email|print)|email this|print this|"
    r"分享(?:到|至|本文)|扫码(?:关注|分享)|关注(?:我们|公众号|微信)|微信扫|欢迎关注|点击(?:关注|分享|下载)|下载(?:app|客户端)|"
    r"本文来自微信公众号|转载请|责任编辑|编辑[:：|]|责编)"
)
_AUTHOR = re.compile(
    r"\s*(?:about the author|author bio|disclosure:|(?:the )?author (?:is|was|has|owns|holds)\b|written by\b|"
    r"关于作者|作者简介|作者介绍|作者持有|利益披露)"
)
_RELATED = re.compile(
    r"\s*(?:related(?: (?:articles?|stories|posts|reading|news|topics|coverage|links))?\s*:?|"
    r"read (?:more|next|also)\b.{0,3}|"
    r"see also|more (?:from|on|stories)\b.{0,40}|recommended(?: for you)?|"
    r"you (?:may|might) also like|most (?:read|popular)|"
    r"trending(?: now)?|tags?\s*:.*|"
    r"相关(?:阅读|文章|新闻|推荐|链接|话题)|推荐阅读|延伸阅读|更多(?:阅读|文章|精彩|资讯)|热门(?:文章|推荐)|猜你喜欢|往期(?:回顾|推荐)|标签[:：].*)\s*[:：]?"
)

#: (start, end, why)
Span = tuple[int, int, str]


def find_furniture(folded: str) -> list[Span]:
    """Stretches of a folded text in which a name says nothing about the item, ordered by place."""
    spans: list[Span] = [(start, end, "inside an address") for start, end in _find_addresses(folded)]
    if "\n" in folded:
        spans += _find_lines(folded)
    return sorted(spans)


def without_addresses(text: str) -> str:
    """`text` with its addresses blanked out; they are in no language."""
    addresses = _find_addresses(text)
    if not addresses:
        return text
    kept, last = [], 0
    for start, end in sorted(addresses):
        kept.append(text[last : max(start, last)])
        last = max(end, last)
    return " ".join([*kept, text[last:]])


def _find_addresses(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for sign, pattern in _WEB:
        if sign in text:
            found += [match.span() for match in pattern.finditer(text)]
    if "@" not in text:
        return found
    for host in _MAIL_HOST.finditer(text):
        box = _MAIL_BOX.search(text[max(0, host.start() - 64) : host.start()])
        if box is not None:
            found.append((host.start() - len(box[0]), host.end()))
    return found


def _find_lines(folded: str) -> list[Span]:
    spans: list[Span] = []
    start, related = 0, False
    for line in folded.split("\n"):
        end = start + len(line)
        if line.strip() and len(line) <= _LONGEST_BUTTON:
            why = _line_kind(line) or ("related list" if related else None)
            related = why == "related list"
            if why:
                spans.append((start, end, why))
        elif line.strip():
            related = False
        start = end + 1
    return spans


def _line_kind(line: str) -> str | None:
    if _BUTTON.match(line):
        return "share button"
    if _AUTHOR.match(line):
        return "author box"
    return "related list" if _RELATED.fullmatch(line) else None


def why_furniture(spans: list[Span], start: int) -> str | None:
    """Why the place is furniture, or None when it is news."""
    after = bisect_right(spans, (start, 1 << 62, ""))
    # A line that is furniture may hold an address of its own, so the last two may cover the place.
    for first, last, why in spans[max(0, after - 2) : after]:
        if first <= start < last:
            return why
    return None
