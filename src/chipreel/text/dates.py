"""Dates as feeds and pages write them → moments in UTC, and a note on everything that was not plain. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from unicodedata import normalize

from chipreel.text.date_words import (
    AFTERNOON,
    DAY_WORDS,
    MONTHS,
    NOW_WORDS,
    TWO_ZONES,
    UNIT_SECONDS,
    ZONE_HOURS,
    with_digits,
    without_weekday,
    zone_of_hours,
)

#: Longer texts are no dates.
_LONGEST = 120
#: A clock may be this much ahead before a date counts as lying in the future.
_CLOCK_SLACK = timedelta(minutes=10)
#: Systems without a date write the first day of their epoch (1970, year 1).
_FIRST_YEAR = 1971

_TIME = (
    r"(?P<h>\d{1,2})\s?[:：.时時点點시]\s?(?:(?P<mi>\d{1,2})\s?分?분?)?"
    r"(?:\s?[:：.]?\s?(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\d*\s?[秒초]?)?"
)
_HALF = r"(?P<half>am|pm|a\.m\.|p\.m\.)?"
_BEFORE = r"(?P<before>上午|下午|凌晨|早上|早晨|清晨|中午|傍晚|晚上|晚|午前|午後|夜|오전|오후)?"
_ZONE = r"(?P<zone>[^\d\s+-][^\d+-]*)?\s*(?P<offset>[+-]\s?\d{1,2}(?::?\d{2})?(?::?\d{2})?)?\)?\s*(?:\([^()]*\))?"
_CLOCK = rf"(?:[\s,T]*(?:at|um|à|kl\.?)?\s*{_BEFORE}\s*{_TIME}\s*{_HALF}\s*{_ZONE})?"
_MONTH = r"(?P<mon>[^\W\d]{3,10})\.?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # Wed, 21 Feb 2024 14:27:00 +0800; 21-Feb-24; 21. Februar 2024
        rf"(?:[^\W\d]+\.?,?\s*)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s,-]*(?:de\s+)?{_MONTH}[\s,-]*(?P<y>\d{{4}}|\d{{2}})\b{_CLOCK}",
        # 2024-02-21T14:27:00.5Z; 2024/2/21 14:27; 2024.2.21
        rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?!\d)\.?{_CLOCK}",
        # February 21, 2024 2:27 PM EST
        rf"(?:[^\W\d]+\.?,?\s+)?{_MONTH}[\s-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[\s-]+(?P<y>\d{{4}})\b{_CLOCK}",
        # Wed Feb 21 14:27:00 +0800 2024; Wed Feb 21 14:27:00 CST 2024
        rf"[^\W\d]+,?\s+{_MONTH}\s+(?P<d>\d{{1,2}})\s+{_TIME}\s+(?P<zone>[^\d\s+-]+)?\s*(?P<offset>[+-]\d{{2}}:?\d{{2}})?\s*(?P<y>\d{{4}})",
        # 2024年2月21日 14:27; 2024년 2월 21일 오후 2시 27분
        rf"(?:(?P<y>\d{{4}}|\d{{2}})\s?[年년]\s?)?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日号號일]?{_CLOCK}",
        # 21 2月 2024 14:27:00 +0800: the month's name of a Chinese system in the frame of RFC 822
        rf",?\s*(?P<d>\d{{1,2}})\s+(?P<m>\d{{1,2}})\s?[月월]\s+(?P<y>\d{{4}}){_CLOCK}",
        # 20240221T142700Z
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?)?\s?(?P<zone>[A-Za-z]+)?(?P<offset>[+-]\d{2}:?\d{2})?",
        # 2024-W08-3; 2024-052; 2024-02; 2024
        rf"(?P<y>\d{{4}})-?W(?P<week>\d{{2}})-?(?P<wd>[1-7]){_CLOCK}",
        rf"(?P<y>\d{{4}})-(?P<yd>\d{{3}}){_CLOCK}",
        r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})|\s?[年년]\s?(?P<m2>\d{1,2})\s?[月월])?",
        # 21/2/2024, 2/21/2024: only where one of the two cannot be a month
        rf"(?P<d>\d{{1,2}})[/.-](?P<dm>\d{{1,2}})[/.-](?P<y>\d{{4}}){_CLOCK}",
        # 02-21 14:27: the year is left out
        rf"(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})\s+{_TIME}",
    )
)
#: What nearly every RSS feed writes, read without trying all forms.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:([+-])([01]\d)(00|30|45)|GMT|UTC|Z)"
)
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{13}")
_AGO = re.compile(
    r"(?:约|約|大约|about\s+|over\s+)?(?P<n>\d{1,5}|半|an?|one|几|幾|数)\s*(?P<unit>[^\W\d_]{1,8}?)s?\.?\s*(?:之前|以前|前|전|ago)",
    re.IGNORECASE,
)
_DAY_WORD = re.compile(
    rf"(?P<word>{'|'.join(DAY_WORDS)}),?\s*(?:at\s*)?{_BEFORE}\s*(?:{_TIME})?\s*{_HALF}", re.IGNORECASE
)

Outcome = tuple[datetime | None, str | None]


def parse_date(raw: str | None, now: datetime | None = None, zone: tzinfo | None = None) -> Outcome:
    """The moment a text names, in UTC, and a note unless it is plain. Never raises.

    `zone` is where times without one are meant; without it they are taken as UTC and noted "no zone". `now` (aware) is
    what "4小时前" counts from. Notes: "undated", "no zone", "relative", "future", "ambiguous zone CST" and
    "unreadable: …", several joined with "; ". A note that begins with "un" comes with no moment.

    >>> parse_date("Wed, 21 Feb 2024 14:27:00 +0800")
    (datetime.datetime(2024, 2, 21, 6, 27, tzinfo=datetime.timezone.utc), None)
    """
    if not isinstance(raw, str) or not raw.strip():
        return None, "undated"
    try:
        moment, notes = _read(raw.strip(), now, zone)
        if moment is not None:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        moment, notes = None, ()
    if moment is None or moment.year < _FIRST_YEAR:
        return None, "relative" if "relative" in notes else f"unreadable: {_shown(raw)}"
    if now is not None and moment > now + _CLOCK_SLACK:
        notes = (*notes, "future")
    return moment, "; ".join(notes) or None


def _shown(raw: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in raw[:60]).split())


def _read(raw: str, now: datetime | None, zone: tzinfo | None) -> tuple[datetime | None, tuple[str, ...]]:
    if raw[4:5] == "-" and raw[-1] in "Z0123456789" and raw.isascii():
        try:
            return _placed(datetime.fromisoformat(raw), zone)
        except ValueError:
            pass
    if plain := _RFC_822.fullmatch(raw):
        return _rfc_822(plain), ()
    if len(raw) > _LONGEST:
        return None, ()
    if not raw.isascii():
        raw = without_weekday(with_digits(normalize("NFKC", raw)))
    text = " ".join(re.sub(r"\[[^\]]*\]$", "", raw).split())
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC), ()
    return _read_relative(text.lower(), now, zone) or _read_absolute(text, now, zone)


def _rfc_822(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    east = 0 if sign is None else (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)
    moment = datetime(
        int(year), MONTHS[month.lower()], int(day), int(hour) % 24, int(minute), min(int(second), 59), tzinfo=UTC
    )
    return moment - timedelta(minutes=east) + timedelta(days=hour == "24")


def _read_relative(
    text: str, now: datetime | None, zone: tzinfo | None
) -> tuple[datetime | None, tuple[str, ...]] | None:
    if text in NOW_WORDS:
        return now, ("relative",)
    if match := _AGO.fullmatch(text):
        unit = match["unit"] if match["unit"] in UNIT_SECONDS else match["unit"].rstrip("s")
        if unit not in UNIT_SECONDS or match["n"] in "几幾数":
            return None
        count = 0.5 if match["n"] == "半" else int(match["n"]) if match["n"].isdigit() else 1
        return now and now - timedelta(seconds=count * UNIT_SECONDS[unit]), ("relative",)
    if match := _DAY_WORD.fullmatch(text):
        if now is None:
            return None, ("relative",)
        day = now.astimezone(zone or UTC).date() - timedelta(days=DAY_WORDS[match["word"]])
        moment, notes = _placed(datetime.combine(day, _clock(match)), zone)
        return moment, ("relative", *notes)
    return None


def _read_absolute(text: str, now: datetime | None, zone: tzinfo | None) -> tuple[datetime | None, tuple[str, ...]]:
    for form in _FORMS:
        match = form.fullmatch(text)
        if match and (day := _day(match, now, zone)):
            told = match.groupdict()
            moment = datetime.combine(day, _clock(match))
            if told.get("h") == "24":
                moment += timedelta(days=1)
            notes = () if told.get("y") else ("relative",)
            found, more = _zone(told.get("zone"), told.get("offset"), moment, zone)
            placed, last = _placed(moment.replace(tzinfo=found), zone)
            return placed, (*notes, *more, *last)
    return None, ()


def _placed(moment: datetime, zone: tzinfo | None) -> tuple[datetime, tuple[str, ...]]:
    """A moment made aware by the source's zone, or by UTC and a note."""
    if moment.tzinfo is not None:
        return moment, ()
    return moment.replace(tzinfo=zone or UTC), () if zone else ("no zone",)


def _day(match: re.Match[str], now: datetime | None, zone: tzinfo | None) -> date | None:
    told = match.groupdict()
    year = _year(told.get("y"))
    if told.get("week"):
        return date.fromisocalendar(year or 0, int(told["week"]), int(told["wd"]))
    if told.get("yd"):
        return date(year or 0, 1, 1) + timedelta(days=int(told["yd"]) - 1)
    day = int(told.get("d") or 1)
    if told.get("dm"):
        return _unambiguous(year or 0, day, int(told["dm"]))
    month = MONTHS.get(told["mon"].lower(), 0) if told.get("mon") else int(told.get("m") or told.get("m2") or 1)
    if not month:
        return None
    return date(year, month, day) if year else _latest(month, day, now, zone)


def _year(digits: str | None) -> int | None:
    if not digits:
        return None
    number = int(digits)
    return number if len(digits) == 4 else number + (2000 if number < 70 else 1900)


def _unambiguous(year: int, first: int, second: int) -> date | None:
    if first > 12 or first == second:
        return date(year, second, first)
    return date(year, first, second) if second > 12 else None


def _latest(month: int, day: int, now: datetime | None, zone: tzinfo | None) -> date | None:
    """The last such day that is not beyond tomorrow; None without a now."""
    if now is None:
        return None
    today = now.astimezone(zone or UTC).date()
    found = date(today.year, month, day)
    return found if found <= today + timedelta(days=1) else date(today.year - 1, month, day)


def _clock(match: re.Match[str]) -> time:
    told = match.groupdict()
    if told.get("h") is None:
        return time()
    hour = int(told["h"]) % 24 if told["h"] == "24" else int(told["h"])
    half = (told.get("half") or told.get("before") or "").lower()
    if half and hour <= 12:
        afternoon = AFTERNOON[half]
        hour = hour % 12 + 12 * afternoon if half != "中午" or hour < 10 else hour
    fraction = int((told.get("f") or "0").ljust(6, "0")[:6])
    return time(hour, int(told.get("mi") or 0), min(int(told.get("s") or 0), 59), fraction)


def _zone(
    name: str | None, offset: str | None, moment: datetime, zone: tzinfo | None
) -> tuple[tzinfo | None, tuple[str, ...]]:
    """The zone a date names; None where it names none that is known."""
    if offset and (fixed := _fixed(offset)):
        return fixed, ()
    word = (name or "").strip(" .()（）").lower().split(" ")[0]
    if word not in ZONE_HOURS:
        return None, ()
    if zone is not None and (zone.tzname(moment) or "").lower() == word:
        return zone, ()
    return zone_of_hours(ZONE_HOURS[word]), (
        f"ambiguous zone {word.upper()}",
    ) if word in TWO_ZONES and zone is None else ()


def _fixed(offset: str) -> tzinfo | None:
    """The zone of +0800, +08:00 or +8; None when no place on earth has it."""
    digits = offset[1:].strip().replace(":", "")
    hours, minutes = (
        (int(digits), 0)
        if len(digits) <= 2
        else (int(digits[:-2][:2]), int(digits[2:4] if len(digits) > 3 else digits[-2:]))
    )
    size = hours + minutes / 60
    if size > 14 or minutes > 59:
        return None
    return zone_of_hours(-size if offset[0] == "-" else size)
