"""When an article was published, as its page states it: a day, or a time with the offset that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from chipreel.parse.page.blocks import Blocks
from chipreel.parse.page.stated import Stated
from chipreel.text.date_words import MONTHS

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "og:release_date", "datepublished", "publishdate", "pubdate", "publish_date", "publish-date", "publication_date",
    "publishtime", "publish_time", "pubtime", "published_time", "apub:time", "bytedance:published_time",
    "weibo: article:create_at", "weibo:article:create_at", "article_date_original", "article.published",
    "originalpublicationdate", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "rnews:datepublished",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "date",
    "citation_publication_date", "citation_date", "article:create_at", "datecreated", "created", "releasedate",
)  # fmt: skip
_LAST_META = ("article:modified_time", "og:updated_time", "last-modified", "datemodified")
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_CLOCK = (
    r"(?:\s?(?:[T,|·]|at|um|-)?\s*(?P<h>[012]?\d)[:：时h](?P<mi>[0-5]\d)分?(?:[:：](?P<s>[0-5]\d))?(?:\.\d{1,9})?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\b\.?)?\s*(?P<zone>Z\b|UTC|GMT(?![+-])|(?:GMT|UTC)?[+-](?:0\d|1[0-4]):?[0-5]\d\b)?)?"
)
_NAME = r"(?P<mon>[^\W\d_]{3,10})\.?"
_FORMS = (
    re.compile(rf"(?<![\d.]){_YEAR}\s?(?P<sep>[-/.年_])\s?(?P<m>[01]?\d)\s?[-/.月_]\s?(?P<d>[0-3]?\d)(?!\d)\s?[日号號]?{_CLOCK}"),
    re.compile(rf"(?<![\d.:])(?P<d>[0-3]?\d)(?:st|nd|rd|th|\.|º)?[\s-]{{0,3}}(?:de\s|of\s)?{_NAME},?[\s-]{{0,3}}(?:de[l]?\s)?{_YEAR}(?!\d){_CLOCK}"),
    re.compile(rf"\b{_NAME}\s{{0,3}}(?P<d>[0-3]?\d)(?:st|nd|rd|th)?,?\s{{1,3}}{_YEAR}(?!\d){_CLOCK}"),
    re.compile(rf"(?<![\d.])(?P<d>[0-3]?\d)\.\s?(?P<m>[01]?\d)\.\s?{_YEAR}(?!\d){_CLOCK}"),
    re.compile(rf"(?<![\d.])(?P<a>[0-3]?\d)[/-](?P<b>[0-3]?\d)[/-]{_YEAR}(?!\d){_CLOCK}"),
)  # fmt: skip
_HAS_YEAR = re.compile(r"(?:19|20)\d{2}")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:T?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2}))?Z?")
_EPOCH = re.compile(r"(?:1\d{9}|1\d{12})")
_IN_ADDRESS = re.compile(r"/(?P<y>(?:19|20)\d{2})[-/]?(?P<m>[01]\d)[-/]?(?P<d>[0-3]\d)(?:/|[^\d]|\d{3,})")
#: WeChat writes the moment into a script; its readers see Beijing's day.
_WECHAT = re.compile(r"""\bvar\s+(?:ct|createTime|publish_time)\s*=\s*["']([^"']{8,40})["']""")
_BEIJING = timezone(timedelta(hours=8))
#: Dates are looked for in blocks this much before the title and after it.
_BEFORE, _AFTER = 6, 14
_SHORT = 160
#: A page's own date is not beyond so many blocks.
_LOOKED_AT = 2_000


def find_published(root: Any, page: Blocks, stated: Stated, title_at: int | None, url: str | None) -> str | None:
    """The date of publication, or None: JSON-LD, meta, what is visible at the title, time elements, the address."""
    for found in _iter_candidates(root, page, stated, title_at, url):
        if found:
            return found
    return None


def _iter_candidates(
    root: Any, page: Blocks, stated: Stated, title_at: int | None, url: str | None
) -> Iterator[str | None]:
    for value in stated.iter_linked("datePublished"):
        yield read_date(value)
    for name in _META:
        yield read_date(stated.meta.get(name))
    yield _wechat(root)
    yield from _marked(root)
    yield _visible(page, title_at)
    yield from _times(root)
    yield _of_address(url) or _of_address(stated.canonical)
    for value in stated.iter_linked("dateCreated"):
        yield read_date(value)
    yield _anywhere(page)
    for value in stated.iter_linked("dateModified"):
        yield read_date(value)
    for name in _LAST_META:
        yield read_date(stated.meta.get(name))


def read_date(raw: object) -> str | None:
    """The first date in a text as ISO 8601: a day, or a time with its offset where one stands there."""
    if isinstance(raw, list) and raw:
        raw = raw[0]
    text = str(raw).strip()[:200] if isinstance(raw, str | int) and raw else ""
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    if match := _COMPACT.fullmatch(text):
        return _written(match)
    return first_date(text)


def first_date(text: str) -> str | None:
    """The first readable date in a short text."""
    if not _HAS_YEAR.search(text):
        return None
    found = [
        (match.start(), written) for form in _FORMS for match in form.finditer(text) if (written := _written(match))
    ]
    return min(found)[1] if found else None


def _written(match: re.Match[str]) -> str | None:
    told = match.groupdict()
    day = _day(told)
    if day is None:
        return None
    if told.get("h") is None:
        return day.isoformat()
    hour = int(told["h"])
    half = (told.get("half") or "").lower()[:1]
    hour = hour % 12 + 12 * (half == "p") if half and hour <= 12 else hour
    if hour > 23:
        return day.isoformat()
    clock = f"{hour:02}:{told['mi']}" + (f":{told['s']}" if told.get("s") else ":00")
    return f"{day.isoformat()}T{clock}{_offset(told.get('zone'))}"


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    digits = re.sub(r"^(?:GMT|UTC)|:", "", zone)
    return f"{digits[:3]}:{digits[3:]}" if digits[:1] in "+-" and digits else "+00:00"


def _day(told: dict[str, str | None]) -> date | None:
    if told.get("a"):
        a, b = int(told["a"] or 0), int(told["b"] or 0)
        month, day = (b, a) if a > 12 else (a, b)
    else:
        name = told.get("mon")
        month = MONTHS.get(name.lower().rstrip("."), 0) if name else int(told["m"] or 0)
        day = int(told["d"] or 0)
    try:
        found = date(int(told["y"] or 0), month, day)
    except ValueError:
        return None
    return found if found.year >= 1990 else None


def _wechat(root: Any) -> str | None:
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) < 2_000_000 and ("var ct" in text or "createTime" in text or "publish_time" in text):
            for value in _WECHAT.findall(text):
                if _EPOCH.fullmatch(value):
                    return datetime.fromtimestamp(int(value[:10]), _BEIJING).isoformat()
                if found := first_date(value):
                    return found
    return None


def _marked(root: Any) -> Iterator[str | None]:
    """Dates that microdata or the class of a time element call those of publication."""
    for element in root.iter("time", "span", "div", "p", "abbr", "meta", "i", "em"):
        marks = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
        named = element.tag == "time" and re.search(
            r"publish|pubdate|entry-date|post-date", f"{element.get('class') or ''} {element.get('id') or ''}"[:200]
        )
        if "datepublished" in marks or named or element.get("pubdate") is not None:
            yield _of_element(element)


def _times(root: Any) -> Iterator[str | None]:
    for element in root.iter("time"):
        yield _of_element(element)


def _of_element(element: Any) -> str | None:
    values = (element.get("datetime"), element.get("content"), element.text_content()[:_SHORT])
    return next((found for value in values if (found := read_date(value))), None)


def _visible(page: Blocks, title_at: int | None) -> str | None:
    """The date that stands beside the title."""
    if title_at is None:
        return None
    after = page.blocks[title_at : title_at + _AFTER]
    before = page.blocks[max(0, title_at - _BEFORE) : title_at]
    for block in [*after, *reversed(before)]:
        text = block.text if len(block.text) <= _SHORT else ""
        if text and (found := first_date(text)):
            return found
    return None


def _anywhere(page: Blocks) -> str | None:
    return next(
        (
            found
            for block in page.blocks[:_LOOKED_AT]
            if len(block.text) <= _SHORT and (found := first_date(block.text))
        ),
        None,
    )


def _of_address(url: str | None) -> str | None:
    match = _IN_ADDRESS.search(url or "")
    return _written(match) if match else None
