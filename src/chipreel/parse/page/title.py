"""The title of an article: the heading that the page's own statements vouch for, else a statement without the site's
name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from chipreel.parse.page.blocks import Block, Blocks, count_tokens, names_of
from chipreel.parse.page.body import is_text
from chipreel.parse.page.published import first_date
from chipreel.parse.page.stated import Stated
from chipreel.text.fold import fold, normalise

#: Longer headings are no titles.
_LONGEST = 300
_MAX_HEADINGS = 60
#: How many blocks above the text a title may stand.
_ABOVE = 5
#: Words of a heading that a statement must share for it to vouch.
_VOUCHED = 0.6
#: The same of the only heading of the first rank.
_LONE = 0.35
_SEPARATOR = re.compile(
    r"\s+[|｜丨:：/–—·•»›<-]+\s+|\s*[|｜丨_»›]+\s*|(?<=[^\sA-Za-z0-9])[-—–]{1,2}(?=[^\s\d])|\s+[-–—]|::"
)
_WORDS = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[A-Za-z0-9À-ɏ\u0400-\u04ff]+|[^\W_]")
_SITE_ONLY = re.compile(r"(?:官方?网站?|官網|网站|網站|门户|首页|首頁|公众平台|home\s?page)$", re.IGNORECASE)
_TITLE_NAMES = frozenset("title headline bt biaoti tit".split())


def plain(text: str) -> str:
    """Letters and digits only, folded: two titles are compared in this form."""
    return "".join(_WORDS.findall(fold(text)))


def find_title(root: Any, stated: Stated) -> str | None:
    """The article's title, or None."""
    claims = [claim for claim in _claims(stated) if not names_site_only(claim, stated)]
    heading = _vouched(list(iter_headings(root)), claims, stated)
    if heading:
        return heading
    return next((short for claim in claims if (short := without_site(claim, stated))), None)


def _claims(stated: Stated) -> list[str]:
    linked = [value for value in stated.iter_linked("headline") if isinstance(value, str)]
    meta = [stated.first(name) for name in ("og:title", "twitter:title", "title", "dc.title", "parsely-title")]
    every = [*meta[:1], *linked[:2], *meta[1:2], stated.title, *meta[2:]]
    return [text for claim in every if claim and (text := _clean(claim))]


def _clean(text: str) -> str:
    return normalise(" ".join(html.unescape(text)[: 4 * _LONGEST].split()))


def iter_headings(root: Any) -> Iterable[tuple[str, bool]]:
    """Texts of the headings, each with whether it is of the first rank; elements named as titles are headings too."""
    count = 0
    for element in root.iter("h1", "h2", "h3", "h4", "div", "p", "span", "td", "font", "strong"):
        first = element.tag == "h1"
        if not first and element.tag not in ("h2", "h3", "h4") and _TITLE_NAMES.isdisjoint(names_of(element)):
            continue
        text = _heading_text(element)
        if text:
            yield text, first
            count += 1
        if count >= _MAX_HEADINGS:
            return


def _heading_text(element: Any) -> str:
    parts: list[str] = []
    size = 0
    for node in element.iter():
        ruby = node.tag in ("rt", "rp", "script", "style") if isinstance(node.tag, str) else True
        for part in (None if ruby else node.text, node.tail if node is not element else None):
            if part:
                parts.append(part)
                size += len(part)
        if size > 4 * _LONGEST:
            return ""
    text = _clean(" ".join("".join(parts).split()))
    return text if len(text) <= _LONGEST else ""


def _vouched(headings: list[tuple[str, bool]], claims: list[str], stated: Stated) -> str | None:
    if not claims:
        sure = (text for text, first in headings if first and count_tokens(text) >= 3)
        return next((text for text in sure if not names_site_only(text, stated)), None)
    best: tuple[float, int, int] = (0.0, 0, 0)
    found = None
    sites = _sites(stated)
    words = [set(_TOKEN.findall(fold(claim))) for claim in claims]
    for text, first in headings:
        own = set(_TOKEN.findall(fold(text)))
        if plain(text) in sites or (len(own) < 3 and not _begins(claims, text)):
            continue
        shared = max(_agreement(own, other) for other in words)
        rank = (round(shared, 1), int(first), len(own))
        if shared >= (_VOUCHED if first else 0.85) and rank > best:
            best, found = rank, text
    return found or _lone(headings, words, sites)


def _begins(claims: list[str], heading: str) -> bool:
    """Whether a short heading of two words or more is the whole first piece of a claim."""
    return count_tokens(heading) >= 2 and any(
        plain(_SEPARATOR.split(claim, maxsplit=1)[0]) == plain(heading) for claim in claims
    )


def _lone(headings: list[tuple[str, bool]], words: list[set[str]], sites: set[str]) -> str | None:
    """The only heading of the first rank, when some of its words are stated too."""
    firsts = {text for text, first in headings if first and plain(text) not in sites}
    if len(firsts) != 1:
        return None
    text = firsts.pop()
    own = set(_TOKEN.findall(fold(text)))
    if len(own) < 4:
        return None
    shared = max(len(own & other) / min(len(own), len(other) or 1) for other in words)
    return text if shared >= _LONE else None


def _agreement(heading: set[str], claim: set[str]) -> float:
    """How much of the heading the claim repeats; a heading that is but a piece of the claim is worth less."""
    both = len(heading & claim)
    return both / len(heading) * min(1.0, 0.55 + both / max(1, len(claim)))


def _sites(stated: Stated) -> set[str]:
    names = [stated.first("og:site_name"), stated.first("application-name"), stated.first("twitter:site")]
    publishers = [value.get("name") for value in stated.iter_linked("publisher") if isinstance(value, dict)]
    found = {plain(name) for name in [*names, *publishers] if isinstance(name, str)}
    if stated.canonical:
        host = re.sub(r"^\w+://(?:www\.)?", "", stated.canonical).split("/")[0]
        found |= {plain(host), plain(host.split(".")[0])}
    return found - {""}


def names_site_only(claim: str, stated: Stated) -> bool:
    """Whether a claimed title names the site or a section of it and no article."""
    return plain(claim) in _sites(stated) or bool(_SITE_ONLY.search(claim)) or count_tokens(claim) < 2


def title_block(page: Blocks, title: str | None) -> int | None:
    """The block that holds the title: a heading before any other block."""
    wanted = plain(title or "")
    if not wanted:
        return None
    found = [
        i for i, block in enumerate(page.blocks) if len(block.text) <= 2 * _LONGEST and plain(block.text) == wanted
    ]
    return next((index for index in found if page.blocks[index].heading), found[0] if found else None)


def title_above(page: Blocks, first: Block) -> str | None:
    """What reads like a title right above the article's first block; for pages that state but their site's name."""
    at = next((index for index, block in enumerate(page.blocks) if block is first), 0)
    for block in reversed(page.blocks[max(0, at - _ABOVE) : at]):
        if 6 <= block.tokens <= 60 and is_text(block) and (block.heading or not first_date(block.text)):
            return _clean(block.text)
    return None


def without_site(claim: str, stated: Stated) -> str | None:
    """A claimed title without the names of site and section after (seldom before) it."""
    if count_tokens(claim) == 0:
        return None
    sites = _sites(stated)
    pieces = _SEPARATOR.split(claim)
    spans = list(_SEPARATOR.finditer(claim))
    if len(pieces) > 1 and plain(pieces[0]) in sites:
        return without_site(claim[spans[0].end() :], stated)
    end = len(claim)
    for index in range(len(spans) - 1, -1, -1):
        tail, head = pieces[index + 1], claim[: spans[index].start()]
        if plain(tail) in sites or _is_name(tail, head, spans[index].group()):
            end = spans[index].start()
        else:
            break
    for site in (stated.first("og:site_name"),):
        if site and claim[:end].endswith(site) and (short := claim[: -len(site)].rstrip(" :：-|_–—")):
            return short
    return claim[:end].strip() or None


def _is_name(tail: str, head: str, separator: str) -> bool:
    """Whether what follows a separator reads like the name of a site or section, and what precedes it like a title."""
    size, rest = count_tokens(tail), count_tokens(head)
    if rest < 4:
        return False
    sure = any(mark in separator for mark in "|｜丨_»›") or "网" in tail or "." in tail
    if not sure and tail[:1].islower():
        return False
    return size <= (8 if sure else 6) and size * 2 <= rest + 4 and tail[-1:] not in "?!？！。…"
