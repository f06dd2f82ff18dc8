"""Sums, moments and small charts, as a digest writes them in either language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from chipreel.digest.labels import MONTHS, weekday
from chipreel.model.digest import Sum
from chipreel.text.late import late
from chipreel.text.script import HAN

_HAN = late(f"[{HAN}]")
#: A sum that is not one number: "12万至15万美元", "$12,000 to $15,000".
_SEVERAL = re.compile(r"[至到~～–—-]|\b(?:to|and|or)\b|\d[^\d.,]+\d", re.IGNORECASE)
_BARS = "▁▂▃▄▅▆▇█"
_EN_STEPS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
_ZH_STEPS = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))


def dollars(lang: str, usd: float) -> str:
    """A sum in dollars, rounded to three figures: US$1.78tn, 1.78万亿美元."""
    steps = _ZH_STEPS if lang == "zh" else _EN_STEPS
    for size, unit in steps:
        if usd >= size * 0.9995:
            amount = f"{_rounded(usd / size)}{unit}"
            break
    else:
        amount = _rounded(usd)
    return f"{amount.replace(',', '')}美元" if lang == "zh" else f"US${amount}"


def is_in_dollars(surface: str) -> bool:
    """Whether a sum as written is in dollars already."""
    plain = surface.casefold().replace("us$", "$")
    others = ("hk$", "nt$", "a$", "c$", "s$", "港", "台", "新加坡", "澳", "加元", "hong kong", "taiwan")
    return ("$" in plain or "美元" in plain or "美金" in plain or "dollar" in plain) and not any(
        other in plain for other in others
    )


def is_in(text: str, lang: str) -> bool:
    """Whether a text is written in the script of a language: with Chinese characters, or without."""
    return (_HAN.search(text) is not None) == (lang == "zh")


def written(one: Sum, lang: str) -> str:
    """A sum as an article in the reader's language writes it; dollars that none writes so, in that language's units."""
    surfaces = one.surfaces or (one.surface,)
    found = next((text for text in surfaces if is_in(text, lang)), None)
    if found is not None:
        return found
    is_plain = is_in_dollars(one.surface) and not _SEVERAL.search(one.surface)
    return dollars(lang, one.usd) if one.usd and is_plain else one.surface


def day_and_time(lang: str, moment: datetime, zone: tzinfo, *, today: datetime | None = None) -> str:
    """16 Feb 08:30, 2月16日 08:30; the time alone on the day of `today`, the year where it is another."""
    local = moment.astimezone(zone)
    time = local.strftime("%H:%M")
    now = today.astimezone(zone) if today else None
    if now is not None and local.date() == now.date():
        return time
    if lang == "zh":
        year = "" if now is None or now.year == local.year else f"{local.year}年"
        return f"{year}{local.month}月{local.day}日 {time}"
    year = "" if now is None or now.year == local.year else f" {local.year}"
    return f"{local.day} {MONTHS[local.month - 1]}{year} {time}"


def full_day(lang: str, moment: datetime, zone: tzinfo) -> str:
    """Friday, 16 Feb 2024 · 08:30; 2024年2月16日 星期五 08:30."""
    local = moment.astimezone(zone)
    day = weekday(lang, local.weekday())
    if lang == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {day} {local:%H:%M}"
    return f"{day}, {local.day} {MONTHS[local.month - 1]} {local.year} · {local:%H:%M}"


def sparkline(values: Sequence[int]) -> str:
    """A small chart in one line; empty for less than two values."""
    if len(values) < 2:
        return ""
    top = max(values) or 1
    return "".join(_BARS[round(value / top * (len(_BARS) - 1))] for value in values)


def _rounded(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.12g}"
